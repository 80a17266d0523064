package io.inmesh.xds;

import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.LbPolicy;
import io.inmesh.shaded.envoy.config.cluster.v3.Cluster;
import io.inmesh.shaded.envoy.config.core.v3.HealthStatus;
import io.inmesh.shaded.envoy.config.core.v3.SocketAddress;
import io.inmesh.shaded.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.inmesh.shaded.envoy.config.endpoint.v3.LbEndpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's Cluster and ClusterLoadAssignment.
 *
 * <p>Skipped, because they change nothing about a call: {@code alt_stat_name} and {@code metadata}.
 */
final class ClusterParser {
  /** Envoy's default. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** Exactly one of {@code endpointsName} and {@code endpoints} is there. */
  record Parsed(
      String name,
      LbPolicy lbPolicy,
      Duration connectTimeout,
      @Nullable String endpointsName,
      @Nullable List<Endpoint> endpoints) {}

  static Parsed parse(Cluster message) throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder()
            .clearName()
            .clearAltStatName()
            .clearType()
            .clearEdsClusterConfig()
            .clearConnectTimeout()
            .clearLbPolicy()
            .clearLoadAssignment()
            .clearMetadata()
            .build(),
        "");
    LbPolicy policy =
        switch (message.getLbPolicy()) {
          case ROUND_ROBIN -> LbPolicy.ROUND_ROBIN;
          case LEAST_REQUEST -> LbPolicy.LEAST_REQUEST;
          default ->
              throw new RejectedException(
                  "lb_policy", message.getLbPolicyValue() + " is not supported");
        };
    Duration timeout =
        message.hasConnectTimeout()
            ? Duration.ofSeconds(
                message.getConnectTimeout().getSeconds(), message.getConnectTimeout().getNanos())
            : CONNECT_TIMEOUT;
    if (timeout.isNegative() || timeout.isZero()) {
      throw new RejectedException("connect_timeout", "must be above 0, but is " + timeout);
    }
    return switch (message.getType()) {
      case EDS -> {
        ListenerParser.requireAds(
            message.getEdsClusterConfig().getEdsConfig(), "eds_cluster_config.eds_config");
        String service = message.getEdsClusterConfig().getServiceName();
        yield new Parsed(
            message.getName(),
            policy,
            timeout,
            service.isEmpty() ? message.getName() : service,
            null);
      }
      case STATIC ->
          new Parsed(
              message.getName(),
              policy,
              timeout,
              null,
              endpoints(message.getLoadAssignment(), "load_assignment"));
      default -> throw new RejectedException("type", message.getType() + " is not supported");
    };
  }

  static List<Endpoint> endpoints(ClusterLoadAssignment message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder().clearClusterName().clearEndpoints().build(), path);
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < message.getEndpointsCount(); i++) {
      var locality = message.getEndpoints(i);
      String localityPath = RouteParser.at(path, "endpoints", i);
      // The locality's own weight and name only matter to locality-aware balancing, which no
      // cluster asks for here.
      FieldGuard.requireNothingLeft(
          locality.toBuilder()
              .clearLocality()
              .clearLoadBalancingWeight()
              .clearLbEndpoints()
              .build(),
          localityPath);
      for (int k = 0; k < locality.getLbEndpointsCount(); k++) {
        Endpoint endpoint =
            endpoint(locality.getLbEndpoints(k), RouteParser.at(localityPath, "lb_endpoints", k));
        if (endpoint != null) {
          endpoints.add(endpoint);
        }
      }
    }
    return endpoints;
  }

  /** Null for an endpoint that gets no calls. */
  private static @Nullable Endpoint endpoint(LbEndpoint message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder()
            .clearEndpoint()
            .clearHealthStatus()
            .clearLoadBalancingWeight()
            .clearMetadata()
            .build(),
        path);
    var endpoint = message.getEndpoint();
    FieldGuard.requireNothingLeft(
        endpoint.toBuilder().clearAddress().clearHostname().build(), path + ".endpoint");
    String addressPath = path + ".endpoint.address";
    if (!endpoint.getAddress().hasSocketAddress()) {
      throw new RejectedException(addressPath, "only socket_address is supported");
    }
    SocketAddress socket = endpoint.getAddress().getSocketAddress();
    FieldGuard.requireNothingLeft(
        socket.toBuilder().clearAddress().clearPortValue().build(), addressPath);
    int port = socket.getPortValue();
    if (port < 1 || port > 65_535) {
      throw new RejectedException(addressPath + ".port_value", port + " is not in 1-65535");
    }
    if (socket.getAddress().isEmpty()) {
      throw new RejectedException(addressPath + ".address", "is empty");
    }
    HealthStatus health = message.getHealthStatus();
    if (health != HealthStatus.UNKNOWN
        && health != HealthStatus.HEALTHY
        && health != HealthStatus.DEGRADED) {
      return null;
    }
    int weight = message.hasLoadBalancingWeight() ? message.getLoadBalancingWeight().getValue() : 1;
    return new Endpoint(socket.getAddress(), port, Math.max(1, weight));
  }

  private ClusterParser() {}
}
