package io.inmesh.golden.generated;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** A case that is being made up: its policy grows with the services and rules that it needs. */
final class Sketch {
  static final String NAMESPACE = "default";
  static final Map<Integer, String> PORTS = ports();

  private final long seed;
  private final String family;
  private final Dice dice;
  private final List<ObjectNode> documents = new ArrayList<>();
  private final ArrayNode requests = Json.array();
  private final Map<String, Service> services = new LinkedHashMap<>();
  private ObjectNode client = client(NAMESPACE, "app", "client");
  private boolean masked;
  private boolean mirrored;
  private int named;

  Sketch(long seed, String family, Dice dice) {
    this.seed = seed;
    this.family = family;
    this.dice = dice;
  }

  private static Map<Integer, String> ports() {
    Map<Integer, String> ports = new LinkedHashMap<>();
    ports.put(8080, "http");
    ports.put(80, "http-web");
    ports.put(9090, "http-admin");
    return ports;
  }

  Dice dice() {
    return dice;
  }

  /** A word that no other case has. */
  String own(String word) {
    return word + "-" + seed;
  }

  private static ObjectNode client(String namespace, Object... labels) {
    return Json.object("namespace", namespace, "labels", Json.object(labels));
  }

  void clientIs(String namespace, Object... labels) {
    client = client(namespace, labels);
  }

  /** The service of this case that has the instances of one of the recordings'. */
  Service service(String kind) {
    return service(kind, NAMESPACE, (index, endpoint) -> {});
  }

  Service service(String kind, String namespace, BiConsumer<Integer, ObjectNode> endpoints) {
    Service known = services.get(kind);
    if (known != null) {
      return known;
    }
    String name = own(kind);
    Service service =
        new Service(kind, name, namespace, name + "." + namespace + ".svc.cluster.local");
    services.put(kind, service);
    ObjectNode spec = serviceEntry(kind, service.host());
    int index = 0;
    for (JsonNode endpoint : spec.path("endpoints")) {
      endpoints.accept(index++, (ObjectNode) endpoint);
    }
    add("ServiceEntry", name, namespace, spec);
    return service;
  }

  /** The spec of a service of that name, with the instances of one of the recordings. */
  static ObjectNode serviceEntry(String kind, String host) {
    String protocol = Topology.isHttp2(kind) ? "HTTP2" : "HTTP";
    ArrayNode ports = Json.array();
    ObjectNode backendPorts = Json.object();
    PORTS.forEach(
        (number, name) -> {
          ports.add(Json.object("number", number, "name", name, "protocol", protocol));
          backendPorts.put(name, Topology.backendPort(name));
        });
    ObjectNode spec =
        Json.object(
            "hosts",
            Json.array(host),
            "location",
            "MESH_INTERNAL",
            "resolution",
            "STATIC",
            "ports",
            ports);
    ArrayNode endpoints = Json.array();
    for (JsonNode instance : Topology.instances(kind)) {
      endpoints.add(
          Json.object(
              "address",
              instance.get("address"),
              "ports",
              backendPorts.deepCopy(),
              "labels",
              instance.get("labels")));
    }
    if (!endpoints.isEmpty()) {
      spec.set("endpoints", endpoints);
    }
    return spec;
  }

  /** A resource of the policy; further fields of its metadata may be set in what is returned. */
  ObjectNode add(String kind, String name, String namespace, ObjectNode spec) {
    ObjectNode metadata = Json.object("name", name, "namespace", namespace);
    documents.add(
        Json.object(
            "apiVersion",
            "networking.istio.io/v1",
            "kind",
            kind,
            "metadata",
            metadata,
            "spec",
            spec));
    return metadata;
  }

  ObjectNode virtualService(List<String> hosts, ArrayNode rules) {
    ObjectNode spec = Json.object("hosts", Json.array(hosts), "http", rules);
    add("VirtualService", own("rules" + named++), NAMESPACE, spec);
    return spec;
  }

  /** The DestinationRule of a service; it has the service's subsets. */
  ObjectNode destinationRule(Service service) {
    return destinationRule(service, NAMESPACE);
  }

  ObjectNode destinationRule(Service service, String namespace) {
    ArrayNode subsets = Json.array();
    for (String subset : service.subsets()) {
      subsets.add(Json.object("name", subset, "labels", Json.object("version", subset)));
    }
    ObjectNode spec = Json.object("host", service.host());
    if (!subsets.isEmpty()) {
      spec.set("subsets", subsets);
    }
    add("DestinationRule", own(service.kind() + named++), namespace, spec);
    return spec;
  }

  /** Which instance of a service answers is chance in this case. */
  void mask() {
    masked = true;
  }

  /** Calls of the service {@code audit} are copies of others. */
  void mirrors() {
    mirrored = true;
  }

  void ask(Probe probe) {
    requests.add(probe.json());
  }

  ObjectNode json() {
    StringBuilder policy = new StringBuilder();
    documents.forEach(each -> policy.append(policy.isEmpty() ? "" : "---\n").append(each + "\n"));
    ObjectNode json =
        Json.object(
            "name",
            "gen-" + seed,
            "family",
            family,
            "client",
            client,
            "policy",
            policy.toString(),
            "fresh",
            true);
    if (masked) {
      json.put("mask", "instance");
    }
    if (mirrored) {
      json.set("mirrors", Json.array("audit-1"));
      shortenScripts();
    }
    json.set("requests", requests);
    return json;
  }

  /** A call and its copy share a script, and who is first to get the next step would be chance. */
  private void shortenScripts() {
    for (JsonNode request : requests) {
      if (request.path("echo").path("steps") instanceof ArrayNode steps) {
        while (steps.size() > 1) {
          steps.remove(1);
        }
      }
    }
  }
}
