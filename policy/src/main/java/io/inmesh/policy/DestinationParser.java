package io.inmesh.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads where calls go: the destinations of a route, and single ones. */
final class DestinationParser {

  static List<RouteDestination> route(Value route) {
    List<Value> items = route.items();
    List<RouteDestination> destinations = new ArrayList<>();
    for (Value item : items) {
      item.fields().flatMap(DestinationParser::routeDestination).ifPresent(destinations::add);
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

  private static Optional<RouteDestination> routeDestination(Fields fields) {
    Optional<Destination> destination = required(fields);
    Optional<Value> given = fields.get("weight");
    int weight = 0;
    boolean weightFine = true;
    if (given.isPresent()) {
      var number = given.get().integer(0, Integer.MAX_VALUE);
      weight = number.orElse(0);
      weightFine = number.isPresent();
    }
    HeaderOperations headers =
        fields.object("headers").map(HeaderOperationsParser::parse).orElse(HeaderOperations.NONE);
    fields.end();
    // A wrong weight is reported once, not again as a wrong sum.
    int share = weight;
    return weightFine
        ? destination.map(found -> new RouteDestination(found, share, headers))
        : Optional.empty();
  }

  /** The field {@code destination}. */
  static Optional<Destination> required(Fields fields) {
    return fields
        .required("destination", "write \"destination: {host: ...}\"")
        .flatMap(Value::fields)
        .flatMap(DestinationParser::destination);
  }

  static Optional<Destination> destination(Fields fields) {
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
    int port = fields.get("port").map(found -> port(found, 1)).orElse(0);
    fields.end();
    String subsetName = subset.map(Value::text).filter(name -> !name.isEmpty()).orElse(null);
    return host.map(name -> new Destination(name, subsetName, port));
  }

  /** The number of a {@code port: {number: 8080}}; 0 when it is wrong. */
  static int port(Value value, int min) {
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
            .map(found -> found.integer(min, 65535).orElse(0))
            .orElse(0);
    fields.get().end();
    return number;
  }

  private DestinationParser() {}
}
