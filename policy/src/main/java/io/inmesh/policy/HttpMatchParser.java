package io.inmesh.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one match of a rule. */
final class HttpMatchParser {

  static HttpMatch parse(Fields fields) {
    String name = fields.get("name").flatMap(Value::string).orElse("");
    StringMatch uri = stringMatch(fields, "uri");
    boolean ignoreCase = fields.get("ignoreUriCase").flatMap(Value::bool).orElse(false);
    StringMatch method = stringMatch(fields, "method");
    StringMatch scheme = stringMatch(fields, "scheme");
    StringMatch authority = stringMatch(fields, "authority");
    Map<String, StringMatch> headers = headers(fields, "headers");
    Map<String, StringMatch> withoutHeaders = headers(fields, "withoutHeaders");
    Map<String, StringMatch> queryParams = new LinkedHashMap<>();
    fields
        .get("queryParams")
        .map(Value::entries)
        .orElse(Map.of())
        .forEach(
            (key, value) ->
                StringMatchParser.parse(value).ifPresent(match -> queryParams.put(key, match)));
    int port = fields.number("port", 65535);
    Map<String, String> sourceLabels =
        fields.get("sourceLabels").map(v -> v.stringMap(NameRules::checkLabel)).orElse(Map.of());
    String sourceNamespace = sourceNamespace(fields);
    List<String> gateways = Gateways.parse(fields);
    Optional<Value> statPrefix = fields.get("statPrefix");
    statPrefix.ifPresent(
        value -> value.noEffect("has no effect: a match has no statistics so far"));
    fields.end();
    return new HttpMatch(
        name,
        uri,
        ignoreCase,
        method,
        scheme,
        authority,
        headers,
        withoutHeaders,
        queryParams,
        port,
        sourceLabels,
        sourceNamespace,
        gateways,
        statPrefix.flatMap(Value::string).orElse(""));
  }

  private static String sourceNamespace(Fields fields) {
    Optional<Value> value = fields.get("sourceNamespace");
    Optional<String> name = value.flatMap(Value::string).filter(text -> !text.isEmpty());
    name.flatMap(NameRules::namespace)
        .ifPresent(problem -> value.ifPresent(found -> found.error(problem)));
    return name.orElse("");
  }

  private static Map<String, StringMatch> headers(Fields fields, String field) {
    Map<String, StringMatch> headers = new LinkedHashMap<>();
    fields
        .get(field)
        .map(Value::entries)
        .orElse(Map.of())
        .forEach(
            (key, value) -> {
              NameRules.headerName(key).ifPresent(value::error);
              // Envoy compares header names in lower case, whatever a policy writes.
              String name = key.toLowerCase(Locale.ROOT);
              StringMatchParser.parse(value)
                  .ifPresent(
                      match -> {
                        if (headers.put(name, match) != null) {
                          value.error(
                              "the header "
                                  + Quoting.quote(name)
                                  + " is here twice (names ignore case); remove one");
                        }
                      });
            });
    return headers;
  }

  private static @Nullable StringMatch stringMatch(Fields fields, String name) {
    return fields.get(name).flatMap(StringMatchParser::parse).orElse(null);
  }

  private HttpMatchParser() {}
}
