package io.inmesh.engine.route;

import io.inmesh.engine.model.HeaderMatcher;
import io.inmesh.engine.model.QueryParameterMatcher;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.model.RouteMatch;
import io.inmesh.engine.model.StringMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routes of a virtual host, first match wins. Immutable, any thread.
 *
 * <p>Routes with an exact path are indexed by it, those with a prefix or a regex by the text that a
 * path must start with, so that a request is compared only with routes that have a chance. What is
 * left (no such text, or case does not count) is tried one by one. Each candidate list ascends, and
 * is followed only as long as it could find an earlier route than the one found already.
 */
final class RouteList {
  private static final int[] NONE = {};

  private final RoutePlan[] routes;
  private final String[] starts;
  private final boolean[] startDecides;
  private final @Nullable RegexChain[] chains;
  private final Map<String, int[]> byExactPath;
  private final StartIndex byStart;
  private final int[] others;

  RouteList(List<Route> list, boolean attemptCount) {
    routes = new RoutePlan[list.size()];
    starts = new String[routes.length];
    startDecides = new boolean[routes.length];
    chains = new @Nullable RegexChain[routes.length];
    Map<String, int[]> exact = new HashMap<>();
    int[] started = NONE;
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
        String remainder = start.rest();
        chains[i] = remainder == null ? null : RegexChain.of(remainder);
      }
      startDecides[i] =
          path instanceof StringMatcher.Present
              || (path instanceof StringMatcher.Prefix prefix && !prefix.ignoreCase());
      if (path instanceof StringMatcher.Exact whole && !whole.ignoreCase()) {
        exact.put(whole.value(), StartIndex.append(exact.getOrDefault(whole.value(), NONE), i));
      } else if (starts[i].isEmpty()) {
        rest = StartIndex.append(rest, i);
      } else {
        started = StartIndex.append(started, i);
      }
    }
    byExactPath = exact;
    byStart = new StartIndex(starts, started);
    others = rest;
  }

  @Nullable RoutePlan find(RequestFields request) {
    int found = indexOf(request);
    return found == routes.length ? null : routes[found];
  }

  /** Beyond the last one if none matches. */
  private int indexOf(RequestFields request) {
    String path = request.path();
    int found = earlier(routes.length, byExactPath.getOrDefault(path, NONE), true, request);
    int hash = 0;
    int hashed = 0;
    for (int i = 0; i < byStart.lengths() && byStart.length(i) <= path.length(); i++) {
      int length = byStart.length(i);
      hash = StartIndex.hash(hash, path, hashed, length);
      hashed = length;
      found = earlier(found, byStart.find(hash, path, length), false, request);
    }
    return earlier(found, others, false, request);
  }

  /**
   * Every route up to the one that {@link #find} finds, all of them if it finds none, with what of
   * it the request fulfils.
   */
  List<RouteTrial> explain(RequestFields request) {
    int end = Math.min(routes.length, indexOf(request) + 1);
    List<RouteTrial> trials = new ArrayList<>(end);
    for (int i = 0; i < end; i++) {
      Route route = routes[i].route();
      trials.add(new RouteTrial(route, Conditions.of(route.match(), request)));
    }
    return trials;
  }

  /** The first of the candidates that matches, if it comes before what was found. */
  private int earlier(int found, int[] candidates, boolean pathMatches, RequestFields request) {
    for (int route : candidates) {
      if (route >= found) {
        return found;
      }
      if ((pathMatches || matchesPath(route, request.path()))
          && matchesRest(routes[route].route().match(), request)) {
        return route;
      }
    }
    return found;
  }

  /** Of a path that starts as the route's must. */
  private boolean matchesPath(int route, String path) {
    RegexChain chain = chains[route];
    return startDecides[route]
        || (chain == null
            ? Matching.matches(routes[route].route().match().path(), path)
            : chain.matches(path, starts[route].length()));
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
