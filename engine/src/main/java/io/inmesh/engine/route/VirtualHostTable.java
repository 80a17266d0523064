package io.inmesh.engine.route;

import io.inmesh.engine.model.RouteConfiguration;
import io.inmesh.engine.model.VirtualHost;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A route configuration, prepared for look-ups: the virtual host by domain, then its routes in
 * order.
 *
 * <p>Domains match as in Envoy: exact, then the longest suffix wildcard ({@code *.x}), then the
 * longest prefix wildcard ({@code x.*}), then {@code *}; each with the port as written, then
 * without it; case does not count. Immutable, any thread.
 */
public final class VirtualHostTable {
  private record Wildcard(String part, RouteList routes) {}

  private final Map<String, RouteList> exact = new HashMap<>();
  private final List<Wildcard> suffixes = new ArrayList<>();
  private final List<Wildcard> prefixes = new ArrayList<>();
  private @Nullable RouteList any;

  public VirtualHostTable(RouteConfiguration configuration) {
    for (VirtualHost host : configuration.virtualHosts()) {
      RouteList routes = new RouteList(host.routes(), host.attemptCount());
      for (String domain : host.domains()) {
        add(domain.toLowerCase(Locale.ROOT), routes);
      }
    }
    Comparator<Wildcard> longestFirst = Comparator.comparingInt(w -> -w.part().length());
    suffixes.sort(longestFirst);
    prefixes.sort(longestFirst);
  }

  private void add(String domain, RouteList routes) {
    if (domain.equals("*")) {
      any = any == null ? routes : any;
    } else if (domain.startsWith("*")) {
      suffixes.add(new Wildcard(domain.substring(1), routes));
    } else if (domain.endsWith("*")) {
      prefixes.add(new Wildcard(domain.substring(0, domain.length() - 1), routes));
    } else {
      exact.putIfAbsent(domain, routes);
    }
  }

  /** The first route that the request matches; null if there is none. */
  public @Nullable RoutePlan find(RequestFields request) {
    RouteList routes = routesFor(request.authority());
    return routes == null ? null : routes.find(request);
  }

  /**
   * The routes that {@link #find} would hold a request against, in order, up to the one it finds,
   * with what of each the request fulfils; null if no virtual host is for its authority.
   */
  public @Nullable List<RouteTrial> explain(RequestFields request) {
    RouteList routes = routesFor(request.authority());
    return routes == null ? null : routes.explain(request);
  }

  private @Nullable RouteList routesFor(@Nullable String authority) {
    if (authority == null) {
      return any;
    }
    String host = lowerCase(authority);
    RouteList found = lookUp(host);
    if (found == null) {
      int colon = host.lastIndexOf(':');
      if (colon > host.lastIndexOf(']')) {
        found = lookUp(host.substring(0, colon));
      }
    }
    return found == null ? any : found;
  }

  private @Nullable RouteList lookUp(String host) {
    RouteList found = exact.get(host);
    if (found != null) {
      return found;
    }
    for (Wildcard suffix : suffixes) {
      if (host.length() > suffix.part().length() && host.endsWith(suffix.part())) {
        return suffix.routes();
      }
    }
    for (Wildcard prefix : prefixes) {
      if (host.length() > prefix.part().length() && host.startsWith(prefix.part())) {
        return prefix.routes();
      }
    }
    return null;
  }

  /** As {@link String#toLowerCase}, without a copy of what is in lower case already. */
  private static String lowerCase(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c >= 'A' && c <= 'Z') || c > 127) {
        return text.toLowerCase(Locale.ROOT);
      }
    }
    return text;
  }
}
