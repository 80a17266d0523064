package io.inmesh.engine.route;

import io.inmesh.engine.model.HeaderMatcher;
import io.inmesh.engine.model.QueryParameterMatcher;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.model.RouteMatch;
import io.inmesh.engine.model.StringMatcher;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routes of a virtual host, first match wins. Immutable, any thread.
 *
 * <p>Routes with an exact path are indexed by it, so that a request is compared only with the
 * routes whose path it has and with those that need looking at (prefix, regex). Order is kept: both
 * candidate lists are ascending, and are merged. Of the latter each knows the text that a path must
 * start with, so that a regex runs only where it has a chance.
 */
final class RouteList {
  private static final int[] NONE = {};

  private final RoutePlan[] routes;
  private final String[] starts;
  private final boolean[] startDecides;
  private final @Nullable RegexTail[] tails;
  private final Map<String, int[]> byExactPath;
  private final int[] others;

  RouteList(List<Route> list, boolean attemptCount) {
    routes = new RoutePlan[list.size()];
    starts = new String[routes.length];
    startDecides = new boolean[routes.length];
    tails = new @Nullable RegexTail[routes.length];
    Map<String, int[]> exact = new HashMap<>();
    int[] rest = NONE;
    for (int i = 0; i < routes.length; i++) {
      routes[i] = new RoutePlan(list.get(i), attemptCount);
      StringMatcher path = list.get(i).match().path();
      starts[i] = "";
      if (path instanceof StringMatcher.Prefix prefix && !prefix.ignoreCase()) {
        starts[i] = prefix.value();
      } else if (path instanceof StringMatcher.Regex regex) {
        RegexStart start = RegexStart.of(regex.pattern());
        starts[i] = start.text();
        tails[i] = RegexTail.of(start.rest());
      }
      startDecides[i] =
          path instanceof StringMatcher.Present
              || (path instanceof StringMatcher.Prefix prefix && !prefix.ignoreCase());
      if (path instanceof StringMatcher.Exact whole && !whole.ignoreCase()) {
        exact.put(whole.value(), append(exact.getOrDefault(whole.value(), NONE), i));
      } else {
        rest = append(rest, i);
      }
    }
    byExactPath = exact;
    others = rest;
  }

  private static int[] append(int[] list, int value) {
    int[] longer = Arrays.copyOf(list, list.length + 1);
    longer[list.length] = value;
    return longer;
  }

  @Nullable RoutePlan find(RequestFields request) {
    String path = request.path();
    int[] exact = byExactPath.getOrDefault(path, NONE);
    int e = 0;
    int o = 0;
    while (e < exact.length || o < others.length) {
      boolean exactNext = o == others.length || (e < exact.length && exact[e] < others[o]);
      int next = exactNext ? exact[e++] : others[o++];
      if ((exactNext || matchesPath(next, path))
          && matchesRest(routes[next].route().match(), request)) {
        return routes[next];
      }
    }
    return null;
  }

  private boolean matchesPath(int route, String path) {
    if (!path.startsWith(starts[route])) {
      return false;
    }
    RegexTail tail = tails[route];
    return startDecides[route]
        || (tail == null
            ? Matching.matches(routes[route].route().match().path(), path)
            : tail.matches(path, starts[route].length()));
  }

  private static boolean matchesRest(RouteMatch match, RequestFields request) {
    List<HeaderMatcher> headers = match.headers();
    for (int i = 0; i < headers.size(); i++) {
      if (!Matching.matches(headers.get(i), request)) {
        return false;
      }
    }
    List<QueryParameterMatcher> parameters = match.queryParameters();
    for (int i = 0; i < parameters.size(); i++) {
      if (!Matching.matches(parameters.get(i), request.query())) {
        return false;
      }
    }
    return true;
  }
}
