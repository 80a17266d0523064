package io.inmesh.xds;

import io.inmesh.engine.model.FaultPolicy;
import io.inmesh.engine.model.HeaderMutations;
import io.inmesh.engine.model.RetryPolicy;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.model.RouteAction;
import io.inmesh.engine.model.RouteConfiguration;
import io.inmesh.engine.model.RouteOrigin;
import io.inmesh.engine.model.VirtualHost;
import io.inmesh.shaded.envoy.config.core.v3.DataSource;
import io.inmesh.shaded.envoy.config.core.v3.Metadata;
import io.inmesh.shaded.envoy.config.route.v3.DirectResponseAction;
import io.inmesh.shaded.envoy.config.route.v3.RedirectAction;
import io.inmesh.shaded.protobuf.ByteString;
import io.inmesh.shaded.protobuf.Struct;
import io.inmesh.shaded.protobuf.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Envoy's RouteConfiguration to ours. What a configuration or a virtual host says for all its
 * routes becomes a part of each.
 *
 * <p>Skipped, because they change nothing about a call: {@code validate_clusters} (a cluster that
 * is missing answers 503 NC), {@code metadata} (but for the route's origin, for people) and {@code
 * decorator} (names for consoles and spans), {@code stat_prefix} and {@code
 * ignore_port_in_host_matching} (we always try both).
 */
final class RouteParser {
  /** Envoy's default, in bytes. */
  private static final int DIRECT_RESPONSE_BODY = 4096;

  /** What the levels above a route say for it. */
  private record Around(
      HeaderMutations request,
      HeaderMutations response,
      FilterConfigs filters,
      RetryPolicy retries,
      long largestBody) {}

