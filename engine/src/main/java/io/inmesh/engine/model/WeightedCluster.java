package io.inmesh.engine.model;

/** A share of a route: {@code weight} over the sum of the route's weights. */
public record WeightedCluster(String cluster, int weight) {}
