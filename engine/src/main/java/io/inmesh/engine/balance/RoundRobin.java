package io.inmesh.engine.balance;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Round robin by weight: a schedule in which each endpoint stands as often as its weight says,
 * spread out evenly, walked from a random start so that many callers do not go in step.
 */
final class RoundRobin implements LoadBalancer {
  /** Bounds a schedule's memory; weights that need more are rounded. */
  private static final int LONGEST_SCHEDULE = 1_000;

  private final EndpointLoad[] schedule;
  private final AtomicInteger position;

  RoundRobin(EndpointLoad[] endpoints, AtomicInteger position) {
    this.schedule = schedule(endpoints);
    this.position = position;
  }

  @Override
  public EndpointLoad pick(RandomGenerator random) {
    return schedule[Math.floorMod(position.getAndIncrement(), schedule.length)];
  }

  /** Smooth weighted round robin, played through once: each turn the one that is owed most. */
  private static EndpointLoad[] schedule(EndpointLoad[] endpoints) {
    int[] weights = weights(endpoints);
    int total = 0;
    for (int weight : weights) {
      total += weight;
    }
    if (total == endpoints.length) {
      // Equal weights: the order as it is.
      return endpoints;
    }
    int[] owed = new int[weights.length];
    EndpointLoad[] schedule = new EndpointLoad[total];
    for (int turn = 0; turn < total; turn++) {
      int next = 0;
      for (int i = 0; i < weights.length; i++) {
        owed[i] += weights[i];
        next = owed[i] > owed[next] ? i : next;
      }
      owed[next] -= total;
      schedule[turn] = endpoints[next];
    }
    return schedule;
  }

  private static int[] weights(EndpointLoad[] endpoints) {
    int divisor = 0;
    long total = 0;
    for (EndpointLoad endpoint : endpoints) {
      divisor = greatestCommonDivisor(endpoint.endpoint().weight(), divisor);
      total += endpoint.endpoint().weight();
    }
    long longest = Math.max(LONGEST_SCHEDULE, endpoints.length);
    boolean fits = total / divisor <= longest;
    int[] weights = new int[endpoints.length];
    for (int i = 0; i < weights.length; i++) {
      int weight = endpoints[i].endpoint().weight();
      weights[i] = fits ? weight / divisor : (int) Math.max(1, weight * longest / total);
    }
    return weights;
  }

  private static int greatestCommonDivisor(int a, int b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }
}
