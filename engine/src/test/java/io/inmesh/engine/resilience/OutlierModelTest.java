package io.inmesh.engine.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.OutlierDetection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * The detector sweeps when somebody comes by and does sums for the sweeps that nobody made. Here it
 * runs beside a plain one that makes each sweep at its time, as Envoy's timer does, through random
 * histories.
 */
class OutlierModelTest {
  private static final int HISTORIES = 2_000;
  private static final int EVENTS = 150;

  private enum Outcome {
    OK(200),
    NOT_FOUND(404),
    ERROR(500),
    GATEWAY(502),
    CONNECT_FAILED(503),
    RESET(503),
    TIMED_OUT(504),
    CONNECTED(0);

    private final int status;

    Outcome(int status) {
      this.status = status;
    }

    boolean isLocal() {
      return this == CONNECT_FAILED || this == RESET || this == TIMED_OUT;
    }
  }

  @Test
  void randomHistories_asWithASweepEachInterval() {
    int ejections = 0;
    for (int seed = 0; seed < HISTORIES; seed++) {
      ejections += history(new Random(seed), seed);
    }
    // They are about something.
    assertThat(ejections).isGreaterThan(HISTORIES);
  }

  private static int history(Random random, int seed) {
    OutlierDetection config = config(random);
    int members = 1 + random.nextInt(6);
    AtomicLong clock = new AtomicLong(random.nextLong());
    OutlierDetector detector = new OutlierDetector(config, clock::get);
    List<EndpointHealth> ours = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      ours.add(detector.join());
    }
    detector.advance(config, members);
    Plain plain = new Plain(config, members);
    for (int event = 0; event < EVENTS; event++) {
      long pause = pause(random);
      clock.addAndGet(pause);
      plain.pass(pause);
      int who = random.nextInt(1 + random.nextInt(members));
      Outcome outcome = Outcome.values()[random.nextInt(Outcome.values().length)];
      for (int times = 1 + random.nextInt(4); times > 0; times--) {
        tell(ours.get(who), outcome);
        plain.tell(who, outcome);
      }
      detector.sweepIfDue();
      for (int i = 0; i < members; i++) {
        Plain.Host host = plain.hosts.get(i);
        assertThat(ours.get(i).ejected()).as("seed %s event %s", seed, event).isEqualTo(host.out);
        assertThat(ours.get(i).consecutive5xx()).isEqualTo(host.errors);
        assertThat(ours.get(i).consecutiveGateway()).isEqualTo(host.gateway);
        assertThat(ours.get(i).consecutiveLocalOrigin()).isEqualTo(host.local);
      }
    }
    return plain.ejections;
  }

  private static OutlierDetection config(Random random) {
    int base = 1 + random.nextInt(40);
    return new OutlierDetection(
        random.nextInt(6),
        random.nextInt(4),
        random.nextInt(4),
        random.nextBoolean(),
        Duration.ofSeconds(1 + random.nextInt(20)),
        Duration.ofSeconds(base),
        Duration.ofSeconds(base + random.nextInt(100)),
        random.nextInt(101),
        random.nextBoolean());
  }

  /** Mostly short, now and then many intervals, sometimes to the very second of a sweep. */
  private static long pause(Random random) {
    long second = 1_000_000_000;
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> random.nextLong(2 * second);
      case 2 -> random.nextInt(20) * second;
      default -> random.nextInt(10) == 0 ? random.nextInt(600) * second : 5;
    };
  }

  private static void tell(EndpointHealth health, Outcome outcome) {
    switch (outcome) {
      case OK, NOT_FOUND, ERROR, GATEWAY -> health.responded(outcome.status);
      case CONNECT_FAILED -> health.connectFailed();
      case RESET -> health.reset();
      case TIMED_OUT -> health.timedOut();
      case CONNECTED -> health.connected();
    }
  }

  /** What Envoy does, with a timer. */
  private static final class Plain {
    private static final class Host {
      private boolean out;
      private int errors;
      private int gateway;
      private int local;
      private int multiplier;
      private long ejectedAt;
      private long returnedAt = -1;
    }

    private final OutlierDetection config;
    private final List<Host> hosts = new ArrayList<>();
    private final long interval;
    private long now;
    private long nextSweep;
    private int ejections;

    Plain(OutlierDetection config, int members) {
      this.config = config;
      this.interval = config.interval().toNanos();
      this.nextSweep = interval;
      for (int i = 0; i < members; i++) {
        hosts.add(new Host());
      }
    }

    void pass(long pause) {
      now += pause;
      for (; nextSweep <= now; nextSweep += interval) {
        hosts.forEach(host -> sweep(host, nextSweep));
      }
    }

    private void sweep(Host host, long instant) {
      if (host.out && time(host) <= instant - host.ejectedAt) {
        host.out = false;
        host.errors = 0;
        host.gateway = 0;
        host.local = 0;
        host.returnedAt = instant;
      }
      boolean wasGood = host.returnedAt >= 0 && instant - host.returnedAt >= interval;
      if (!host.out && wasGood && host.multiplier > 0) {
        host.multiplier--;
      }
    }

    private long time(Host host) {
      long longest = config.maxEjectionTime().toNanos();
      return Math.min(host.multiplier * config.baseEjectionTime().toNanos(), longest);
    }

    void tell(int who, Outcome outcome) {
      Host host = hosts.get(who);
      boolean split = config.splitLocalOrigin();
      if (split && outcome.isLocal()) {
        if (++host.local == config.consecutiveLocalOrigin() && eject(host)) {
          host.local = 0;
        }
        return;
      }
      if (split) {
        host.local = 0;
      }
      if (outcome == Outcome.CONNECTED) {
        return;
      }
      count(host, outcome.status);
    }

    private void count(Host host, int status) {
      if (status < 500) {
        host.errors = 0;
        host.gateway = 0;
        return;
      }
      if (status == 500) {
        host.gateway = 0;
      } else if (++host.gateway == config.consecutiveGateway() && eject(host)) {
        host.gateway = 0;
      }
      if (++host.errors == config.consecutive5xx() && eject(host)) {
        host.errors = 0;
      }
    }

    /** False if it is out already: then its count goes on. */
    private boolean eject(Host host) {
      if (host.out) {
        return false;
      }
      long out = hosts.stream().filter(other -> other.out).count();
      boolean fits = 100.0 * (out + 1) / hosts.size() <= config.maxEjectionPercent();
      boolean first = config.alwaysEjectOne() && out == 0 && hosts.size() > 1;
      if (fits || first) {
        ejections++;
        host.out = true;
        host.ejectedAt = now;
        long base = config.baseEjectionTime().toNanos();
        if (host.multiplier * base < config.maxEjectionTime().toNanos() + base) {
          host.multiplier++;
        }
      }
      return true;
    }
  }
}
