package io.inmesh.engine.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cross-origin rules of a route (Envoy: CorsPolicy). Lists that are headers stand as they are sent;
 * null: the header is not sent.
 *
 * @param forwardNotMatchingPreflights true: a preflight of another origin goes to the service
 */
public record CorsPolicy(
    List<StringMatcher> allowOrigins,
    @Nullable String allowMethods,
    @Nullable String allowHeaders,
    @Nullable String exposeHeaders,
    @Nullable String maxAge,
    boolean allowCredentials,
    boolean forwardNotMatchingPreflights) {
  public CorsPolicy {
    allowOrigins = List.copyOf(allowOrigins);
  }
}
