package io.inmesh.engine.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What of a call makes the key of a hashing load balancer (Envoy: RouteAction.HashPolicy). */
public sealed interface HashPolicy {
  /** A header's values; {@code name} in lower case. */
  record Header(String name) implements HashPolicy {}

  /**
   * A cookie's value.
   *
   * @param ttl when not null, a call without the cookie gets one that lives so long; zero: for the
   *     session
   * @param path of the made cookie; may be empty
   */
  record Cookie(String name, @Nullable Duration ttl, String path) implements HashPolicy {}

  /** The caller's address. */
  record SourceIp() implements HashPolicy {}

  /** The first value of a query parameter. */
  record QueryParameter(String name) implements HashPolicy {}
}
