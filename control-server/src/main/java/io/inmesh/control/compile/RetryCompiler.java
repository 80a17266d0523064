package io.inmesh.control.compile;

import io.inmesh.policy.Retries;
import io.inmesh.shaded.envoy.config.route.v3.RetryPolicy;
import io.inmesh.shaded.protobuf.Any;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Retries as Envoy's RetryPolicy, with Istio's defaults where a rule is silent. */
final class RetryCompiler {
  private static final int ATTEMPTS = 2;
  private static final int SELECTIONS = 5;
  private static final String CODES = "retriable-status-codes";

  /** Istio's default. */
  private static final String CONDITIONS = "connect-failure,refused-stream,unavailable,cancelled";

  /** D4(a): what is retried of calls that do the same when they are done twice ... */
  private static final String IDEMPOTENT = CONDITIONS + ",gateway-error,reset";

  /** ... and what of others: only what certainly did not run. */
  private static final String UNSAFE =
      "connect-failure,refused-stream,reset-before-request,unavailable";

  /** The methods that D4(a) counts as idempotent, as a pattern. */
  static final String IDEMPOTENT_METHODS = "GET|HEAD|OPTIONS|TRACE|PUT|DELETE";

  private static final RetryPolicy.RetryHostPredicate PREVIOUS_HOSTS =
      RetryPolicy.RetryHostPredicate.newBuilder()
          .setName("envoy.retry_host_predicates.previous_hosts")
          .setTypedConfig(
              Wire.any(
                  "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate",
                  Any.getDefaultInstance()))
          .build();

  /**
   * Whether a rule gives each attempt a time and does not say what is retried. To Envoy an attempt
   * that took too long is then final; D4(a) retries it where that is safe.
   */
  static boolean dependsOnMethod(Retries retries) {
    return retries.attempts() > 0 && retries.perTryTimeout() != null && retries.retryOn().isEmpty();
  }

  /** For methods that {@link #dependsOnMethod} tells apart. */
  static Optional<RetryPolicy> compile(Retries retries, boolean hashed, boolean idempotent) {
    return compile(retries, hashed)
        .map(policy -> policy.toBuilder().setRetryOn(idempotent ? IDEMPOTENT : UNSAFE).build());
  }

  /**
   * Empty when a call is never tried again.
   *
   * @param hashed whether a key chooses the endpoint, which then stays
   */
  static Optional<RetryPolicy> compile(@Nullable Retries retries, boolean hashed) {
    if (retries != null && retries.attempts() <= 0) {
      return Optional.empty();
    }
    RetryPolicy.Builder policy =
        RetryPolicy.newBuilder()
            .setRetryOn(CONDITIONS)
            .setNumRetries(Wire.number(retries == null ? ATTEMPTS : retries.attempts()))
            .setHostSelectionRetryMaxAttempts(SELECTIONS);
    if (!hashed && (retries == null || retries.ignorePreviousHosts())) {
      policy.addRetryHostPredicate(PREVIOUS_HOSTS);
    }
    if (retries == null) {
      return Optional.of(policy.build());
    }
    if (!retries.retryOn().isEmpty()) {
      conditions(policy, retries.retryOn());
    }
    if (retries.perTryTimeout() != null) {
      policy.setPerTryTimeout(Wire.duration(retries.perTryTimeout()));
    }
    if (retries.backoff() != null) {
      policy.setRetryBackOff(
          RetryPolicy.RetryBackOff.newBuilder().setBaseInterval(Wire.duration(retries.backoff())));
    }
    return Optional.of(policy.build());
  }

  /** A number is a status code, and needs the condition that makes codes count. */
  private static void conditions(RetryPolicy.Builder policy, List<String> retryOn) {
    List<String> words = new ArrayList<>();
    for (String word : retryOn) {
      if (word.chars().allMatch(c -> c >= '0' && c <= '9')) {
        policy.addRetriableStatusCodes(Integer.parseInt(word));
      } else {
        words.add(word);
      }
    }
    if (policy.getRetriableStatusCodesCount() > 0 && !words.contains(CODES)) {
      words.add(CODES);
    }
    policy.setRetryOn(String.join(",", words));
  }

  private RetryCompiler() {}
}
