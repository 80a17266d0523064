package io.inmesh.engine.model;

import java.util.List;

/** One rule of a virtual host. */
public record Route(
    String name, RouteMatch match, List<WeightedCluster> clusters, RetryPolicy retryPolicy) {
  public Route {
    clusters = List.copyOf(clusters);
  }
}
