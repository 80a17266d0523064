package io.inmesh.engine.balance;

import java.util.random.RandomGenerator;

/**
 * Envoy's least request: with equal weights the less busy of two endpoints drawn with replacement;
 * otherwise a draw in which each endpoint has the weight {@code weight / (active + 1)}.
 */
final class LeastRequest implements LoadBalancer {
  private final EndpointLoad[] endpoints;
  private final boolean equalWeights;

  LeastRequest(EndpointLoad[] endpoints) {
    this.endpoints = endpoints;
    boolean equal = true;
    for (EndpointLoad endpoint : endpoints) {
      equal &= endpoint.endpoint().weight() == endpoints[0].endpoint().weight();
    }
    equalWeights = equal;
  }

  @Override
  public EndpointLoad pick(RandomGenerator random) {
    if (equalWeights) {
      EndpointLoad first = endpoints[random.nextInt(endpoints.length)];
      EndpointLoad second = endpoints[random.nextInt(endpoints.length)];
      return second.active() < first.active() ? second : first;
    }
    double total = 0;
    for (EndpointLoad endpoint : endpoints) {
      total += share(endpoint);
    }
    double draw = random.nextDouble() * total;
    for (EndpointLoad endpoint : endpoints) {
      draw -= share(endpoint);
      if (draw < 0) {
        return endpoint;
      }
    }
    // The counts move while we add them up: what is left over goes to the last one.
    return endpoints[endpoints.length - 1];
  }

  private static double share(EndpointLoad endpoint) {
    return (double) endpoint.endpoint().weight() / (endpoint.active() + 1);
  }
}
