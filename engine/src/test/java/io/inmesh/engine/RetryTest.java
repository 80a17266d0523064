package io.inmesh.engine;

import static io.inmesh.engine.Scenario.applied;
import static io.inmesh.engine.Scenario.attempt;
import static io.inmesh.engine.Scenario.pause;
import static io.inmesh.engine.Scenario.reply;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.RetryCondition;
import io.inmesh.engine.model.RetryPolicy;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Golden families retry and h2: which outcome is tried again, and what is told in the end. */
class RetryTest {
  private static final String BEFORE_HEADERS =
      "upstream connect error or disconnect/reset before headers. ";

  private static RetryPolicy on(int retries, RetryCondition... conditions) {
    return new RetryPolicy(Set.of(conditions), retries, 5);
  }

  private static Scenario with(RetryCondition condition) {
    return new Scenario().retries(on(2, condition));
  }

  private static boolean retries(RetryCondition condition, ResponseView response) {
    return with(condition).begin(FakeCall.get("/")).responded(response) instanceof Step.Wait;
  }

  @ParameterizedTest
  @CsvSource({
    "SERVER_ERROR, 500 501 502 503 504 505 599, 200 404 408 409 429 499",
    "GATEWAY_ERROR, 502 503 504, 500 501 505 599 200",
    "RETRIABLE_4XX, 409, 400 404 408 429 503",
    "RESET, '', 503 502 200",
    "CONNECT_FAILURE, '', 503 200",
    "REFUSED_STREAM, '', 503",
    "RETRIABLE_STATUS_CODES, '', 503 200",
  })
  void status_perCondition(RetryCondition condition, String retried, String delivered) {
    for (String status : retried.split(" ", -1)) {
      if (!status.isEmpty()) {
        assertThat(retries(condition, TestMesh.response(Integer.parseInt(status))))
            .as(status)
            .isTrue();
      }
    }
    for (String status : delivered.split(" ", -1)) {
      assertThat(retries(condition, TestMesh.response(Integer.parseInt(status))))
          .as(status)
          .isFalse();
    }
  }

  @Test
  void statusCodes_anyListed() {
    RetryPolicy policy =
        new RetryPolicy(
            Set.of(RetryCondition.RETRIABLE_STATUS_CODES),
            Set.of(200, 409),
            2,
            Duration.ZERO,
            RetryPolicy.DEFAULT_BACK_OFF,
            Duration.ofMillis(250),
            5);
    for (int status : List.of(200, 409)) {
      pause(
          new Scenario()
              .retries(policy)
              .begin(FakeCall.get("/"))
              .responded(TestMesh.response(status)));
    }
    OutboundCall lost = new Scenario().retries(policy).begin(FakeCall.get("/"));
    assertThat(reply(lost.reset(true)).status()).as("a local 503 is none").isEqualTo(503);
  }

  @ParameterizedTest
  @CsvSource({
    "CANCELLED, 1",
    "DEADLINE_EXCEEDED, 4",
    "RESOURCE_EXHAUSTED, 8",
    "INTERNAL, 13",
    "UNAVAILABLE, 14"
  })
  void grpcStatus_inHeaders_evenOfAPlainCall(RetryCondition condition, int status) {
    assertThat(retries(condition, grpcResponse(String.valueOf(status)))).isTrue();
    assertThat(retries(condition, grpcResponse("5"))).isFalse();
    assertThat(retries(condition, grpcResponse("x"))).isFalse();
    assertThat(retries(condition, TestMesh.response(200))).as("perhaps in trailers").isFalse();
  }

  private static ResponseView grpcResponse(String status) {
    return TestMesh.response(200, Map.of("grpc-status", List.of(status)));
  }

  @Test
  void rateLimited_onlyByItsOwnCondition() {
    ResponseView limited = TestMesh.response(503, Map.of("x-envoy-ratelimited", List.of("true")));

    assertThat(retries(RetryCondition.SERVER_ERROR, limited)).isFalse();
    assertThat(retries(RetryCondition.ENVOY_RATELIMITED, limited)).isTrue();
    assertThat(retries(RetryCondition.ENVOY_RATELIMITED, TestMesh.response(429))).isFalse();
  }

