package io.inmesh.xds;

import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.LbPolicy;
import io.inmesh.shaded.envoy.config.cluster.v3.Cluster;
import io.inmesh.shaded.envoy.config.core.v3.SocketAddress;
import io.inmesh.shaded.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.inmesh.shaded.envoy.config.endpoint.v3.LbEndpoint;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's Cluster and ClusterLoadAssignment.
 *
 * <p>Skipped, because they change nothing about a call: {@code alt_stat_name} and {@code metadata};
 * of a locality its name and its weight, which only locality-aware balancing looks at; of an
 * endpoint its {@code hostname}. Endpoints that are unhealthy or draining are left out.
 */
final class ClusterParser {
  /** Envoy's default. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** So that milliseconds of it fit into an int, which is what sockets take. */
  private static final Duration LONGEST_CONNECT_TIMEOUT = Duration.ofHours(24);

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
    Duration timeout = connectTimeout(message);
    return switch (message.getType()) {
      case EDS -> {
        if (message.hasLoadAssignment()) {
          throw new RejectedException("load_assignment", "an EDS cluster has none");
        }
        FieldGuard.requireNothingLeft(
            message.getEdsClusterConfig().toBuilder().clearEdsConfig().clearServiceName().build(),
            "eds_cluster_config");
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
      case STATIC -> {
        if (message.hasEdsClusterConfig()) {
          throw new RejectedException("eds_cluster_config", "a STATIC cluster has none");
        }
        yield new Parsed(
            message.getName(),
            policy,
            timeout,
            null,
            endpoints(message.getLoadAssignment(), "load_assignment"));
      }
      default -> throw new RejectedException("type", message.getType() + " is not supported");
    };
  }

  private static Duration connectTimeout(Cluster message) throws RejectedException {
    if (!message.hasConnectTimeout()) {
      return CONNECT_TIMEOUT;
    }
    long seconds = message.getConnectTimeout().getSeconds();
    int nanos = message.getConnectTimeout().getNanos();
    if (seconds < 0 || nanos < 0 || seconds + nanos == 0) {
      throw new RejectedException(
          "connect_timeout", "must be above 0, but is " + seconds + " s " + nanos + " ns");
    }
    if (seconds >= LONGEST_CONNECT_TIMEOUT.toSeconds()) {
      throw new RejectedException(
          "connect_timeout",
          "must be below " + LONGEST_CONNECT_TIMEOUT.toHours() + " h, but is " + seconds + " s");
    }
    return Duration.ofSeconds(seconds, nanos);
  }

  static List<Endpoint> endpoints(ClusterLoadAssignment message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder().clearClusterName().clearEndpoints().build(), path);
    // By place, first one wins: Envoy, too, takes a host that is listed twice for one.
    Map<String, Endpoint> endpoints = new LinkedHashMap<>();
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
          endpoints.putIfAbsent(endpoint.address() + " " + endpoint.port(), endpoint);
        }
      }
    }
    long total = 0;
    for (Endpoint endpoint : endpoints.values()) {
      total += endpoint.weight();
    }
    if (total > Integer.MAX_VALUE) {
      throw new RejectedException(
          path.isEmpty() ? "endpoints" : path + ".endpoints", "the weights add up to " + total);
    }
    return List.copyOf(endpoints.values());
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
    int weight = message.hasLoadBalancingWeight() ? message.getLoadBalancingWeight().getValue() : 1;
    if (weight < 1) {
      throw new RejectedException(
          path + ".load_balancing_weight",
          Integer.toUnsignedString(weight) + " is not in 1-" + Integer.MAX_VALUE);
    }
    return switch (message.getHealthStatus()) {
      case UNKNOWN, HEALTHY -> new Endpoint(socket.getAddress(), port, weight);
      case UNHEALTHY, DRAINING, TIMEOUT -> null;
      // DEGRADED asks for a second choice, which the engine's balancers do not have yet.
      default ->
          throw new RejectedException(
              path + ".health_status", message.getHealthStatusValue() + " is not supported");
    };
  }

  private ClusterParser() {}
}
