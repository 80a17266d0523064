package io.inmesh.policy;

import java.util.List;

/**
 * One rule of a {@link VirtualService}.
 *
 * @param name "" when it has none
 * @param match alternatives, any of which may hold; empty = every request
 * @param route where the calls go, never empty; when several, the sum of the weights is positive
 */
public record HttpRoute(String name, List<HttpMatch> match, List<RouteDestination> route) {

  public HttpRoute {
    match = List.copyOf(match);
    route = List.copyOf(route);
  }
}
