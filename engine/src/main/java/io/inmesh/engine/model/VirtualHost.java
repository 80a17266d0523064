package io.inmesh.engine.model;

import java.util.List;

/** Routes that apply to some domains, tried in order. */
public record VirtualHost(String name, List<String> domains, List<Route> routes) {
  public VirtualHost {
    domains = List.copyOf(domains);
    routes = List.copyOf(routes);
  }
}
