package io.inmesh.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.balance.ClusterState;
import io.inmesh.engine.model.CircuitBreakers;
import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.ConnectionLimits;
import io.inmesh.engine.model.LbPolicy;
import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.engine.model.RetryCondition;
import io.inmesh.engine.model.RetryPolicy;
import io.inmesh.engine.model.WeightedCluster;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * However calls end, nothing stays held: no endpoint's active request, no cluster's request, retry
 * or connection. One thread drives a call while another closes it; which one does what is drawn
 * from a seed.
 */
class OutboundCallConcurrencyTest {
  private static final int CALLS = 5_000;
  private static final RetryPolicy RETRIES =
      new RetryPolicy(Set.of(RetryCondition.SERVER_ERROR), 3, 5);
  private static final RequestView REQUEST = TestMesh.get(TestMesh.AUTHORITY, "/");

  private MeshSnapshot snapshot = mesh(4);
  private final OutboundPipeline pipeline =
      new OutboundPipeline(() -> snapshot, new Random(1), () -> 0, OutboundObserver.NONE);

  private static MeshSnapshot mesh(int endpoints) {
    Cluster limited =
        new Cluster(
            "v1",
            LbPolicy.LEAST_REQUEST,
            TestMesh.cluster("v1", endpoints).groups(),
            ConnectionLimits.DEFAULT,
            new CircuitBreakers(1, 1, 100, 100, null),
            null,
            0);
    return TestMesh.of(
        List.of(TestMesh.everything(RETRIES, new WeightedCluster("v1", 1))), limited);
  }

  @Test
  void close_whileDriven_nothingStaysHeld() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Random schedule = new Random(2024);
      for (int i = 0; i < CALLS; i++) {
        OutboundCall call = pipeline.begin(REQUEST);
        long outcomes = schedule.nextLong();
        int closes = 1 + schedule.nextInt(2);
        CountDownLatch start = new CountDownLatch(2);
        Future<?> driver = threads.submit(() -> drive(call, new Random(outcomes), start));
        Future<?> closer = threads.submit(() -> close(call, closes, start));
        driver.get(10, TimeUnit.SECONDS);
        closer.get(10, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }

    assertNothingHeld();
  }

  @Test
  void close_everyKindOfEnd_nothingStaysHeld() {
    Random outcomes = new Random(7);
    for (int i = 0; i < CALLS; i++) {
      OutboundCall call = pipeline.begin(REQUEST);
      outcome(call, outcomes.nextInt(10));
      outcome(call, outcomes.nextInt(10));
      call.close();
    }

    assertNothingHeld();
  }

  @Test
  void close_afterSnapshotSwap_releasesTheSharedCounters() {
    OutboundCall call = pipeline.begin(REQUEST);
    snapshot = mesh(5);

    assertThat(state().requests()).isEqualTo(1);
    call.close();
    call.close();
    assertNothingHeld();
  }

  private void assertNothingHeld() {
    ClusterState state = state();
    assertThat(state.requests()).isZero();
    assertThat(state.retries()).isZero();
    assertThat(state.connections()).isZero();
    assertThat(state.waiting()).isZero();
    assertThat(state.endpoints()).isNotEmpty().allMatch(endpoint -> endpoint.active() == 0);
  }

  private ClusterState state() {
    return requireNonNull(pipeline.state("v1"));
  }

  private static void drive(OutboundCall call, Random outcomes, CountDownLatch start) {
    meet(start);
    for (int i = 0; i < 6; i++) {
      outcome(call, outcomes.nextInt(10));
    }
  }

  private static void outcome(OutboundCall call, int kind) {
    switch (kind) {
      case 0 -> call.connectFailed();
      case 1 -> call.reset(true);
      case 2 -> call.timedOut();
      case 3 -> call.responded(TestMesh.response(503));
      case 4 -> call.responded(TestMesh.response(200));
      case 5 -> call.triesAgain();
      case 6 -> call.overflowed();
      case 7 -> call.connected();
      case 8 -> call.enter(() -> {});
      default -> call.waited();
    }
  }

  private static void close(OutboundCall call, int times, CountDownLatch start) {
    meet(start);
    for (int i = 0; i < times; i++) {
      call.close();
    }
  }

  private static void meet(CountDownLatch start) {
    start.countDown();
    while (start.getCount() > 0) {
      Thread.onSpinWait();
    }
  }
}
