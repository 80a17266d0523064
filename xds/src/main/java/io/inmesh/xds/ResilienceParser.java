package io.inmesh.xds;

import io.inmesh.engine.model.CircuitBreakers;
import io.inmesh.engine.model.OutlierDetection;
import io.inmesh.shaded.envoy.config.core.v3.RoutingPriority;
import io.inmesh.shaded.protobuf.UInt32Value;
import java.time.Duration;

/**
 * Envoy's CircuitBreakers and OutlierDetection of a cluster.
 *
 * <p>Skipped, because they change nothing about a call: {@code track_remaining}, {@code
 * max_ejection_time_jitter} of zero, the settings of detections that are switched off, and {@code
 * successful_active_health_check_uneject_host}, as agents check no endpoint's health themselves.
 */
final class ResilienceParser {
  private static final long MOST_AT_ONCE = 1024;
  private static final long MOST_RETRIES = 3;
  private static final double RETRY_PERCENT = 20;
  private static final int RETRY_MINIMUM = 3;

  private static final int CONSECUTIVE = 5;
  private static final int MOST_EJECTED = 10;
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration BASE_EJECTION = Duration.ofSeconds(30);
  private static final Duration LONGEST_EJECTION = Duration.ofMinutes(5);

  static CircuitBreakers circuitBreakers(
      io.inmesh.shaded.envoy.config.cluster.v3.CircuitBreakers message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(message.toBuilder().clearThresholds().build(), path);
    if (message.getThresholdsCount() > 1) {
      throw new RejectedException(path + ".thresholds", "only those of DEFAULT are supported");
    }
    if (message.getThresholdsCount() == 0) {
      return new CircuitBreakers(MOST_AT_ONCE, MOST_AT_ONCE, MOST_AT_ONCE, MOST_RETRIES, null);
    }
    var limits = message.getThresholds(0);
    String limitsPath = RouteParser.at(path, "thresholds", 0);
    FieldGuard.requireNothingLeft(
        limits.toBuilder()
            .clearPriority()
            .clearMaxConnections()
            .clearMaxPendingRequests()
            .clearMaxRequests()
            .clearMaxRetries()
            .clearRetryBudget()
            .clearTrackRemaining()
            .build(),
        limitsPath);
    if (limits.getPriority() != RoutingPriority.DEFAULT) {
      throw new RejectedException(limitsPath + ".priority", "only DEFAULT is supported");
    }
    return new CircuitBreakers(
        limit(limits.hasMaxConnections(), limits.getMaxConnections(), MOST_AT_ONCE),
        limit(limits.hasMaxPendingRequests(), limits.getMaxPendingRequests(), MOST_AT_ONCE),
        limit(limits.hasMaxRequests(), limits.getMaxRequests(), MOST_AT_ONCE),
        limit(limits.hasMaxRetries(), limits.getMaxRetries(), MOST_RETRIES),
        limits.hasRetryBudget()
            ? retryBudget(limits.getRetryBudget(), limitsPath + ".retry_budget")
            : null);
  }

