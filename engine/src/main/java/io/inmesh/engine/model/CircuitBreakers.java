package io.inmesh.engine.model;

import org.jspecify.annotations.Nullable;

/**
 * Limits of one process towards a cluster (Envoy: CircuitBreakers); a call beyond one is answered
 * with 503 (UO). {@link #UNLIMITED} is Istio's default.
 *
 * @param retryBudget when not null, it takes the place of {@code maxRetries}
 */
public record CircuitBreakers(
    long maxConnections,
    long maxPendingRequests,
    long maxRequests,
    long maxRetries,
    @Nullable RetryBudget retryBudget) {
  private static final long NO_LIMIT = 0xFFFF_FFFFL;

  public static final CircuitBreakers UNLIMITED =
      new CircuitBreakers(NO_LIMIT, NO_LIMIT, NO_LIMIT, NO_LIMIT, null);

  /** False if connections need not be counted. */
  public boolean limitsConnections() {
    return maxConnections < NO_LIMIT;
  }

  /** Retries at once: {@code percent} of what is active, and at least {@code minimum}. */
  public record RetryBudget(double percent, int minimum) {}
}
