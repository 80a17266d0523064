package io.inmesh.engine;

import static io.inmesh.engine.Scenario.applied;
import static io.inmesh.engine.Scenario.attempt;
import static io.inmesh.engine.Scenario.pause;
import static io.inmesh.engine.Scenario.reply;
import static io.inmesh.engine.Scenario.set;
import static io.inmesh.engine.Scenario.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.RetryCondition;
import io.inmesh.engine.model.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Golden family timeout: the route's, the try's and what a gRPC call asks for. */
class TimeoutTest {
  private final Scenario scenario = new Scenario();

  private static RetryPolicy perTry(long millis, int retries, RetryCondition... conditions) {
    return new RetryPolicy(
        Set.of(conditions),
        Set.of(),
        retries,
        Duration.ofMillis(millis),
        RetryPolicy.DEFAULT_BACK_OFF,
        Duration.ofMillis(250),
        5);
  }

  @Test
  void noTimeout_zero() {
    OutboundCall call = scenario.begin(FakeCall.get("/"));

    assertThat(attempt(call.step()).responseTimeout()).isZero();
    assertThat(attempt(call.step()).connectTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(call.timeLeft()).isZero();
  }

  @Test
  void route_504_neverRetried() {
    scenario
        .timeout(300)
        .retries(new RetryPolicy(Set.of(RetryCondition.SERVER_ERROR), 3, 5))
        .response(set("x-a", "new"));
    OutboundCall call = scenario.begin(FakeCall.get("/"));
    assertThat(attempt(call.step()).responseTimeout()).isEqualTo(Duration.ofMillis(300));
    call.connected();
    scenario.pass(300);

    assertThat(reply(call.timedOut()))
        .isEqualTo(
            new Step.LocalReply(
                504,
                "UT",
                "response_timeout",
                "upstream request timeout",
                List.of(
                    new HeaderValue("x-a", "new"), new HeaderValue("content-type", "text/plain"))));
    assertThat(call.flags()).isEqualTo("UT");
  }

  @Test
  void route_boundsTheConnectToo() {
    scenario.timeout(300);
    OutboundCall call = scenario.begin(FakeCall.get("/"));

    assertThat(attempt(call.step()).connectTimeout()).isEqualTo(Duration.ofMillis(300));
    scenario.pass(300);
    assertThat(reply(call.connectTimedOut()).flag()).isEqualTo("UT");
  }

  @Test
  void route_runsOnWhileTheBodyComes() {
    scenario.timeout(300);
    OutboundCall call = scenario.begin(FakeCall.get("/"));
    scenario.pass(100);
    call.responded(TestMesh.response(200));

    assertThat(call.timeLeft()).isEqualTo(Duration.ofMillis(200));
    scenario.pass(900);
    assertThat(call.timeLeft()).as("over, not without end").isEqualTo(Duration.ofNanos(1));
  }

  @Test
  void perTry_countsFromTheConnection() {
    scenario.retries(perTry(200, 1, RetryCondition.RESET));
    OutboundCall call = scenario.begin(FakeCall.get("/"));
    scenario.pass(150);
    call.connected();

    assertThat(call.timeLeft()).isEqualTo(Duration.ofMillis(200));
  }

  @Test
  void perTry_retriedWhereItsConditionsSay() {
    for (RetryCondition condition :
        List.of(RetryCondition.SERVER_ERROR, RetryCondition.GATEWAY_ERROR, RetryCondition.RESET)) {
      Scenario each = new Scenario().retries(perTry(200, 3, condition));
      OutboundCall call = each.begin(FakeCall.get("/"));
      call.connected();
      each.pass(200);

      pause(call.timedOut());
      assertThat(attempt(call.waited()).responseTimeout()).isEqualTo(Duration.ofMillis(200));
    }
  }

  @Test
  void perTry_notRetried_504() {
    scenario.retries(perTry(200, 3, RetryCondition.CONNECT_FAILURE));
    OutboundCall call = scenario.begin(FakeCall.get("/"));
    scenario.pass(200);

    Step.LocalReply reply = reply(call.timedOut());

    assertThat(reply.status()).isEqualTo(504);
    assertThat(reply.flag()).isEqualTo("UT");
    assertThat(reply.detail()).isEqualTo("upstream_per_try_timeout");
    assertThat(reply.body()).isEqualTo("upstream request timeout");
  }

  @Test
  void perTry_exhausted_URX() {
    scenario.retries(perTry(200, 1, RetryCondition.SERVER_ERROR));
    OutboundCall call = scenario.begin(FakeCall.get("/"));
    scenario.pass(200);
    call.timedOut();
    call.waited();
    scenario.pass(200);

    assertThat(reply(call.timedOut()).flag()).isEqualTo("URX,UT");
  }

  @Test
  void perTry_notBelowTheRoutes_ignored() {
    for (long perTry : List.of(300L, 2_000L)) {
      Scenario each =
          new Scenario().timeout(300).retries(perTry(perTry, 2, RetryCondition.SERVER_ERROR));
      OutboundCall call = each.begin(FakeCall.get("/"));
      assertThat(attempt(call.step()).responseTimeout()).isEqualTo(Duration.ofMillis(300));
      each.pass(300);

      assertThat(reply(call.timedOut()).detail()).isEqualTo("response_timeout");
    }
  }

  @Test
  void route_cutsTheLastTry() {
    scenario.timeout(500).retries(perTry(200, 10, RetryCondition.GATEWAY_ERROR));
    OutboundCall call = scenario.begin(FakeCall.get("/"));
    int tries = 0;
    while (call.step() instanceof Step.Attempt attempt) {
      tries++;
      call.connected();
      scenario.pass(attempt.responseTimeout().toMillis());
      if (call.timedOut() instanceof Step.Wait) {
        call.waited();
      }
    }

    assertThat(tries).isEqualTo(3);
    assertThat(reply(call.step()).flag()).isEqualTo("UT");
    assertThat(call.detail()).isEqualTo("response_timeout");
  }

  @Test
  void route_overDuringBackOff_504() {
    scenario.timeout(210).retries(perTry(200, 10, RetryCondition.GATEWAY_ERROR));
    OutboundCall call = scenario.begin(FakeCall.get("/"));
    scenario.pass(200);
    assertThat(pause(call.timedOut()).duration()).isLessThanOrEqualTo(Duration.ofMillis(10));
    scenario.pass(10);

    assertThat(reply(call.waited()).flag()).isEqualTo("UT");
  }

  @Test
  void expectedTimeout_toldToTheEndpoint() {
    scenario.timeout(2_000);
    HeaderEdits edits = scenario.head(FakeCall.get("/")).edits();

    assertThat(applied(edits, List.of("1"), "x-envoy-expected-rq-timeout-ms"))
        .containsExactly("2000");
    assertThat(applied(edits, List.of(), "grpc-timeout")).isEmpty();
  }

  @Test
  void expectedTimeout_partOfAMillisecondPassed_isNotCounted() {
    scenario.timeout(2_000).retries(perTry(0, 1, RetryCondition.SERVER_ERROR));
    OutboundCall call = scenario.begin(FakeCall.get("/"));
    call.responded(TestMesh.response(503));
    scenario.pass(Duration.ofNanos(1_999_999));

    HeaderEdits edits = attempt(call.waited()).head().edits();

    assertThat(applied(edits, List.of(), "x-envoy-expected-rq-timeout-ms")).containsExactly("1999");
  }

  @ParameterizedTest
  @CsvSource({
    // grpc-timeout, route's timeout, limit, what counts
    "200m, 0, 0, 200",
    "200m, 400, 400, 200",
    "2S, 400, 400, 400",
    "2S, 400, 0, 2000",
    "1M, 0, 0, 60000",
    "1H, 0, 0, 3600000",
    "200000u, 0, 0, 200",
    "5000000n, 0, 0, 5",
    "'', 400, 400, 400",
    "0m, 400, 400, 400",
    "nonsense, 400, 400, 400",
    "123456789m, 400, 400, 400",
  })
  void grpc_ownTimeout_withinBounds(String header, long timeout, long limit, long expected) {
    scenario.timeout(timeout).grpcTimeoutLimit(limit);
    FakeCall request = FakeCall.grpc();
    if (!header.isEmpty()) {
      request.with("grpc-timeout", header);
    }
    Step.Attempt attempt = attempt(scenario.begin(request).step());

    assertThat(attempt.responseTimeout()).isEqualTo(Duration.ofMillis(expected));
    assertThat(applied(attempt.head().edits(), List.of(header), "grpc-timeout"))
        .containsExactly(expected + "m");
  }

  @Test
  void grpc_thousandsOfYears_cutToTen() {
    FakeCall request = FakeCall.grpc().with("grpc-timeout", "99999999H");

    assertThat(attempt(scenario.begin(request).step()).responseTimeout())
        .isEqualTo(Duration.ofDays(3_650));
  }

  @Test
  void grpcTimeout_routeDoesNotHeedIt_ignored() {
    scenario.timeout(400).ignoringGrpcTimeout();
    Step step = scenario.begin(FakeCall.grpc().with("grpc-timeout", "200m")).step();

    assertThat(attempt(step).responseTimeout()).isEqualTo(Duration.ofMillis(400));
  }

  @Test
  void grpcTimeout_ofAPlainCall_ignored() {
    Step step = scenario.begin(FakeCall.get("/").with("grpc-timeout", "200m")).step();

    assertThat(attempt(step).responseTimeout()).isZero();
  }

  @Test
  void grpc_timedOut_200WithStatus14() {
    OutboundCall call = scenario.begin(FakeCall.grpc().with("grpc-timeout", "200m"));
    scenario.pass(200);

    Step.LocalReply reply = reply(call.timedOut());

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.flag()).isEqualTo("UT");
    assertThat(values(reply.headers(), "grpc-status")).containsExactly("14");
    assertThat(values(reply.headers(), "grpc-message")).containsExactly("upstream request timeout");
  }
}
