package io.inmesh.engine.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.CircuitBreakers;
import io.inmesh.engine.model.CircuitBreakers.RetryBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Threads that all want the last place there is; what each does is counted, not timed. */
class CircuitUsageConcurrencyTest {
  private static final int THREADS = 8;
  private static final int TURNS = 40_000;
  private static final CircuitBreakers A_QUARTER =
      new CircuitBreakers(0, 0, 1_000, 0, new RetryBudget(25, 1));

  private final CircuitUsage usage = new CircuitUsage();
  private final AtomicInteger held = new AtomicInteger();

  private static void onAllThreads(Runnable work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      CyclicBarrier start = new CyclicBarrier(THREADS);
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        running.add(
            threads.submit(
                () -> {
                  start.await(10, TimeUnit.SECONDS);
                  work.run();
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void retryBudget_allAtOnce_exactlyItsPlacesAreTaken() throws Exception {
    hold(14);
    CyclicBarrier together = new CyclicBarrier(THREADS);

    onAllThreads(
        () -> {
          for (int round = 0; round < 2_000; round++) {
            meet(together);
            boolean began = usage.beginRetry(A_QUARTER);
            meet(together);
            check(usage.retries() == 3, usage.retries() + " retries at once");
            meet(together);
            if (began) {
              usage.endRetry();
            }
          }
        });

    assertThat(usage.retries()).isZero();
  }

  @Test
  void retryBudget_requestsComeAndGo_nothingIsLeft() throws Exception {
    hold(8);

    onAllThreads(
        () -> {
          for (int i = 0; i < TURNS; i++) {
            boolean began = usage.beginRequest(A_QUARTER);
            retry((8 + THREADS) / 4);
            if (began) {
              usage.endRequest();
            }
          }
        });

    assertThat(usage.requests()).isEqualTo(8);
    assertThat(usage.retries()).isZero();
  }

  private void hold(int requests) {
    for (int i = 0; i < requests; i++) {
      usage.beginRequest(A_QUARTER);
    }
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  private void retry(int limit) {
    if (!usage.beginRetry(A_QUARTER)) {
      return;
    }
    int now = held.incrementAndGet();
    check(now <= limit, now + " retries at once");
    Thread.onSpinWait();
    held.decrementAndGet();
    usage.endRetry();
  }
}
