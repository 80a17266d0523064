package io.inmesh.engine.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.OutlierDetection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutlierDetectorConcurrencyTest {
  private static final int THREADS = 6;
  private static final int MEMBERS = 5;

  private static final OutlierDetection TWO_OF_FIVE =
      new OutlierDetection(
          2,
          1,
          0,
          false,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(300),
          40,
          false);

  private final AtomicLong clock = new AtomicLong();
  private final OutlierDetector detector = new OutlierDetector(TWO_OF_FIVE, clock::get);
  private final List<EndpointHealth> members = new ArrayList<>();

  private interface Work {
    void run(Random schedule) throws Exception;
  }

  private static void onAllThreads(Work work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Random schedule = new Random(i);
        running.add(
            threads.submit(
                () -> {
                  work.run(schedule);
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

  @BeforeEach
  void join() {
    for (int i = 0; i < MEMBERS; i++) {
      members.add(detector.join());
    }
    detector.advance(TWO_OF_FIVE, MEMBERS);
  }

  @Test
  void failures_ofManyThreadsAtOnce_ejectOnce() throws Exception {
    EndpointHealth bad = members.get(0);
    CyclicBarrier round = new CyclicBarrier(THREADS);
    onAllThreads(
        schedule -> {
          for (int i = 0; i < 300; i++) {
            int before = detector.version();
            round.await(10, TimeUnit.SECONDS);
            bad.responded(503);
            bad.responded(503);
            round.await(10, TimeUnit.SECONDS);
            // One ejection, as long as a first one is.
            assertThat(detector.version()).isEqualTo(before + 1);
            assertThat(bad.ejectedFor()).isEqualTo(Duration.ofSeconds(30));
            round.await(10, TimeUnit.SECONDS);
            // Back, and good for long enough.
            clock.compareAndSet(i * 100_000_000_000L, (i + 1) * 100_000_000_000L);
            detector.sweepIfDue();
            round.await(10, TimeUnit.SECONDS);
            assertThat(bad.ejected()).isFalse();
          }
        });
  }

  @Test
  void failures_whileTimeGoesBy_neverMoreOutThanAllowed() throws Exception {
    AtomicLong seen = new AtomicLong();
    onAllThreads(
        schedule -> {
          for (int i = 0; i < 30_000; i++) {
            clock.addAndGet(schedule.nextInt(1_000_000_000));
            EndpointHealth health = members.get(schedule.nextInt(MEMBERS));
            switch (schedule.nextInt(5)) {
              case 0 -> health.responded(200);
              case 1 -> health.responded(500);
              case 2 -> health.connectFailed();
              case 3 -> health.timedOut();
              default -> detector.sweepIfDue();
            }
            // Flags change under the detector's lock only: with it, they are of one instant.
            synchronized (detector) {
              long out = members.stream().filter(EndpointHealth::ejected).count();
              assertThat(out).isLessThanOrEqualTo(2);
              seen.accumulateAndGet(out, Math::max);
            }
          }
        });
    assertThat(seen.get()).isEqualTo(2);

    clock.addAndGet(Duration.ofDays(1).toNanos());
    detector.sweepIfDue();
    assertThat(members).noneMatch(EndpointHealth::ejected);
  }
}
