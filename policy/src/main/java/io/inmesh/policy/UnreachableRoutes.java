package io.inmesh.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Warns of rules that earlier rules leave nothing to, as {@code istioctl validate} does: behind a
 * rule without match, or when each of its matches is there before, or begins with a prefix that is.
 *
 * <p>Rules are looked up, not compared in pairs: a resource may have ten thousands of them.
 */
final class UnreachableRoutes {

  /** The first rule that has a match, by the match without its name. */
  private final Map<HttpMatch, Integer> matches = new HashMap<>();

  /** The first rule that takes all paths with a prefix, by the prefix's length and the prefix. */
  private final TreeMap<Integer, Map<String, Integer>> prefixes = new TreeMap<>();

  /** The first rule that takes everything; -1 = none. */
  private int catchAll = -1;

  private UnreachableRoutes() {}

  /** {@code rules} are where the routes of the same index stand. */
  static void warn(List<HttpRoute> http, List<Value> rules) {
    UnreachableRoutes earlier = new UnreachableRoutes();
    for (int i = 0; i < http.size(); i++) {
      int taker = earlier.takerOf(http.get(i));
      if (taker >= 0) {
        rules
            .get(i)
            .warning(
                MessageCode.UNREACHABLE_RULE,
                "the rule is never used: every request it matches is taken before it, as by "
                    + name(http.get(taker), taker)
                    + "; move it up, or remove it");
      } else {
        earlier.warnOfMatches(http, i, rules.get(i));
      }
      earlier.add(http.get(i), i);
    }
  }

  /** Of a rule that is of use, the matches that are not. */
  private void warnOfMatches(List<HttpRoute> http, int index, Value rule) {
    List<HttpMatch> matches = http.get(index).match();
    List<Value> places = rule.fields().map(fields -> fields.items("match")).orElse(List.of());
    for (int j = 0; j < matches.size(); j++) {
      int taker = takerOf(matches.get(j));
      if (taker >= 0) {
        places
            .get(j)
            .warning(
                MessageCode.INEFFECTIVE_MATCH,
                "the match is never used: every request it matches is taken before it, by "
                    + name(http.get(taker), taker)
                    + "; move the rule up, or remove the match");
      }
    }
  }

  private static String name(HttpRoute route, int index) {
    return route.name().isEmpty()
        ? "spec.http[" + index + "]"
        : "rule " + Quoting.quote(route.name());
  }

  /** An earlier rule that takes from this one, if nothing is left to it; else -1. */
  private int takerOf(HttpRoute route) {
    if (catchAll >= 0 || route.match().isEmpty()) {
      return catchAll;
    }
    int taker = -1;
    for (HttpMatch match : route.match()) {
      taker = takerOf(match);
      if (taker < 0) {
        return -1;
      }
    }
    return taker;
  }

  private int takerOf(HttpMatch match) {
    Integer same = matches.get(match.unnamed());
    if (same != null) {
      return same;
    }
    String path = match.ignoreUriCase() ? null : begin(match.uri());
    if (path == null) {
      return -1;
    }
    for (Map.Entry<Integer, Map<String, Integer>> ofLength : prefixes.entrySet()) {
      if (ofLength.getKey() > path.length()) {
        break;
      }
      Integer taker = ofLength.getValue().get(path.substring(0, ofLength.getKey()));
      if (taker != null) {
        return taker;
      }
    }
    return -1;
  }

  private void add(HttpRoute route, int index) {
    if (route.delegate() != null) {
      // What the delegate's rules leave goes on to the next rule.
      return;
    }
    if (route.match().isEmpty() && catchAll < 0) {
      catchAll = index;
    }
    for (HttpMatch match : route.match()) {
      HttpMatch unnamed = match.unnamed();
      matches.putIfAbsent(unnamed, index);
      if (match.uri() instanceof StringMatch.Prefix prefix
          && unnamed.equals(HttpMatch.ofUri(prefix))) {
        prefixes
            .computeIfAbsent(prefix.value().length(), length -> new HashMap<>())
            .putIfAbsent(prefix.value(), index);
      }
    }
  }

  private static @Nullable String begin(@Nullable StringMatch uri) {
    if (uri instanceof StringMatch.Exact exact) {
      return exact.value();
    }
    return uri instanceof StringMatch.Prefix prefix ? prefix.value() : null;
  }
}
