package io.inmesh.control.compile;

import io.inmesh.control.registry.ServiceRegistry;
import io.inmesh.control.registry.StoredPolicy;
import io.inmesh.policy.Destination;
import io.inmesh.policy.DirectResponse;
import io.inmesh.policy.HeaderOperations;
import io.inmesh.policy.HttpMatch;
import io.inmesh.policy.HttpRoute;
import io.inmesh.policy.Redirect;
import io.inmesh.policy.Retries;
import io.inmesh.policy.RouteDestination;
import io.inmesh.shaded.envoy.config.core.v3.DataSource;
import io.inmesh.shaded.envoy.config.core.v3.Metadata;
import io.inmesh.shaded.envoy.config.route.v3.DirectResponseAction;
import io.inmesh.shaded.envoy.config.route.v3.RedirectAction;
import io.inmesh.shaded.envoy.config.route.v3.RedirectAction.RedirectResponseCode;
import io.inmesh.shaded.envoy.config.route.v3.Route;
import io.inmesh.shaded.envoy.config.route.v3.RouteAction;
import io.inmesh.shaded.envoy.config.route.v3.RouteMatch;
import io.inmesh.xds.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A VirtualService's rules as Envoy's routes, for one client and one port that was called. */
final class RouteCompiler {
  private static final int BAD_GATEWAY = 502;

  private final ServiceRegistry services;
  private final PolicyIndex policies;
  private final Client client;
  private final int port;
  private final ForwardCompiler forwards;

  /**
   * @param port that was called
   * @param rules what DestinationRules say to the client about a host
   */
  RouteCompiler(
      ServiceRegistry services,
      PolicyIndex policies,
      Client client,
      int port,
      Function<String, PolicyIndex.Rule> rules) {
    this.services = services;
    this.policies = policies;
    this.client = client;
    this.port = port;
    this.forwards = new ForwardCompiler(this::cluster, rules);
  }

  /** The routes of the rules that are for this client and port; none when no rule is. */
  List<Route> compile(StoredPolicy owner) {
    List<Route> routes = new ArrayList<>();
    for (PlacedRule placed : Delegation.rules(owner, policies)) {
      HttpRoute rule = placed.rule();
      if (rule.match().isEmpty()) {
        Metadata origin = Origins.of(owner, placed, -1);
        add(routes, rule, route(rule.name(), MatchCompiler.EVERYTHING, origin));
        return routes; // nothing comes past it
      }
      for (int i = 0; i < rule.match().size(); i++) {
        HttpMatch match = rule.match().get(i);
        if (misfit(match) == null) {
          Metadata origin = Origins.of(owner, placed, i);
          add(routes, rule, route(routeName(rule, match), MatchCompiler.compile(match), origin));
        }
      }
    }
    return routes;
  }

  private static Route.Builder route(String name, RouteMatch match, Metadata origin) {
    return Route.newBuilder().setName(name).setMatch(match).setMetadata(origin);
  }

  /** The rules of a VirtualService, with what of each is not for this client. */
  List<HostReport.Rule> report(StoredPolicy owner) {
    List<HostReport.Rule> reports = new ArrayList<>();
    for (PlacedRule placed : Delegation.all(owner, policies)) {
      List<HttpMatch> matches = placed.rule().match();
      List<HostReport.Match> each = new ArrayList<>();
      for (int i = 0; i < matches.size(); i++) {
        each.add(new HostReport.Match(i, matches.get(i).name(), misfit(matches.get(i))));
      }
      reports.add(
          new HostReport.Rule(
              placed.place(),
              placed.rule().name(),
              each,
              retrySource(placed.rule().retries()),
              placed.dropped()));
    }
    return reports;
  }

  private static HostReport.RetrySource retrySource(@Nullable Retries retries) {
    if (retries == null) {
      return HostReport.RetrySource.DEFAULT;
    }
    return RetryCompiler.dependsOnMethod(retries)
        ? HostReport.RetrySource.BY_METHOD
        : HostReport.RetrySource.WRITTEN;
  }

  /** Why a match is not for this client and port; null when it is. */
  private HostReport.@Nullable Misfit misfit(HttpMatch match) {
    if (match.port() != 0 && match.port() != port) {
      return new HostReport.Misfit("port", String.valueOf(match.port()), String.valueOf(port));
    }
    if (!match.gateways().isEmpty()) {
      // Where gateways are named, Istio does not look at the source.
      return match.appliesToMesh()
          ? null
          : new HostReport.Misfit("gateways", String.join(",", match.gateways()), "mesh");
    }
    if (!client.has(match.sourceLabels())) {
      return new HostReport.Misfit(
          "sourceLabels", pairs(match.sourceLabels()), pairs(client.labels()));
    }
    boolean inNamespace =
        match.sourceNamespace().isEmpty() || match.sourceNamespace().equals(client.namespace());
    return inNamespace
        ? null
        : new HostReport.Misfit("sourceNamespace", match.sourceNamespace(), client.namespace());
  }

