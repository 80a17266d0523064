package io.inmesh.engine.model;

import java.time.Duration;
import java.util.List;

/**
 * A named group of endpoints that routes send calls to; {@code connectTimeout} bounds one TCP
 * connect.
 */
public record Cluster(
    String name, LbPolicy lbPolicy, Duration connectTimeout, List<Endpoint> endpoints) {
  public Cluster {
    endpoints = List.copyOf(endpoints);
  }
}