  static RouteConfiguration parse(
      io.inmesh.shaded.envoy.config.route.v3.RouteConfiguration message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder()
            .clearName()
            .clearVirtualHosts()
            .clearRequestHeadersToAdd()
            .clearRequestHeadersToRemove()
            .clearResponseHeadersToAdd()
            .clearResponseHeadersToRemove()
            .clearTypedPerFilterConfig()
            .clearValidateClusters()
            .clearIgnorePortInHostMatching()
            .clearMaxDirectResponseBodySizeBytes()
            .clearMetadata()
            .build(),
        path);
    Around around =
        new Around(
            HeaderMutationsParser.request(
                message.getRequestHeadersToAddList(),
                message.getRequestHeadersToRemoveList(),
                path),
            HeaderMutationsParser.response(
                message.getResponseHeadersToAddList(),
                message.getResponseHeadersToRemoveList(),
                path),
            FilterConfigs.parse(message.getTypedPerFilterConfigMap(), path),
            RetryPolicy.NONE,
            message.hasMaxDirectResponseBodySizeBytes()
                ? Integer.toUnsignedLong(message.getMaxDirectResponseBodySizeBytes().getValue())
                : DIRECT_RESPONSE_BODY);
    List<VirtualHost> hosts = new ArrayList<>();
    Set<String> domains = new HashSet<>();
    for (int i = 0; i < message.getVirtualHostsCount(); i++) {
      String hostPath = at(path, "virtual_hosts", i);
      VirtualHost host = host(message.getVirtualHosts(i), around, hostPath);
      for (String domain : host.domains()) {
        if (!domains.add(domain.toLowerCase(Locale.ROOT))) {
          throw new RejectedException(hostPath + ".domains", "'" + domain + "' is there twice");
        }
      }
      hosts.add(host);
    }
    return new RouteConfiguration(message.getName(), hosts);
  }

  private static VirtualHost host(
      io.inmesh.shaded.envoy.config.route.v3.VirtualHost message, Around outer, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder()
            .clearName()
            .clearDomains()
            .clearRoutes()
            .clearRequestHeadersToAdd()
            .clearRequestHeadersToRemove()
            .clearResponseHeadersToAdd()
            .clearResponseHeadersToRemove()
            .clearTypedPerFilterConfig()
            .clearRetryPolicy()
            .clearMetadata()
            .clearIncludeRequestAttemptCount()
            .build(),
        path);
    requireDomains(message.getDomainsList(), path);
    Around around =
        new Around(
            HeaderMutationsParser.both(
                HeaderMutationsParser.request(
                    message.getRequestHeadersToAddList(),
                    message.getRequestHeadersToRemoveList(),
                    path),
                outer.request()),
            HeaderMutationsParser.both(
                HeaderMutationsParser.response(
                    message.getResponseHeadersToAddList(),
                    message.getResponseHeadersToRemoveList(),
                    path),
                outer.response()),
            FilterConfigs.parse(message.getTypedPerFilterConfigMap(), path).within(outer.filters()),
            message.hasRetryPolicy()
                ? RetryPolicyParser.parse(message.getRetryPolicy(), path + ".retry_policy")
                : outer.retries(),
            outer.largestBody());
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < message.getRoutesCount(); i++) {
      routes.add(route(message.getRoutes(i), around, at(path, "routes", i)));
    }
    return new VirtualHost(
        message.getName(),
        message.getDomainsList(),
        routes,
        message.getIncludeRequestAttemptCount());
  }

  private static void requireDomains(List<String> domains, String path) throws RejectedException {
    if (domains.isEmpty()) {
      throw new RejectedException(path + ".domains", "at least one domain is needed");
    }
    for (int i = 0; i < domains.size(); i++) {
      String domain = domains.get(i);
      int star = domain.indexOf('*');
      boolean edge = star <= 0 || star == domain.length() - 1;
      if (domain.isEmpty() || !edge || star != domain.lastIndexOf('*')) {
        throw new RejectedException(
            at(path, "domains", i), "'" + domain + "': one * is allowed, at the start or the end");
      }
    }
  }

  private static Route route(
      io.inmesh.shaded.envoy.config.route.v3.Route message, Around around, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder()
            .clearName()
            .clearMatch()
            .clearRoute()
            .clearRedirect()
            .clearDirectResponse()
            .clearRequestHeadersToAdd()
            .clearRequestHeadersToRemove()
            .clearResponseHeadersToAdd()
            .clearResponseHeadersToRemove()
            .clearTypedPerFilterConfig()
            .clearMetadata()
            .clearDecorator()
            .clearStatPrefix()
            .build(),
        path);
    FilterConfigs filters =
        FilterConfigs.parse(message.getTypedPerFilterConfigMap(), path).within(around.filters());
    RouteAction action =
        switch (message.getActionCase()) {
          case ROUTE ->
              RouteActionParser.parse(message.getRoute(), around.retries(), path + ".route");
          case REDIRECT -> redirect(message.getRedirect(), path + ".redirect");
          case DIRECT_RESPONSE ->
              directResponse(
                  message.getDirectResponse(), around.largestBody(), path + ".direct_response");
          default ->
              throw new RejectedException(
                  path + ".route", "is missing, and there is no redirect or direct_response");
        };
    return new Route(
        message.getName(),
        RouteMatchParser.parse(message.getMatch(), path + ".match"),
        action,
        HeaderMutationsParser.both(
            HeaderMutationsParser.request(
                message.getRequestHeadersToAddList(),
                message.getRequestHeadersToRemoveList(),
                path),
            around.request()),
        HeaderMutationsParser.both(
            HeaderMutationsParser.response(
                message.getResponseHeadersToAddList(),
                message.getResponseHeadersToRemoveList(),
                path),
            around.response()),
        filters.fault() == null ? FaultPolicy.NONE : filters.fault(),
        filters.cors(),
        origin(message.getMetadata()));
  }

  /** What is missing or of another type is not known: it decides nothing. */
  private static RouteOrigin origin(Metadata metadata) {
    String config = field(metadata, "istio", "config").getStringValue();
    if (config.isEmpty()) {
      return RouteOrigin.UNKNOWN;
    }
    Value match = field(metadata, "inmesh", "match");
    return new RouteOrigin(
        config,
        field(metadata, "inmesh", "rule").getStringValue(),
        match.hasNumberValue() && match.getNumberValue() >= 0 ? (int) match.getNumberValue() : -1);
  }

  private static Value field(Metadata metadata, String namespace, String name) {
    return metadata
        .getFilterMetadataOrDefault(namespace, Struct.getDefaultInstance())
        .getFieldsOrDefault(name, Value.getDefaultInstance());
  }

  private static RouteAction.Redirect redirect(RedirectAction message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder()
            .clearHttpsRedirect()
            .clearSchemeRedirect()
            .clearHostRedirect()
            .clearPortRedirect()
            .clearPathRedirect()
            .clearPrefixRewrite()
            .clearResponseCode()
            .build(),
        path);
    int status =
        switch (message.getResponseCode()) {
          case MOVED_PERMANENTLY -> 301;
          case FOUND -> 302;
          case SEE_OTHER -> 303;
          case TEMPORARY_REDIRECT -> 307;
          case PERMANENT_REDIRECT -> 308;
          default ->
              throw new RejectedException(
                  path + ".response_code", message.getResponseCodeValue() + " is not supported");
        };
    String scheme = message.getHttpsRedirect() ? "https" : message.getSchemeRedirect();
    if (!scheme.isEmpty() && !scheme.equals("http") && !scheme.equals("https")) {
      throw new RejectedException(path + ".scheme_redirect", "'" + scheme + "' is not supported");
    }
    int port = message.getPortRedirect();
    if (port < 0 || port > 65_535) {
      throw new RejectedException(
          path + ".port_redirect", Integer.toUnsignedString(port) + " is not in 0-65535");
    }
    boolean prefix = !message.getPrefixRewrite().isEmpty();
    return new RouteAction.Redirect(
        status,
        scheme,
        message.getHostRedirect(),
        port,
        prefix ? message.getPrefixRewrite() : message.getPathRedirect(),
        prefix);
  }

  private static RouteAction.DirectResponse directResponse(
      DirectResponseAction message, long largestBody, String path) throws RejectedException {
    FieldGuard.requireNothingLeft(message.toBuilder().clearStatus().clearBody().build(), path);
    int status = message.getStatus();
    if (status < 200 || status > 599) {
      throw new RejectedException(
          path + ".status", Integer.toUnsignedString(status) + " is not in 200-599");
    }
    return new RouteAction.DirectResponse(
        status, body(message.getBody(), largestBody, path + ".body"));
  }

  private static String body(DataSource message, long largest, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder().clearInlineString().clearInlineBytes().build(), path);
    ByteString bytes =
        message.hasInlineBytes()
            ? message.getInlineBytes()
            : ByteString.copyFromUtf8(message.getInlineString());
    if (bytes.size() > largest) {
      throw new RejectedException(
          path, "has " + bytes.size() + " bytes, more than the " + largest + " that are allowed");
    }
    if (!bytes.isValidUtf8()) {
      throw new RejectedException(path + ".inline_bytes", "is not UTF-8 text: not supported");
    }
    return bytes.toStringUtf8();
  }

  static String at(String path, String field, int index) {
    return (path.isEmpty() ? "" : path + ".") + field + "[" + index + "]";
  }

  private RouteParser() {}
}
