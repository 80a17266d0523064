package io.inmesh.engine;

import io.inmesh.engine.model.RetryCondition;
import io.inmesh.engine.model.RetryPolicy;
import java.time.Duration;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Which outcomes a policy would try again, and after how long; whether it may is the call's. */
final class RetryRules {
  private static final Duration SHORTEST_BASE = Duration.ofMillis(1);

  /** A rate limited answer is decided by its own condition alone; then the first hit counts. */
  static boolean retries(RetryPolicy policy, ResponseView response) {
    Set<RetryCondition> on = policy.conditions();
    if (on.isEmpty()) {
      return false;
    }
    if (!response.header("x-envoy-ratelimited").isEmpty()) {
      return on.contains(RetryCondition.ENVOY_RATELIMITED);
    }
    int status = response.status();
    return (on.contains(RetryCondition.SERVER_ERROR) && status >= 500 && status <= 599)
        || (on.contains(RetryCondition.GATEWAY_ERROR) && status >= 502 && status <= 504)
        || (on.contains(RetryCondition.RETRIABLE_4XX) && status == 409)
        || (on.contains(RetryCondition.RETRIABLE_STATUS_CODES)
            && policy.statusCodes().contains(status))
        || retriesGrpc(on, response);
  }

  /** Only where the status is in the response's head; the request need not be gRPC. */
  private static boolean retriesGrpc(Set<RetryCondition> on, ResponseView response) {
    return switch (Grpc.status(response)) {
      case 1 -> on.contains(RetryCondition.CANCELLED);
      case 4 -> on.contains(RetryCondition.DEADLINE_EXCEEDED);
      case 8 -> on.contains(RetryCondition.RESOURCE_EXHAUSTED);
      case 13 -> on.contains(RetryCondition.INTERNAL);
      case 14 -> on.contains(RetryCondition.UNAVAILABLE);
      default -> false;
    };
  }

  static boolean retries(RetryPolicy policy, AttemptFailure failure, boolean requestSent) {
    Set<RetryCondition> on = policy.conditions();
    return on.contains(RetryCondition.RESET)
        || on.contains(RetryCondition.SERVER_ERROR)
        || on.contains(RetryCondition.GATEWAY_ERROR)
        || (on.contains(RetryCondition.RESET_BEFORE_REQUEST) && !requestSent)
        || (on.contains(RetryCondition.REFUSED_STREAM) && failure == AttemptFailure.REFUSED_STREAM)
        || (on.contains(RetryCondition.CONNECT_FAILURE) && failure.isOfConnecting());
  }

  /** The wait before the {@code retry}th retry, counted from 1. */
  static Duration backOff(RetryPolicy policy, int retry, RandomGenerator random) {
    Duration base =
        policy.backOffBase().compareTo(SHORTEST_BASE) < 0 ? SHORTEST_BASE : policy.backOffBase();
    long most = Math.max(policy.backOffMax().toNanos(), base.toNanos());
    long bound = base.toNanos();
    for (int i = 1; i < retry && bound < most; i++) {
      bound = bound > most / 2 ? most : bound * 2;
    }
    return Duration.ofNanos(random.nextLong(bound));
  }

  private RetryRules() {}
}
