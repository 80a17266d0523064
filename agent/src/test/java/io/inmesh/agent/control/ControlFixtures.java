package io.inmesh.agent.control;

import io.inmesh.agent.config.AgentConfig;
import io.inmesh.agent.config.LogLevel;
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
import io.inmesh.shaded.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.inmesh.shaded.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.MessageLite;
import io.inmesh.xds.ResourceType;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Settings, reports and resources for the tests of this package. */
final class ControlFixtures {
  private static final ConfigSource ADS =
      ConfigSource.newBuilder().setAds(AggregatedConfigSource.getDefaultInstance()).build();

  static AgentConfig config(Path dataDir, String service, String namespace, URI... controls) {
    return new AgentConfig(
        controls.length == 0 ? List.of(URI.create("http://127.0.0.1:1")) : List.of(controls),
        service,
        namespace,
        "default",
        Map.of("version", "v1"),
        List.of(),
        "127.0.0.1",
        dataDir,
        Duration.ofSeconds(2),
        true,
        LogLevel.WARN,
        OptionalInt.empty(),
        "shop-0a1b2c");
  }

  static AgentReport report() {
    return new AgentReport("0.1.0", 42, "17", "somebody", List.of(), List.of(), 0, false);
  }

  static Any listener(String authority, String routes) {
    HttpConnectionManager manager =
        HttpConnectionManager.newBuilder()
            .setRds(Rds.newBuilder().setConfigSource(ADS).setRouteConfigName(routes))
            .build();
    String type =
        "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3"
            + ".HttpConnectionManager";
    return any(
        ResourceType.LISTENER,
        Listener.newBuilder()
            .setName(authority)
            .setApiListener(
                ApiListener.newBuilder()
                    .setApiListener(
                        Any.newBuilder().setTypeUrl(type).setValue(manager.toByteString())))
            .build());
  }

  static Any routes(String name, String cluster) {
    return any(
        ResourceType.ROUTE,
        RouteConfiguration.newBuilder()
            .setName(name)
            .addVirtualHosts(
                VirtualHost.newBuilder()
                    .setName("all")
                    .addDomains("*")
                    .addRoutes(
                        Route.newBuilder()
                            .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                            .setRoute(RouteAction.newBuilder().setCluster(cluster))))
            .build());
  }

  static Any cluster(String name) {
    return any(
        ResourceType.CLUSTER,
        Cluster.newBuilder()
            .setName(name)
            .setType(Cluster.DiscoveryType.EDS)
            .setEdsClusterConfig(Cluster.EdsClusterConfig.newBuilder().setEdsConfig(ADS))
            .build());
  }

  static Any endpoints(String cluster, int port) {
    return any(
        ResourceType.ENDPOINT,
        ClusterLoadAssignment.newBuilder()
            .setClusterName(cluster)
            .addEndpoints(
                LocalityLbEndpoints.newBuilder()
                    .addLbEndpoints(
                        LbEndpoint.newBuilder()
                            .setEndpoint(
                                Endpoint.newBuilder()
                                    .setAddress(
                                        Address.newBuilder()
                                            .setSocketAddress(
                                                SocketAddress.newBuilder()
                                                    .setAddress("127.0.0.1")
                                                    .setPortValue(port))))))
            .build());
  }

  /** Everything that one host needs. */
  static Map<ResourceType, List<Any>> host(String authority, int port) {
    return Map.of(
        ResourceType.LISTENER, List.of(listener(authority, "r-" + authority)),
        ResourceType.ROUTE, List.of(routes("r-" + authority, "c-" + authority)),
        ResourceType.CLUSTER, List.of(cluster("c-" + authority)),
        ResourceType.ENDPOINT, List.of(endpoints("c-" + authority, port)));
  }

  private static Any any(ResourceType type, MessageLite message) {
    return Any.newBuilder().setTypeUrl(type.typeUrl()).setValue(message.toByteString()).build();
  }

  private ControlFixtures() {}
}
