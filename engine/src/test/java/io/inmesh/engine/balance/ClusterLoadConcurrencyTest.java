package io.inmesh.engine.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.CircuitBreakers;
import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.ConnectionLimits;
import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.EndpointGroup;
import io.inmesh.engine.model.LbPolicy;
import io.inmesh.engine.model.Locality;
import io.inmesh.engine.model.OutlierDetection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Many threads make calls that end in every way there is, while snapshots are swapped and time goes
 * by; what each does is drawn from a seed.
 */
class ClusterLoadConcurrencyTest {
  private static final int THREADS = 8;
  private static final int CALLS = 20_000;
  private static final int ENDPOINTS = 5;
  private static final int MAX_REQUESTS = 6;
  private static final int MAX_RETRIES = 2;

  private final AtomicLong clock = new AtomicLong();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger retries = new AtomicInteger();
  private final AtomicInteger overflows = new AtomicInteger();

  // Written under the lock on this.
  private volatile ClusterLoad current =
      new ClusterLoad(cluster(ENDPOINTS), null, new Random(1), clock::get);

  private static Cluster cluster(int endpoints) {
    List<Endpoint> list = new ArrayList<>();
    for (int i = 0; i < endpoints; i++) {
      list.add(new Endpoint("e" + i, 80, 1 + i % 2));
    }
    return new Cluster(
        "c",
        LbPolicy.LEAST_REQUEST,
        List.of(new EndpointGroup(Locality.UNKNOWN, 0, 0, list)),
        ConnectionLimits.DEFAULT,
        new CircuitBreakers(9, 9, MAX_REQUESTS, MAX_RETRIES, null),
        new OutlierDetection(
            2,
            1,
            0,
            false,
            Duration.ofNanos(300),
            Duration.ofNanos(500),
            Duration.ofNanos(2_000),
            40,
            false),
        0);
  }

  @Test
  void manyThreads_everyOutcome_limitsHoldAndNothingIsLeft() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int seed = i;
        running.add(threads.submit(() -> calls(new Random(seed))));
      }
      for (Future<?> one : running) {
        one.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }

    ClusterState state = current.state();
    assertThat(state.requests()).isZero();
    assertThat(state.retries()).isZero();
    assertThat(state.endpoints()).extracting(EndpointState::active).containsOnly(0);
    // The limits were met, or they were not tested.
    assertThat(overflows.get()).isPositive();
  }

  private void calls(Random schedule) {
    for (int i = 0; i < CALLS; i++) {
      clock.addAndGet(schedule.nextInt(20));
      ClusterLoad load = current;
      if (!load.beginRequest()) {
        overflows.incrementAndGet();
        continue;
      }
      check(requests.incrementAndGet() <= MAX_REQUESTS, "too many requests");
      attempt(load, schedule);
      if (schedule.nextInt(3) == 0) {
        retry(load, schedule);
      }
      requests.decrementAndGet();
      load.endRequest();
      if (schedule.nextInt(500) == 0) {
        swap(schedule);
      }
    }
  }

  private void retry(ClusterLoad load, Random schedule) {
    if (!load.beginRetry()) {
      overflows.incrementAndGet();
      return;
    }
    check(retries.incrementAndGet() <= MAX_RETRIES, "too many retries");
    attempt(load, schedule);
    retries.decrementAndGet();
    load.endRetry();
  }

  private static void attempt(ClusterLoad load, Random schedule) {
    EndpointLoad endpoint = load.pick(Pick.ANY);
    if (endpoint == null) {
      return;
    }
    endpoint.acquire();
    Thread.onSpinWait();
    switch (schedule.nextInt(6)) {
      case 0 -> endpoint.responded(200);
      case 1 -> endpoint.responded(500);
      case 2 -> endpoint.connectFailed();
      case 3 -> endpoint.timedOut();
      case 4 -> endpoint.reset();
      default -> endpoint.connected();
    }
    endpoint.release();
  }

  /** Snapshots follow one another, as the pipeline makes them under its lock. */
  private synchronized void swap(Random schedule) {
    Cluster next = cluster(ENDPOINTS - schedule.nextInt(2));
    current = new ClusterLoad(next, current, schedule, clock::get);
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
