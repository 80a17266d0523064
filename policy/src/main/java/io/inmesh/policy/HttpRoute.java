package io.inmesh.policy;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rule of a {@link VirtualService}. It has one action: {@code route}, {@code redirect}, {@code
 * directResponse} or {@code delegate}; a delegating rule may carry a {@code directResponse} for
 * those rules of the delegate that have no action of this kind.
 *
 * <p>What is null or empty in a delegate's rule is taken from the rule that delegates to it.
 *
 * @param name "" when it has none
 * @param match alternatives, any of which may hold; empty = every request
 * @param route where the calls go; when several, the sum of the weights is positive
 * @param rewrite null = path and authority stay
 * @param timeout for the whole call, at least 1 ms; null = none
 * @param retries null = Istio's default
 * @param fault null = none
 * @param mirrors in order; those with a share of 0 are left out
 * @param corsPolicy null = none
 * @param headers null = no changes
 */
public record HttpRoute(
    String name,
    List<HttpMatch> match,
    List<RouteDestination> route,
    @Nullable Redirect redirect,
    @Nullable DirectResponse directResponse,
    @Nullable Delegate delegate,
    @Nullable Rewrite rewrite,
    @Nullable Duration timeout,
    @Nullable Retries retries,
    @Nullable FaultInjection fault,
    List<Mirror> mirrors,
    @Nullable CorsPolicy corsPolicy,
    @Nullable HeaderOperations headers) {

  public HttpRoute {
    match = List.copyOf(match);
    route = List.copyOf(route);
    mirrors = List.copyOf(mirrors);
  }

  /** A rule that sends calls on, and changes nothing. */
  public HttpRoute(String name, List<HttpMatch> match, List<RouteDestination> route) {
    this(name, match, route, null, null, null, null, null, null, null, List.of(), null, null);
  }
}
