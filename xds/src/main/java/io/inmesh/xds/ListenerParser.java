package io.inmesh.xds;

import io.inmesh.engine.model.FaultPolicy;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.model.RouteConfiguration;
import io.inmesh.engine.model.VirtualHost;
import io.inmesh.shaded.envoy.config.core.v3.ConfigSource;
import io.inmesh.shaded.envoy.config.listener.v3.Listener;
import io.inmesh.shaded.envoy.extensions.filters.http.cors.v3.Cors;
import io.inmesh.shaded.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.inmesh.shaded.envoy.extensions.filters.http.router.v3.Router;
import io.inmesh.shaded.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.inmesh.shaded.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.inmesh.shaded.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.InvalidProtocolBufferException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's API listener: an HTTP connection manager that names a route configuration or holds it.
 *
 * <p>Skipped, because they change nothing about a call: {@code stat_prefix}, the {@code address}
 * (istiod names the service's there, and an API listener listens nowhere), {@code
 * initial_fetch_timeout} and {@code resource_api_version} of a config source, and of the HTTP
 * filters the router's {@code dynamic_stats} and {@code suppress_envoy_headers}, those that only
 * count ({@link #COUNTERS}), and any that the server itself calls optional.
 */
final class ListenerParser {
  private static final String MANAGER =
      "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3"
          + ".HttpConnectionManager";
  private static final String ROUTER =
      "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router";

  private static final String CORS =
      "type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors";

  /** Filters that watch calls and change none. */
  private static final Set<String> COUNTERS =
      Set.of(
          "type.googleapis.com/envoy.extensions.filters.http.grpc_stats.v3.FilterConfig",
          "type.googleapis.com/stats.PluginConfig");

  /** The filters that routes can have settings for. */
  enum Filter {
    FAULT,
    CORS
  }

  /**
   * Exactly one of {@code routeName} and {@code routes} is there.
   *
   * @param filters what a route says for another one has no effect, as in Envoy
   */
  record Parsed(
      String name,
      @Nullable String routeName,
      @Nullable RouteConfiguration routes,
      Set<Filter> filters) {
    /** What is left of routes where a filter is missing. */
    RouteConfiguration effective(RouteConfiguration configuration) {
      if (filters.size() == Filter.values().length) {
        return configuration;
      }
      return new RouteConfiguration(
          configuration.name(),
          configuration.virtualHosts().stream()
              .map(
                  host ->
                      new VirtualHost(
                          host.name(),
                          host.domains(),
                          host.routes().stream().map(this::effective).toList(),
                          host.attemptCount()))
              .toList());
    }

    private Route effective(Route route) {
      return new Route(
          route.name(),
          route.match(),
          route.action(),
          route.requestHeaders(),
          route.responseHeaders(),
          filters.contains(Filter.FAULT) ? route.fault() : FaultPolicy.NONE,
          filters.contains(Filter.CORS) ? route.cors() : null,
          route.origin());
    }
  }

  static Parsed parse(Listener message) throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder().clearName().clearAddress().clearApiListener().clearStatPrefix().build(),
        "");
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
    Set<Filter> filters = EnumSet.noneOf(Filter.class);
    for (int i = 0; i < manager.getHttpFiltersCount(); i++) {
      String filterPath = RouteParser.at(path, "http_filters", i);
      Filter filter = filter(manager.getHttpFilters(i), filterPath);
      if (filter == Filter.FAULT && filters.contains(Filter.CORS)) {
        // Calls go through the filters in order, and a fault goes first here.
        throw new RejectedException(filterPath, "a fault filter behind cors is not supported");
      }
      if (filter != null) {
        filters.add(filter);
      }
    }
    if (manager.hasRds()) {
      Rds rds = manager.getRds();
      FieldGuard.requireNothingLeft(
          rds.toBuilder().clearConfigSource().clearRouteConfigName().build(), path + ".rds");
      requireAds(rds.getConfigSource(), path + ".rds.config_source");
      if (rds.getRouteConfigName().isEmpty()) {
        throw new RejectedException(path + ".rds.route_config_name", "is empty");
      }
      return new Parsed(message.getName(), rds.getRouteConfigName(), null, filters);
    }
    if (manager.hasRouteConfig()) {
      return new Parsed(
          message.getName(),
          null,
          RouteParser.parse(manager.getRouteConfig(), path + ".route_config"),
          filters);
    }
    throw new RejectedException(path, "neither rds nor route_config is set");
  }

  /** Null for one that routes say nothing about. */
  private static @Nullable Filter filter(HttpFilter filter, String path) throws RejectedException {
    Any config = filter.getTypedConfig();
    Filter known =
        switch (config.getTypeUrl()) {
          case FilterConfigs.FAULT_TYPE -> Filter.FAULT;
          case CORS -> Filter.CORS;
          default -> null;
        };
    boolean skipped = COUNTERS.contains(config.getTypeUrl()) || filter.getIsOptional();
    if (known == null && !config.getTypeUrl().equals(ROUTER)) {
      if (!skipped) {
        throw new RejectedException(path, "'" + filter.getName() + "' is not supported");
      }
      return null;
    }
    FieldGuard.requireNothingLeft(
        filter.toBuilder().clearName().clearTypedConfig().clearIsOptional().build(), path);
    try {
      // What holds for every route is for the routes to say.
      FieldGuard.requireNothingLeft(
          known == Filter.FAULT
              ? HTTPFault.parseFrom(config.getValue())
              : known == Filter.CORS
                  ? Cors.parseFrom(config.getValue())
                  : Router.parseFrom(config.getValue()).toBuilder()
                      .clearDynamicStats()
                      .clearSuppressEnvoyHeaders()
                      .build(),
          path + ".typed_config");
    } catch (InvalidProtocolBufferException e) {
      throw new RejectedException(path + ".typed_config", "cannot be decoded: " + e.getMessage());
    }
    return known;
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
