package io.inmesh.engine.balance;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's least request: with equal weights the less busy of two endpoints drawn with replacement;
 * otherwise turns by {@code weight / (active + 1)}, of which new endpoints get a part.
 */
final class LeastRequest implements LoadBalancer {
  private final EndpointLoad[] endpoints;
  private final @Nullable WarmUp warmUp;

  /** Null where weights are equal and nobody is new: then it is never used. */
  private final @Nullable WeightedTurns turns;

  LeastRequest(EndpointLoad[] endpoints, AtomicInteger position, @Nullable WarmUp warmUp) {
    this.endpoints = endpoints;
    this.warmUp = warmUp;
    double[] weights = WeightedTurns.weights(endpoints);
    this.turns =
        warmUp == null && equal(weights)
            ? null
            : new WeightedTurns(endpoints, new Schedule(weights, position));
  }

  @Override
  public EndpointLoad pick(RandomGenerator random, long key, int attempt) {
    if (turns != null) {
      WarmUp warming = warmUp;
      return warming == null || warming.isOver()
          ? turns.next(random, LeastRequest::idleness)
          : turns.next(random, endpoint -> warming.share(endpoint) * idleness(endpoint));
    }
    EndpointLoad first = endpoints[random.nextInt(endpoints.length)];
    EndpointLoad second = endpoints[random.nextInt(endpoints.length)];
    return second.active() < first.active() ? second : first;
  }

  private static double idleness(EndpointLoad endpoint) {
    return 1.0 / (endpoint.active() + 1);
  }

  private static boolean equal(double[] weights) {
    for (double weight : weights) {
      if (weight != weights[0]) {
        return false;
      }
    }
    return true;
  }
}
