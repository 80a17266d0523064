package io.inmesh.engine;

import static io.inmesh.engine.Scenario.applied;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.Mirror;
import io.inmesh.engine.model.PathRewrite;
import io.inmesh.engine.model.Percentage;
import io.inmesh.engine.model.RetryCondition;
import io.inmesh.engine.model.RetryPolicy;
import io.inmesh.engine.model.StringMatcher;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Golden family mirror. */
class MirrorTest {
  private static final Mirror AUDIT = new Mirror("audit", Percentage.ALL);

  private final Scenario scenario = new Scenario();

  @Test
  void mirror_getsTheChangedRequest_hostAsItIs() {
    scenario
        .mirror(AUDIT)
        .path(new StringMatcher.Prefix("/a", false))
        .rewrite(new PathRewrite.Matched("/b"))
        .countingAttempts()
        .timeout(700);
    OutboundCall call = scenario.begin(FakeCall.get("/a/x"));

    assertThat(call.mirrors()).hasSize(1);
    MirrorCall mirror = call.mirrors().get(0);
    assertThat(mirror.cluster()).isEqualTo("audit");
    assertThat(mirror.endpoint().address()).isEqualTo("audit");
    assertThat(mirror.head().path()).isEqualTo("/b/x");
    assertThat(mirror.head().authority()).isEqualTo("orders:8080");
    assertThat(applied(mirror.head().edits(), List.of(), "x-envoy-original-path"))
        .containsExactly("/a/x");
    assertThat(applied(mirror.head().edits(), List.of(), "x-envoy-attempt-count"))
        .containsExactly("1");
    assertThat(mirror.timeout()).isEqualTo(Duration.ofMillis(700));
    assertThat(mirror.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void mirror_retries_oneCopy() {
    scenario.mirror(AUDIT).retries(new RetryPolicy(Set.of(RetryCondition.SERVER_ERROR), 2, 5));
    OutboundCall call = scenario.begin(FakeCall.get("/"));
    List<MirrorCall> first = call.mirrors();
    call.responded(TestMesh.response(503));
    call.waited();

    assertThat(call.mirrors()).isSameAs(first);
  }

  @Test
  void mirror_noEndpointOrCluster_leftOut() {
    scenario.mirror(new Mirror("empty", Percentage.ALL), new Mirror("nope", Percentage.ALL), AUDIT);

    assertThat(scenario.begin(FakeCall.get("/")).mirrors())
        .extracting(MirrorCall::cluster)
        .containsExactly("audit");
  }

  @Test
  void mirror_mainHasNoEndpoint_none() {
    scenario.mirror(AUDIT).to("empty");

    assertThat(scenario.begin(FakeCall.get("/")).mirrors()).isEmpty();
  }

  @Test
  void mirror_share_drawnOncePerCall() {
    scenario.mirror(new Mirror("audit", new Percentage(250_000)));
    int copies = 0;
    for (int i = 0; i < 20_000; i++) {
      try (OutboundCall call = scenario.begin(FakeCall.get("/"))) {
        copies += call.mirrors().size();
        call.mirrors().forEach(MirrorCall::close);
      }
    }

    // 5,000 expected, standard deviation 61: 4 of them
    assertThat(copies).isBetween(4_755, 5_245);
  }

  @Test
  void mirror_countsUntilItIsClosed_once() {
    scenario.mirror(AUDIT);
    OutboundCall call = scenario.begin(FakeCall.get("/"));
    call.close();

    assertThat(requireNonNull(scenario.pipeline().state("audit")).requests()).isEqualTo(1);
    call.mirrors().get(0).close();
    call.mirrors().get(0).close();
    assertThat(requireNonNull(scenario.pipeline().state("audit")).requests()).isZero();
  }
}
