package io.inmesh.engine.route;

import io.inmesh.engine.model.HeaderMatcher;
import io.inmesh.engine.model.QueryParameterMatcher;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.model.RouteMatch;
import io.inmesh.engine.model.StringMatcher;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routes of a virtual host, first match wins. Immutable, any thread.
 *
 * <p>Routes with an exact path are indexed by it, so that a request is compared only with the
 * routes whose path it has and with those that need looking at (prefix, regex). Order is kept: both
 * candidate lists are ascending, and are merged.
 */
final class RouteList {
  private static final int[] NONE = {};

  private final Route[] routes;
  private final Map<String, int[]> byExactPath;
  private final int[] others;

  RouteList(List<Route> list) {
    routes = list.toArray(new Route[0]);
    Map<String, int[]> exact = new HashMap<>();
    int[] rest = NONE;
    for (int i = 0; i < routes.length; i++) {
      if (routes[i].match().path() instanceof StringMatcher.Exact path && !path.ignoreCase()) {
        exact.put(path.value(), append(exact.getOrDefault(path.value(), NONE), i));
      } else {
        rest = append(rest, i);
      }
    }
    byExactPath = exact;
    others = rest;
  }

  private static int[] append(int[] list, int value) {
    int[] longer = java.util.Arrays.copyOf(list, list.length + 1);
    longer[list.length] = value;
    return longer;
  }

  @Nullable Route find(RequestFields request) {
    int[] exact = byExactPath.getOrDefault(request.path(), NONE);
    int e = 0;
    int o = 0;
    while (e < exact.length || o < others.length) {
      boolean exactNext = o == others.length || (e < exact.length && exact[e] < others[o]);
      Route route = routes[exactNext ? exact[e++] : others[o++]];
      if ((exactNext || Matching.matches(route.match().path(), request.path()))
          && matchesRest(route.match(), request)) {
        return route;
      }
    }
    return null;
  }

  private static boolean matchesRest(RouteMatch match, RequestFields request) {
    for (HeaderMatcher header : match.headers()) {
      if (!Matching.matches(header, request)) {
        return false;
      }
    }
    for (QueryParameterMatcher parameter : match.queryParameters()) {
      if (!Matching.matches(parameter, request.query())) {
        return false;
      }
    }
    return true;
  }
}
