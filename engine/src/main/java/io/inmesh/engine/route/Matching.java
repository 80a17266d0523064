package io.inmesh.engine.route;

import io.inmesh.engine.model.HeaderMatcher;
import io.inmesh.engine.model.QueryParameterMatcher;
import io.inmesh.engine.model.StringMatcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How one matcher is held against a request, as observed on Envoy 1.40. */
final class Matching {
  static boolean matches(StringMatcher matcher, String value) {
    if (matcher instanceof StringMatcher.Exact exact) {
      return exact.ignoreCase()
          ? exact.value().equalsIgnoreCase(value)
          : exact.value().equals(value);
    }
    if (matcher instanceof StringMatcher.Prefix prefix) {
      return value.regionMatches(
          prefix.ignoreCase(), 0, prefix.value(), 0, prefix.value().length());
    }
    if (matcher instanceof StringMatcher.Regex regex) {
      return regex.pattern().matches(value);
    }
    return true;
  }

  /**
   * Repeated headers are not joined: any one value may match, and for an inverted matcher none may.
   * A missing header fails either kind, unless it counts as empty.
   */
  static boolean matches(HeaderMatcher matcher, RequestFields request) {
    String pseudo = pseudoHeader(matcher);
    if (pseudo.startsWith(":")) {
      String value = request.field(pseudo);
      return value == null
          ? matchesMissing(matcher)
          : matches(matcher.value(), value) != matcher.invert();
    }
    List<String> values = request.header(matcher.name());
    if (values.isEmpty()) {
      return matchesMissing(matcher);
    }
    boolean any = false;
    for (int i = 0; i < values.size() && !any; i++) {
      any = matches(matcher.value(), values.get(i));
    }
    return any != matcher.invert();
  }

  /** Envoy keeps Host as :authority and answers for either name. */
  static String pseudoHeader(HeaderMatcher matcher) {
    return matcher.name().equals("host") ? ":authority" : matcher.name();
  }

  private static boolean matchesMissing(HeaderMatcher matcher) {
    if (matcher.value() instanceof StringMatcher.Present) {
      return matcher.invert();
    }
    return matcher.treatMissingAsEmpty() && matches(matcher.value(), "") != matcher.invert();
  }

  /** Only the first value of a parameter counts. */
  static boolean matches(QueryParameterMatcher matcher, String query) {
    String value = firstValue(query, matcher.name());
    return value != null && matches(matcher.value(), value);
  }

  static @Nullable String firstValue(String query, String name) {
    int start = 0;
    while (start < query.length()) {
      int end = query.indexOf('&', start);
      end = end < 0 ? query.length() : end;
      int equals = query.indexOf('=', start);
      int nameEnd = equals < 0 || equals > end ? end : equals;
      if (nameEnd - start == name.length() && query.startsWith(name, start)) {
        return nameEnd == end ? "" : query.substring(nameEnd + 1, end);
      }
      start = end + 1;
    }
    return null;
  }

  private Matching() {}
}
