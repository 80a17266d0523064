package io.inmesh.xds;

import io.inmesh.engine.model.LbPolicy;
import io.inmesh.shaded.envoy.config.cluster.v3.Cluster;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Envoy's {@code lb_policy} of a cluster, with the settings that belong to it. */
final class LbPolicyParser {
  private static final long RING_MINIMUM = 1024;
  private static final long RING_MAXIMUM = 8_388_608;
  private static final int TABLE_SIZE = 65_537;
  private static final int LARGEST_TABLE = 5_000_011;
  private static final int CHOICES = 2;
  private static final double SMALLEST_SHARE = 10;

  static LbPolicy parse(Cluster message) throws RejectedException {
    boolean passthrough = message.getType() == Cluster.DiscoveryType.ORIGINAL_DST;
    if (passthrough != (message.getLbPolicy() == Cluster.LbPolicy.CLUSTER_PROVIDED)) {
      throw new RejectedException(
          "lb_policy", "CLUSTER_PROVIDED and the type ORIGINAL_DST only go together");
    }
    requireOwnSettings(message);
    return switch (message.getLbPolicy()) {
      case ROUND_ROBIN -> roundRobin(message.getRoundRobinLbConfig());
      case LEAST_REQUEST -> leastRequest(message.getLeastRequestLbConfig());
      case RANDOM -> new LbPolicy.Random();
      case RING_HASH -> ringHash(message.getRingHashLbConfig());
      case MAGLEV -> maglev(message.getMaglevLbConfig());
      case CLUSTER_PROVIDED -> new LbPolicy.Passthrough();
      default ->
          throw new RejectedException(
              "lb_policy", message.getLbPolicyValue() + " is not supported");
    };
  }

  /** Settings of another policy than the cluster's would be ignored. */
  private static void requireOwnSettings(Cluster message) throws RejectedException {
    Cluster.LbConfigCase needed =
        switch (message.getLbPolicy()) {
          case ROUND_ROBIN -> Cluster.LbConfigCase.ROUND_ROBIN_LB_CONFIG;
          case LEAST_REQUEST -> Cluster.LbConfigCase.LEAST_REQUEST_LB_CONFIG;
          case RING_HASH -> Cluster.LbConfigCase.RING_HASH_LB_CONFIG;
          case MAGLEV -> Cluster.LbConfigCase.MAGLEV_LB_CONFIG;
          default -> Cluster.LbConfigCase.LBCONFIG_NOT_SET;
        };
    Cluster.LbConfigCase there = message.getLbConfigCase();
    if (there != Cluster.LbConfigCase.LBCONFIG_NOT_SET && there != needed) {
      throw new RejectedException(
          there.name().toLowerCase(Locale.ROOT), "is not for this lb_policy");
    }
  }

  private static LbPolicy roundRobin(Cluster.RoundRobinLbConfig message) throws RejectedException {
    String path = "round_robin_lb_config";
    FieldGuard.requireNothingLeft(message.toBuilder().clearSlowStartConfig().build(), path);
    return message.hasSlowStartConfig()
        ? new LbPolicy.RoundRobin(slowStart(message.getSlowStartConfig(), path))
        : LbPolicy.ROUND_ROBIN;
  }

  private static LbPolicy leastRequest(Cluster.LeastRequestLbConfig message)
      throws RejectedException {
    String path = "least_request_lb_config";
    FieldGuard.requireNothingLeft(
        message.toBuilder().clearSlowStartConfig().clearChoiceCount().build(), path);
    if (message.hasChoiceCount() && message.getChoiceCount().getValue() != CHOICES) {
      throw new RejectedException(path + ".choice_count", "only 2 is supported");
    }
    return message.hasSlowStartConfig()
        ? new LbPolicy.LeastRequest(slowStart(message.getSlowStartConfig(), path))
        : LbPolicy.LEAST_REQUEST;
  }

  /** Null for a window of nothing, which is Envoy's off. */
  private static LbPolicy.@Nullable SlowStart slowStart(
      Cluster.SlowStartConfig message, String outer) throws RejectedException {
    String path = outer + ".slow_start_config";
    FieldGuard.requireNothingLeft(
        message.toBuilder()
            .clearSlowStartWindow()
            .clearAggression()
            .clearMinWeightPercent()
            .build(),
        path);
    // A runtime key must be there, and names nothing: agents have no runtime layer.
    double aggression = message.hasAggression() ? message.getAggression().getDefaultValue() : 1;
    if (!(aggression > 0) || Double.isInfinite(aggression)) {
      throw new RejectedException(path + ".aggression", aggression + " is not above 0");
    }
    double minimum =
        message.hasMinWeightPercent()
            ? Percentages.percent(message.getMinWeightPercent(), path + ".min_weight_percent")
            : SMALLEST_SHARE;
    var window = Durations.parse(message.getSlowStartWindow(), path + ".slow_start_window");
    return window.isZero() ? null : new LbPolicy.SlowStart(window, minimum, aggression);
  }

  private static LbPolicy ringHash(Cluster.RingHashLbConfig message) throws RejectedException {
    String path = "ring_hash_lb_config";
    // XX_HASH is the zero value; another function is left and refused.
    FieldGuard.requireNothingLeft(
        message.toBuilder().clearMinimumRingSize().clearMaximumRingSize().build(), path);
    long minimum =
        message.hasMinimumRingSize() ? message.getMinimumRingSize().getValue() : RING_MINIMUM;
    long maximum =
        message.hasMaximumRingSize() ? message.getMaximumRingSize().getValue() : RING_MAXIMUM;
    if (minimum < 0 || maximum > RING_MAXIMUM || minimum > maximum) {
      throw new RejectedException(
          path, "a ring from " + minimum + " to " + maximum + " is not in 0-" + RING_MAXIMUM);
    }
    return new LbPolicy.RingHash(minimum, maximum);
  }

  private static LbPolicy maglev(Cluster.MaglevLbConfig message) throws RejectedException {
    String path = "maglev_lb_config";
    FieldGuard.requireNothingLeft(message.toBuilder().clearTableSize().build(), path);
    long size = message.hasTableSize() ? message.getTableSize().getValue() : TABLE_SIZE;
    if (size > LARGEST_TABLE || !isPrime(size)) {
      throw new RejectedException(
          path + ".table_size", size + " is no prime number up to " + LARGEST_TABLE);
    }
    return new LbPolicy.Maglev((int) size);
  }

  private static boolean isPrime(long number) {
    for (long divisor = 2; divisor * divisor <= number; divisor++) {
      if (number % divisor == 0) {
        return false;
      }
    }
    return number > 1;
  }

  private LbPolicyParser() {}
}
