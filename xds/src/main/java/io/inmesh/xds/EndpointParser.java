package io.inmesh.xds;

import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.EndpointGroup;
import io.inmesh.engine.model.Locality;
import io.inmesh.shaded.envoy.config.core.v3.SocketAddress;
import io.inmesh.shaded.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.inmesh.shaded.envoy.config.endpoint.v3.LbEndpoint;
import io.inmesh.shaded.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.inmesh.shaded.protobuf.UInt32Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's ClusterLoadAssignment.
 *
 * <p>Skipped, because they change nothing about a call: {@code metadata}, an endpoint's {@code
 * hostname}, and {@code endpoint_stale_after}. Endpoints that are unhealthy or draining are left
 * out.
 */
final class EndpointParser {
  /** Percent; what the engine reckons with. */
  private static final int OVERPROVISIONING = 140;

  private static final int LOWEST_PRIORITY = 128;

  static List<EndpointGroup> parse(ClusterLoadAssignment message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder().clearClusterName().clearEndpoints().clearPolicy().build(), path);
    policy(message.getPolicy(), (path.isEmpty() ? "" : path + ".") + "policy");
    List<EndpointGroup> groups = new ArrayList<>();
    // By place, first one wins: Envoy, too, takes a host that is listed twice for one.
    Set<String> places = new HashSet<>();
    long total = 0;
    for (int i = 0; i < message.getEndpointsCount(); i++) {
      EndpointGroup group =
          group(message.getEndpoints(i), places, RouteParser.at(path, "endpoints", i));
      if (!group.endpoints().isEmpty()) {
        groups.add(group);
        total += group.endpoints().stream().mapToLong(Endpoint::weight).sum();
      }
    }
    if (total > Integer.MAX_VALUE) {
      throw new RejectedException(
          path.isEmpty() ? "endpoints" : path + ".endpoints", "the weights add up to " + total);
    }
    return List.copyOf(groups);
  }

  private static void policy(ClusterLoadAssignment.Policy policy, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        policy.toBuilder().clearOverprovisioningFactor().clearEndpointStaleAfter().build(), path);
    if (policy.hasOverprovisioningFactor()
        && policy.getOverprovisioningFactor().getValue() != OVERPROVISIONING) {
      throw new RejectedException(path + ".overprovisioning_factor", "only 140 is supported");
    }
  }

  private static EndpointGroup group(LocalityLbEndpoints message, Set<String> places, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder()
            .clearLocality()
            .clearPriority()
            .clearLoadBalancingWeight()
            .clearLbEndpoints()
            .clearMetadata()
            .build(),
        path);
    var locality = message.getLocality();
    FieldGuard.requireNothingLeft(
        locality.toBuilder().clearRegion().clearZone().clearSubZone().build(), path + ".locality");
    int priority = message.getPriority();
    if (priority < 0 || priority > LOWEST_PRIORITY) {
      throw new RejectedException(
          path + ".priority",
          Integer.toUnsignedString(priority) + " is not in 0-" + LOWEST_PRIORITY);
    }
    List<Endpoint> endpoints = new ArrayList<>();
    for (int k = 0; k < message.getLbEndpointsCount(); k++) {
      Endpoint endpoint =
          endpoint(message.getLbEndpoints(k), RouteParser.at(path, "lb_endpoints", k));
      if (endpoint != null && places.add(endpoint.address() + " " + endpoint.port())) {
        endpoints.add(endpoint);
      }
    }
    return new EndpointGroup(
        new Locality(locality.getRegion(), locality.getZone(), locality.getSubZone()),
        priority,
        message.hasLoadBalancingWeight() ? weight(message.getLoadBalancingWeight(), path) : 0,
        endpoints);
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
    int weight =
        message.hasLoadBalancingWeight() ? weight(message.getLoadBalancingWeight(), path) : 1;
    return switch (message.getHealthStatus()) {
      case UNKNOWN, HEALTHY -> new Endpoint(socket.getAddress(), port, weight);
      case UNHEALTHY, DRAINING, TIMEOUT -> null;
      // DEGRADED asks for a second choice, which the engine's balancers do not have yet.
      default ->
          throw new RejectedException(
              path + ".health_status", message.getHealthStatusValue() + " is not supported");
    };
  }

  private static int weight(UInt32Value message, String path) throws RejectedException {
    if (message.getValue() < 1) {
      throw new RejectedException(
          path + ".load_balancing_weight",
          Integer.toUnsignedString(message.getValue()) + " is not in 1-" + Integer.MAX_VALUE);
    }
    return message.getValue();
  }

  /**
   * Localities' weights count only where the cluster says so. There, one without a weight gets
   * nothing while another of its priority has one.
   */
  static List<EndpointGroup> weighted(List<EndpointGroup> groups, boolean localityWeighted) {
    if (!localityWeighted) {
      return groups.stream()
          .map(each -> new EndpointGroup(each.locality(), each.priority(), 0, each.endpoints()))
          .toList();
    }
    return groups.stream()
        .filter(
            each ->
                each.weight() > 0
                    || groups.stream()
                        .noneMatch(
                            other -> other.priority() == each.priority() && other.weight() > 0))
        .toList();
  }

  private EndpointParser() {}
}
