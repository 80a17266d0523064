package io.inmesh.xds;

import io.inmesh.engine.model.CircuitBreakers;
import io.inmesh.engine.model.ConnectionLimits;
import io.inmesh.engine.model.EndpointGroup;
import io.inmesh.engine.model.LbPolicy;
import io.inmesh.engine.model.OutlierDetection;
import io.inmesh.shaded.envoy.config.cluster.v3.Cluster;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's Cluster.
 *
 * <p>Skipped, because they change nothing about a call: {@code metadata}, {@code
 * common_lb_config.update_merge_window} (changes count at once) and {@code cleanup_interval}.
 */
final class ClusterParser {
  /** Envoy's default, percent. */
  private static final double PANIC_THRESHOLD = 50;

  /**
   * A cluster, for want of its endpoints.
   *
   * @param localityWeighted whether endpoints are chosen by their locality's weight first
   * @param endpointsName where the endpoints are; null: they are in {@code groups}
   * @param groups null: they are elsewhere
   */
  record Parsed(
      String name,
      LbPolicy lbPolicy,
      ConnectionLimits connection,
      CircuitBreakers circuitBreakers,
      @Nullable OutlierDetection outlierDetection,
      double panicThreshold,
      boolean localityWeighted,
      @Nullable String endpointsName,
      @Nullable List<EndpointGroup> groups,
      String statName) {
    io.inmesh.engine.model.Cluster with(List<EndpointGroup> places) {
      return new io.inmesh.engine.model.Cluster(
          name,
          lbPolicy,
          EndpointParser.weighted(places, localityWeighted),
          connection,
          circuitBreakers,
          outlierDetection,
          panicThreshold,
          statName);
    }
  }

  @SuppressWarnings("deprecation") // istiod sets max_requests_per_connection here as well
  static Parsed parse(Cluster message) throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder()
            .clearName()
            .clearAltStatName()
            .clearType()
            .clearEdsClusterConfig()
            .clearConnectTimeout()
            .clearLbPolicy()
            .clearRoundRobinLbConfig()
            .clearLeastRequestLbConfig()
            .clearRingHashLbConfig()
            .clearMaglevLbConfig()
            .clearCommonLbConfig()
            .clearCircuitBreakers()
            .clearOutlierDetection()
            .clearMaxRequestsPerConnection()
            .clearTypedExtensionProtocolOptions()
            .clearUpstreamConnectionOptions()
            .clearLoadAssignment()
            .clearCleanupInterval()
            .clearMetadata()
            .build(),
        "");
    Cluster.CommonLbConfig common = message.getCommonLbConfig();
    FieldGuard.requireNothingLeft(
        common.toBuilder()
            .clearHealthyPanicThreshold()
            .clearLocalityWeightedLbConfig()
            .clearUpdateMergeWindow()
            .build(),
        "common_lb_config");
    FieldGuard.requireNothingLeft(
        common.getLocalityWeightedLbConfig(), "common_lb_config.locality_weighted_lb_config");
    double panic =
        common.hasHealthyPanicThreshold()
            ? Percentages.percent(
                common.getHealthyPanicThreshold(), "common_lb_config.healthy_panic_threshold")
            : PANIC_THRESHOLD;
    List<EndpointGroup> groups = inline(message);
    return new Parsed(
        message.getName(),
        LbPolicyParser.parse(message),
        ConnectionParser.parse(message),
        ResilienceParser.circuitBreakers(message.getCircuitBreakers(), "circuit_breakers"),
        message.hasOutlierDetection()
            ? ResilienceParser.outlierDetection(message.getOutlierDetection(), "outlier_detection")
            : null,
        panic,
        common.hasLocalityWeightedLbConfig(),
        endpointsName(message),
        groups,
        message.getAltStatName().isEmpty() ? message.getName() : message.getAltStatName());
  }

  private static @Nullable String endpointsName(Cluster message) throws RejectedException {
    if (message.getType() != Cluster.DiscoveryType.EDS) {
      if (message.hasEdsClusterConfig()) {
        throw new RejectedException(
            "eds_cluster_config", "a " + message.getType() + " cluster has none");
      }
      return null;
    }
    FieldGuard.requireNothingLeft(
        message.getEdsClusterConfig().toBuilder().clearEdsConfig().clearServiceName().build(),
        "eds_cluster_config");
    ListenerParser.requireAds(
        message.getEdsClusterConfig().getEdsConfig(), "eds_cluster_config.eds_config");
    String service = message.getEdsClusterConfig().getServiceName();
    return service.isEmpty() ? message.getName() : service;
  }

  private static @Nullable List<EndpointGroup> inline(Cluster message) throws RejectedException {
    return switch (message.getType()) {
      case STATIC -> EndpointParser.parse(message.getLoadAssignment(), "load_assignment");
      case EDS, ORIGINAL_DST -> {
        if (message.hasLoadAssignment()) {
          throw new RejectedException(
              "load_assignment",
              "a"
                  + (message.getType() == Cluster.DiscoveryType.EDS ? "n EDS" : "n ORIGINAL_DST")
                  + " cluster has none");
        }
        yield message.getType() == Cluster.DiscoveryType.EDS ? null : List.of();
      }
      default -> throw new RejectedException("type", message.getType() + " is not supported");
    };
  }

  private ClusterParser() {}
}
