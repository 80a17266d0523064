package io.inmesh.control.compile;

import io.inmesh.control.registry.ServiceEndpoint;
import io.inmesh.shaded.envoy.config.core.v3.Address;
import io.inmesh.shaded.envoy.config.core.v3.AggregatedConfigSource;
import io.inmesh.shaded.envoy.config.core.v3.ApiVersion;
import io.inmesh.shaded.envoy.config.core.v3.ConfigSource;
import io.inmesh.shaded.envoy.config.core.v3.Locality;
import io.inmesh.shaded.envoy.config.core.v3.SocketAddress;
import io.inmesh.shaded.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.inmesh.shaded.envoy.config.endpoint.v3.Endpoint;
import io.inmesh.shaded.envoy.config.endpoint.v3.LbEndpoint;
import io.inmesh.shaded.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.inmesh.shaded.envoy.config.listener.v3.ApiListener;
import io.inmesh.shaded.envoy.config.listener.v3.Listener;
import io.inmesh.shaded.envoy.config.route.v3.Route;
import io.inmesh.shaded.envoy.config.route.v3.RouteConfiguration;
import io.inmesh.shaded.envoy.config.route.v3.VirtualHost;
import io.inmesh.shaded.envoy.extensions.filters.http.cors.v3.Cors;
import io.inmesh.shaded.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.inmesh.shaded.envoy.extensions.filters.http.router.v3.Router;
import io.inmesh.shaded.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.inmesh.shaded.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.inmesh.shaded.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.inmesh.shaded.protobuf.MessageLite;
import java.util.List;

/** The xDS messages in the dialect that agents speak. */
final class Resources {
  /** In bytes, as much as Istio allows; Envoy's own limit is 4096. */
  private static final int DIRECT_RESPONSE_BODY = 1_048_576;

  static final ConfigSource ADS =
      ConfigSource.newBuilder()
          .setAds(AggregatedConfigSource.getDefaultInstance())
          .setResourceApiVersion(ApiVersion.V3)
          .build();

  private static final HttpFilter FAULT =
      filter(
          "envoy.filters.http.fault",
          "envoy.extensions.filters.http.fault.v3.HTTPFault",
          HTTPFault.getDefaultInstance());

  /** Optional, as gRPC's own clients do not know it. */
  private static final HttpFilter CORS =
      filter(
              "envoy.filters.http.cors",
              "envoy.extensions.filters.http.cors.v3.Cors",
              Cors.getDefaultInstance())
          .toBuilder()
          .setIsOptional(true)
          .build();

  private static final HttpFilter ROUTER =
      filter(
          "envoy.filters.http.router",
          "envoy.extensions.filters.http.router.v3.Router",
          Router.getDefaultInstance());

  private static HttpFilter filter(String name, String type, MessageLite config) {
    return HttpFilter.newBuilder().setName(name).setTypedConfig(Wire.any(type, config)).build();
  }

  static Listener listener(String authority, String routeName) {
    HttpConnectionManager manager =
        HttpConnectionManager.newBuilder()
            .setStatPrefix(authority)
            .setRds(Rds.newBuilder().setConfigSource(ADS).setRouteConfigName(routeName))
            .addHttpFilters(FAULT)
            .addHttpFilters(CORS)
            .addHttpFilters(ROUTER)
            .build();
    return Listener.newBuilder()
        .setName(authority)
        .setApiListener(
            ApiListener.newBuilder()
                .setApiListener(
                    Wire.any(
                        "envoy.extensions.filters.network.http_connection_manager.v3"
                            + ".HttpConnectionManager",
                        manager)))
        .build();
  }

  /** The listener is the authority's own, so whatever {@code Host} a call carries is this host. */
  static RouteConfiguration routes(String name, List<Route> routes) {
    return RouteConfiguration.newBuilder()
        .setName(name)
        .setMaxDirectResponseBodySizeBytes(Wire.number(DIRECT_RESPONSE_BODY))
        .addVirtualHosts(
            VirtualHost.newBuilder()
                .setName(name.substring(name.indexOf('/') + 1))
                .addDomains("*")
                .setIncludeRequestAttemptCount(true)
                .addAllRoutes(routes))
        .build();
  }

  /** Without endpoints nothing but the name, so that whoever looks sees that there are none. */
  static ClusterLoadAssignment endpoints(String name, List<Localities.Group> groups) {
    ClusterLoadAssignment.Builder assignment =
        ClusterLoadAssignment.newBuilder().setClusterName(name);
    for (Localities.Group group : groups) {
      LocalityLbEndpoints.Builder locality =
          LocalityLbEndpoints.newBuilder()
              .setPriority(group.priority())
              // Without a weight of its own gRPC's clients take a locality for absent.
              .setLoadBalancingWeight(Wire.number(group.weight()));
      Place place = group.place();
      if (!place.equals(Place.UNKNOWN)) {
        locality.setLocality(
            Locality.newBuilder()
                .setRegion(place.region())
                .setZone(place.zone())
                .setSubZone(place.subzone()));
      }
      for (ServiceEndpoint endpoint : group.endpoints()) {
        locality.addLbEndpoints(
            LbEndpoint.newBuilder()
                .setEndpoint(Endpoint.newBuilder().setAddress(address(endpoint)))
                .setLoadBalancingWeight(Wire.number(endpoint.weight())));
      }
      assignment.addEndpoints(locality);
    }
    return assignment.build();
  }

  private static Address address(ServiceEndpoint endpoint) {
    return Address.newBuilder()
        .setSocketAddress(
            SocketAddress.newBuilder().setAddress(endpoint.address()).setPortValue(endpoint.port()))
        .build();
  }

  private Resources() {}
}
