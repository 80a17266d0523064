package io.inmesh.xds;

import io.inmesh.engine.model.RouteConfiguration;
import io.inmesh.shaded.envoy.config.core.v3.ConfigSource;
import io.inmesh.shaded.envoy.config.listener.v3.Listener;
import io.inmesh.shaded.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.InvalidProtocolBufferException;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's API listener: an HTTP connection manager that names a route configuration or holds it.
 *
 * <p>Skipped, because they change nothing about a call: {@code stat_prefix}, and of the HTTP
 * filters the router itself.
 */
final class ListenerParser {
  private static final String MANAGER =
      "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3"
          + ".HttpConnectionManager";
  private static final String ROUTER =
      "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router";

  /** Exactly one of {@code routeName} and {@code routes} is there. */
  record Parsed(String name, @Nullable String routeName, @Nullable RouteConfiguration routes) {}

  static Parsed parse(Listener message) throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder().clearName().clearApiListener().clearStatPrefix().build(), "");
    if (!message.hasApiListener()) {
      throw new RejectedException("api_listener", "is missing: other listeners are not supported");
    }
    Any any = message.getApiListener().getApiListener();
    String path = "api_listener.api_listener";
    if (!any.getTypeUrl().equals(MANAGER)) {
      throw new RejectedException(path, "type '" + any.getTypeUrl() + "' is not supported");
    }
    HttpConnectionManager manager;
    try {
      manager = HttpConnectionManager.parseFrom(any.getValue());
    } catch (InvalidProtocolBufferException e) {
      throw new RejectedException(path, "cannot be decoded: " + e.getMessage());
    }
    FieldGuard.requireNothingLeft(
        manager.toBuilder()
            .clearStatPrefix()
            .clearRds()
            .clearRouteConfig()
            .clearHttpFilters()
            .build(),
        path);
    for (int i = 0; i < manager.getHttpFiltersCount(); i++) {
      var filter = manager.getHttpFilters(i);
      if (!filter.getTypedConfig().getTypeUrl().equals(ROUTER)) {
        throw new RejectedException(
            RouteParser.at(path, "http_filters", i), "'" + filter.getName() + "' is not supported");
      }
    }
    if (manager.hasRds()) {
      requireAds(manager.getRds().getConfigSource(), path + ".rds.config_source");
      return new Parsed(message.getName(), manager.getRds().getRouteConfigName(), null);
    }
    if (manager.hasRouteConfig()) {
      return new Parsed(
          message.getName(),
          null,
          RouteParser.parse(manager.getRouteConfig(), path + ".route_config"));
    }
    throw new RejectedException(path, "neither rds nor route_config is set");
  }

  /** All configuration comes over the one stream. */
  static void requireAds(ConfigSource source, String path) throws RejectedException {
    if (!source.hasAds() && !source.hasSelf()) {
      throw new RejectedException(path, "only ads and self are supported");
    }
  }

  private ListenerParser() {}
}
