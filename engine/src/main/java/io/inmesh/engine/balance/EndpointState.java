package io.inmesh.engine.balance;

import io.inmesh.engine.model.Endpoint;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an endpoint is at one moment, for people to look at.
 *
 * @param ejectedFor how long it stays out of rotation; null: it is in
 * @param ejections how often it was taken out of rotation since it came into the cluster
 * @param warmUp the part of its weight that it has while it is new (Envoy: slow start); 1: all
 */
public record EndpointState(
    Endpoint endpoint,
    int active,
    @Nullable Duration ejectedFor,
    int consecutive5xx,
    int consecutiveGateway,
    int consecutiveLocalOrigin,
    int ejections,
    double warmUp) {}
