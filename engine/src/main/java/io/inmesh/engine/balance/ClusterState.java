package io.inmesh.engine.balance;

import java.util.List;

/**
 * What is going on in a cluster at one moment, for people to look at.
 *
 * @param connections that carry calls; 0 where they are not limited
 * @param waiting calls that wait for a connection; they are requests as well
 * @param priorities the first one first
 */
public record ClusterState(
    long requests,
    long retries,
    int connections,
    int waiting,
    List<EndpointState> endpoints,
    List<PriorityState> priorities) {
  public ClusterState {
    endpoints = List.copyOf(endpoints);
    priorities = List.copyOf(priorities);
  }

  /**
   * A priority's part of the calls.
   *
   * @param percent of the calls that go to it
   * @param panic true: too few of its endpoints are in rotation, so that all of them are used
   */
  public record PriorityState(int priority, int percent, boolean panic) {}
}
