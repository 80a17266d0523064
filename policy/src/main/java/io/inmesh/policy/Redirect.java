package io.inmesh.policy;

import org.jspecify.annotations.Nullable;

/**
 * Answers calls with another place to call. At least one of the places' parts is set.
 *
 * @param uri the new path, with a query of its own if it has one; null = as called
 * @param authority the new host, null = as called
 * @param scheme {@code http} or {@code https} usually; null = as called
 * @param port the new port; 0 = as {@code derivePort} says
 * @param derivePort what the port is when {@code port} is 0
 * @param redirectCode 301, 302, 303, 307 or 308
 */
public record Redirect(
    @Nullable String uri,
    @Nullable String authority,
    @Nullable String scheme,
    int port,
    PortSelection derivePort,
    int redirectCode) {

  /** Where a redirect's port comes from. */
  public enum PortSelection {
    /** 80 for http and 443 for https, which is left out; Istio's default. */
    FROM_PROTOCOL_DEFAULT,
    /** The port that was called. */
    FROM_REQUEST_PORT
  }
}
