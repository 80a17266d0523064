package io.inmesh.engine.model;

import java.time.Duration;

/**
 * When an endpoint is taken out of rotation for a while (Envoy: OutlierDetection). A threshold of 0
 * is off.
 *
 * @param splitLocalOrigin failures to get an answer count for themselves, towards {@code
 *     consecutiveLocalOrigin}; otherwise they count as 5xx
 */
public record OutlierDetection(
    int consecutive5xx,
    int consecutiveGateway,
    int consecutiveLocalOrigin,
    boolean splitLocalOrigin,
    Duration interval,
    Duration baseEjectionTime,
    Duration maxEjectionTime,
    int maxEjectionPercent,
    boolean alwaysEjectOne) {}
