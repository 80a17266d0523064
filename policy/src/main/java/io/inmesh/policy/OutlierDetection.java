package io.inmesh.policy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When an endpoint is taken out of rotation for a while. Null is Istio's default.
 *
 * @param consecutive5xxErrors null = 5; 0 = off
 * @param consecutiveGatewayErrors null and 0 = off
 * @param consecutiveLocalOriginFailures null = 5; 0 = off; counts only when split
 * @param splitExternalLocalOriginErrors whether failures to get an answer count for themselves
 * @param interval between two looks; null = 10 s
 * @param baseEjectionTime null = 30 s
 * @param maxEjectionPercent of the endpoints; 0 = 10
 * @param minHealthPercent with a smaller part of the endpoints healthy, all are used; 0 = never
 */
public record OutlierDetection(
    @Nullable Integer consecutive5xxErrors,
    @Nullable Integer consecutiveGatewayErrors,
    @Nullable Integer consecutiveLocalOriginFailures,
    boolean splitExternalLocalOriginErrors,
    @Nullable Duration interval,
    @Nullable Duration baseEjectionTime,
    int maxEjectionPercent,
    int minHealthPercent) {}
