package io.inmesh.engine.model;

import java.time.Duration;
import java.util.Set;

/**
 * When and how often a call is tried again (Envoy: RetryPolicy).
 *
 * @param statusCodes for {@link RetryCondition#RETRIABLE_STATUS_CODES}
 * @param retries does not count the first attempt
 * @param perTryTimeout for one attempt's response to begin; zero: none of its own
 * @param backOffBase the first wait is drawn from zero to this; then twice that, and so on
 * @param backOffMax no wait is longer
 * @param hostSelectionAttempts how often an endpoint that was tried is drawn anew; 0: previous
 *     hosts are not avoided
 */
public record RetryPolicy(
    Set<RetryCondition> conditions,
    Set<Integer> statusCodes,
    int retries,
    Duration perTryTimeout,
    Duration backOffBase,
    Duration backOffMax,
    int hostSelectionAttempts) {
  /** Envoy's. */
  public static final Duration DEFAULT_BACK_OFF = Duration.ofMillis(25);

  /** No retry at all. */
  public static final RetryPolicy NONE = new RetryPolicy(Set.of(), 0, 0);

  public RetryPolicy {
    conditions = Set.copyOf(conditions);
    statusCodes = Set.copyOf(statusCodes);
  }

  /** With Envoy's back-off and no timeout of its own. */
  public RetryPolicy(Set<RetryCondition> conditions, int retries, int hostSelectionAttempts) {
    this(
        conditions,
        Set.of(),
        retries,
        Duration.ZERO,
        DEFAULT_BACK_OFF,
        DEFAULT_BACK_OFF.multipliedBy(10),
        hostSelectionAttempts);
  }
}
