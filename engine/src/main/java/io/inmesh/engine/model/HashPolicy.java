package io.inmesh.engine.model;

import java.time.Duration;
import java.util.List;
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
   * @param attributes of the made cookie, as they are sent: {@code Secure}, {@code SameSite=Strict}
   */
  record Cookie(String name, @Nullable Duration ttl, String path, List<String> attributes)
      implements HashPolicy {
    public Cookie {
      attributes = List.copyOf(attributes);
    }

    /** A cookie without attributes of its own. */
    public Cookie(String name, @Nullable Duration ttl, String path) {
      this(name, ttl, path, List.of());
    }
  }

  /** The caller's address. */
  record SourceIp() implements HashPolicy {}

  /** The first value of a query parameter. */
  record QueryParameter(String name) implements HashPolicy {}
}
