package io.inmesh.engine;

import static io.inmesh.engine.Scenario.attempt;
import static io.inmesh.engine.Scenario.pause;
import static io.inmesh.engine.Scenario.reply;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.CircuitBreakers;
import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.ConnectionLimits;
import io.inmesh.engine.model.LbPolicy;
import io.inmesh.engine.model.OutlierDetection;
import io.inmesh.engine.model.RetryCondition;
import io.inmesh.engine.model.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Golden families pool and outlier, as far as the call's own part in them goes. */
class LimitsTest {
  private static final RetryPolicy RETRIES =
      new RetryPolicy(Set.of(RetryCondition.SERVER_ERROR, RetryCondition.CONNECT_FAILURE), 3, 5);

  private static Scenario scenario(CircuitBreakers limits, @Nullable OutlierDetection detection) {
    Cluster plain = TestMesh.cluster("v1", 2);
    return new Scenario()
        .retries(RETRIES)
        .cluster(
            new Cluster(
                "v1",
                LbPolicy.LEAST_REQUEST,
                plain.groups(),
                ConnectionLimits.DEFAULT,
                limits,
                detection,
                0));
  }

  private static CircuitBreakers limits(long requests, long retries) {
    return new CircuitBreakers(1_000, 1_000, requests, retries, null);
  }

  @Test
  void requests_beyondTheLimit_UO_neverRetried() {
    Scenario scenario = scenario(limits(1, 100), null);
    OutboundCall first = scenario.begin(FakeCall.get("/"));
    attempt(first.step());

    OutboundCall second = scenario.begin(FakeCall.get("/"));

    assertThat(reply(second.step()))
        .isEqualTo(
            new Step.LocalReply(
                503,
                "UO",
                "upstream_reset_before_response_started{overflow}",
                "upstream connect error or disconnect/reset before headers. reset reason: overflow",
                List.of(
                    new HeaderValue("x-envoy-overloaded", "true"),
                    new HeaderValue("content-type", "text/plain"))));
    assertThat(second.attempts()).isZero();
    first.responded(TestMesh.response(200));
    assertThat(reply(scenario.begin(FakeCall.get("/")).step()).flag())
        .as("until the response's end")
        .isEqualTo("UO");
    first.close();
    attempt(scenario.begin(FakeCall.get("/")).step());
  }

  @Test
  void requests_backOff_holdsNone() {
    Scenario scenario = scenario(limits(1, 100), null);
    OutboundCall waiting = scenario.begin(FakeCall.get("/"));
    pause(waiting.connectFailed());

    attempt(scenario.begin(FakeCall.get("/")).step());
    assertThat(reply(waiting.waited()).body())
        .endsWith("retried and the latest reset reason: overflow");
  }

  @Test
  void retries_beyondTheLimit_outcomeStandsWithUO() {
    Scenario scenario = scenario(limits(100, 1), null);
    OutboundCall first = scenario.begin(FakeCall.get("/"));
    pause(first.responded(TestMesh.response(503)));
    OutboundCall second = scenario.begin(FakeCall.get("/"));

    assertThat(second.responded(TestMesh.response(503))).isEqualTo(Step.Deliver.INSTANCE);
    assertThat(second.flags()).isEqualTo("UO");
    OutboundCall third = scenario.begin(FakeCall.get("/"));
    assertThat(reply(third.connectFailed()).flag()).isEqualTo("UO,UF");

    attempt(first.waited());
    first.responded(TestMesh.response(200));
    pause(scenario.begin(FakeCall.get("/")).responded(TestMesh.response(503)));
  }

  @Test
  void pool_saysThatItIsFull_UO() {
    OutboundCall call = scenario(limits(9, 9), null).begin(FakeCall.get("/"));

    assertThat(reply(call.overflowed()).flag()).isEqualTo("UO");
    assertThat(requireNonNull(call.load()).state().requests()).isZero();
  }

  @Test
  void outcomes_toldToTheOutlierDetector() {
    for (String kind : List.of("503", "connect", "reset", "timeout", "grpc")) {
      Scenario scenario = scenario(limits(100, 100), ejectingAtOnce()).timeout(100);
      OutboundCall call = scenario.begin(kind.equals("grpc") ? FakeCall.grpc() : FakeCall.get("/"));
      var bad = attempt(call.step()).endpoint();
      switch (kind) {
        case "503" -> call.responded(TestMesh.response(503));
        case "connect" -> call.connectFailed();
        case "reset" -> call.reset(true);
        case "grpc" -> call.responded(TestMesh.response(200, Map.of("grpc-status", List.of("14"))));
        default -> {
          scenario.pass(100);
          call.timedOut();
        }
      }
      call.close();

      for (int i = 0; i < 50; i++) {
        try (OutboundCall next = scenario.begin(FakeCall.get("/"))) {
          assertThat(attempt(next.step()).endpoint()).as(kind).isNotEqualTo(bad);
        }
      }
    }
  }

  @Test
  void grpcStatus_ofAPlainCall_isNoOutlier() {
    Scenario scenario = scenario(limits(100, 100), ejectingAtOnce());
    OutboundCall call = scenario.begin(FakeCall.get("/"));
    call.responded(TestMesh.response(200, Map.of("grpc-status", List.of("14"))));

    assertThat(requireNonNull(call.load()).state().endpoints())
        .allMatch(endpoint -> endpoint.ejectedFor() == null);
  }

  @Test
  void passthrough_whereTheApplicationWouldGo() {
    Scenario scenario =
        new Scenario()
            .cluster(
                new Cluster(
                    "v1",
                    new LbPolicy.Passthrough(),
                    List.of(),
                    ConnectionLimits.DEFAULT,
                    limits(1, 1),
                    null,
                    0));
    OutboundCall call = scenario.begin(FakeCall.get("/"));

    assertThat(attempt(call.step()).endpoint().address()).isEqualTo("orders");
    assertThat(attempt(call.step()).endpoint().port()).isEqualTo(8080);
    assertThat(reply(scenario.begin(FakeCall.get("/")).step()).flag()).isEqualTo("UO");
    call.close();
    attempt(scenario.begin(FakeCall.get("/").at("orders:80")).step());
  }

  private static OutlierDetection ejectingAtOnce() {
    return new OutlierDetection(
        1,
        0,
        0,
        false,
        Duration.ofMinutes(10),
        Duration.ofMinutes(10),
        Duration.ofMinutes(10),
        100,
        true);
  }
}
