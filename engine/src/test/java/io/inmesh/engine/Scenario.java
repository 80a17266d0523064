package io.inmesh.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.CorsPolicy;
import io.inmesh.engine.model.FaultPolicy;
import io.inmesh.engine.model.HashPolicy;
import io.inmesh.engine.model.HeaderMutations;
import io.inmesh.engine.model.Listener;
import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.engine.model.Mirror;
import io.inmesh.engine.model.PathRewrite;
import io.inmesh.engine.model.RetryPolicy;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.model.RouteAction;
import io.inmesh.engine.model.RouteConfiguration;
import io.inmesh.engine.model.RouteMatch;
import io.inmesh.engine.model.StringMatcher;
import io.inmesh.engine.model.VirtualHost;
import io.inmesh.engine.model.WeightedCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One route of the host {@code orders:8080}, built up by a test, and calls over it on a clock that
 * stands still until it is moved. The clusters are v1 of three endpoints, audit of one and empty.
 */
final class Scenario {
  private StringMatcher path = new StringMatcher.Prefix("/", false);
  private List<WeightedCluster> clusters = List.of(new WeightedCluster("v1", 1));
  private PathRewrite pathRewrite = PathRewrite.None.INSTANCE;
  private String hostRewrite = "";
  private Duration timeout = Duration.ZERO;
  private @Nullable Duration grpcTimeoutLimit = Duration.ZERO;
  private RetryPolicy retries = RetryPolicy.NONE;
  private List<HashPolicy> hashPolicies = List.of();
  private List<Mirror> mirrors = List.of();
  private @Nullable RouteAction action;
  private HeaderMutations requestHeaders = HeaderMutations.NONE;
  private HeaderMutations responseHeaders = HeaderMutations.NONE;
  private FaultPolicy fault = FaultPolicy.NONE;
  private @Nullable CorsPolicy cors;
  private boolean attemptCount;
  private final Map<String, Cluster> mesh = new HashMap<>();
  private @Nullable OutboundPipeline pipeline;
  private long nanos = Long.MAX_VALUE - 5_000_000; // overflows soon, as nanoTime may

  Scenario() {
    cluster(TestMesh.cluster("v1", 3));
    cluster(TestMesh.cluster("audit", 1));
    cluster(TestMesh.cluster("empty", 0));
  }

  Scenario cluster(Cluster cluster) {
    mesh.put(cluster.name(), cluster);
    return this;
  }

  Scenario path(StringMatcher matcher) {
    path = matcher;
    return this;
  }

  Scenario to(WeightedCluster... destinations) {
    clusters = List.of(destinations);
    return this;
  }

  Scenario to(String cluster) {
    return to(new WeightedCluster(cluster, 1));
  }

  Scenario rewrite(PathRewrite rewrite) {
    pathRewrite = rewrite;
    return this;
  }

  Scenario rewriteHost(String host) {
    hostRewrite = host;
    return this;
  }

  Scenario timeout(long millis) {
    timeout = Duration.ofMillis(millis);
    return this;
  }

  Scenario grpcTimeoutLimit(long millis) {
    grpcTimeoutLimit = Duration.ofMillis(millis);
    return this;
  }

  Scenario ignoringGrpcTimeout() {
    grpcTimeoutLimit = null;
    return this;
  }

  Scenario retries(RetryPolicy policy) {
    retries = policy;
    return this;
  }

  Scenario hash(HashPolicy... policies) {
    hashPolicies = List.of(policies);
    return this;
  }

  Scenario mirror(Mirror... to) {
    mirrors = List.of(to);
    return this;
  }

  Scenario action(RouteAction other) {
    action = other;
    return this;
  }

  Scenario request(HeaderMutations mutations) {
    requestHeaders = mutations;
    return this;
  }

  Scenario response(HeaderMutations mutations) {
    responseHeaders = mutations;
    return this;
  }

  Scenario fault(FaultPolicy.@Nullable Delay delay, FaultPolicy.@Nullable Abort abort) {
    fault = new FaultPolicy(delay, abort);
    return this;
  }

  Scenario cors(CorsPolicy policy) {
    cors = policy;
    return this;
  }

  Scenario countingAttempts() {
    attemptCount = true;
    return this;
  }

  Scenario pass(long millis) {
    return pass(Duration.ofMillis(millis));
  }

  Scenario pass(Duration time) {
    nanos += time.toNanos();
    return this;
  }

  OutboundPipeline pipeline() {
    OutboundPipeline made = pipeline;
    if (made == null) {
      MeshSnapshot snapshot = snapshot();
      made =
          new OutboundPipeline(() -> snapshot, new Random(42), () -> nanos, OutboundObserver.NONE);
      pipeline = made;
    }
    return made;
  }

  private MeshSnapshot snapshot() {
    RouteAction does =
        action == null
            ? new RouteAction.Forward(
                clusters,
                pathRewrite,
                hostRewrite,
                timeout,
                grpcTimeoutLimit,
                retries,
                hashPolicies,
                mirrors)
            : action;
    Route route =
        new Route(
            "only",
            new RouteMatch(path, List.of(), List.of()),
            does,
            requestHeaders,
            responseHeaders,
            fault,
            cors);
    VirtualHost host = new VirtualHost("orders", List.of("*"), List.of(route), attemptCount);
    RouteConfiguration configuration = new RouteConfiguration("orders", List.of(host));
    Map<String, Listener> listeners = new HashMap<>();
    for (String authority : List.of(TestMesh.AUTHORITY, "orders:80", "orders:443", "[::1]:80")) {
      listeners.put(authority, new Listener(authority, configuration));
    }
    return new MeshSnapshot(listeners, mesh);
  }

  OutboundCall begin(RequestView request) {
    return pipeline().begin(request);
  }

  /** The head of the first attempt. */
  RequestHead head(RequestView request) {
    return attempt(begin(request).step()).head();
  }

  /** What the endpoint sees of a header. */
  List<String> sent(FakeCall request, String name) {
    return applied(head(request).edits(), request.header(name), name);
  }

  static Step.Attempt attempt(Step step) {
    assertThat(step).isInstanceOf(Step.Attempt.class);
    return (Step.Attempt) step;
  }

  static Step.LocalReply reply(Step step) {
    assertThat(step).isInstanceOf(Step.LocalReply.class);
    return (Step.LocalReply) step;
  }

  static Step.Wait pause(Step step) {
    assertThat(step).isInstanceOf(Step.Wait.class);
    return (Step.Wait) step;
  }

  /** A header's values after edits. */
  static List<String> applied(HeaderEdits edits, List<String> before, String name) {
    List<String> values = new ArrayList<>();
    if (!edits.removed().contains(name)) {
      values.addAll(before);
    }
    values.addAll(values(edits.values(), name));
    return values;
  }

  static List<String> values(List<HeaderValue> headers, String name) {
    return headers.stream().filter(h -> h.name().equals(name)).map(HeaderValue::value).toList();
  }

  static HeaderMutations set(String name, String template) {
    return new HeaderMutations(
        List.of(), List.of(new HeaderMutations.Value(name, template, false)));
  }

  static HeaderMutations add(String name, String template) {
    return new HeaderMutations(List.of(), List.of(new HeaderMutations.Value(name, template, true)));
  }

  static HeaderMutations remove(String name) {
    return new HeaderMutations(List.of(name), List.of());
  }
}
