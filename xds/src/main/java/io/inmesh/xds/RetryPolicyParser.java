package io.inmesh.xds;

import io.inmesh.engine.model.RetryCondition;
import io.inmesh.engine.model.RetryPolicy;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Envoy's RetryPolicy.
 *
 * <p>Skipped, because they never hold: the words {@code retriable-headers} (without matchers, which
 * are refused) and {@code http3-post-connect-failure} (no HTTP/3 is spoken). Plugins other than
 * previous hosts are refused.
 */
final class RetryPolicyParser {
  private static final String PREVIOUS_HOSTS = "envoy.retry_host_predicates.previous_hosts";
  private static final Set<String> NEVER =
      Set.of("retriable-headers", "http3-post-connect-failure");
  private static final Duration SHORTEST_BACK_OFF = Duration.ofMillis(1);
  private static final int MOST_SELECTIONS = 100;

  static RetryPolicy parse(io.inmesh.shaded.envoy.config.route.v3.RetryPolicy message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder()
            .clearRetryOn()
            .clearNumRetries()
            .clearPerTryTimeout()
            .clearRetryHostPredicate()
            .clearHostSelectionRetryMaxAttempts()
            .clearRetriableStatusCodes()
            .clearRetryBackOff()
            .build(),
        path);
    Set<RetryCondition> conditions = EnumSet.noneOf(RetryCondition.class);
    for (String word : message.getRetryOn().split(",", -1)) {
      if (!word.isBlank() && !NEVER.contains(word.trim())) {
        conditions.add(condition(word.trim(), path + ".retry_on"));
      }
    }
    int retries = message.hasNumRetries() ? message.getNumRetries().getValue() : 1;
    if (retries < 0) {
      throw new RejectedException(path + ".num_retries", "does not fit into 31 bits");
    }
    long again = Math.max(1, message.getHostSelectionRetryMaxAttempts());
    Duration base = RetryPolicy.DEFAULT_BACK_OFF;
    Duration most = base.multipliedBy(10);
    if (message.hasRetryBackOff()) {
      base = backOffBase(message.getRetryBackOff(), path + ".retry_back_off");
      most = backOffMax(message.getRetryBackOff(), base, path + ".retry_back_off");
    }
    return new RetryPolicy(
        conditions,
        new LinkedHashSet<>(message.getRetriableStatusCodesList()),
        retries,
        message.hasPerTryTimeout()
            ? Durations.parse(message.getPerTryTimeout(), path + ".per_try_timeout")
            : Duration.ZERO,
        base,
        most,
        avoidsPreviousHosts(message, path) ? (int) Math.min(again, MOST_SELECTIONS) : 0);
  }

  private static boolean avoidsPreviousHosts(
      io.inmesh.shaded.envoy.config.route.v3.RetryPolicy message, String path)
      throws RejectedException {
    for (int i = 0; i < message.getRetryHostPredicateCount(); i++) {
      String predicatePath = RouteParser.at(path, "retry_host_predicate", i);
      var predicate = message.getRetryHostPredicate(i);
      if (!predicate.getName().equals(PREVIOUS_HOSTS)) {
        throw new RejectedException(
            predicatePath, "'" + predicate.getName() + "' is not supported");
      }
      FieldGuard.requireNothingLeft(
          predicate.toBuilder().clearName().clearTypedConfig().build(), predicatePath);
      // The predicate has no settings; whatever is in there is from a newer version of it.
      if (!predicate.getTypedConfig().getValue().isEmpty()) {
        throw new RejectedException(predicatePath + ".typed_config", "must be empty");
      }
    }
    return message.getRetryHostPredicateCount() > 0;
  }

  private static Duration backOffBase(
      io.inmesh.shaded.envoy.config.route.v3.RetryPolicy.RetryBackOff message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder().clearBaseInterval().clearMaxInterval().build(), path);
    Duration base = Durations.positive(message.getBaseInterval(), path + ".base_interval");
    return base.compareTo(SHORTEST_BACK_OFF) < 0 ? SHORTEST_BACK_OFF : base;
  }

  private static Duration backOffMax(
      io.inmesh.shaded.envoy.config.route.v3.RetryPolicy.RetryBackOff message,
      Duration base,
      String path)
      throws RejectedException {
    if (!message.hasMaxInterval()) {
      return base.multipliedBy(10);
    }
    Duration most = Durations.positive(message.getMaxInterval(), path + ".max_interval");
    if (most.compareTo(Durations.parse(message.getBaseInterval(), path)) < 0) {
      throw new RejectedException(path + ".max_interval", "is below base_interval");
    }
    return most.compareTo(base) < 0 ? base : most;
  }

  private static RetryCondition condition(String word, String path) throws RejectedException {
    for (RetryCondition condition : RetryCondition.values()) {
      if (condition.text().equals(word)) {
        return condition;
      }
    }
    throw new RejectedException(path, "'" + word + "' is not supported");
  }

  private RetryPolicyParser() {}
}
