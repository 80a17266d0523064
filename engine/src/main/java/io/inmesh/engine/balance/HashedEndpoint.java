package io.inmesh.engine.balance;

import io.inmesh.engine.model.Endpoint;

/**
 * An endpoint of a hashing load balancer.
 *
 * @param weight its part of its priority's whole, which is 1
 */
record HashedEndpoint(EndpointLoad load, double weight) {
  /** What is hashed for it: its address as Envoy writes it. */
  String key() {
    Endpoint endpoint = load.endpoint();
    String address = endpoint.address();
    return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + endpoint.port();
  }
}
