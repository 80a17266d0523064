package io.inmesh.engine.balance;

import java.util.List;

/** What is going on in a cluster at one moment, for people to look at. */
public record ClusterState(
    long requests,
    long pendingRequests,
    long connections,
    long retries,
    List<EndpointState> endpoints) {
  public ClusterState {
    endpoints = List.copyOf(endpoints);
  }
}
