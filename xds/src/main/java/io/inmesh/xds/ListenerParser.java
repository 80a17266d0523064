package io.inmesh.xds;

import io.inmesh.engine.model.RouteConfiguration;
import io.inmesh.shaded.envoy.config.core.v3.ConfigSource;
import io.inmesh.shaded.envoy.config.listener.v3.Listener;
import io.inmesh.shaded.envoy.extensions.filters.http.router.v3.Router;
import io.inmesh.shaded.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.inmesh.shaded.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.inmesh.shaded.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.InvalidProtocolBufferException;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's API listener: an HTTP connection manager that names a route configuration or holds it.
 *
 * <p>Skipped, because they change nothing about a call: {@code stat_prefix}, {@code
 * initial_fetch_timeout} and {@code resource_api_version} of a config source, and of the HTTP
 * filters the router itself with {@code dynamic_stats} and {@code suppress_envoy_headers}.
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
    FieldGuard.requireNothingLeft(
        message.getApiListener().toBuilder().clearApiListener().build(), "api_listener");
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
      filter(manager.getHttpFilters(i), RouteParser.at(path, "http_filters", i));
    }
    if (manager.hasRds()) {
      Rds rds = manager.getRds();
      FieldGuard.requireNothingLeft(
          rds.toBuilder().clearConfigSource().clearRouteConfigName().build(), path + ".rds");
      requireAds(rds.getConfigSource(), path + ".rds.config_source");
      if (rds.getRouteConfigName().isEmpty()) {
        throw new RejectedException(path + ".rds.route_config_name", "is empty");
      }
      return new Parsed(message.getName(), rds.getRouteConfigName(), null);
    }
    if (manager.hasRouteConfig()) {
      return new Parsed(
          message.getName(),
          null,
          RouteParser.parse(manager.getRouteConfig(), path + ".route_config"));
    }
    throw new RejectedException(path, "neither rds nor route_config is set");
  }

  private static void filter(HttpFilter filter, String path) throws RejectedException {
    if (!filter.getTypedConfig().getTypeUrl().equals(ROUTER)) {
      throw new RejectedException(path, "'" + filter.getName() + "' is not supported");
    }
    FieldGuard.requireNothingLeft(
        filter.toBuilder().clearName().clearTypedConfig().clearIsOptional().build(), path);
    try {
      FieldGuard.requireNothingLeft(
          Router.parseFrom(filter.getTypedConfig().getValue()).toBuilder()
              .clearDynamicStats()
              .clearSuppressEnvoyHeaders()
              .build(),
          path + ".typed_config");
    } catch (InvalidProtocolBufferException e) {
      throw new RejectedException(path + ".typed_config", "cannot be decoded: " + e.getMessage());
    }
  }

  /** All configuration comes over the one stream. */
  static void requireAds(ConfigSource source, String path) throws RejectedException {
    FieldGuard.requireNothingLeft(
        source.toBuilder()
            .clearAds()
            .clearSelf()
            .clearInitialFetchTimeout()
            .clearResourceApiVersion()
            .build(),
        path);
    if (!source.hasAds() && !source.hasSelf()) {
      throw new RejectedException(path, "only ads and self are supported");
    }
  }

  private ListenerParser() {}
}
