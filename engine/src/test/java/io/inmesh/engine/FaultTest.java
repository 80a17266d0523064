package io.inmesh.engine;

import static io.inmesh.engine.Scenario.attempt;
import static io.inmesh.engine.Scenario.pause;
import static io.inmesh.engine.Scenario.reply;
import static io.inmesh.engine.Scenario.set;
import static io.inmesh.engine.Scenario.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.FaultPolicy.Abort;
import io.inmesh.engine.model.FaultPolicy.Delay;
import io.inmesh.engine.model.Mirror;
import io.inmesh.engine.model.PathRewrite;
import io.inmesh.engine.model.Percentage;
import io.inmesh.engine.model.RouteAction;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Golden family fault. */
class FaultTest {
  private static final Delay DELAY = new Delay(Percentage.ALL, Duration.ofMillis(300));
  private static final Abort ABORT = new Abort(Percentage.ALL, 418, -1);

  private final Scenario scenario = new Scenario();

  @Test
  void abort_httpStatus_noSocket() {
    scenario.fault(null, ABORT).mirror(new Mirror("audit", Percentage.ALL));
    OutboundCall call = scenario.begin(FakeCall.get("/"));

    assertThat(reply(call.step()))
        .isEqualTo(
            new Step.LocalReply(
                418,
                "FI",
                "fault_filter_abort",
                "fault filter abort",
                List.of(new HeaderValue("content-type", "text/plain"))));
    assertThat(call.cluster()).isEqualTo("v1");
    assertThat(call.attempts()).isZero();
    assertThat(call.mirrors()).isEmpty();
  }

  @Test
  void abort_beforeEndpointAndCluster() {
    for (String cluster : List.of("empty", "nope")) {
      Scenario other = new Scenario().fault(null, ABORT).to(cluster);

      assertThat(reply(other.begin(FakeCall.get("/")).step()).status()).isEqualTo(418);
    }
  }

  @Test
  void abort_routesResponseHeaders_areSet() {
    scenario.fault(null, ABORT).response(set("x-a", "new"));

    assertThat(values(reply(scenario.begin(FakeCall.get("/")).step()).headers(), "x-a"))
        .containsExactly("new");
  }

  @Test
  void abort_headersRead_theRequestAsItCame() {
    scenario
        .fault(null, ABORT)
        .request(set("x-user", "router"))
        .rewrite(new PathRewrite.Matched("/new"));
    scenario.response(set("x-a", "%REQ(:path)% %REQ(x-user)% %RESPONSE_CODE%"));

    assertThat(
            values(
                reply(scenario.begin(FakeCall.get("/old").with("x-user", "me")).step()).headers(),
                "x-a"))
        .containsExactly("/old me 0");
  }

  @Test
  void abort_ofARouteThatForwardsNothing_hasNoHeadersOfIt() {
    scenario.action(new RouteAction.DirectResponse(200, "x"));
    scenario.fault(null, ABORT).response(set("x-a", "new"));

    assertThat(reply(scenario.begin(FakeCall.get("/")).step()).headers())
        .containsExactly(new HeaderValue("content-type", "text/plain"));
  }

  @Test
  void abort_grpcStatus_200ForOthers() {
    scenario.fault(null, new Abort(Percentage.ALL, 0, 7));

    Step.LocalReply plain = reply(scenario.begin(FakeCall.get("/")).step());
    assertThat(plain.status()).isEqualTo(200);
    assertThat(plain.body()).isEqualTo("fault filter abort");
    Step.LocalReply grpc = reply(scenario.begin(FakeCall.grpc()).step());
    assertThat(values(grpc.headers(), "grpc-status")).containsExactly("7");
    assertThat(values(grpc.headers(), "grpc-message")).containsExactly("fault filter abort");
  }

  @Test
  void abort_httpStatusOfGrpcCall_mapped() {
    scenario.fault(null, new Abort(Percentage.ALL, 503, -1));

    assertThat(values(reply(scenario.begin(FakeCall.grpc()).step()).headers(), "grpc-status"))
        .containsExactly("14");
  }

  @Test
  void delay_thenAbort() {
    scenario.fault(DELAY, ABORT);
    OutboundCall call = scenario.begin(FakeCall.get("/"));

    assertThat(pause(call.step()).duration()).isEqualTo(Duration.ofMillis(300));
    assertThat(reply(call.waited()).flag()).isEqualTo("DI,FI");
  }

  @Test
  void delay_notCountedByTheTimeout() {
    scenario.fault(DELAY, new Abort(Percentage.NONE, 418, -1)).timeout(200);
    OutboundCall call = scenario.begin(FakeCall.get("/"));

    pause(call.step());
    scenario.pass(600);
    assertThat(attempt(call.waited()).responseTimeout()).isEqualTo(Duration.ofMillis(200));
    assertThat(call.flags()).isEqualTo("DI");
  }

  @Test
  void delay_closedMeanwhile_nothingHeld() {
    scenario.fault(DELAY, null);
    OutboundCall call = scenario.begin(FakeCall.get("/"));
    call.close();
    call.waited();

    assertThat(scenario.pipeline().state("v1"))
        .satisfies(state -> assertThat(state == null ? -1 : state.requests()).isZero());
  }

  @Test
  void shares_fitChiSquare() {
    scenario.fault(new Delay(share(20), Duration.ofMillis(1)), new Abort(share(12.5), 500, -1));
    int calls = 50_000;
    int[] counts = new int[4];
    for (int i = 0; i < calls; i++) {
      try (OutboundCall call = scenario.begin(FakeCall.get("/"))) {
        call.waited();
        boolean delayed = call.flags().contains("DI");
        boolean aborted = call.flags().contains("FI");
        counts[(delayed ? 2 : 0) + (aborted ? 1 : 0)]++;
      }
    }

    double[] shares = {0.8 * 0.875, 0.8 * 0.125, 0.2 * 0.875, 0.2 * 0.125};
    double chiSquare = 0;
    for (int i = 0; i < 4; i++) {
      chiSquare += Math.pow(counts[i] - calls * shares[i], 2) / (calls * shares[i]);
    }
    // 3 degrees of freedom, p = 0.001: the draws do not depend on each other
    assertThat(chiSquare).isLessThan(16.27);
  }

  private static Percentage share(double percent) {
    return new Percentage((int) (percent * 10_000));
  }
}
