package io.inmesh.engine.balance;

import io.inmesh.engine.model.Endpoint;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an endpoint is at one moment, for people to look at.
 *
 * @param ejectedFor how long it stays out of rotation; null: it is in
 */
public record EndpointState(
    Endpoint endpoint,
    int active,
    @Nullable Duration ejectedFor,
    int consecutive5xx,
    int consecutiveGateway,
    int consecutiveLocalOrigin) {}
