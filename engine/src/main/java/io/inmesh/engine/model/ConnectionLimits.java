package io.inmesh.engine.model;

import java.time.Duration;

/**
 * How long and for how much a connection to an endpoint is used; zero is no limit.
 *
 * @param connect for the TCP connect
 * @param idle a connection that was idle longer is not used again
 * @param maxDuration a connection that is older is not used again
 * @param maxRequests requests over one connection
 */
public record ConnectionLimits(
    Duration connect, Duration idle, Duration maxDuration, int maxRequests, boolean keepAlive) {
  /** Connects within 10 s and keeps a connection for an hour of idleness, as Istio. */
  public static final ConnectionLimits DEFAULT =
      new ConnectionLimits(Duration.ofSeconds(10), Duration.ofHours(1), Duration.ZERO, 0, false);
}