  @Test
  void overloadedOrRetryAfter_changeNothing() {
    ResponseView busy =
        TestMesh.response(
            503, Map.of("x-envoy-overloaded", List.of("true"), "retry-after", List.of("1")));
    Step step = with(RetryCondition.SERVER_ERROR).begin(FakeCall.get("/")).responded(busy);

    assertThat(pause(step).duration()).isLessThan(Duration.ofMillis(25));
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(RetryCondition.RESET, "connect timeout lost unsent stream refused try junk"),
        Arguments.of(
            RetryCondition.SERVER_ERROR, "connect timeout lost unsent stream refused try junk"),
        Arguments.of(
            RetryCondition.GATEWAY_ERROR, "connect timeout lost unsent stream refused try junk"),
        Arguments.of(RetryCondition.CONNECT_FAILURE, "connect timeout"),
        Arguments.of(RetryCondition.RESET_BEFORE_REQUEST, "connect timeout unsent"),
        Arguments.of(RetryCondition.REFUSED_STREAM, "refused"),
        Arguments.of(RetryCondition.RETRIABLE_STATUS_CODES, ""),
        Arguments.of(RetryCondition.UNAVAILABLE, ""));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void failure_perCondition(RetryCondition condition, String retried) {
    Set<String> expected = Set.of(retried.split(" ", -1));
    for (String kind :
        List.of("connect", "timeout", "lost", "unsent", "stream", "refused", "try", "junk")) {
      RetryPolicy policy =
          new RetryPolicy(
              Set.of(condition),
              Set.of(),
              2,
              Duration.ofMillis(200),
              RetryPolicy.DEFAULT_BACK_OFF,
              Duration.ofMillis(250),
              5);
      Scenario scenario = new Scenario().retries(policy);
      Step step = fail(scenario, scenario.begin(FakeCall.get("/")), kind);

      assertThat(step instanceof Step.Wait).as(kind).isEqualTo(expected.contains(kind));
    }
  }

  private static Step fail(Scenario scenario, OutboundCall call, String kind) {
    return switch (kind) {
      case "connect" -> call.connectFailed();
      case "timeout" -> call.connectTimedOut();
      case "lost" -> call.reset(true);
      case "unsent" -> call.reset(false);
      case "stream" -> call.streamReset(false);
      case "refused" -> call.streamReset(true);
      case "junk" -> call.malformed();
      default -> {
        call.connected();
        scenario.pass(200);
        yield call.timedOut();
      }
    };
  }

  @ParameterizedTest
  @CsvSource({
    "connect, 503, UF, remote connection failure, remote_connection_failure",
    "timeout, 503, UF, connection timeout, connection_timeout",
    "lost, 503, UC, connection termination, connection_termination",
    "stream, 503, UR, remote reset, remote_reset",
    "refused, 503, UR, remote refused stream reset, remote_refused_stream_reset",
    "junk, 502, UPE, protocol error, protocol_error",
  })
  void failure_notRetried_toldAsEnvoy(
      String kind, int status, String flag, String reason, String detail) {
    Scenario scenario = new Scenario();

    Step.LocalReply reply = reply(fail(scenario, scenario.begin(FakeCall.get("/")), kind));

    assertThat(reply)
        .isEqualTo(
            new Step.LocalReply(
                status,
                flag,
                "upstream_reset_before_response_started{" + detail + "}",
                BEFORE_HEADERS + "reset reason: " + reason,
                List.of(new HeaderValue("content-type", "text/plain"))));
  }

  @Test
  void exhausted_lastOutcomeWithURX() {
    OutboundCall call =
        new Scenario().retries(on(1, RetryCondition.RESET)).begin(FakeCall.get("/"));
    pause(call.reset(true));
    attempt(call.waited());

    Step.LocalReply reply = reply(call.reset(true));

    assertThat(reply.flag()).isEqualTo("URX,UC");
    assertThat(reply.body())
        .isEqualTo(BEFORE_HEADERS + "retried and the latest reset reason: connection termination");
    assertThat(call.attempts()).isEqualTo(2);
  }

  @Test
  void exhausted_response_deliveredWithURX() {
    OutboundCall call =
        new Scenario().retries(on(2, RetryCondition.SERVER_ERROR)).begin(FakeCall.get("/"));
    for (int i = 0; i < 2; i++) {
      pause(call.responded(TestMesh.response(500 + i)));
      attempt(call.waited());
    }

    assertThat(call.responded(TestMesh.response(599))).isEqualTo(Step.Deliver.INSTANCE);
    assertThat(call.flags()).isEqualTo("URX");
    assertThat(call.detail()).isEqualTo("via_upstream");
    assertThat(call.attempts()).isEqualTo(3);
  }

