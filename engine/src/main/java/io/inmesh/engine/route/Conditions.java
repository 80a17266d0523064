package io.inmesh.engine.route;

import io.inmesh.engine.model.HeaderMatcher;
import io.inmesh.engine.model.QueryParameterMatcher;
import io.inmesh.engine.model.RouteMatch;
import io.inmesh.engine.model.StringMatcher;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells of each condition of a route whether a request fulfils it, and what it has instead. Whether
 * is {@link Matching}'s to say, as for a call; here are the words only.
 */
final class Conditions {
  /** In the order in which a call is held against them. */
  static List<Condition> of(RouteMatch match, RequestFields request) {
    List<Condition> conditions = new ArrayList<>();
    conditions.add(
        new Condition(
            "uri",
            wanted(match.path()),
            List.of(request.path()),
            Matching.matches(match.path(), request.path())));
    for (HeaderMatcher header : match.headers()) {
      conditions.add(
          new Condition(
              field(header),
              header.invert() ? "not " + wanted(header.value()) : wanted(header.value()),
              found(header, request),
              Matching.matches(header, request)));
    }
    for (QueryParameterMatcher parameter : match.queryParameters()) {
      conditions.add(
          new Condition(
              "queryParams[\"" + parameter.name() + "\"]",
              wanted(parameter.value()),
              values(Matching.firstValue(request.query(), parameter.name())),
              Matching.matches(parameter, request.query())));
    }
    return conditions;
  }

  private static String field(HeaderMatcher header) {
    if (header.name().startsWith(":")) {
      return header.name().substring(1);
    }
    return (header.invert() ? "withoutHeaders[\"" : "headers[\"") + header.name() + "\"]";
  }

  private static List<String> found(HeaderMatcher header, RequestFields request) {
    String pseudo = Matching.pseudoHeader(header);
    return pseudo.startsWith(":") ? values(request.field(pseudo)) : request.header(header.name());
  }

  private static List<String> values(@Nullable String value) {
    return value == null ? List.of() : List.of(value);
  }

  private static String wanted(StringMatcher matcher) {
    if (matcher instanceof StringMatcher.Exact exact) {
      return "exact " + quoted(exact.value(), exact.ignoreCase());
    }
    if (matcher instanceof StringMatcher.Prefix prefix) {
      return "prefix " + quoted(prefix.value(), prefix.ignoreCase());
    }
    if (matcher instanceof StringMatcher.Regex regex) {
      return "regex " + quoted(regex.pattern().pattern(), false);
    }
    return "present";
  }

  private static String quoted(String value, boolean ignoreCase) {
    return "\"" + value + "\"" + (ignoreCase ? " in any case" : "");
  }

  private Conditions() {}
}
