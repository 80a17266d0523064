package io.inmesh.policy;

import io.inmesh.policy.HeaderOperations.Changes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads {@link HeaderOperations}, a rule's or a destination's. */
final class HeaderOperationsParser {

  static HeaderOperations parse(Fields fields) {
    HeaderOperations operations =
        new HeaderOperations(
            fields.object("request").map(found -> changes(found, true)).orElse(Changes.NONE),
            fields.object("response").map(found -> changes(found, false)).orElse(Changes.NONE));
    fields.end();
    return operations;
  }

  private static Changes changes(Fields fields, boolean request) {
    Map<String, String> set = values(fields, "set", request);
    Map<String, String> add = values(fields, "add", request);
    List<Value> remove = fields.items("remove");
    for (Value item : remove) {
      item.string().flatMap(name -> nameProblem(name, false)).ifPresent(item::error);
    }
    Changes changes = new Changes(set, add, remove.stream().map(Value::text).toList());
    fields.end();
    return changes;
  }

  private static Map<String, String> values(Fields fields, String field, boolean request) {
    Map<String, String> values = new LinkedHashMap<>();
    fields
        .get(field)
        .map(Value::entries)
        .orElse(Map.of())
        .forEach(
            (name, value) -> {
              nameProblem(name, request).ifPresent(value::error);
              if (NameRules.headerName(name).isPresent() && !name.isEmpty()) {
                value.warning(
                    Quoting.quote(name)
                        + " is no header name by RFC 9110; servers may refuse the message");
              }
              Optional<String> text = value.string();
              text.flatMap(HeaderTemplate::problem).ifPresent(value::error);
              text.ifPresent(found -> values.put(name, found));
            });
    return values;
  }

  /**
   * @param authority whether the authority may be changed here
   */
  private static Optional<String> nameProblem(String name, boolean authority) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (name.isEmpty()) {
      return Optional.of("the header's name is empty; name one");
    }
    boolean host = lower.equals("host") || lower.equals(":authority");
    if (host && !authority) {
      return Optional.of(
          "the authority cannot be changed here; only headers.request.set (or add) can, and"
              + " \"rewrite: {authority: ...}\"");
    }
    if (lower.startsWith(":") && !host) {
      return Optional.of(
          Quoting.quote(name)
              + " is part of the request line and cannot be changed as a header; use \"rewrite\""
              + " for path and authority");
    }
    return Optional.empty();
  }

  private HeaderOperationsParser() {}
}
