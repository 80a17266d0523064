package io.inmesh.golden.generated;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The backends that there are: instances that the cases' own services borrow. */
final class Topology {
  private static final JsonNode ROOT = read();

  /** The instances of a service of the recordings. */
  static JsonNode instances(String service) {
    return service(service).get("instances");
  }

  static boolean isHttp2(String service) {
    return service(service).get("h2").asBoolean();
  }

  /** The port that instances listen on for a service port. */
  static int backendPort(String portName) {
    return ROOT.get("backendPorts").get(portName).asInt();
  }

  private static JsonNode service(String name) {
    for (JsonNode service : ROOT.get("services")) {
      if (service.get("name").asText().equals(name)) {
        return service;
      }
    }
    throw new IllegalArgumentException("no service " + name);
  }

  private static JsonNode read() {
    try (InputStream in =
        Objects.requireNonNull(Topology.class.getResourceAsStream("/golden/topology.json"))) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Topology() {}
}
