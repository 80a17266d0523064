package io.inmesh.engine.balance;

import java.util.random.RandomGenerator;

/** By chance; Envoy's one does not look at weights. */
final class RandomChoice implements LoadBalancer {
  private final EndpointLoad[] endpoints;

  RandomChoice(EndpointLoad[] endpoints) {
    this.endpoints = endpoints;
  }

  @Override
  public EndpointLoad pick(RandomGenerator random, long key, int attempt) {
    return endpoints[random.nextInt(endpoints.length)];
  }
}