  @Test
  void success_afterRetries_noFlag() {
    OutboundCall call =
        new Scenario().retries(on(2, RetryCondition.SERVER_ERROR)).begin(FakeCall.get("/"));
    pause(call.responded(TestMesh.response(503)));
    attempt(call.waited());

    assertThat(call.responded(TestMesh.response(200))).isEqualTo(Step.Deliver.INSTANCE);
    assertThat(call.flags()).isEqualTo("-");
  }

  @Test
  void delivered_laterOutcomes_changeNothing() {
    OutboundCall call =
        new Scenario().retries(on(2, RetryCondition.RESET)).begin(FakeCall.get("/"));
    call.responded(TestMesh.response(200));

    assertThat(call.reset(true)).isEqualTo(Step.Deliver.INSTANCE);
    assertThat(call.timedOut()).isEqualTo(Step.Deliver.INSTANCE);
    assertThat(call.overflowed()).isEqualTo(Step.Deliver.INSTANCE);
    assertThat(call.responded(TestMesh.response(503))).isEqualTo(Step.Deliver.INSTANCE);
    assertThat(call.waited()).isEqualTo(Step.Deliver.INSTANCE);
  }

  @Test
  void notRepeatable_firstOutcomeStands() {
    OutboundCall call =
        new Scenario().retries(on(2, RetryCondition.SERVER_ERROR)).begin(FakeCall.of("POST", "/"));
    call.notRepeatable();

    assertThat(call.responded(TestMesh.response(503))).isEqualTo(Step.Deliver.INSTANCE);
    assertThat(call.flags()).as("it was not the count").isEqualTo("-");
  }

  @Test
  void retry_anotherEndpoint_everyTime() {
    OutboundCall call =
        new Scenario().retries(on(2, RetryCondition.SERVER_ERROR)).begin(FakeCall.get("/"));
    Set<Endpoint> seen = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      seen.add(attempt(call.step()).endpoint());
      call.responded(TestMesh.response(503));
      call.waited();
    }

    assertThat(seen).hasSize(3);
  }

  @Test
  void retry_sameChangesToTheRequest_onlyTheCountGoesUp() {
    Scenario scenario =
        new Scenario()
            .retries(on(2, RetryCondition.SERVER_ERROR))
            .countingAttempts()
            .rewriteHost("new.example.com")
            .request(Scenario.add("x-a", "1"));
    OutboundCall call = scenario.begin(FakeCall.get("/").with("x-a", "0"));
    for (int i = 1; i <= 3; i++) {
      RequestHead head = attempt(call.step()).head();
      assertThat(head.authority()).isEqualTo("new.example.com");
      assertThat(applied(head.edits(), List.of("0"), "x-a")).containsExactly("0", "1");
      assertThat(applied(head.edits(), List.of(), "x-envoy-attempt-count"))
          .containsExactly(String.valueOf(i));
      assertThat(applied(head.edits(), List.of(), "x-envoy-original-host"))
          .containsExactly("orders:8080");
      call.responded(TestMesh.response(503));
      call.waited();
    }
  }

  @Test
  void triesAgain_endpointIsToldThatItIsTheSecond() {
    Scenario scenario =
        new Scenario().retries(on(1, RetryCondition.SERVER_ERROR)).countingAttempts();
    OutboundCall call = scenario.begin(FakeCall.get("/"));

    Step second = call.triesAgain();
    call.responded(TestMesh.response(503));
    Step third = call.waited();

    assertThat(applied(attempt(second).head().edits(), List.of(), "x-envoy-attempt-count"))
        .containsExactly("2");
    assertThat(applied(attempt(third).head().edits(), List.of(), "x-envoy-attempt-count"))
        .containsExactly("3");
  }

  @Test
  void triesAgain_onlyEndpointGone_UH() {
    Scenario scenario = new Scenario().to("audit");
    OutboundCall call = scenario.begin(FakeCall.get("/"));

    assertThat(call.triesAgain()).as("it may be there again").isInstanceOf(Step.Attempt.class);
    assertThat(call.attempts()).isEqualTo(1);
  }
}
