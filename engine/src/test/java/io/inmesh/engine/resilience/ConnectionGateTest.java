package io.inmesh.engine.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.CircuitBreakers;
import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.resilience.ConnectionGate.Pass;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConnectionGateTest {
  private static final Endpoint ONE = new Endpoint("one", 80, 1);
  private static final Endpoint OTHER = new Endpoint("other", 80, 1);

  private final List<String> turns = new ArrayList<>();

  private static CircuitBreakers limits(long connections, long pending) {
    return new CircuitBreakers(connections, pending, 100, 100, null);
  }

  private @Nullable Pass tryEnter(ConnectionGate gate, Endpoint endpoint, String name) {
    return gate.enter(endpoint, () -> turns.add(name));
  }

  private Pass enter(ConnectionGate gate, Endpoint endpoint, String name) {
    return Objects.requireNonNull(tryEnter(gate, endpoint, name), name);
  }

  @Test
  void enter_limitsReached_waitsThenOverflows() {
    ConnectionGate gate = new ConnectionGate(limits(2, 2));
    Pass a = enter(gate, ONE, "a");
    Pass b = enter(gate, ONE, "b");
    assertThat(a.isAdmitted() && b.isAdmitted()).isTrue();
    assertThat(a.wasQueued() || b.wasQueued()).isFalse();
    Pass c = enter(gate, ONE, "c");
    Pass d = enter(gate, ONE, "d");
    assertThat(c.isAdmitted() || d.isAdmitted()).isFalse();
    assertThat(c.wasQueued() && d.wasQueued()).isTrue();
    assertThat(tryEnter(gate, ONE, "e")).isNull();
    assertThat(gate.connections()).isEqualTo(2);
    assertThat(gate.waiting()).isEqualTo(2);
    assertThat(turns).isEmpty();
  }

  @Test
  void leave_somebodyWaits_longestFirst() {
    ConnectionGate gate = new ConnectionGate(limits(1, 9));
    Pass a = enter(gate, ONE, "a");
    Pass b = enter(gate, ONE, "b");
    Pass c = enter(gate, ONE, "c");
    a.leave();
    assertThat(turns).containsExactly("b");
    assertThat(b.isAdmitted()).isTrue();
    // Twice is once.
    a.leave();
    assertThat(c.isAdmitted()).isFalse();
    b.leave();
    assertThat(turns).containsExactly("b", "c");
    c.leave();
    assertThat(gate.connections()).isZero();
    assertThat(turns).containsExactly("b", "c");
  }

  @Test
  void leave_whileWaiting_neverGetsATurn() {
    ConnectionGate gate = new ConnectionGate(limits(1, 2));
    Pass a = enter(gate, ONE, "a");
    Pass b = enter(gate, ONE, "b");
    enter(gate, ONE, "c");
    b.leave();
    assertThat(gate.waiting()).isEqualTo(1);
    a.leave();
    assertThat(turns).containsExactly("c");
    assertThat(b.isAdmitted()).isFalse();
  }

  @Test
  void enter_endpointWithoutConnection_alwaysGetsOne() {
    ConnectionGate gate = new ConnectionGate(limits(1, 9));
    Pass a = enter(gate, ONE, "a");
    Pass b = enter(gate, OTHER, "b");
    assertThat(b.isAdmitted()).isTrue();
    assertThat(enter(gate, OTHER, "c").isAdmitted()).isFalse();
    enter(gate, ONE, "d");
    // Two are one too many for the limit, so that only an endpoint left without one gets another.
    a.leave();
    assertThat(turns).containsExactly("d");
    b.leave();
    assertThat(turns).containsExactly("d", "c");
    assertThat(gate.connections()).isEqualTo(2);
  }

  @Test
  void enter_noLimit_notCounted() {
    ConnectionGate gate = new ConnectionGate(CircuitBreakers.UNLIMITED);
    Pass early = enter(gate, ONE, "a");
    assertThat(early.isAdmitted()).isTrue();
    assertThat(gate.connections()).isZero();

    gate.advance(limits(1, 9));
    Pass b = enter(gate, ONE, "b");
    assertThat(b.isAdmitted()).isTrue();
    early.leave();
    assertThat(gate.connections()).isEqualTo(1);
    assertThat(enter(gate, ONE, "c").isAdmitted()).isFalse();
  }

  @Test
  void advance_moreAllowed_thoseWhoWaitGoOn() {
    ConnectionGate gate = new ConnectionGate(limits(1, 9));
    enter(gate, ONE, "a");
    enter(gate, ONE, "b");
    enter(gate, ONE, "c");
    enter(gate, ONE, "d");
    gate.advance(limits(3, 9));
    assertThat(turns).containsExactly("b", "c");
    gate.advance(CircuitBreakers.UNLIMITED);
    assertThat(turns).containsExactly("b", "c", "d");
  }

  @Test
  void turn_leavesAtOnce_nextOnesGoOn() {
    ConnectionGate gate = new ConnectionGate(limits(1, 9));
    Pass first = enter(gate, ONE, "a");
    List<Pass> passes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int number = i;
      passes.add(
          Objects.requireNonNull(
              gate.enter(
                  ONE,
                  () -> {
                    turns.add("t" + number);
                    passes.get(number).leave();
                  })));
    }
    first.leave();
    assertThat(turns).containsExactly("t0", "t1", "t2", "t3", "t4");
    assertThat(gate.connections()).isZero();
  }

  // Seen by many threads.
  private final ConnectionGate gate = new ConnectionGate(limits(2, 2));
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger overflows = new AtomicInteger();

  @Test
  void manyThreads_limitHoldsEveryTurnComesAndNothingIsLeft() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Random schedule = new Random(i);
        running.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < 50_000; n++) {
                    if (schedule.nextBoolean()) {
                      one(schedule.nextInt(4) > 0);
                    } else {
                      many(schedule);
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(overflows.get()).isPositive();
    assertThat(gate.connections()).isZero();
    assertThat(gate.waiting()).isZero();
  }

  /** A call that waits for its turn, or does not. */
  private void one(boolean patient) throws InterruptedException {
    Semaphore turn = new Semaphore(0);
    Pass pass = gate.enter(ONE, turn::release);
    if (pass == null) {
      overflows.incrementAndGet();
      return;
    }
    if (pass.wasQueued() && patient) {
      // A turn that never came would be an error here.
      assertThat(turn.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
    }
    use(List.of(pass));
    pass.leave();
  }

  /** More calls than there is room for, which are all abandoned. */
  private void many(Random schedule) {
    List<Pass> passes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Pass pass = gate.enter(ONE, () -> {});
      if (pass == null) {
        overflows.incrementAndGet();
      } else {
        passes.add(pass);
      }
    }
    use(passes);
    Collections.shuffle(passes, schedule);
    passes.forEach(Pass::leave);
  }

  private void use(List<Pass> passes) {
    int admitted = (int) passes.stream().filter(Pass::isAdmitted).count();
    assertThat(inside.addAndGet(admitted)).isLessThanOrEqualTo(2);
    inside.addAndGet(-admitted);
  }
}
