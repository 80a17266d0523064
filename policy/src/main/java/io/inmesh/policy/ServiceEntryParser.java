package io.inmesh.policy;

import io.inmesh.policy.ServiceEntry.Location;
import io.inmesh.policy.ServiceEntry.Resolution;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** Reads and checks a {@link ServiceEntry}. */
final class ServiceEntryParser {

  private static final List<String> RESOLUTIONS =
      List.of("NONE", "STATIC", "DNS", "DNS_ROUND_ROBIN", "DYNAMIC_DNS");
  private static final List<String> LOCATIONS = List.of("MESH_EXTERNAL", "MESH_INTERNAL");

  /** Protocols whose requests the mesh routes. */
  private static final List<String> HTTP_PROTOCOLS =
      List.of("HTTP", "HTTP2", "GRPC", "GRPC-WEB", "HTTP_PROXY");

  /** Istio's other protocols. */
  private static final List<String> OTHER_PROTOCOLS =
      List.of("HTTPS", "TLS", "TCP", "UDP", "MONGO", "MYSQL", "REDIS");

  private static final int MAX_HOSTS = 256;

  static Optional<ServiceEntry> parse(Fields fields) {
    List<String> hosts = hosts(fields);
    addresses(fields);
    List<ServicePort> ports = ports(fields);
    Location location =
        fields
            .get("location")
            .flatMap(value -> value.oneOf(LOCATIONS, LOCATIONS))
            .map(Location::valueOf)
            .orElse(Location.MESH_EXTERNAL);
    resolution(fields);
    Optional<Map<String, String>> selector = selector(fields);
    List<WorkloadEntry> endpoints = endpoints(fields, ports);
    if (selector.isPresent() && !endpoints.isEmpty()) {
      fields.error(
          "only one of endpoints and workloadSelector is possible; list the endpoints, or select"
              + " WorkloadEntries and agents by label");
    }
    Visibility.checkEverywhere(fields);
    fields.notSupportedYet("remove it", "subjectAltNames");
    fields.end();
    return Optional.of(
        new ServiceEntry(
            hosts, ports, Resolution.STATIC, location, endpoints, selector.orElse(null)));
  }

