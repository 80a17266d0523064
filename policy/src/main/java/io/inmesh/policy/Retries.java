package io.inmesh.policy;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When and how often a call of a rule is tried again. A rule without any has Istio's default, two
 * more attempts.
 *
 * @param attempts how often a call is tried again; 0 = never, and then nothing else is set
 * @param perTryTimeout for one attempt's response to begin; null = none but the rule's timeout
 * @param retryOn Envoy's conditions ({@code 5xx}, {@code connect-failure}, ...) and status codes
 *     ({@code 503}), each known to exist; empty = Istio's default set
 * @param backoff the base of the wait before an attempt; null = Envoy's, 25 ms
 * @param ignorePreviousHosts whether endpoints that were tried are avoided
 */
public record Retries(
    int attempts,
    @Nullable Duration perTryTimeout,
    List<String> retryOn,
    @Nullable Duration backoff,
    boolean ignorePreviousHosts) {

  public Retries {
    retryOn = List.copyOf(retryOn);
  }
}
