package io.inmesh.policy;

import org.jspecify.annotations.Nullable;

/**
 * A service, or a subset of it, that calls go to.
 *
 * @param host as written; {@link Hosts#fqdn} completes it
 * @param subset a subset of the host's {@link DestinationRule}, null = all endpoints
 * @param port the service's port; 0 = the port that was called, or the service's only one
 */
public record Destination(String host, @Nullable String subset, int port) {}
