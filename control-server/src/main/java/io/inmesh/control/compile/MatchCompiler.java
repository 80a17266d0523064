package io.inmesh.control.compile;

import io.inmesh.policy.HttpMatch;
import io.inmesh.policy.StringMatch;
import io.inmesh.shaded.envoy.config.route.v3.HeaderMatcher;
import io.inmesh.shaded.envoy.config.route.v3.QueryParameterMatcher;
import io.inmesh.shaded.envoy.config.route.v3.RouteMatch;
import io.inmesh.shaded.envoy.type.matcher.v3.RegexMatcher;
import io.inmesh.shaded.envoy.type.matcher.v3.StringMatcher;
import io.inmesh.shaded.protobuf.BoolValue;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a rule asks of a request, as Envoy's RouteMatch. */
final class MatchCompiler {
  static final RouteMatch EVERYTHING = RouteMatch.newBuilder().setPrefix("/").build();

  static RouteMatch compile(HttpMatch match) {
    RouteMatch.Builder route = RouteMatch.newBuilder();
    StringMatch uri = match.uri();
    if (uri instanceof StringMatch.Exact exact) {
      route.setPath(exact.value());
    } else if (uri instanceof StringMatch.Regex regex) {
      route.setSafeRegex(regex(regex.pattern()));
    } else {
      route.setPrefix(uri instanceof StringMatch.Prefix prefix ? prefix.value() : "/");
    }
    if (match.ignoreUriCase() && !(uri instanceof StringMatch.Regex)) {
      route.setCaseSensitive(BoolValue.of(false));
    }
    pseudoHeader(route, ":method", match.method());
    pseudoHeader(route, ":scheme", match.scheme());
    pseudoHeader(route, ":authority", match.authority());
    sorted(match.headers()).forEach((name, value) -> route.addHeaders(header(name, value)));
    sorted(match.withoutHeaders())
        .forEach((name, value) -> route.addHeaders(withoutHeader(name, value)));
    sorted(match.queryParams())
        .forEach((name, value) -> route.addQueryParameters(queryParameter(name, value)));
    return route.build();
  }

  /** The same, for some methods only. */
  static RouteMatch ofMethods(RouteMatch match, String pattern) {
    return match.toBuilder()
        .addHeaders(
            HeaderMatcher.newBuilder()
                .setName(":method")
                .setStringMatch(StringMatcher.newBuilder().setSafeRegex(regex(pattern))))
        .build();
  }

  static RegexMatcher regex(String pattern) {
    return RegexMatcher.newBuilder().setRegex(pattern).build();
  }

  /** The same policy makes the same bytes, whatever order a map has. */
  private static Map<String, StringMatch> sorted(Map<String, StringMatch> matches) {
    return new TreeMap<>(matches);
  }

  private static void pseudoHeader(
      RouteMatch.Builder route, String name, @Nullable StringMatch value) {
    if (value != null) {
      route.addHeaders(header(name, value));
    }
  }

  private static HeaderMatcher.Builder header(String name, StringMatch value) {
    HeaderMatcher.Builder header = HeaderMatcher.newBuilder().setName(name);
    return value instanceof StringMatch.Present
        ? header.setPresentMatch(true)
        : header.setStringMatch(string(value));
  }

  private static HeaderMatcher.Builder withoutHeader(String name, StringMatch value) {
    HeaderMatcher.Builder header = header(name, value).setInvertMatch(true);
    return value instanceof StringMatch.Present
        ? header
        : header.setTreatMissingHeaderAsEmpty(true);
  }

  private static QueryParameterMatcher.Builder queryParameter(String name, StringMatch value) {
    QueryParameterMatcher.Builder parameter = QueryParameterMatcher.newBuilder().setName(name);
    return value instanceof StringMatch.Present
        ? parameter.setPresentMatch(true)
        : parameter.setStringMatch(string(value));
  }

  static StringMatcher string(StringMatch match) {
    StringMatcher.Builder string = StringMatcher.newBuilder();
    if (match instanceof StringMatch.Exact exact) {
      string.setExact(exact.value());
    } else if (match instanceof StringMatch.Prefix prefix) {
      string.setPrefix(prefix.value());
    } else if (match instanceof StringMatch.Regex regex) {
      string.setSafeRegex(regex(regex.pattern()));
    }
    return string.build();
  }

  private MatchCompiler() {}
}
