package io.inmesh.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one rule of a {@link VirtualService}. */
final class HttpRouteParser {

  private static final String[] OTHER_ACTIONS = {"redirect", "directResponse", "delegate"};

  static HttpRoute parse(Fields fields) {
    String name = fields.get("name").flatMap(Value::string).orElse("");
    List<HttpMatch> matches = new ArrayList<>();
    for (Value item : fields.items("match")) {
      item.fields().map(HttpMatchParser::parse).ifPresent(matches::add);
    }
    boolean otherAction = false;
    for (String action : OTHER_ACTIONS) {
      otherAction |= fields.has(action);
    }
    Optional<Value> route = fields.get("route");
    List<RouteDestination> destinations = route.map(HttpRouteParser::route).orElse(List.of());
    if (route.map(HttpRouteParser::isEmptyList).orElse(true) && !otherAction) {
      fields.error("the rule has no route; write \"route: [{destination: {host: ...}}]\"");
    }
    fields.notSupportedYet("only \"route\" is an action so far; remove the rule", OTHER_ACTIONS);
    fields.notSupportedYet(
        "remove it: calls have no timeout, and are tried again twice when no connection is made",
        "timeout",
        "retries");
    fields.notSupportedYet(
        "remove it",
        "fault",
        "rewrite",
        "mirror",
        "mirrors",
        "mirrorPercent",
        "mirrorPercentage",
        "corsPolicy",
        "headers");
    fields.end();
    return new HttpRoute(name, matches, destinations);
  }

  private static boolean isEmptyList(Value value) {
    return value.node() instanceof YamlNode.Sequence sequence && sequence.items().isEmpty();
  }

  private static List<RouteDestination> route(Value route) {
    List<Value> items = route.items();
    List<RouteDestination> destinations = new ArrayList<>();
    for (Value item : items) {
      item.fields().flatMap(HttpRouteParser::destination).ifPresent(destinations::add);
    }
    if (items.size() > 1 && destinations.size() == items.size()) {
      checkWeights(route, destinations);
    }
    return destinations;
  }

  private static void checkWeights(Value route, List<RouteDestination> destinations) {
    long sum = destinations.stream().mapToLong(RouteDestination::weight).sum();
    if (sum == 0) {
      route.error(
          "the weights of the "
              + destinations.size()
              + " destinations add up to 0; give each a share, as \"weight: 90\" and \"weight: 10\"");
    } else if (sum > Integer.MAX_VALUE) {
      route.error(
          "the weights add up to "
              + sum
              + ", more than "
              + Integer.MAX_VALUE
              + "; use smaller ones");
    }
  }

  private static Optional<RouteDestination> destination(Fields fields) {
    Optional<Destination> destination =
        fields
            .required("destination", "write \"destination: {host: ...}\"")
            .flatMap(Value::fields)
            .flatMap(HttpRouteParser::host);
    int weight = 0;
    Optional<Value> given = fields.get("weight");
    boolean weightFine = true;
    if (given.isPresent()) {
      var number = given.get().integer(0, Integer.MAX_VALUE);
      weight = number.orElse(0);
      weightFine = number.isPresent();
    }
    fields.notSupportedYet("remove it", "headers");
    fields.end();
    // A wrong weight is reported once, not again as a wrong sum.
    int share = weight;
    return weightFine
        ? destination.map(found -> new RouteDestination(found, share))
        : Optional.empty();
  }

  private static Optional<Destination> host(Fields fields) {
    Optional<Value> value = fields.required("host", "it names the service that calls go to");
    Optional<String> host = value.flatMap(Value::string);
    host.flatMap(
            name ->
                name.equals("*")
                    ? Optional.of("* is no destination; name one service")
                    : NameRules.host(name))
        .ifPresent(problem -> value.ifPresent(found -> found.error(problem)));
    Optional<Value> subset = fields.get("subset");
    subset
        .flatMap(Value::string)
        .filter(name -> !name.isEmpty())
        .flatMap(name -> NameRules.shortName("subset name", name))
        .ifPresent(problem -> subset.ifPresent(found -> found.error(problem)));
    int port = fields.get("port").map(HttpRouteParser::port).orElse(0);
    fields.end();
    String subsetName = subset.map(Value::text).filter(name -> !name.isEmpty()).orElse(null);
    return host.map(name -> new Destination(name, subsetName, port));
  }

  private static int port(Value value) {
    if (value.node() instanceof YamlNode.Scalar) {
      value.error(
          "expected an object with the field \"number\", found "
              + value.node().describe()
              + "; write \"port: {number: "
              + Quoting.shorten(value.text())
              + "}\"");
      return 0;
    }
    Optional<Fields> fields = value.fields();
    if (fields.isEmpty()) {
      return 0;
    }
    int number =
        fields
            .get()
            .required("number", "a port is named by its number")
            .map(found -> found.integer(1, 65535).orElse(0))
            .orElse(0);
    fields.get().end();
    return number;
  }

  private HttpRouteParser() {}
}
