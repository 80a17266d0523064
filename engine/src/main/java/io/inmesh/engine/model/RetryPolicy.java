package io.inmesh.engine.model;

import java.util.Set;

/** When and how often a call is tried again; {@code retries} does not count the first attempt. */
public record RetryPolicy(Set<RetryCondition> conditions, int retries, int hostSelectionAttempts) {
  /** No retry at all. */
  public static final RetryPolicy NONE = new RetryPolicy(Set.of(), 0, 0);

  public RetryPolicy {
    conditions = Set.copyOf(conditions);
  }
}
