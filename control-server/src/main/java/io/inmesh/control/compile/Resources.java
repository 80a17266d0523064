package io.inmesh.control.compile;

import io.inmesh.control.registry.ServiceEndpoint;
import io.inmesh.policy.LoadBalancer;
import io.inmesh.policy.TrafficPolicy;
import io.inmesh.shaded.envoy.config.cluster.v3.Cluster;
import io.inmesh.shaded.envoy.config.core.v3.Address;
import io.inmesh.shaded.envoy.config.core.v3.AggregatedConfigSource;
import io.inmesh.shaded.envoy.config.core.v3.ApiVersion;
import io.inmesh.shaded.envoy.config.core.v3.ConfigSource;
import io.inmesh.shaded.envoy.config.core.v3.SocketAddress;
import io.inmesh.shaded.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.inmesh.shaded.envoy.config.endpoint.v3.Endpoint;
import io.inmesh.shaded.envoy.config.endpoint.v3.LbEndpoint;
import io.inmesh.shaded.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.inmesh.shaded.envoy.config.listener.v3.ApiListener;
import io.inmesh.shaded.envoy.config.listener.v3.Listener;
import io.inmesh.shaded.envoy.config.route.v3.RetryPolicy;
import io.inmesh.shaded.envoy.config.route.v3.Route;
import io.inmesh.shaded.envoy.config.route.v3.RouteConfiguration;
import io.inmesh.shaded.envoy.config.route.v3.VirtualHost;
import io.inmesh.shaded.envoy.extensions.filters.http.router.v3.Router;
import io.inmesh.shaded.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.inmesh.shaded.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.inmesh.shaded.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.Duration;
import io.inmesh.shaded.protobuf.MessageLite;
import io.inmesh.shaded.protobuf.UInt32Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The xDS messages in the dialect that agents speak. */
final class Resources {
  private static final String TYPES = "type.googleapis.com/";
  private static final java.time.Duration CONNECT_TIMEOUT = java.time.Duration.ofSeconds(10);

  private static final ConfigSource ADS =
      ConfigSource.newBuilder()
          .setAds(AggregatedConfigSource.getDefaultInstance())
          .setResourceApiVersion(ApiVersion.V3)
          .build();

  private static final HttpFilter ROUTER =
      HttpFilter.newBuilder()
          .setName("envoy.filters.http.router")
          .setTypedConfig(
              any("envoy.extensions.filters.http.router.v3.Router", Router.getDefaultInstance()))
          .build();

  /** What Istio puts on every route that has no retries of its own. */
  static final RetryPolicy DEFAULT_RETRY_POLICY =
      RetryPolicy.newBuilder()
          .setRetryOn("connect-failure,refused-stream,unavailable,cancelled")
          .setNumRetries(UInt32Value.of(2))
          .addRetryHostPredicate(
              RetryPolicy.RetryHostPredicate.newBuilder()
                  .setName("envoy.retry_host_predicates.previous_hosts")
                  .setTypedConfig(
                      Any.newBuilder()
                          .setTypeUrl(
                              TYPES
                                  + "envoy.extensions.retry.host.previous_hosts.v3"
                                  + ".PreviousHostsPredicate")))
          .setHostSelectionRetryMaxAttempts(5)
          .build();

  static Listener listener(String authority, String routeName) {
    HttpConnectionManager manager =
        HttpConnectionManager.newBuilder()
            .setStatPrefix(authority)
            .setRds(Rds.newBuilder().setConfigSource(ADS).setRouteConfigName(routeName))
            .addHttpFilters(ROUTER)
            .build();
    return Listener.newBuilder()
        .setName(authority)
        .setApiListener(
            ApiListener.newBuilder()
                .setApiListener(
                    any(
                        "envoy.extensions.filters.network.http_connection_manager.v3"
                            + ".HttpConnectionManager",
                        manager)))
        .build();
  }

  /** The listener is the authority's own, so whatever {@code Host} a call carries is this host. */
  static RouteConfiguration routes(String name, List<Route> routes) {
    return RouteConfiguration.newBuilder()
        .setName(name)
        .addVirtualHosts(
            VirtualHost.newBuilder()
                .setName(name.substring(name.indexOf('/') + 1))
                .addDomains("*")
                .addAllRoutes(routes))
        .build();
  }

  static Cluster cluster(String name, TrafficPolicy policy) {
    java.time.Duration timeout =
        policy.connectionPool() == null ? null : policy.connectionPool().tcp().connectTimeout();
    return Cluster.newBuilder()
        .setName(name)
        .setType(Cluster.DiscoveryType.EDS)
        .setEdsClusterConfig(
            Cluster.EdsClusterConfig.newBuilder().setEdsConfig(ADS).setServiceName(name))
        .setLbPolicy(lbPolicy(policy.loadBalancer()))
        .setConnectTimeout(duration(timeout == null ? CONNECT_TIMEOUT : timeout))
        .build();
  }

  private static Cluster.LbPolicy lbPolicy(@Nullable LoadBalancer balancer) {
    return balancer != null && balancer.algorithm() == LoadBalancer.Simple.ROUND_ROBIN
        ? Cluster.LbPolicy.ROUND_ROBIN
        : Cluster.LbPolicy.LEAST_REQUEST;
  }

  static ClusterLoadAssignment endpoints(String name, List<ServiceEndpoint> endpoints) {
    ClusterLoadAssignment.Builder assignment =
        ClusterLoadAssignment.newBuilder().setClusterName(name);
    if (endpoints.isEmpty()) {
      return assignment.build();
    }
    LocalityLbEndpoints.Builder locality = LocalityLbEndpoints.newBuilder();
    int weight = 0;
    for (ServiceEndpoint endpoint : endpoints) {
      weight += endpoint.weight();
      locality.addLbEndpoints(
          LbEndpoint.newBuilder()
              .setEndpoint(Endpoint.newBuilder().setAddress(address(endpoint)))
              .setLoadBalancingWeight(UInt32Value.of(endpoint.weight())));
    }
    // Without a weight of its own gRPC's clients take a locality for absent.
    locality.setLoadBalancingWeight(UInt32Value.of(weight));
    return assignment.addEndpoints(locality).build();
  }

  private static Address address(ServiceEndpoint endpoint) {
    return Address.newBuilder()
        .setSocketAddress(
            SocketAddress.newBuilder().setAddress(endpoint.address()).setPortValue(endpoint.port()))
        .build();
  }

  private static Duration duration(java.time.Duration duration) {
    return Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }

  private static Any any(String type, MessageLite message) {
    return Any.newBuilder().setTypeUrl(TYPES + type).setValue(message.toByteString()).build();
  }

  private Resources() {}
}
