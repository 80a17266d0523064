package io.inmesh.engine.balance;

import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * Turns by a weight that changes from call to call: {@code weight * factor}, the factor being in
 * 0-1. Envoy puts an endpoint back into its queue with the weight of the moment, under no lock
 * because each of its threads has its own queue. Ours goes through the fixed weights' schedule and
 * lets each endpoint take its turn with the factor's probability, which gives the same shares to
 * many threads at once, and the schedule itself where all factors are 1.
 */
final class WeightedTurns {
  /** Bounds the search where everybody is busy or new; then one draw over all ends it. */
  private static final int TURNS = 32;

  private final EndpointLoad[] endpoints;
  private final Schedule schedule;

  WeightedTurns(EndpointLoad[] endpoints, Schedule schedule) {
    this.endpoints = endpoints;
    this.schedule = schedule;
  }

  EndpointLoad next() {
    return endpoints[schedule.next()];
  }

  EndpointLoad next(RandomGenerator random, ToDoubleFunction<EndpointLoad> factor) {
    for (int i = 0; i < TURNS; i++) {
      EndpointLoad endpoint = next();
      double chance = factor.applyAsDouble(endpoint);
      if (chance >= 1 || random.nextDouble() < chance) {
        return endpoint;
      }
    }
    return draw(random, factor);
  }

  private EndpointLoad draw(RandomGenerator random, ToDoubleFunction<EndpointLoad> factor) {
    double[] until = new double[endpoints.length];
    double total = 0;
    for (int i = 0; i < until.length; i++) {
      total += endpoints[i].endpoint().weight() * factor.applyAsDouble(endpoints[i]);
      until[i] = total;
    }
    double draw = random.nextDouble() * total;
    int drawn = 0;
    while (drawn < until.length - 1 && until[drawn] <= draw) {
      drawn++;
    }
    return endpoints[drawn];
  }

  static double[] weights(EndpointLoad[] endpoints) {
    double[] weights = new double[endpoints.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = endpoints[i].endpoint().weight();
    }
    return weights;
  }
}
