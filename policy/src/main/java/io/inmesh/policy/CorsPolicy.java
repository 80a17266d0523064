package io.inmesh.policy;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cross-origin rules: answers preflights and adds headers to answers.
 *
 * @param allowOrigins which values of {@code Origin} are allowed, any of them
 * @param allowMethods empty = the header is not sent
 * @param allowHeaders empty = the header is not sent
 * @param exposeHeaders empty = the header is not sent
 * @param maxAge whole seconds, null = the header is not sent
 * @param allowCredentials null = not said, which is no
 * @param forwardUnmatchedPreflights whether a preflight of an origin that is not allowed goes to
 *     the service; Istio's default
 */
public record CorsPolicy(
    List<StringMatch> allowOrigins,
    List<String> allowMethods,
    List<String> allowHeaders,
    List<String> exposeHeaders,
    @Nullable Duration maxAge,
    @Nullable Boolean allowCredentials,
    boolean forwardUnmatchedPreflights) {

  public CorsPolicy {
    allowOrigins = List.copyOf(allowOrigins);
    allowMethods = List.copyOf(allowMethods);
    allowHeaders = List.copyOf(allowHeaders);
    exposeHeaders = List.copyOf(exposeHeaders);
  }
}
