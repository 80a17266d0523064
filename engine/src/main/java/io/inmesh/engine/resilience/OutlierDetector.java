package io.inmesh.engine.resilience;

import io.inmesh.engine.model.OutlierDetection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Takes the endpoints of a cluster that fail time after time out of rotation for a while (Envoy:
 * outlier detection).
 *
 * <p><b>Ejection</b> happens at once, when a count of consecutive failures reaches its threshold,
 * unless more than {@code maxEjectionPercent} of the cluster would be out then. Reached or not, the
 * count starts anew. <b>Return</b> is decided by sweeps only, one each interval since the detector
 * began, so that a time of 30 s with an interval of 10 s lasts 30 to 40 s. The time is the base
 * time by the number of ejections; each sweep that finds an endpoint back for a whole interval
 * takes one off that number.
 *
 * <p><b>No thread sweeps.</b> When an endpoint will return is known as soon as it is ejected, so
 * whoever comes first after that instant makes it so, and it counts as having happened in time.
 * What the other sweeps would do is arithmetic, done at the next ejection.
 *
 * <p><b>Threads.</b> Any. Outcomes and picks take no lock; the lock here is for ejections and
 * returns. {@link #version} changes after each of them: who keeps a selection of endpoints makes a
 * new one then.
 */
public final class OutlierDetector {
  /** Some 73 years: sums of a few such times do not overflow. */
  private static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

  private final LongSupplier nanoTime;
  private final long startedAt;

  // Under the lock on this.
  private final List<EndpointHealth> out = new ArrayList<>();
  private int members;

  // Written under the lock on this, read by anybody.
  private volatile OutlierDetection config;
  private volatile boolean anyOut;
  private volatile long nextReturn;
  private final AtomicInteger version = new AtomicInteger();

  public OutlierDetector(OutlierDetection config, LongSupplier nanoTime) {
    this.config = config;
    this.nanoTime = nanoTime;
    this.startedAt = nanoTime.getAsLong();
  }

  /** The state of an endpoint that came into the cluster. */
  public EndpointHealth join() {
    return new EndpointHealth(this);
  }

  /**
   * A new snapshot of the cluster; whoever is not in it any more has left before. What is ejected
   * stays so, with the new times.
   *
   * @param members how many endpoints the cluster has now, in all priorities
   */
  public synchronized void advance(OutlierDetection next, int members) {
    this.config = next;
    this.members = members;
    out.removeIf(health -> !health.isMember());
    for (EndpointHealth health : out) {
      health.schedule(interval(), base(), longest());
    }
    changed();
  }

  /** Brings back whose time is over; costs nothing while nobody is out. */
  public void sweepIfDue() {
    if (anyOut && now() - nextReturn >= 0) {
      sweep();
    }
  }

  /** Changes whenever an endpoint is ejected or returns. */
  public int version() {
    return version.get();
  }

  OutlierDetection config() {
    return config;
  }

  long now() {
    return nanoTime.getAsLong();
  }

  /** The first sweep at an instant or after it. */
  long sweepFrom(long instant, long interval) {
    long since = instant - startedAt;
    return startedAt + Math.floorDiv(since + interval - 1, interval) * interval;
  }

  /** An endpoint's count reached its threshold. */
  synchronized void reached(EndpointHealth health, AtomicInteger count) {
    // Several threads may see one endpoint fail, or several counts reach their threshold at once.
    if (health.ejected() || !health.isMember()) {
      return;
    }
    if (mayEject()) {
      health.eject(now(), interval(), base(), longest());
      out.add(health);
      changed();
    }
    count.set(0);
  }

  /**
   * Envoy lets {@code always_eject_one_host} empty a cluster of one endpoint as well; ours leaves
   * such a cluster alone, because there is nothing else that could answer.
   */
  private boolean mayEject() {
    return 100.0 * (out.size() + 1) / members <= config.maxEjectionPercent()
        || (config.alwaysEjectOne() && out.isEmpty() && members > 1);
  }

  private synchronized void sweep() {
    long now = now();
    boolean returned =
        out.removeIf(
            health -> {
              boolean over = now - health.returnsAt() >= 0;
              if (over) {
                health.giveBack();
              }
              return over;
            });
    if (returned) {
      changed();
    }
  }

  /** Under the lock, after the change: who reads the version sees what it stands for. */
  private void changed() {
    if (!out.isEmpty()) {
      long first = out.get(0).returnsAt();
      for (EndpointHealth health : out) {
        first = health.returnsAt() - first < 0 ? health.returnsAt() : first;
      }
      nextReturn = first;
    }
    anyOut = !out.isEmpty();
    version.incrementAndGet();
  }

  private long interval() {
    return nanos(config.interval());
  }

  private long base() {
    return nanos(config.baseEjectionTime());
  }

  private long longest() {
    return nanos(config.maxEjectionTime());
  }

  private static long nanos(Duration duration) {
    boolean fits = duration.toSeconds() < LONGEST_NANOS / 1_000_000_000;
    return fits ? Math.max(1, duration.toNanos()) : LONGEST_NANOS;
  }
}
