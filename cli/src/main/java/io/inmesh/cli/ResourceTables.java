package io.inmesh.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.inmesh.cli.terminal.Ages;
import io.inmesh.cli.terminal.TextTable;
import io.inmesh.policy.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What {@code get} shows of each kind.
 *
 * @param namespaces whether a column names the namespace
 * @param qualified whether names are {@code virtualservice.networking.istio.io/orders}
 */
record ResourceTables(boolean wide, boolean namespaces, boolean qualified, Instant now) {

  private static final String NONE = "<none>";

  /** The table of a kind, without rows. */
  TextTable table(Kind kind) {
    return new TextTable(headings(kind));
  }

  List<String> headings(Kind kind) {
    List<String> headings = new ArrayList<>();
    if (namespaces) {
      headings.add("NAMESPACE");
    }
    headings.add("NAME");
    headings.addAll(
        switch (kind) {
          case VIRTUAL_SERVICE -> List.of("HOSTS", "ROUTES");
          case DESTINATION_RULE -> List.of("HOST", "SUBSETS");
          case SERVICE_ENTRY -> List.of("HOSTS", "PORTS", "RESOLUTION", "ENDPOINTS");
          case WORKLOAD_ENTRY -> List.of("ADDRESS", "PORTS", "LABELS");
          case SIDECAR -> List.of("WORKLOADS", "EGRESS");
        });
    headings.add("AGE");
    if (wide) {
      headings.addAll(
          switch (kind) {
            case VIRTUAL_SERVICE -> List.of("GATEWAYS");
            case DESTINATION_RULE -> List.of("LOAD-BALANCER", "SUBSET-LABELS");
            case SERVICE_ENTRY -> List.of("LOCATION", "ADDRESSES");
            case WORKLOAD_ENTRY -> List.of("WEIGHT");
            case SIDECAR -> List.of("OUTBOUND");
          });
      headings.add("VERSION");
    }
    return headings;
  }

  /** The row of a resource. */
  String[] row(Kind kind, JsonNode resource) {
    JsonNode metadata = resource.path("metadata");
    JsonNode spec = resource.path("spec");
    List<String> row = new ArrayList<>();
    if (namespaces) {
      row.add(metadata.path("namespace").asText());
    }
    String name = metadata.path("name").asText();
    row.add(qualified ? kind.singular() + "." + kind.group() + "/" + name : name);
    row.addAll(
        switch (kind) {
          case VIRTUAL_SERVICE -> List.of(texts(spec.path("hosts")), routes(spec.path("http")));
          case DESTINATION_RULE -> List.of(spec.path("host").asText(), names(spec.path("subsets")));
          case SERVICE_ENTRY ->
              List.of(
                  texts(spec.path("hosts")),
                  ports(spec.path("ports")),
                  spec.path("resolution").asText(NONE),
                  String.valueOf(spec.path("endpoints").size()));
          case WORKLOAD_ENTRY ->
              List.of(
                  spec.path("address").asText(),
                  pairs(spec.path("ports")),
                  pairs(spec.path("labels")));
          case SIDECAR ->
              List.of(
                  pairs(spec.path("workloadSelector").path("labels")),
                  joined(spec.path("egress"), ",", egress -> texts(egress.path("hosts"))));
        });
    row.add(Ages.since(metadata.path("creationTimestamp").asText(), now));
    if (wide) {
      row.addAll(wideCells(kind, spec));
      row.add(metadata.path("resourceVersion").asText());
    }
    return row.toArray(String[]::new);
  }

  private static List<String> wideCells(Kind kind, JsonNode spec) {
    return switch (kind) {
      case VIRTUAL_SERVICE -> List.of(texts(spec.path("gateways")));
      case DESTINATION_RULE ->
          List.of(
              balancer(spec.path("trafficPolicy").path("loadBalancer")),
              joined(
                  spec.path("subsets"),
                  "; ",
                  subset ->
                      subset.path("name").asText() + " (" + pairs(subset.path("labels")) + ")"));
      case SERVICE_ENTRY ->
          List.of(
              spec.path("location").asText("MESH_EXTERNAL"),
              joined(spec.path("endpoints"), ",", endpoint -> endpoint.path("address").asText()));
      case WORKLOAD_ENTRY -> List.of(spec.path("weight").asText("1"));
      case SIDECAR -> List.of(spec.path("outboundTrafficPolicy").path("mode").asText(NONE));
    };
  }

  /** {@code if headers: v2; v1:90 v2:10}. */
  private static String routes(JsonNode http) {
    return joined(
        http,
        "; ",
        route -> {
          String conditions =
              StreamSupport.stream(route.path("match").spliterator(), false)
                  .map(match -> String.join("+", fieldNames(match)))
                  .filter(names -> !names.isEmpty())
                  .collect(Collectors.joining("|"));
          return (conditions.isEmpty() ? "" : "if " + conditions + ": ") + action(route);
        });
  }

  /** {@code v1:90 v2:10}, {@code redirect}, {@code 503}, {@code delegate child}. */
  private static String action(JsonNode route) {
    if (route.has("redirect")) {
      return "redirect";
    }
    if (route.has("directResponse")) {
      return route.path("directResponse").path("status").asText();
    }
    if (route.has("delegate")) {
      return "delegate " + route.path("delegate").path("name").asText();
    }
    return joined(route.path("route"), " ", ResourceTables::weighted);
  }

  private static String balancer(JsonNode loadBalancer) {
    return loadBalancer.has("consistentHash")
        ? "CONSISTENT_HASH"
        : loadBalancer.path("simple").asText("LEAST_REQUEST");
  }

  private static String weighted(JsonNode destination) {
    JsonNode where = destination.path("destination");
    String target =
        where.hasNonNull("subset") ? where.path("subset").asText() : where.path("host").asText();
    return destination.has("weight") ? target + ":" + destination.path("weight").asInt() : target;
  }

  private static List<String> fieldNames(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    names.remove("name");
    return names;
  }

  private static String ports(JsonNode ports) {
    return joined(
        ports, ",", port -> port.path("number").asText() + "/" + port.path("protocol").asText());
  }

  private static String names(JsonNode list) {
    return joined(list, ",", item -> item.path("name").asText());
  }

  private static String texts(JsonNode list) {
    return joined(list, ",", JsonNode::asText);
  }

  /** {@code version=v1,tier=web}. */
  static String pairs(JsonNode object) {
    return orNone(
        object.properties().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue().asText())
            .collect(Collectors.joining(",")));
  }

  private static String joined(JsonNode list, String separator, Function<JsonNode, String> text) {
    Stream<JsonNode> items = StreamSupport.stream(list.spliterator(), false);
    return orNone(items.map(text).collect(Collectors.joining(separator)));
  }

  private static String orNone(String text) {
    return text.isEmpty() ? NONE : text;
  }
}
