package io.inmesh.control.golden;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.inmesh.control.compile.Offers;
import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.golden.GoldenData;
import io.inmesh.shaded.envoy.config.core.v3.AggregatedConfigSource;
import io.inmesh.shaded.envoy.config.core.v3.ConfigSource;
import io.inmesh.shaded.envoy.config.listener.v3.ApiListener;
import io.inmesh.shaded.envoy.config.listener.v3.Listener;
import io.inmesh.shaded.envoy.config.route.v3.RouteConfiguration;
import io.inmesh.shaded.envoy.config.route.v3.VirtualHost;
import io.inmesh.shaded.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.inmesh.shaded.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.inmesh.shaded.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.ByteString;
import io.inmesh.shaded.protobuf.InvalidProtocolBufferException;
import io.inmesh.shaded.protobuf.MessageLite;
import io.inmesh.xds.ResourceCache;
import io.inmesh.xds.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a real istiod sends for a recorded case, in its two dialects, cut down to the hosts that the
 * case calls; by tools/record-golden. Bytes are written as Latin-1.
 */
record IstiodXds(@JsonProperty("case") String name, Sent sidecar, Sent grpc) {
  private static final String FILTERS = "type.googleapis.com/envoy.extensions.filters.";

  private static final List<ResourceType> IN_ORDER =
      List.of(
          ResourceType.LISTENER, ResourceType.ROUTE, ResourceType.CLUSTER, ResourceType.ENDPOINT);

  /** Resources by name. */
  record Sent(
      Map<String, String> listener,
      Map<String, String> route,
      Map<String, String> cluster,
      Map<String, String> endpoint) {
    Sent {
      listener = listener == null ? Map.of() : listener;
    }

    Optional<Any> resource(ResourceType type, String name) {
      Map<String, String> all =
          switch (type) {
            case LISTENER -> listener;
            case ROUTE -> route;
            case CLUSTER -> cluster;
            case ENDPOINT -> endpoint;
            case SETTINGS -> Map.of();
          };
      return Optional.ofNullable(all.get(name))
          .map(
              text ->
                  Any.newBuilder()
                      .setTypeUrl(type.typeUrl())
                      .setValue(ByteString.copyFrom(text.getBytes(StandardCharsets.ISO_8859_1)))
                      .build());
    }
  }

  static List<IstiodXds> all(String file) {
    return GoldenData.lines(file).stream()
        .map(each -> GoldenData.JSON.convertValue(each, IstiodXds.class))
        .toList();
  }

  /** What an agent knows that asks istiod as proxyless gRPC does. */
  MeshSnapshot proxyless(Collection<String> authorities) {
    ResourceCache agent = new ResourceCache();
    authorities.forEach(agent::subscribe);
    for (ResourceType type : IN_ORDER) {
      Offers.offerAny(agent, type, each -> grpc.resource(type, each));
    }
    return agent.snapshot();
  }

  /**
   * What an agent knows from what istiod sends a sidecar. A sidecar's listeners are sockets, which
   * an agent has none of: each authority that a virtual host is about gets a listener as our own
   * compiler makes it, with istiod's routes behind it.
   */
  MeshSnapshot sidecar(Collection<String> authorities) {
    ResourceCache agent = new ResourceCache();
    authorities.forEach(agent::subscribe);
    for (ResourceType type : IN_ORDER) {
      Offers.offerAny(
          agent,
          type,
          each -> type == ResourceType.LISTENER ? listener(each) : sidecar.resource(type, each));
    }
    return agent.snapshot();
  }

  private Optional<Any> listener(String authority) {
    int colon = authority.lastIndexOf(':');
    String port = authority.substring(colon + 1);
    Optional<Any> routes = sidecar.resource(ResourceType.ROUTE, port);
    if (routes.isEmpty() || !isMeshHost(routes.get(), authority.substring(0, colon))) {
      return Optional.empty();
    }
    HttpConnectionManager manager =
        HttpConnectionManager.newBuilder()
            .setRds(
                Rds.newBuilder()
                    .setRouteConfigName(port)
                    .setConfigSource(
                        ConfigSource.newBuilder()
                            .setAds(AggregatedConfigSource.getDefaultInstance())))
            .addHttpFilters(filter("http.fault.v3.HTTPFault"))
            .addHttpFilters(filter("http.cors.v3.Cors"))
            .addHttpFilters(filter("http.router.v3.Router"))
            .build();
    return Optional.of(
        any(
            ResourceType.LISTENER.typeUrl(),
            Listener.newBuilder()
                .setName(authority)
                .setApiListener(
                    ApiListener.newBuilder()
                        .setApiListener(
                            any(
                                FILTERS
                                    + "network.http_connection_manager.v3.HttpConnectionManager",
                                manager)))
                .build()));
  }

  /** Whether a virtual host is about it, and not about whatever nobody knows. */
  private static boolean isMeshHost(Any routes, String host) {
    try {
      return RouteConfiguration.parseFrom(routes.getValue()).getVirtualHostsList().stream()
          .map(VirtualHost::getDomainsList)
          .flatMap(List::stream)
          .anyMatch(domain -> !domain.equals("*") && covers(domain.toLowerCase(Locale.ROOT), host));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean covers(String domain, String host) {
    return domain.equals(host)
        || (domain.startsWith("*")
            && host.length() >= domain.length()
            && host.endsWith(domain.substring(1)));
  }

  private static HttpFilter filter(String type) {
    return HttpFilter.newBuilder()
        .setName(type)
        .setTypedConfig(Any.newBuilder().setTypeUrl(FILTERS + type))
        .build();
  }

  private static Any any(String type, MessageLite message) {
    return Any.newBuilder().setTypeUrl(type).setValue(message.toByteString()).build();
  }
}
