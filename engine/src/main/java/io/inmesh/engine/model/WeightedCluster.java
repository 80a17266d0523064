package io.inmesh.engine.model;

/**
 * A share of a route: {@code weight} over the sum of the route's weights, and what changes for the
 * calls that it gets.
 *
 * @param hostRewrite what Host becomes; empty: as the route says
 */
public record WeightedCluster(
    String cluster,
    int weight,
    HeaderMutations requestHeaders,
    HeaderMutations responseHeaders,
    String hostRewrite) {
  /** A share that changes nothing. */
  public WeightedCluster(String cluster, int weight) {
    this(cluster, weight, HeaderMutations.NONE, HeaderMutations.NONE, "");
  }
}