  private static String pairs(Map<String, String> labels) {
    return labels.isEmpty()
        ? "no labels"
        : new TreeMap<>(labels)
            .entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(","));
  }

  private static String routeName(HttpRoute rule, HttpMatch match) {
    return rule.name().isEmpty() || match.name().isEmpty()
        ? rule.name()
        : rule.name() + "." + match.name();
  }

  /** Everything goes to the host's own cluster. */
  List<Route> defaultRoutes(String host) {
    return List.of(
        Route.newBuilder()
            .setName("default")
            .setMatch(MatchCompiler.EVERYTHING)
            .setRoute(forwards.toService(host, port))
            .build());
  }

  /** Everything fails: the host is not known, and what is not known is refused. */
  static List<Route> refusal() {
    return List.of(
        Route.newBuilder()
            .setName("block_all")
            .setMatch(MatchCompiler.EVERYTHING)
            .setDirectResponse(DirectResponseAction.newBuilder().setStatus(BAD_GATEWAY))
            .build());
  }

  private void add(List<Route> routes, HttpRoute rule, Route.Builder route) {
    HeaderOperations headers = rule.headers() == null ? HeaderOperations.NONE : rule.headers();
    change(route, headers);
    if (rule.fault() != null) {
      FilterCompiler.fault(route, rule.fault());
    }
    if (rule.corsPolicy() != null) {
      FilterCompiler.cors(route, rule.corsPolicy());
    }
    if (rule.redirect() != null) {
      routes.add(route.setRedirect(redirect(rule.redirect())).build());
    } else if (rule.directResponse() != null) {
      routes.add(route.setDirectResponse(directResponse(rule.directResponse())).build());
    } else {
      forward(routes, route, rule);
    }
  }

  private void forward(List<Route> routes, Route.Builder route, HttpRoute rule) {
    RouteAction.Builder action = forwards.action(rule);
    List<RouteDestination> destinations = rule.route();
    if (destinations.size() == 1) {
      // As part of the route its changes come last, and win.
      change(route, destinations.get(0).headers());
    }
    boolean hashed = destinations.size() == 1 && action.getHashPolicyCount() > 0;
    Retries retries = rule.retries();
    if (retries == null || !RetryCompiler.dependsOnMethod(retries)) {
      RetryCompiler.compile(retries, hashed).ifPresent(action::setRetryPolicy);
      routes.add(route.setRoute(action).build());
      return;
    }
    RouteMatch match = route.getMatch();
    RetryCompiler.compile(retries, hashed, true).ifPresent(action::setRetryPolicy);
    routes.add(
        route
            .setMatch(MatchCompiler.ofMethods(match, RetryCompiler.IDEMPOTENT_METHODS))
            .setRoute(action)
            .build());
    RetryCompiler.compile(retries, hashed, false).ifPresent(action::setRetryPolicy);
    routes.add(route.setMatch(match).setRoute(action).build());
  }

  private static void change(Route.Builder route, HeaderOperations headers) {
    route
        .addAllRequestHeadersToAdd(HeaderCompiler.values(headers.request()))
        .addAllRequestHeadersToRemove(HeaderCompiler.removals(headers.request()))
        .addAllResponseHeadersToAdd(HeaderCompiler.values(headers.response()))
        .addAllResponseHeadersToRemove(HeaderCompiler.removals(headers.response()));
  }

  private RedirectAction redirect(Redirect policy) {
    RedirectAction.Builder action = RedirectAction.newBuilder();
    if (policy.authority() != null) {
      action.setHostRedirect(policy.authority());
    }
    if (policy.uri() != null) {
      action.setPathRedirect(policy.uri());
    }
    if (policy.scheme() != null) {
      action.setSchemeRedirect(policy.scheme());
    }
    int target =
        policy.port() == 0 && policy.derivePort() == Redirect.PortSelection.FROM_REQUEST_PORT
            ? port
            : policy.port();
    boolean implied = "https".equals(policy.scheme()) ? target == 443 : target == 80;
    return action
        .setPortRedirect(implied ? 0 : target)
        .setResponseCode(
            switch (policy.redirectCode()) {
              case 302 -> RedirectResponseCode.FOUND;
              case 303 -> RedirectResponseCode.SEE_OTHER;
              case 307 -> RedirectResponseCode.TEMPORARY_REDIRECT;
              case 308 -> RedirectResponseCode.PERMANENT_REDIRECT;
              default -> RedirectResponseCode.MOVED_PERMANENTLY;
            })
        .build();
  }

  private static DirectResponseAction directResponse(DirectResponse policy) {
    DirectResponseAction.Builder action =
        DirectResponseAction.newBuilder().setStatus(policy.status());
    if (!policy.body().isEmpty()) {
      action.setBody(DataSource.newBuilder().setInlineString(policy.body()));
    }
    return action.build();
  }

  private String cluster(Destination destination) {
    String subset = destination.subset() == null ? "" : destination.subset();
    return Names.outbound(port(destination), subset, destination.host());
  }

  /** As Istio: what is written, else the service's only port, else the port that was called. */
  private int port(Destination destination) {
    if (destination.port() != 0) {
      return destination.port();
    }
    Set<Integer> ports = services.ports(destination.host(), client.namespace());
    return ports.size() == 1 ? ports.iterator().next() : port;
  }
}
