package io.inmesh.engine;

import static io.inmesh.engine.TestMesh.AUTHORITY;
import static io.inmesh.engine.TestMesh.RETRIES;
import static io.inmesh.engine.TestMesh.cluster;
import static io.inmesh.engine.TestMesh.everything;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.engine.model.RetryPolicy;
import io.inmesh.engine.model.WeightedCluster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OutboundPipelineTest {
  private static final RequestView REQUEST = TestMesh.get(AUTHORITY, "/");
  private static final WeightedCluster V1 = new WeightedCluster("v1", 1);

  private MeshSnapshot snapshot = TestMesh.of(List.of(everything(V1)), cluster("v1", 3));
  private final OutboundPipeline pipeline = pipeline(OutboundObserver.NONE);

  private OutboundPipeline pipeline(OutboundObserver observer) {
    return new OutboundPipeline(() -> snapshot, new Random(3), () -> 0, observer);
  }

  @Test
  void begin_unknownAuthority_untouched() {
    OutboundCall call = pipeline.begin(TestMesh.get("elsewhere:80", "/"));

    assertThat(call.step()).isEqualTo(Step.Untouched.INSTANCE);
    assertThat(call.connectFailed()).isEqualTo(Step.Deliver.INSTANCE);
    call.close();
  }

  @Test
  void begin_noRoute_404NR() {
    snapshot = TestMesh.of(List.of(), cluster("v1", 1));

    assertThat(pipeline.begin(REQUEST).step())
        .isEqualTo(new Step.LocalReply(404, "NR", "route_not_found", "", List.of()));
  }

  @Test
  void begin_unknownCluster_503NC() {
    snapshot = TestMesh.of(List.of(everything(V1)));

    assertThat(pipeline.begin(REQUEST).step())
        .isEqualTo(new Step.LocalReply(503, "NC", "cluster_not_found", "", List.of()));
  }

  @Test
  void begin_noEndpoint_503UH() {
    snapshot = TestMesh.of(List.of(everything(V1)), cluster("v1", 0));

    OutboundCall call = pipeline.begin(REQUEST);

    Step.LocalReply reply =
        new Step.LocalReply(
            503,
            "UH",
            "no_healthy_upstream",
            "no healthy upstream",
            List.of(new HeaderValue("content-type", "text/plain")));
    assertThat(call.step()).isEqualTo(reply);
    assertThat(call.attempts()).isZero();
    assertThat(call.connectFailed()).as("there is no attempt").isEqualTo(reply);
  }

  @Test
  void begin_noDestinationOrNoWeight_503NC() {
    for (WeightedCluster[] clusters :
        List.of(
            new WeightedCluster[0],
            new WeightedCluster[] {new WeightedCluster("v1", 0), new WeightedCluster("v2", 0)})) {
      snapshot = TestMesh.of(List.of(everything(clusters)), cluster("v1", 1));

      assertThat(pipeline.begin(REQUEST).step())
          .isInstanceOfSatisfying(Step.LocalReply.class, r -> assertThat(r.flag()).isEqualTo("NC"));
    }
  }

  @Test
  void begin_singleDestinationOfWeightZero_getsAll() {
    snapshot = TestMesh.of(List.of(everything(new WeightedCluster("v1", 0))), cluster("v1", 1));

    assertThat(pipeline.begin(REQUEST).cluster()).isEqualTo("v1");
  }

  @Test
  void begin_weights_fitChiSquare() {
    int[] weights = {70, 20, 9, 1, 0};
    WeightedCluster[] clusters = new WeightedCluster[weights.length];
    Cluster[] mesh = new Cluster[weights.length];
    for (int i = 0; i < weights.length; i++) {
      clusters[i] = new WeightedCluster("w" + i, weights[i]);
      mesh[i] = cluster("w" + i, 1);
    }
    snapshot = TestMesh.of(List.of(everything(clusters)), mesh);
    int calls = 100_000;
    int[] counts = new int[weights.length];
    for (int i = 0; i < calls; i++) {
      try (OutboundCall call = pipeline.begin(REQUEST)) {
        counts[call.cluster().charAt(1) - '0']++;
      }
    }

    assertThat(counts[4]).isZero();
    double chiSquare = 0;
    for (int i = 0; i < 4; i++) {
      double expected = calls * weights[i] / 100.0;
      chiSquare += Math.pow(counts[i] - expected, 2) / expected;
    }
    // 3 degrees of freedom, p = 0.001
    assertThat(chiSquare).isLessThan(16.27);
  }

  @Test
  void begin_weightsBeyondInt_drawn() {
    snapshot =
        TestMesh.of(
            List.of(
                everything(
                    new WeightedCluster("v1", Integer.MAX_VALUE),
                    new WeightedCluster("v2", Integer.MAX_VALUE))),
            cluster("v1", 1),
            cluster("v2", 1));

    Set<String> drawn = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      drawn.add(pipeline.begin(REQUEST).cluster());
    }
    assertThat(drawn).containsExactlyInAnyOrder("v1", "v2");
  }

  @Test
  void begin_weights_sharesFitChiSquare() {
    int[] weights = {70, 20, 9, 1, 0};
    WeightedCluster[] clusters = new WeightedCluster[weights.length];
    for (int i = 0; i < weights.length; i++) {
      clusters[i] = new WeightedCluster("v" + i, weights[i]);
    }
    int calls = 100_000;
    Map<String, Integer> drawn = new HashMap<>();
    snapshot =
        TestMesh.of(
            List.of(everything(clusters)),
            cluster("v0", 1),
            cluster("v1", 1),
            cluster("v2", 1),
            cluster("v3", 1),
            cluster("v4", 1));
    for (int i = 0; i < calls; i++) {
      try (OutboundCall call = pipeline.begin(REQUEST)) {
        drawn.merge(call.cluster(), 1, Integer::sum);
      }
    }

    double chiSquare = 0;
    for (int i = 0; i < 4; i++) {
      double expected = calls * weights[i] / 100.0;
      chiSquare += Math.pow(drawn.getOrDefault("v" + i, 0) - expected, 2) / expected;
    }
    // 3 degrees of freedom, p = 0.001
    assertThat(chiSquare).isLessThan(16.27);
    assertThat(drawn).doesNotContainKey("v4");
  }

  @Test
  void triesAgain_anotherEndpoint_andUsesNoRetryUp() {
    OutboundCall call = pipeline.begin(REQUEST);
    Step first = call.step();
    call.connected();

    Step second = call.triesAgain();

    assertThat(second).isInstanceOf(Step.Attempt.class).isNotEqualTo(first);
    assertThat(call.attempts()).isEqualTo(1);
    assertThat(failAndWait(call)).isInstanceOf(Step.Attempt.class);
    assertThat(failAndWait(call)).isInstanceOf(Step.Attempt.class);
    Step last = call.connectFailed();
    assertThat(last).isInstanceOf(Step.LocalReply.class);
    assertThat(call.triesAgain()).as("there is nothing to try").isEqualTo(last);
  }

  @Test
  void connectFailed_otherEndpoints_then503UF() {
    OutboundCall call = pipeline.begin(REQUEST);
    Set<Endpoint> tried = new HashSet<>();
    Step step = call.step();
    while (step instanceof Step.Attempt attempt) {
      tried.add(attempt.endpoint());
      step = failAndWait(call);
    }

    assertThat(step)
        .isInstanceOfSatisfying(
            Step.LocalReply.class,
            reply -> {
              assertThat(reply.status()).isEqualTo(503);
              assertThat(reply.flag()).isEqualTo("URX,UF");
            });
    assertThat(call.attempts()).isEqualTo(3);
    assertThat(tried).hasSize(3);
  }

  @Test
  void connectFailed_onlyOneEndpoint_triesItAgain() {
    snapshot = TestMesh.of(List.of(everything(V1)), cluster("v1", 1));
    OutboundCall call = pipeline.begin(REQUEST);

    assertThat(failAndWait(call)).isEqualTo(call.step()).isInstanceOf(Step.Attempt.class);
    assertThat(call.attempts()).isEqualTo(2);
  }

  @Test
  void connectFailed_manyClusters_keepsTheDrawnOne() {
    snapshot =
        TestMesh.of(
            List.of(everything(V1, new WeightedCluster("v2", 1))),
            cluster("v1", 3),
            cluster("v2", 3));
    for (int i = 0; i < 100; i++) {
      OutboundCall call = pipeline.begin(REQUEST);
      for (Step step = call.step();
          step instanceof Step.Attempt attempt;
          step = failAndWait(call)) {
        assertThat(attempt.endpoint().address()).isEqualTo(call.cluster());
      }
    }
  }

  @Test
  void connectFailed_conditionNotNamed_notRetried() {
    snapshot =
        TestMesh.of(List.of(everything(new RetryPolicy(Set.of(), 2, 5), V1)), cluster("v1", 3));

    assertThat(pipeline.begin(REQUEST).connectFailed())
        .isInstanceOfSatisfying(Step.LocalReply.class, r -> assertThat(r.flag()).isEqualTo("UF"));
  }

  @Test
  void connectFailed_closed_stillAnswers() {
    OutboundCall call = pipeline.begin(REQUEST);
    Step first = call.step();
    call.close();

    assertThat(failAndWait(call)).isInstanceOf(Step.Attempt.class).isNotEqualTo(first);
  }

  @Test
  void begin_newSnapshot_seenAtOnce() {
    pipeline.begin(REQUEST);
    snapshot = TestMesh.of(List.of(everything(new WeightedCluster("v2", 1))), cluster("v2", 1));

    assertThat(pipeline.begin(REQUEST).cluster()).isEqualTo("v2");
    assertThat(pipeline.serves("v2", "v2", 1)).isTrue();
    assertThat(pipeline.serves("v1", "v1", 1)).isFalse();
  }

  @Test
  void begin_newSnapshot_activeCallsStillCount() {
    snapshot = TestMesh.of(List.of(everything(V1)), cluster("v1", 2));
    OutboundCall held = pipeline.begin(REQUEST);
    Endpoint busy = ((Step.Attempt) held.step()).endpoint();
    snapshot = TestMesh.of(List.of(everything(RETRIES, V1)), cluster("v1", 2));

    // P2C picks the busy one only if it is drawn twice: 1 of 4. Without its count it would be half.
    int onBusy = 0;
    for (int i = 0; i < 2_000; i++) {
      try (OutboundCall call = pipeline.begin(REQUEST)) {
        onBusy += ((Step.Attempt) call.step()).endpoint().equals(busy) ? 1 : 0;
      }
    }
    assertThat(onBusy).isBetween(400, 600);
  }

  @Test
  void observer_throwing_callGoesOn() {
    List<String> failures = new ArrayList<>();
    OutboundCall call =
        pipeline(
                new ThrowingObserver() {
                  @Override
                  public void failed(RuntimeException cause) {
                    failures.add(String.valueOf(cause.getMessage()));
                    throw new IllegalStateException("and again");
                  }
                })
            .begin(REQUEST);
    call.connected();
    call.responded(TestMesh.response(200));
    call.close();
    call.close();

    assertThat(call.step()).isEqualTo(Step.Deliver.INSTANCE);
    assertThat(failures).containsExactly("attempted", "connected", "responded", "ended");
  }

  /** Skips the back-off. */
  private static Step failAndWait(OutboundCall call) {
    call.connectFailed();
    return call.waited();
  }

  private static class ThrowingObserver implements OutboundObserver {
    @Override
    public void attempted(OutboundCall call, Endpoint endpoint) {
      throw new IllegalStateException("attempted");
    }

    @Override
    public void connected(OutboundCall call) {
      throw new IllegalStateException("connected");
    }

    @Override
    public void responded(OutboundCall call, int status) {
      throw new IllegalStateException("responded");
    }

    @Override
    public void ended(OutboundCall call) {
      throw new IllegalStateException("ended");
    }
  }
}
