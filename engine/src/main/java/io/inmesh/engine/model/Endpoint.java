package io.inmesh.engine.model;

/** One place where an instance of a cluster serves. */
public record Endpoint(String address, int port, int weight) {
  public Endpoint {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " of " + address + " is not in 1-65535");
    }
    if (weight < 1) {
      throw new IllegalArgumentException("weight " + weight + " of " + address + " is below 1");
    }
  }
}
