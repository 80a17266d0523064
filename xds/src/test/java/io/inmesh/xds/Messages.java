package io.inmesh.xds;

import io.inmesh.shaded.envoy.config.cluster.v3.Cluster;
import io.inmesh.shaded.envoy.config.core.v3.Address;
import io.inmesh.shaded.envoy.config.core.v3.AggregatedConfigSource;
import io.inmesh.shaded.envoy.config.core.v3.ConfigSource;
import io.inmesh.shaded.envoy.config.core.v3.SocketAddress;
import io.inmesh.shaded.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.inmesh.shaded.envoy.config.endpoint.v3.Endpoint;
import io.inmesh.shaded.envoy.config.endpoint.v3.LbEndpoint;
import io.inmesh.shaded.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.inmesh.shaded.envoy.config.listener.v3.ApiListener;
import io.inmesh.shaded.envoy.config.listener.v3.Listener;
import io.inmesh.shaded.envoy.config.route.v3.Route;
import io.inmesh.shaded.envoy.config.route.v3.RouteAction;
import io.inmesh.shaded.envoy.config.route.v3.RouteConfiguration;
import io.inmesh.shaded.envoy.config.route.v3.RouteMatch;
import io.inmesh.shaded.envoy.config.route.v3.VirtualHost;
import io.inmesh.shaded.envoy.config.route.v3.WeightedCluster;
import io.inmesh.shaded.envoy.extensions.filters.http.router.v3.Router;
import io.inmesh.shaded.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.inmesh.shaded.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.inmesh.shaded.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.ByteString;
import io.inmesh.shaded.protobuf.Duration;
import io.inmesh.shaded.protobuf.MessageLite;
import io.inmesh.shaded.protobuf.UInt32Value;

/** The messages that a control server sends, in their smallest useful form. */
final class Messages {
  static final ConfigSource ADS =
      ConfigSource.newBuilder().setAds(AggregatedConfigSource.getDefaultInstance()).build();
  static final String TYPES = "type.googleapis.com/";
  static final String MANAGER =
      TYPES + "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";

  static Any any(ResourceType type, MessageLite message) {
    return any(type.typeUrl(), message.toByteString());
  }

  static Any any(String typeUrl, ByteString bytes) {
    return Any.newBuilder().setTypeUrl(typeUrl).setValue(bytes).build();
  }

  static HttpFilter.Builder router() {
    return filter(
        "envoy.filters.http.router",
        TYPES + "envoy.extensions.filters.http.router.v3.Router",
        Router.getDefaultInstance());
  }

  static HttpFilter.Builder filter(String name, String typeUrl, MessageLite config) {
    return HttpFilter.newBuilder()
        .setName(name)
        .setTypedConfig(any(typeUrl, config.toByteString()));
  }

  static HttpConnectionManager.Builder manager(String routeName) {
    return HttpConnectionManager.newBuilder()
        .setStatPrefix("http")
        .setRds(Rds.newBuilder().setConfigSource(ADS).setRouteConfigName(routeName))
        .addHttpFilters(router());
  }

  static Listener.Builder listener(String authority, HttpConnectionManager.Builder manager) {
    return Listener.newBuilder()
        .setName(authority)
        .setApiListener(
            ApiListener.newBuilder().setApiListener(any(MANAGER, manager.build().toByteString())));
  }

  static Any listener(String authority, String routeName) {
    return any(ResourceType.LISTENER, listener(authority, manager(routeName)).build());
  }

  static RouteConfiguration.Builder routes(String name, Route.Builder... routes) {
    VirtualHost.Builder host = VirtualHost.newBuilder().setName("all").addDomains("*");
    for (Route.Builder route : routes) {
      host.addRoutes(route);
    }
    return RouteConfiguration.newBuilder().setName(name).addVirtualHosts(host);
  }

  static Route.Builder route(RouteAction.Builder action) {
    return Route.newBuilder().setMatch(RouteMatch.newBuilder().setPrefix("/")).setRoute(action);
  }

  static RouteAction.Builder to(String cluster) {
    return RouteAction.newBuilder().setCluster(cluster);
  }

  static Any routes(String name, String cluster) {
    return any(ResourceType.ROUTE, routes(name, route(to(cluster))).build());
  }

  static Any split(String name, String first, int weight, String second, int otherWeight) {
    return any(
        ResourceType.ROUTE,
        routes(
                name,
                route(
                    RouteAction.newBuilder()
                        .setWeightedClusters(
                            WeightedCluster.newBuilder()
                                .addClusters(weighted(first, weight))
                                .addClusters(weighted(second, otherWeight)))))
            .build());
  }

  static WeightedCluster.ClusterWeight.Builder weighted(String cluster, int weight) {
    return WeightedCluster.ClusterWeight.newBuilder()
        .setName(cluster)
        .setWeight(UInt32Value.of(weight));
  }

  static Cluster.Builder eds(String name) {
    return Cluster.newBuilder()
        .setName(name)
        .setType(Cluster.DiscoveryType.EDS)
        .setEdsClusterConfig(Cluster.EdsClusterConfig.newBuilder().setEdsConfig(ADS))
        .setConnectTimeout(Duration.newBuilder().setSeconds(10));
  }

  static Any cluster(String name) {
    return any(ResourceType.CLUSTER, eds(name).build());
  }

  static LbEndpoint.Builder place(String address, int port) {
    return LbEndpoint.newBuilder()
        .setEndpoint(
            Endpoint.newBuilder()
                .setAddress(
                    Address.newBuilder()
                        .setSocketAddress(
                            SocketAddress.newBuilder().setAddress(address).setPortValue(port))));
  }

  static ClusterLoadAssignment.Builder load(String cluster, LbEndpoint.Builder... places) {
    LocalityLbEndpoints.Builder locality = LocalityLbEndpoints.newBuilder();
    for (LbEndpoint.Builder place : places) {
      locality.addLbEndpoints(place);
    }
    return ClusterLoadAssignment.newBuilder().setClusterName(cluster).addEndpoints(locality);
  }

  static Any endpoints(String cluster, int port) {
    return any(ResourceType.ENDPOINT, load(cluster, place("127.0.0.1", port)).build());
  }

  /** Appends a field that no version of our protos has. */
  static ByteString withUnknownField(MessageLite message) {
    // Field 19001, varint 7.
    return message
        .toByteString()
        .concat(ByteString.copyFrom(new byte[] {(byte) 0xC8, (byte) 0xA3, 0x09, 7}));
  }

  private Messages() {}
}
