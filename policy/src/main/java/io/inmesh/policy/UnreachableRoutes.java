package io.inmesh.policy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Warns of rules that an earlier rule leaves nothing to, as {@code istioctl validate} does. */
final class UnreachableRoutes {

  /** {@code rules} are where the routes of the same index stand. */
  static void warn(List<HttpRoute> http, List<Value> rules) {
    for (int later = 1; later < http.size(); later++) {
      for (int earlier = 0; earlier < later; earlier++) {
        if (covers(http.get(earlier), http.get(later))) {
          rules
              .get(later)
              .warning(
                  "the rule is never used: every request it matches is taken by "
                      + name(http.get(earlier), earlier)
                      + " before it; move it up, or remove it");
          break;
        }
      }
    }
  }

  private static String name(HttpRoute route, int index) {
    return route.name().isEmpty()
        ? "spec.http[" + index + "]"
        : "rule " + Quoting.quote(route.name());
  }

  private static boolean covers(HttpRoute earlier, HttpRoute later) {
    if (earlier.match().isEmpty()) {
      return true;
    }
    return !later.match().isEmpty()
        && later.match().stream()
            .allMatch(match -> earlier.match().stream().anyMatch(first -> covers(first, match)));
  }

  private static boolean covers(HttpMatch earlier, HttpMatch later) {
    if (unnamed(earlier).equals(unnamed(later))) {
      return true;
    }
    HttpMatch prefixOnly =
        new HttpMatch("", earlier.uri(), false, null, null, null, Map.of(), Map.of(), Map.of(), 0);
    return earlier.uri() instanceof StringMatch.Prefix prefix
        && unnamed(earlier).equals(prefixOnly)
        && !later.ignoreUriCase()
        && beginsWith(later.uri(), prefix.value());
  }

  private static boolean beginsWith(@Nullable StringMatch uri, String prefix) {
    if (uri instanceof StringMatch.Exact exact) {
      return exact.value().startsWith(prefix);
    }
    return uri instanceof StringMatch.Prefix longer && longer.value().startsWith(prefix);
  }

  private static HttpMatch unnamed(HttpMatch match) {
    return new HttpMatch(
        "",
        match.uri(),
        match.ignoreUriCase(),
        match.method(),
        match.scheme(),
        match.authority(),
        match.headers(),
        match.withoutHeaders(),
        match.queryParams(),
        match.port());
  }

  private UnreachableRoutes() {}
}
