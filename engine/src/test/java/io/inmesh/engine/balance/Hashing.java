package io.inmesh.engine.balance;

import io.inmesh.engine.model.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/** What the tests of hashing load balancers have in common. */
final class Hashing {
  static EndpointLoad load(String address, int port, int weight) {
    return EndpointLoad.joined(new Endpoint(address, port, weight), 0, null);
  }

  /** {@code 127.0.0.1:90}, {@code :91} and so on, as in Envoy's own tests, of these shares. */
  static List<HashedEndpoint> from90(double... shares) {
    List<HashedEndpoint> endpoints = new ArrayList<>();
    for (double share : shares) {
      endpoints.add(new HashedEndpoint(load("127.0.0.1", 90 + endpoints.size(), 1), share));
    }
    return endpoints;
  }

  /** Equal shares for so many addresses, numbered from 1, all on one port. */
  static List<HashedEndpoint> numbered(String prefix, int port, int count) {
    List<HashedEndpoint> endpoints = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      endpoints.add(new HashedEndpoint(load(prefix + i, port, 1), 1.0 / count));
    }
    return endpoints;
  }

  static int port(LoadBalancer balancer, long key) {
    return port(balancer, key, 0);
  }

  static int port(LoadBalancer balancer, long key, int attempt) {
    return picked(balancer, key, attempt).endpoint().port();
  }

  static String address(LoadBalancer balancer, long key) {
    return picked(balancer, key, 0).endpoint().address();
  }

  private static EndpointLoad picked(LoadBalancer balancer, long key, int attempt) {
    return Objects.requireNonNull(balancer.pick(new Random(1), key, attempt));
  }

  private Hashing() {}
}
