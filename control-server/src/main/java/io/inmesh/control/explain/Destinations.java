package io.inmesh.control.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inmesh.control.compile.Client;
import io.inmesh.control.compile.ClusterOrigin;
import io.inmesh.control.compile.MeshCompiler;
import io.inmesh.control.registry.ServiceEndpoint;
import java.util.Map;
import java.util.TreeMap;

/** Puts what clusters stand for to what the engine says of them. */
final class Destinations {
  private final MeshCompiler compiler;
  private final Client client;

  Destinations(MeshCompiler compiler, Client client) {
    this.compiler = compiler;
    this.client = client;
  }

  /** Changes the destinations, or mirrors, of an engine's report. */
  void complete(JsonNode destinations) {
    for (JsonNode each : destinations) {
      compiler
          .origin(client, each.path("cluster").asText())
          .ifPresent(origin -> complete((ObjectNode) each, origin));
    }
  }

  private static void complete(ObjectNode destination, ClusterOrigin origin) {
    destination.put("host", origin.host()).put("port", origin.port());
    if (!origin.subset().isEmpty()) {
      destination.put("subset", origin.subset());
      labels(destination.putObject("labels"), origin.labels());
    }
    if (!origin.rules().isEmpty()) {
      origin.rules().forEach(destination.putArray("destinationRules")::add);
    }
    if (!destination.path("exists").asBoolean() && !origin.missing().isEmpty()) {
      destination.put("missing", origin.missing());
    }
    for (JsonNode each : destination.path("endpoints")) {
      ObjectNode endpoint = (ObjectNode) each;
      for (ServiceEndpoint known : origin.endpoints()) {
        if (known.port() == endpoint.path("port").asInt()
            && known.address().equals(endpoint.path("address").asText())) {
          labels(endpoint.putObject("labels"), known.labels());
          endpoint.put("source", known.source());
        }
      }
    }
  }

  private static void labels(ObjectNode node, Map<String, String> labels) {
    new TreeMap<>(labels).forEach(node::put);
  }
}
