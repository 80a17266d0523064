package io.inmesh.engine.balance;

import java.util.List;

/**
 * What is going on in a cluster at one moment, for people to look at.
 *
 * @param connections that carry calls; 0 where they are not limited
 * @param waiting calls that wait for a connection; they are requests as well
 */
public record ClusterState(
    long requests, long retries, int connections, int waiting, List<EndpointState> endpoints) {
  public ClusterState {
    endpoints = List.copyOf(endpoints);
  }
}
