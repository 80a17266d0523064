package io.inmesh.control.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.EndpointGroup;
import io.inmesh.engine.model.HeaderMatcher;
import io.inmesh.engine.model.Listener;
import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.engine.model.OutlierDetection;
import io.inmesh.engine.model.QueryParameterMatcher;
import io.inmesh.engine.model.RetryCondition;
import io.inmesh.engine.model.RetryPolicy;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.model.RouteAction;
import io.inmesh.engine.model.RouteAction.Forward;
import io.inmesh.engine.model.RouteMatch;
import io.inmesh.engine.model.VirtualHost;
import io.inmesh.engine.model.WeightedCluster;
import io.inmesh.golden.GoldenCase;
import io.inmesh.golden.GoldenData;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What an agent makes of our own compiler's bytes, and of a real istiod's for a sidecar and the
 * same policies, is equal, but for what {@link #plain(Cluster)} and {@link #plain(Route)} take off:
 * it changes no call, or differs by design.
 */
class CompiledAsIstiodTest {
  private static final Map<String, GoldenCase> CASES =
      Stream.concat(GoldenData.cases().stream(), GoldenData.generated().stream())
          .collect(Collectors.toMap(GoldenCase::name, Function.identity()));

  /** D4(a): of a rule's routes by method istiod has one, with retries that never happen. */
  private static final String UNSET = "D4(a)";

  private int clusters;
  private int routes;
  private final List<String> differences = new ArrayList<>();

  @Test
  void compiled_recordedPolicies_asIstiods() {
    for (String file : List.of("istiod-golden.jsonl.gz", "istiod-generated.jsonl.gz")) {
      IstiodXds.all(file).forEach(this::compare);
    }
    assertThat(differences).isEmpty();
    assertThat(clusters).isGreaterThan(600);
    assertThat(routes).isGreaterThan(1_000);
  }

  private void compare(IstiodXds sent) {
    GoldenCase golden = CASES.get(sent.name());
    if (golden == null) {
      differences.add(sent.name() + " is no case");
      return;
    }
    GoldenMesh mesh = new GoldenMesh(golden.policy());
    if (!mesh.problems().isEmpty()) {
      return; // of these the replays tell
    }
    Set<String> targets = new Replay(golden).targets();
    MeshSnapshot theirs = sent.sidecar(targets);
    MeshSnapshot ours = mesh.snapshot(golden.client(), targets);
    ours.listeners()
        .forEach(
            (name, listener) -> {
              Listener other = theirs.listeners().get(name);
              if (other != null) {
                compare(sent.name() + " " + name, listener, other, name);
              }
            });
    ours.clusters()
        .forEach(
            (name, cluster) -> {
              Cluster other = theirs.clusters().get(name);
              if (other != null) {
                clusters++;
                check(sent.name() + " " + name, plain(cluster), plain(other));
              }
            });
  }

  private void compare(String place, Listener ours, Listener theirs, String authority) {
    String host = authority.substring(0, authority.lastIndexOf(':'));
    Optional<List<Route>> sent = routes(theirs, host);
    List<Route> compiled = ours.routes().virtualHosts().get(0).routes();
    if (sent.isEmpty()) {
      return;
    }
    // istiod drops what comes after a route that takes everything.
    int least = Math.min(compiled.size(), sent.get().size());
    for (int i = 0; i < least; i++) {
      Route route = plain(compiled.get(i));
      if (route.name().equals(UNSET)) {
        return;
      }
      routes++;
      check(place + " route " + i, route, plain(sent.get().get(i)));
    }
  }

  private void check(String place, Object ours, Object theirs) {
    if (!ours.equals(theirs)) {
      differences.add(place + "\n  ours   " + ours + "\n  theirs " + theirs);
    }
  }

  /** The exact name goes before the longest wildcard. */
  private static Optional<List<Route>> routes(Listener listener, String host) {
    Comparator<Map.Entry<String, List<Route>>> byLength =
        Comparator.comparingInt(entry -> entry.getKey().length());
    return listener.routes().virtualHosts().stream()
        .flatMap(each -> each.domains().stream().map(domain -> Map.entry(lower(domain), each)))
        .filter(entry -> covers(entry.getKey(), host))
        .map(entry -> Map.entry(entry.getKey(), routesOf(entry.getValue())))
        .max(
            Comparator.<Map.Entry<String, List<Route>>, Boolean>comparing(
                    entry -> entry.getKey().equals(host))
                .thenComparing(byLength))
        .map(Map.Entry::getValue);
  }

  private static String lower(String domain) {
    return domain.toLowerCase(Locale.ROOT);
  }

  private static List<Route> routesOf(VirtualHost host) {
    return host.routes();
  }

  private static boolean covers(String domain, String host) {
    return domain.equals(host)
        || (domain.length() > 1 && domain.startsWith("*") && host.endsWith(domain.substring(1)));
  }

  /**
   * Without an order of endpoints, the weight of a place that is the sum of its endpoints' (gRPC's
   * clients need one, so ours sends it), the panic threshold where nothing is ever ejected, and
   * D4(b).
   */
  private static Cluster plain(Cluster cluster) {
    OutlierDetection outliers = cluster.outlierDetection();
    return new Cluster(
        cluster.name(),
        cluster.lbPolicy(),
        cluster.groups().stream()
            .map(CompiledAsIstiodTest::plain)
            .sorted(Comparator.comparing(Object::toString))
            .toList(),
        cluster.connection(),
        cluster.circuitBreakers(),
        outliers == null ? null : plain(outliers),
        outliers == null ? 0 : cluster.panicThreshold(),
        cluster.statName());
  }

  private static EndpointGroup plain(EndpointGroup group) {
    boolean ofEndpoints =
        group.weight() == group.endpoints().stream().mapToInt(Endpoint::weight).sum();
    return new EndpointGroup(
        group.locality(),
        group.priority(),
        ofEndpoints ? 0 : group.weight(),
        group.endpoints().stream().sorted(Comparator.comparing(Object::toString)).toList());
  }

  private static OutlierDetection plain(OutlierDetection outliers) {
    return new OutlierDetection(
        outliers.consecutive5xx(),
        outliers.consecutiveGateway(),
        outliers.consecutiveLocalOrigin(),
        outliers.splitLocalOrigin(),
        outliers.interval(),
        outliers.baseEjectionTime(),
        outliers.maxEjectionTime(),
        outliers.maxEjectionPercent(),
        false);
  }

  /** With headers and parameters in one order, without destinations that get nothing. */
  private static Route plain(Route route) {
    List<HeaderMatcher> headers =
        route.match().headers().stream().sorted(Comparator.comparing(Object::toString)).toList();
    List<QueryParameterMatcher> queries =
        route.match().queryParameters().stream()
            .sorted(Comparator.comparing(Object::toString))
            .toList();
    boolean byMethod =
        headers.stream().anyMatch(each -> each.toString().contains("GET|HEAD|OPTIONS|TRACE"));
    return new Route(
        byMethod ? UNSET : route.name(),
        new RouteMatch(route.match().path(), headers, queries),
        plain(route.action()),
        route.requestHeaders(),
        route.responseHeaders(),
        route.fault(),
        route.cors());
  }

  private static RouteAction plain(RouteAction action) {
    if (!(action instanceof Forward forward)) {
      return action;
    }
    List<WeightedCluster> used =
        forward.clusters().stream()
            .filter(each -> each.weight() > 0 || forward.clusters().size() == 1)
            .toList();
    return new Forward(
        used,
        forward.pathRewrite(),
        forward.hostRewrite(),
        forward.timeout(),
        forward.grpcTimeoutLimit(),
        plain(forward.retryPolicy(), !forward.hashPolicies().isEmpty()),
        forward.hashPolicies(),
        forward.mirrors());
  }

  /**
   * Istio asks for status codes and names none: no answer has one of them. Where a key decides,
   * another draw finds the same endpoint.
   */
  private static RetryPolicy plain(RetryPolicy policy, boolean keyed) {
    Set<RetryCondition> conditions = EnumSet.noneOf(RetryCondition.class);
    conditions.addAll(policy.conditions());
    if (policy.statusCodes().isEmpty()) {
      conditions.remove(RetryCondition.RETRIABLE_STATUS_CODES);
    }
    return new RetryPolicy(
        conditions,
        policy.statusCodes(),
        policy.retries(),
        policy.perTryTimeout(),
        policy.backOffBase(),
        policy.backOffMax(),
        keyed ? 0 : policy.hostSelectionAttempts());
  }
}
