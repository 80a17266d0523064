package io.inmesh.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a rule's {@link CorsPolicy}. */
final class CorsPolicyParser {

  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE");
  private static final List<String> PREFLIGHTS = List.of("UNSPECIFIED", "FORWARD", "IGNORE");

  static CorsPolicy parse(Fields fields) {
    List<String> methods = new ArrayList<>();
    for (Value method : fields.items("allowMethods")) {
      method.oneOf(METHODS, METHODS).ifPresent(methods::add);
    }
    CorsPolicy policy =
        new CorsPolicy(
            origins(fields),
            methods,
            headers(fields, "allowHeaders"),
            headers(fields, "exposeHeaders"),
            fields.get("maxAge").flatMap(CorsPolicyParser::maxAge).orElse(null),
            fields.get("allowCredentials").flatMap(Value::bool).orElse(null),
            !fields
                .get("unmatchedPreflights")
                .flatMap(value -> value.oneOf(PREFLIGHTS, PREFLIGHTS))
                .orElse("")
                .equals("IGNORE"));
    fields.end();
    return policy;
  }

  private static List<StringMatch> origins(Fields fields) {
    List<StringMatch> origins = new ArrayList<>();
    for (Value item : fields.items("allowOrigins")) {
      Optional<StringMatch> match = StringMatchParser.parse(item);
      if (match.isPresent() && isEmpty(match.get())) {
        item.error("an origin must not be empty; write \"{exact: 'https://shop.example'}\"");
      }
      match.ifPresent(origins::add);
    }
    Optional<Value> old = fields.get("allowOrigin");
    List<String> oldOrigins = old.map(Value::texts).orElse(List.of());
    if (old.isPresent()) {
      old.get()
          .deprecated(
              origins.isEmpty()
                  ? "is deprecated; write \"allowOrigins: [{exact: ...}]\""
                  : "is deprecated, and has no effect beside \"allowOrigins\"; remove it");
    }
    if (origins.isEmpty()) {
      oldOrigins.forEach(origin -> origins.add(new StringMatch.Exact(origin)));
    }
    return origins;
  }

  private static boolean isEmpty(StringMatch match) {
    return match instanceof StringMatch.Present
        || (match instanceof StringMatch.Exact exact && exact.value().isEmpty());
  }

  private static Optional<Duration> maxAge(Value value) {
    Optional<Duration> age = GoDuration.of(value);
    if (age.isPresent() && age.get().toMillis() % 1000 != 0) {
      value.error("only whole seconds are possible, found " + Quoting.quote(value.text()));
    }
    return age;
  }

  private static List<String> headers(Fields fields, String field) {
    List<String> names = new ArrayList<>();
    for (Value item : fields.items(field)) {
      Optional<String> name = item.string();
      name.filter(text -> !text.equals("*"))
          .flatMap(NameRules::corsHeaderName)
          .ifPresent(item::error);
      name.ifPresent(names::add);
    }
    return names;
  }

  private CorsPolicyParser() {}
}
