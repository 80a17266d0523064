package io.inmesh.control.compile;

import io.inmesh.control.registry.ServiceRegistry;
import io.inmesh.control.registry.StoredPolicy;
import io.inmesh.policy.Destination;
import io.inmesh.policy.Hosts;
import io.inmesh.policy.HttpMatch;
import io.inmesh.policy.HttpRoute;
import io.inmesh.policy.RouteDestination;
import io.inmesh.policy.StringMatch;
import io.inmesh.policy.VirtualService;
import io.inmesh.shaded.envoy.config.route.v3.HeaderMatcher;
import io.inmesh.shaded.envoy.config.route.v3.QueryParameterMatcher;
import io.inmesh.shaded.envoy.config.route.v3.Route;
import io.inmesh.shaded.envoy.config.route.v3.RouteAction;
import io.inmesh.shaded.envoy.config.route.v3.RouteConfiguration;
import io.inmesh.shaded.envoy.config.route.v3.RouteMatch;
import io.inmesh.shaded.envoy.config.route.v3.WeightedCluster;
import io.inmesh.shaded.envoy.type.matcher.v3.RegexMatcher;
import io.inmesh.shaded.envoy.type.matcher.v3.StringMatcher;
import io.inmesh.shaded.protobuf.BoolValue;
import io.inmesh.shaded.protobuf.UInt32Value;
import io.inmesh.xds.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A VirtualService's rules as Envoy's routes, for one port that was called. */
final class RouteCompiler {
  private final ServiceRegistry services;
  private final String clientNamespace;
  private final int port;

  RouteCompiler(ServiceRegistry services, String clientNamespace, int port) {
    this.services = services;
    this.clientNamespace = clientNamespace;
    this.port = port;
  }

  RouteConfiguration compile(String name, StoredPolicy owner) {
    VirtualService service = (VirtualService) owner.spec();
    List<Route> routes = new ArrayList<>();
    for (HttpRoute rule : service.http()) {
      RouteAction action = action(rule, owner.namespace());
      if (rule.match().isEmpty()) {
        routes.add(route(rule.name(), everything(), action));
      }
      for (HttpMatch match : rule.match()) {
        if (match.port() == 0 || match.port() == port) {
          routes.add(route(routeName(rule, match), match(match), action));
        }
      }
    }
    return Resources.routes(name, routes);
  }

  /** Everything goes to the host's own cluster. */
  RouteConfiguration defaultRoutes(String name, String cluster) {
    RouteAction action =
        RouteAction.newBuilder()
            .setCluster(cluster)
            .setRetryPolicy(Resources.DEFAULT_RETRY_POLICY)
            .build();
    return Resources.routes(name, List.of(route("default", everything(), action)));
  }

  private static Route route(String name, RouteMatch match, RouteAction action) {
    return Route.newBuilder().setName(name).setMatch(match).setRoute(action).build();
  }

  private static String routeName(HttpRoute rule, HttpMatch match) {
    return rule.name().isEmpty() || match.name().isEmpty()
        ? rule.name()
        : rule.name() + "." + match.name();
  }

  private RouteAction action(HttpRoute rule, String policyNamespace) {
    RouteAction.Builder action =
        RouteAction.newBuilder().setRetryPolicy(Resources.DEFAULT_RETRY_POLICY);
    List<RouteDestination> destinations = rule.route();
    if (destinations.size() == 1) {
      return action.setCluster(cluster(destinations.get(0), policyNamespace)).build();
    }
    WeightedCluster.Builder weighted = WeightedCluster.newBuilder();
    for (RouteDestination destination : destinations) {
      // A weight of 0 stays: its cluster is then warm when the weight rises.
      weighted.addClusters(
          WeightedCluster.ClusterWeight.newBuilder()
              .setName(cluster(destination, policyNamespace))
              .setWeight(UInt32Value.of(destination.weight())));
    }
    return action.setWeightedClusters(weighted).build();
  }

  private String cluster(RouteDestination routeDestination, String policyNamespace) {
    Destination destination = routeDestination.destination();
    String host = Hosts.fqdn(destination.host(), policyNamespace).toLowerCase(Locale.ROOT);
    String subset = destination.subset() == null ? "" : destination.subset();
    return Names.outbound(port(destination, host), subset, host);
  }

  /** As Istio: what is written, else the service's only port, else the port that was called. */
  private int port(Destination destination, String host) {
    if (destination.port() != 0) {
      return destination.port();
    }
    Set<Integer> ports = services.ports(host, clientNamespace);
    return ports.size() == 1 ? ports.iterator().next() : port;
  }

  private static RouteMatch everything() {
    return RouteMatch.newBuilder().setPrefix("/").build();
  }

  private static RouteMatch match(HttpMatch match) {
    RouteMatch.Builder route = RouteMatch.newBuilder();
    StringMatch uri = match.uri();
    if (uri instanceof StringMatch.Exact exact) {
      route.setPath(exact.value());
    } else if (uri instanceof StringMatch.Regex regex) {
      route.setSafeRegex(RegexMatcher.newBuilder().setRegex(regex.pattern()));
    } else {
      route.setPrefix(uri instanceof StringMatch.Prefix prefix ? prefix.value() : "/");
    }
    if (match.ignoreUriCase() && !(uri instanceof StringMatch.Regex)) {
      route.setCaseSensitive(BoolValue.of(false));
    }
    pseudoHeader(route, ":method", match.method());
    pseudoHeader(route, ":scheme", match.scheme());
    pseudoHeader(route, ":authority", match.authority());
    sorted(match.headers()).forEach((name, value) -> route.addHeaders(header(name, value)));
    sorted(match.withoutHeaders())
        .forEach((name, value) -> route.addHeaders(withoutHeader(name, value)));
    sorted(match.queryParams())
        .forEach((name, value) -> route.addQueryParameters(queryParameter(name, value)));
    return route.build();
  }

  /** The same policy makes the same bytes, whatever order a map has. */
  private static Map<String, StringMatch> sorted(Map<String, StringMatch> matches) {
    return new TreeMap<>(matches);
  }

  private static void pseudoHeader(
      RouteMatch.Builder route, String name, @Nullable StringMatch value) {
    if (value != null) {
      route.addHeaders(header(name, value));
    }
  }

  private static HeaderMatcher.Builder header(String name, StringMatch value) {
    HeaderMatcher.Builder header = HeaderMatcher.newBuilder().setName(name);
    return value instanceof StringMatch.Present
        ? header.setPresentMatch(true)
        : header.setStringMatch(string(value));
  }

  private static HeaderMatcher.Builder withoutHeader(String name, StringMatch value) {
    HeaderMatcher.Builder header = header(name, value).setInvertMatch(true);
    return value instanceof StringMatch.Present
        ? header
        : header.setTreatMissingHeaderAsEmpty(true);
  }

  private static QueryParameterMatcher.Builder queryParameter(String name, StringMatch value) {
    QueryParameterMatcher.Builder parameter = QueryParameterMatcher.newBuilder().setName(name);
    return value instanceof StringMatch.Present
        ? parameter.setPresentMatch(true)
        : parameter.setStringMatch(string(value));
  }

  private static StringMatcher string(StringMatch match) {
    StringMatcher.Builder string = StringMatcher.newBuilder();
    if (match instanceof StringMatch.Exact exact) {
      string.setExact(exact.value());
    } else if (match instanceof StringMatch.Prefix prefix) {
      string.setPrefix(prefix.value());
    } else if (match instanceof StringMatch.Regex regex) {
      string.setSafeRegex(RegexMatcher.newBuilder().setRegex(regex.pattern()));
    }
    return string.build();
  }
}
