package io.inmesh.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.Explanation.Outcome;
import io.inmesh.engine.Explanation.Way;
import io.inmesh.engine.balance.ClusterState;
import io.inmesh.engine.model.CorsPolicy;
import io.inmesh.engine.model.FaultPolicy;
import io.inmesh.engine.model.HashPolicy;
import io.inmesh.engine.model.HeaderMatcher;
import io.inmesh.engine.model.LbPolicy;
import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.engine.model.Mirror;
import io.inmesh.engine.model.PathRewrite;
import io.inmesh.engine.model.Percentage;
import io.inmesh.engine.model.QueryParameterMatcher;
import io.inmesh.engine.model.RetryCondition;
import io.inmesh.engine.model.RetryPolicy;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.model.RouteAction;
import io.inmesh.engine.model.RouteMatch;
import io.inmesh.engine.model.StringMatcher;
import io.inmesh.engine.model.WeightedCluster;
import io.inmesh.engine.route.Condition;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExplanationTest {
  private final Scenario scenario = new Scenario();

  private Explanation explain(RequestView request) {
    return scenario.pipeline().explain(request);
  }

  private static OutboundPipeline pipeline(MeshSnapshot snapshot) {
    return new OutboundPipeline(() -> snapshot, new Random(1), () -> 0, OutboundObserver.NONE);
  }

  private static Route route(String name, RouteMatch match) {
    return new Route(name, match, List.of(new WeightedCluster("v1", 1)), RetryPolicy.NONE);
  }

  @Test
  void unknownHost_isUntouched() {
    assertThat(explain(FakeCall.get("/").at("elsewhere:80")).outcome())
        .isEqualTo(Outcome.UNTOUCHED);
  }

  @Test
  void path_thatIsRefused_isTold() {
    assertThat(explain(FakeCall.get("/a#b")).outcome()).isEqualTo(Outcome.PATH_REFUSED);
  }

  @Test
  void earlierRoutes_tellWhatTheRequestLacks() {
    StringMatcher any = new StringMatcher.Prefix("/", false);
    Route byHeader =
        route(
            "header",
            new RouteMatch(
                any,
                List.of(
                    new HeaderMatcher(
                        "end-user", new StringMatcher.Exact("jason", false), false, false),
                    new HeaderMatcher(
                        ":method", new StringMatcher.Exact("POST", false), false, false)),
                List.of()));
    Route byQuery =
        route(
            "query",
            new RouteMatch(
                new StringMatcher.Exact("/A", true),
                List.of(new HeaderMatcher("debug", new StringMatcher.Present(), true, false)),
                List.of(new QueryParameterMatcher("v", new StringMatcher.Exact("2", false)))));
    Route all = route("all", new RouteMatch(any, List.of(), List.of()));
    Route never = route("never", new RouteMatch(any, List.of(), List.of()));
    OutboundPipeline pipeline =
        pipeline(TestMesh.of(List.of(byHeader, byQuery, all, never), TestMesh.cluster("v1", 1)));

    Explanation explanation =
        pipeline.explain(FakeCall.get("/a?v=1").with("end-user", "ann").with("end-user", "bob"));

    assertThat(explanation.outcome()).isEqualTo(Outcome.FORWARD);
    assertThat(explanation.route()).isSameAs(all);
    assertThat(explanation.trials())
        .extracting(trial -> trial.route().name())
        .containsExactly("header", "query", "all");
    assertThat(explanation.trials().get(0).conditions())
        .containsExactly(
            new Condition("uri", "prefix \"/\"", List.of("/a"), true),
            new Condition("headers[\"end-user\"]", "exact \"jason\"", List.of("ann", "bob"), false),
            new Condition("method", "exact \"POST\"", List.of("GET"), false));
    assertThat(explanation.trials().get(1).conditions())
        .containsExactly(
            new Condition("uri", "exact \"/A\" in any case", List.of("/a"), true),
            new Condition("withoutHeaders[\"debug\"]", "not present", List.of(), true),
            new Condition("queryParams[\"v\"]", "exact \"2\"", List.of("1"), false));
  }

  @Test
  void noRoute_tellsEveryRoute() {
    scenario.path(new StringMatcher.Exact("/only", false));
    Explanation explanation = explain(FakeCall.get("/other"));
    assertThat(explanation.outcome()).isEqualTo(Outcome.NO_ROUTE);
    assertThat(explanation.trials()).hasSize(1).noneMatch(trial -> trial.matches());
  }

  @Test
  void weights_tellEachWayWithWhatItSends() {
    scenario
        .to(
            new WeightedCluster("v1", 9),
            new WeightedCluster(
                "audit",
                1,
                Scenario.set("x-a", "%REQ(x-user)%"),
                io.inmesh.engine.model.HeaderMutations.NONE,
                "audit.host"),
            new WeightedCluster("gone", 0))
        .rewrite(new PathRewrite.Matched("/new"))
        .path(new StringMatcher.Prefix("/old", false));

    Explanation explanation = explain(FakeCall.get("/old/a?b").with("x-user", "ann"));

    assertThat(explanation.ways()).extracting(Way::cluster).containsExactly("v1", "audit", "gone");
    assertThat(explanation.ways()).extracting(Way::weight).containsExactly(9, 1, 0);
    assertThat(explanation.ways()).extracting(Way::totalWeight).containsOnly(10L);
    assertThat(explanation.ways().get(0).head().path()).isEqualTo("/new/a?b");
    RequestHead second = explanation.ways().get(1).head();
    assertThat(second.authority()).isEqualTo("audit.host");
    assertThat(second.edits().values()).contains(new HeaderValue("x-a", "ann"));
    assertThat(explanation.ways().get(2).load()).isNull();
  }

  @Test
  void timeouts_areThoseOfACall() {
    scenario
        .timeout(1_000)
        .grpcTimeoutLimit(1_000)
        .retries(
            new RetryPolicy(
                Set.of(RetryCondition.RESET),
                Set.of(),
                3,
                Duration.ofSeconds(2),
                RetryPolicy.DEFAULT_BACK_OFF,
                Duration.ofMillis(250),
                0));
    Way plain = explain(FakeCall.get("/")).ways().get(0);
    assertThat(plain.timeout()).isEqualTo(Duration.ofSeconds(1));
    // It could not end before the route's.
    assertThat(plain.perTryTimeout()).isZero();
    assertThat(plain.retries().retries()).isEqualTo(3);
    Way grpc = explain(FakeCall.grpc().with("grpc-timeout", "100m")).ways().get(0);
    assertThat(grpc.timeout()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void localAnswers_areTold() {
    scenario.action(new RouteAction.Redirect(302, "https", "", 0, "/there", false));
    Explanation redirect = explain(FakeCall.get("/a"));
    assertThat(redirect.outcome()).isEqualTo(Outcome.REDIRECT);
    assertThat(redirect.ways().get(0).location()).isEqualTo("https://orders:8080/there");
    Explanation direct =
        new Scenario()
            .action(new RouteAction.DirectResponse(418, "teapot"))
            .pipeline()
            .explain(FakeCall.get("/"));
    assertThat(direct.outcome()).isEqualTo(Outcome.DIRECT_RESPONSE);
    assertThat(direct.ways().get(0).destination()).isNegative();
  }

  @Test
  void preflight_isAnsweredByTheRoute() {
    scenario.cors(
        new CorsPolicy(
            List.of(new StringMatcher.Exact("https://a", false)),
            "GET",
            null,
            null,
            null,
            false,
            false));
    FakeCall preflight =
        FakeCall.of("OPTIONS", "/")
            .with("origin", "https://a")
            .with("access-control-request-method", "GET");
    assertThat(explain(preflight).outcome()).isEqualTo(Outcome.PREFLIGHT);
    Explanation plain = explain(FakeCall.get("/").with("origin", "https://a"));
    assertThat(plain.outcome()).isEqualTo(Outcome.FORWARD);
    assertThat(plain.corsOrigin()).isEqualTo("https://a");
  }

  @Test
  void hashKey_leadsWhereCallsGo() {
    LbPolicy ring = new LbPolicy.RingHash(1024, 8_388_608);
    scenario
        .cluster(
            new io.inmesh.engine.model.Cluster(
                "v1", ring, Duration.ofSeconds(1), TestMesh.cluster("v1", 5).endpoints()))
        .hash(new HashPolicy.Header("x-user"));
    for (String user : List.of("ann", "bob", "cid", "dan")) {
      FakeCall request = FakeCall.get("/").with("x-user", user);
      Explanation.HashedBy key = Objects.requireNonNull(explain(request).ways().get(0).key());
      assertThat(key.present()).isTrue();
      try (OutboundCall call = scenario.begin(request)) {
        assertThat(key.endpoint()).isEqualTo(Scenario.attempt(call.step()).endpoint());
      }
    }
    Explanation.HashedBy none =
        Objects.requireNonNull(explain(FakeCall.get("/")).ways().get(0).key());
    assertThat(none.present()).isFalse();
    assertThat(none.endpoint()).isNull();
  }

  @Test
  void mirrors_areTold() {
    scenario.mirror(
        new Mirror("audit", new Percentage(250_000)), new Mirror("gone", Percentage.ALL));
    List<Explanation.Copy> copies = explain(FakeCall.get("/")).mirrors();
    assertThat(copies).extracting(copy -> copy.load() != null).containsExactly(true, false);
  }

  @Test
  void explaining_holdsAndCountsNothing() {
    scenario
        .to("v1")
        .mirror(new Mirror("audit", Percentage.ALL))
        .fault(new FaultPolicy.Delay(Percentage.ALL, Duration.ofSeconds(1)), null);
    for (int i = 0; i < 10; i++) {
      explain(FakeCall.get("/"));
    }
    ClusterState state = Objects.requireNonNull(scenario.pipeline().state("v1"));
    assertThat(state.requests()).isZero();
    assertThat(state.endpoints()).allMatch(endpoint -> endpoint.active() == 0);
  }

  @Test
  void callsUnderWay_areTold() {
    try (OutboundCall call = scenario.begin(FakeCall.get("/"))) {
      Scenario.attempt(call.step());
      Explanation.Load load =
          Objects.requireNonNull(explain(FakeCall.get("/")).ways().get(0).load());
      assertThat(load.state().requests()).isEqualTo(1);
      assertThat(load.state().endpoints()).extracting(each -> each.active()).contains(1);
    }
  }
}