  private static List<String> hosts(Fields fields) {
    List<Value> items = fields.items("hosts");
    if (items.isEmpty()) {
      fields.error(
          "hosts is missing or empty; write \"hosts: [orders.default.svc.cluster.local]\"");
    } else if (items.size() > MAX_HOSTS) {
      fields.error("at most " + MAX_HOSTS + " hosts are possible, found " + items.size());
    }
    List<String> hosts = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Value item : items) {
      Optional<String> host = item.string();
      if (host.isEmpty()) {
        continue;
      }
      Optional<String> problem =
          host.get().equals("*")
              ? Optional.of("a wildcard host * is not allowed; name the hosts, or \"*.domain\"")
              : NameRules.host(host.get());
      problem.ifPresent(item::error);
      if (!seen.add(host.get().toLowerCase(Locale.ROOT))) {
        item.error("duplicate host " + Quoting.quote(host.get()) + "; remove one");
      }
      if (problem.isEmpty() && host.get().indexOf('.') < 0) {
        item.warning(
            "a ServiceEntry's host is taken as written, while "
                + Quoting.quote(host.get())
                + " in routes and rules means "
                + Quoting.quote(host.get() + ".NAMESPACE." + Hosts.CLUSTER_DOMAIN)
                + "; write it in full here");
      }
      hosts.add(host.get());
    }
    return hosts;
  }

  private static void addresses(Fields fields) {
    List<Value> items = fields.items("addresses");
    boolean fine = true;
    for (Value item : items) {
      Optional<String> text = item.string();
      if (text.isPresent() && !NameRules.isIpAddress(text.get()) && !NameRules.isCidr(text.get())) {
        item.error(
            Quoting.quote(text.get())
                + " is neither an IP address nor a block; write one as 10.0.0.1 or 10.0.0.0/8");
        fine = false;
      }
    }
    if (!items.isEmpty() && fine) {
      items
          .get(0)
          .noEffect(
              "has no effect: calls are routed by the host in their URL, and no virtual address is"
                  + " needed; calls to this address itself pass untouched");
    }
  }

  private static List<ServicePort> ports(Fields fields) {
    List<Value> items = fields.items("ports");
    if (items.isEmpty()) {
      fields.warning("the service has no port, so nothing can be called; add ports");
    }
    List<ServicePort> ports = new ArrayList<>();
    Set<Integer> numbers = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (Value item : items) {
      item.fields().flatMap(port -> port(port, numbers, names)).ifPresent(ports::add);
    }
    return ports;
  }

  private static Optional<ServicePort> port(
      Fields fields, Set<Integer> numbers, Set<String> names) {
    Optional<Value> numberValue = fields.required("number", "it is what clients call");
    OptionalInt number = numberValue.map(v -> v.integer(1, 65535)).orElse(OptionalInt.empty());
    if (number.isPresent() && !numbers.add(number.getAsInt())) {
      numberValue
          .get()
          .error("service port " + number.getAsInt() + " is already defined; remove one");
    }
    Optional<Value> nameValue =
        fields.required("name", "endpoints refer to a port by it, as \"name: http\"");
    Optional<String> name = nameValue.flatMap(Value::string);
    name.flatMap(
            text ->
                names.add(text)
                    ? NameRules.shortName("port name", text)
                    : Optional.of("duplicate port name " + Quoting.quote(text)))
        .ifPresent(problem -> nameValue.ifPresent(v -> v.error(problem)));
    String protocol = fields.get("protocol").map(ServiceEntryParser::protocol).orElse("");
    Optional<Value> target = fields.get("targetPort").filter(v -> !v.text().equals("0"));
    int targetPort = target.map(v -> v.integer(1, 65535).orElse(0)).orElse(number.orElse(0));
    fields.end();
    return number.isPresent() && name.isPresent()
        ? Optional.of(new ServicePort(number.getAsInt(), name.get(), protocol, targetPort))
        : Optional.empty();
  }

  /** One whose requests the mesh routes, in upper case; "" when it is wrong or empty. */
  static String protocol(Value value) {
    String protocol = value.string().orElse("").toUpperCase(Locale.ROOT);
    if (protocol.isEmpty() || HTTP_PROTOCOLS.contains(protocol)) {
      return protocol;
    }
    if (OTHER_PROTOCOLS.contains(protocol)) {
      value.notSupportedYet(
          "found "
              + protocol
              + ", only "
              + Quoting.list(HTTP_PROTOCOLS)
              + " are routed; remove the port (its calls pass untouched)");
    } else {
      value.error(
          "unsupported protocol: "
              + Quoting.shorten(value.text())
              + NearestName.hint(value.text(), HTTP_PROTOCOLS)
              + " (allowed: "
              + Quoting.list(HTTP_PROTOCOLS)
              + ")");
    }
    return "";
  }

  private static void resolution(Fields fields) {
    Optional<Value> value = fields.get("resolution");
    if (value.isEmpty()) {
      fields.error(
          "resolution is missing, and its default NONE is not supported yet; write \"resolution:"
              + " STATIC\" and list the endpoints");
      return;
    }
    Optional<String> name = value.get().oneOf(RESOLUTIONS, List.of("STATIC"));
    if (name.isPresent() && !name.get().equals(Resolution.STATIC.name())) {
      value
          .get()
          .notSupportedYet(
              "found " + name.get() + "; write \"resolution: STATIC\" and list the endpoints");
      if (name.get().equals("NONE") && fields.has("endpoints")) {
        value.get().error("resolution NONE has no endpoints; write \"resolution: STATIC\"");
      }
    }
  }

  private static Optional<Map<String, String>> selector(Fields fields) {
    Optional<Fields> selector = fields.object("workloadSelector");
    if (selector.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> labels =
        selector
            .get()
            .required("labels", "a workload belongs if it has all of them")
            .map(v -> v.stringMap(NameRules::checkLabel))
            .orElse(Map.of());
    selector.get().end();
    return Optional.of(labels);
  }

  private static List<WorkloadEntry> endpoints(Fields fields, List<ServicePort> ports) {
    Set<String> names = new TreeSet<>();
    ports.forEach(port -> names.add(port.name()));
    // Names for a hint: enough to find a typo, few enough for any number of mistakes.
    List<String> some = names.stream().limit(25).toList();
    List<WorkloadEntry> endpoints = new ArrayList<>();
    for (Value item : fields.items("endpoints")) {
      Optional<Fields> found = item.fields();
      if (found.isEmpty()) {
        continue;
      }
      found
          .get()
          .get("ports")
          .filter(value -> value.node() instanceof YamlNode.Mapping)
          .ifPresent(
              value ->
                  value
                      .entries()
                      .forEach(
                          (name, port) -> {
                            if (!names.contains(name)) {
                              port.error(
                                  "the service has no port named "
                                      + Quoting.quote(name)
                                      + NearestName.hint(name, some)
                                      + " (its ports: "
                                      + Quoting.list(names)
                                      + "); name one of them");
                            }
                          }));
      WorkloadEntryParser.parse(found.get()).ifPresent(endpoints::add);
    }
    return endpoints;
  }

  private ServiceEntryParser() {}
}