  private static CircuitBreakers.RetryBudget retryBudget(
      io.inmesh.shaded.envoy.config.cluster.v3.CircuitBreakers.Thresholds.RetryBudget message,
      String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder().clearBudgetPercent().clearMinRetryConcurrency().build(), path);
    return new CircuitBreakers.RetryBudget(
        message.hasBudgetPercent()
            ? Percentages.percent(message.getBudgetPercent(), path + ".budget_percent")
            : RETRY_PERCENT,
        message.hasMinRetryConcurrency()
            ? small(message.getMinRetryConcurrency(), path + ".min_retry_concurrency")
            : RETRY_MINIMUM);
  }

  static OutlierDetection outlierDetection(
      io.inmesh.shaded.envoy.config.cluster.v3.OutlierDetection message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder()
            .clearConsecutive5Xx()
            .clearEnforcingConsecutive5Xx()
            .clearConsecutiveGatewayFailure()
            .clearEnforcingConsecutiveGatewayFailure()
            .clearSplitExternalLocalOriginErrors()
            .clearConsecutiveLocalOriginFailure()
            .clearEnforcingConsecutiveLocalOriginFailure()
            .clearEnforcingSuccessRate()
            .clearEnforcingLocalOriginSuccessRate()
            .clearSuccessRateMinimumHosts()
            .clearSuccessRateRequestVolume()
            .clearSuccessRateStdevFactor()
            .clearEnforcingFailurePercentage()
            .clearEnforcingFailurePercentageLocalOrigin()
            .clearFailurePercentageThreshold()
            .clearFailurePercentageMinimumHosts()
            .clearFailurePercentageRequestVolume()
            .clearInterval()
            .clearBaseEjectionTime()
            .clearMaxEjectionTime()
            .clearMaxEjectionTimeJitter()
            .clearMaxEjectionPercent()
            .clearSuccessfulActiveHealthCheckUnejectHost()
            .clearAlwaysEjectOneHost()
            .build(),
        path);
    requireConsecutiveOnly(message, path);
    boolean split = message.getSplitExternalLocalOriginErrors();
    Duration base =
        message.hasBaseEjectionTime()
            ? Durations.positive(message.getBaseEjectionTime(), path + ".base_ejection_time")
            : BASE_EJECTION;
    int percent =
        message.hasMaxEjectionPercent()
            ? small(message.getMaxEjectionPercent(), path + ".max_ejection_percent")
            : MOST_EJECTED;
    if (percent > 100) {
      throw new RejectedException(path + ".max_ejection_percent", percent + " is not in 0-100");
    }
    return new OutlierDetection(
        isOn(message.getEnforcingConsecutive5Xx(), message.hasEnforcingConsecutive5Xx(), true)
            ? consecutive(
                message.hasConsecutive5Xx(), message.getConsecutive5Xx(), path + ".consecutive_5xx")
            : 0,
        isOn(
                message.getEnforcingConsecutiveGatewayFailure(),
                message.hasEnforcingConsecutiveGatewayFailure(),
                false)
            ? consecutive(
                message.hasConsecutiveGatewayFailure(),
                message.getConsecutiveGatewayFailure(),
                path + ".consecutive_gateway_failure")
            : 0,
        split
                && isOn(
                    message.getEnforcingConsecutiveLocalOriginFailure(),
                    message.hasEnforcingConsecutiveLocalOriginFailure(),
                    true)
            ? consecutive(
                message.hasConsecutiveLocalOriginFailure(),
                message.getConsecutiveLocalOriginFailure(),
                path + ".consecutive_local_origin_failure")
            : 0,
        split,
        message.hasInterval()
            ? Durations.positive(message.getInterval(), path + ".interval")
            : INTERVAL,
        base,
        longestEjection(message, base, path),
        percent,
        message.getAlwaysEjectOneHost().getValue());
  }

  /** Envoy compares an endpoint with the others by default; Istio switches that off. */
  private static void requireConsecutiveOnly(
      io.inmesh.shaded.envoy.config.cluster.v3.OutlierDetection message, String path)
      throws RejectedException {
    requireOff(
        isOn(message.getEnforcingSuccessRate(), message.hasEnforcingSuccessRate(), true),
        path + ".enforcing_success_rate");
    requireOff(
        message.getSplitExternalLocalOriginErrors()
            && isOn(
                message.getEnforcingLocalOriginSuccessRate(),
                message.hasEnforcingLocalOriginSuccessRate(),
                true),
        path + ".enforcing_local_origin_success_rate");
    requireOff(
        message.getEnforcingFailurePercentage().getValue() != 0,
        path + ".enforcing_failure_percentage");
    requireOff(
        message.getEnforcingFailurePercentageLocalOrigin().getValue() != 0,
        path + ".enforcing_failure_percentage_local_origin");
    requireOff(
        message.getMaxEjectionTimeJitter().getSeconds() != 0
            || message.getMaxEjectionTimeJitter().getNanos() != 0,
        path + ".max_ejection_time_jitter");
    requireAllOrNothing(message.getEnforcingConsecutive5Xx(), path + ".enforcing_consecutive_5xx");
    requireAllOrNothing(
        message.getEnforcingConsecutiveGatewayFailure(),
        path + ".enforcing_consecutive_gateway_failure");
    requireAllOrNothing(
        message.getEnforcingConsecutiveLocalOriginFailure(),
        path + ".enforcing_consecutive_local_origin_failure");
  }

  private static void requireOff(boolean on, String path) throws RejectedException {
    if (on) {
      throw new RejectedException(path, "only 0 is supported");
    }
  }

  private static void requireAllOrNothing(UInt32Value percent, String path)
      throws RejectedException {
    if (percent.getValue() != 0 && percent.getValue() != 100) {
      throw new RejectedException(
          path, Integer.toUnsignedString(percent.getValue()) + ": only 0 and 100 are supported");
    }
  }

  private static boolean isOn(UInt32Value percent, boolean there, boolean byDefault) {
    return there ? percent.getValue() != 0 : byDefault;
  }

  private static int consecutive(boolean there, UInt32Value value, String path)
      throws RejectedException {
    return there ? small(value, path) : CONSECUTIVE;
  }

  private static Duration longestEjection(
      io.inmesh.shaded.envoy.config.cluster.v3.OutlierDetection message, Duration base, String path)
      throws RejectedException {
    if (message.hasMaxEjectionTime()) {
      Duration longest =
          Durations.positive(message.getMaxEjectionTime(), path + ".max_ejection_time");
      if (longest.compareTo(base) < 0) {
        throw new RejectedException(path + ".max_ejection_time", "is below base_ejection_time");
      }
      return longest;
    }
    return base.compareTo(LONGEST_EJECTION) > 0 ? base : LONGEST_EJECTION;
  }

  private static long limit(boolean there, UInt32Value value, long byDefault) {
    return there ? Integer.toUnsignedLong(value.getValue()) : byDefault;
  }

  private static int small(UInt32Value value, String path) throws RejectedException {
    if (value.getValue() < 0) {
      throw new RejectedException(path, "does not fit into 31 bits");
    }
    return value.getValue();
  }

  private ResilienceParser() {}
}
