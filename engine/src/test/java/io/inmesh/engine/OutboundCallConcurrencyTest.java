package io.inmesh.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.balance.ClusterLoad;
import io.inmesh.engine.balance.EndpointLoad;
import io.inmesh.engine.balance.Pick;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * However calls end, no endpoint keeps an active request. One thread drives a call while another
 * closes it; which one does what is drawn from a seed.
 */
class OutboundCallConcurrencyTest {
  private static final int ENDPOINTS = 4;
  private static final int CALLS = 5_000;

  @Test
  void close_whileDriven_nothingStaysActive() throws Exception {
    ClusterLoad cluster =
        new ClusterLoad(TestMesh.cluster("v1", ENDPOINTS), null, new Random(1), () -> 0);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Random schedule = new Random(2024);
      for (int i = 0; i < CALLS; i++) {
        OutboundCall call =
            OutboundCall.routed("r", TestMesh.RETRIES, cluster, OutboundObserver.NONE);
        int failures = schedule.nextInt(4);
        int closes = 1 + schedule.nextInt(2);
        CountDownLatch start = new CountDownLatch(2);
        Future<?> driver = threads.submit(() -> drive(call, failures, start));
        Future<?> closer = threads.submit(() -> close(call, closes, start));
        driver.get(10, TimeUnit.SECONDS);
        closer.get(10, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(active(cluster)).containsOnly(0);
  }

  @Test
  void close_afterSnapshotSwap_releasesTheSharedCounter() {
    ClusterLoad before = new ClusterLoad(TestMesh.cluster("v1", 1), null, new Random(1), () -> 0);
    OutboundCall call = OutboundCall.routed("r", TestMesh.RETRIES, before, OutboundObserver.NONE);
    ClusterLoad after = new ClusterLoad(TestMesh.cluster("v1", 2), before, new Random(1), () -> 0);

    assertThat(active(after)).contains(1);
    call.close();
    call.close();
    assertThat(active(after)).containsOnly(0);
  }

  private static void drive(OutboundCall call, int failures, CountDownLatch start) {
    meet(start);
    for (int i = 0; i < failures && call.step() instanceof Step.Attempt; i++) {
      call.connectFailed();
    }
    call.connected();
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

  /** The active calls of every endpoint that 200 picks come upon: all of them. */
  private static List<Integer> active(ClusterLoad cluster) {
    List<Integer> active = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      EndpointLoad picked = cluster.pick(Pick.ANY);
      if (picked != null) {
        active.add(picked.active());
      }
    }
    return active;
  }
}
