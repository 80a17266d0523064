package io.inmesh.engine.model;

import java.util.List;

/** All virtual hosts of a listener. */
public record RouteConfiguration(String name, List<VirtualHost> virtualHosts) {
  public RouteConfiguration {
    virtualHosts = List.copyOf(virtualHosts);
  }
}
