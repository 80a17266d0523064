package io.inmesh.engine.model;

import java.util.List;

/**
 * Routes that apply to some domains, tried in order.
 *
 * @param attemptCount true: an attempt carries its number as {@code x-envoy-attempt-count} (Envoy:
 *     include_request_attempt_count)
 */
public record VirtualHost(
    String name, List<String> domains, List<Route> routes, boolean attemptCount) {
  public VirtualHost {
    domains = List.copyOf(domains);
    routes = List.copyOf(routes);
  }

  /** Attempts do not carry their number. */
  public VirtualHost(String name, List<String> domains, List<Route> routes) {
    this(name, domains, routes, false);
  }
}
