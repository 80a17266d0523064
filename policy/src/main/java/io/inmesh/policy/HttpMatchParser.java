package io.inmesh.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one match of a rule. */
final class HttpMatchParser {

  private static final List<String> KINDS = List.of("exact", "prefix", "regex");

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
            (key, value) -> stringMatch(value).ifPresent(match -> queryParams.put(key, match)));
    int port = fields.get("port").map(value -> value.integer(1, 65535).orElse(0)).orElse(0);
    VirtualServiceParser.meshOnly(fields, "gateways");
    fields.notSupportedYet(
        "remove it: a route is for callers of every namespace and label",
        "sourceLabels",
        "sourceNamespace");
    fields.notSupportedYet("remove it", "statPrefix");
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
        port);
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
              stringMatch(value)
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
    return fields.get(name).flatMap(HttpMatchParser::stringMatch).orElse(null);
  }

  /** One of exact, prefix and regex; {@code {}} asks for presence. */
  private static Optional<StringMatch> stringMatch(Value value) {
    if (value.node() instanceof YamlNode.Scalar) {
      value.error(
          "expected an object with one of exact, prefix, regex, found "
              + value.node().describe()
              + (value.node().isNull()
                  ? "; write {} to ask for presence"
                  : "; write \"{exact: " + Quoting.shorten(value.text()) + "}\""));
      return Optional.empty();
    }
    Optional<Fields> fields = value.fields();
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    List<String> given = new ArrayList<>();
    StringMatch match = new StringMatch.Present();
    boolean sound = true;
    for (String kind : KINDS) {
      Optional<Value> found = fields.get().get(kind);
      if (found.isPresent()) {
        given.add(kind);
        Optional<StringMatch> read =
            found.get().string().flatMap(text -> of(kind, text, found.get()));
        sound &= read.isPresent();
        match = read.orElse(match);
      }
    }
    fields.get().end();
    if (given.size() > 1) {
      value.error(
          "only one of exact, prefix and regex is possible, found "
              + String.join(" and ", given)
              + "; write two matches instead");
      return Optional.empty();
    }
    return sound ? Optional.of(match) : Optional.empty();
  }

  private static Optional<StringMatch> of(String kind, String text, Value value) {
    if (kind.equals("exact")) {
      return Optional.of(new StringMatch.Exact(text));
    }
    // A path begins with "" as Istio sees it; Envoy refuses an empty prefix anywhere else.
    boolean anyPath = kind.equals("prefix") && value.path().endsWith(".uri.prefix");
    if (text.isEmpty() && !anyPath) {
      value.error("must not be empty; write {} to ask for presence, or remove the condition");
      return Optional.empty();
    }
    if (kind.equals("prefix")) {
      return Optional.of(new StringMatch.Prefix(text));
    }
    Optional<String> problem = RegexCheck.problem(text);
    problem.ifPresent(value::error);
    return problem.isPresent() ? Optional.empty() : Optional.of(new StringMatch.Regex(text));
  }

  private HttpMatchParser() {}
}
