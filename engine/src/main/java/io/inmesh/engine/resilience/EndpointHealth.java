package io.inmesh.engine.resilience;

import io.inmesh.engine.model.OutlierDetection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How one endpoint of a cluster did lately (Envoy: the outlier detector's host monitor). Outcomes
 * are told by whatever thread has them, without a lock; only an outcome that makes a count reach
 * its threshold goes to the {@link OutlierDetector}.
 *
 * <p>Without the split of local origin, what the endpoint never answered counts as the status that
 * the caller sees for it: 503 for a connection that failed or broke, 504 for a timeout.
 */
public final class EndpointHealth {
  private final OutlierDetector detector;
  private final AtomicInteger consecutive5xx = new AtomicInteger();
  private final AtomicInteger consecutiveGateway = new AtomicInteger();
  private final AtomicInteger consecutiveLocalOrigin = new AtomicInteger();

  // Written under the detector's lock; read by anybody.
  private volatile boolean ejected;

  // All below: under the detector's lock only.
  private boolean member = true;
  private long ejectedAt;
  private long returnsAt;
  private long returnedAt;
  private boolean hasReturned;
  private int multiplier;
  private int ejections;

  EndpointHealth(OutlierDetector detector) {
    this.detector = detector;
  }

  /** A response has begun; of a gRPC call with the HTTP status that its own stands for. */
  public void responded(int status) {
    detector.sweepIfDue();
    OutlierDetection config = detector.config();
    if (config.splitLocalOrigin()) {
      reset(consecutiveLocalOrigin);
    }
    count(status, config);
  }

  /**
   * A connection to the endpoint was made, or one that was open is used. It says nothing about the
   * endpoint's answers, so it counts only where local origin is split.
   */
  public void connected() {
    if (detector.config().splitLocalOrigin()) {
      detector.sweepIfDue();
      reset(consecutiveLocalOrigin);
    }
  }

  /** No connection could be made: refused, unreachable, or not in time. */
  public void connectFailed() {
    failed(503);
  }

  /** The connection was lost before a response began; Envoy takes it for a failed connect. */
  public void reset() {
    failed(503);
  }

  /** The response did not begin within the try's or the route's time. */
  public void timedOut() {
    failed(504);
  }

  /** True while the endpoint is out of rotation. */
  public boolean ejected() {
    return ejected;
  }

  public int consecutive5xx() {
    return consecutive5xx.get();
  }

  public int consecutiveGateway() {
    return consecutiveGateway.get();
  }

  public int consecutiveLocalOrigin() {
    return consecutiveLocalOrigin.get();
  }

  /** How long the endpoint stays out of rotation; null if it is in. */
  public @Nullable Duration ejectedFor() {
    synchronized (detector) {
      return ejected ? Duration.ofNanos(Math.max(0, returnsAt - detector.now())) : null;
    }
  }

  /** By how much the next ejection is longer than the base time; each ejection adds one. */
  public int multiplier() {
    synchronized (detector) {
      return multiplier;
    }
  }

  /** How often the endpoint was taken out of rotation. */
  public int ejections() {
    synchronized (detector) {
      return ejections;
    }
  }

  /** The endpoint is in the cluster no more: what is still under way cannot eject it. */
  public void leave() {
    synchronized (detector) {
      member = false;
    }
  }

  private void failed(int status) {
    detector.sweepIfDue();
    OutlierDetection config = detector.config();
    if (!config.splitLocalOrigin()) {
      count(status, config);
    } else if (consecutiveLocalOrigin.incrementAndGet() == config.consecutiveLocalOrigin()) {
      detector.reached(this, consecutiveLocalOrigin);
    }
  }

  private void count(int status, OutlierDetection config) {
    if (status < 500 || status > 599) {
      reset(consecutive5xx);
      reset(consecutiveGateway);
      return;
    }
    if (status < 502 || status > 504) {
      reset(consecutiveGateway);
    } else if (consecutiveGateway.incrementAndGet() == config.consecutiveGateway()) {
      detector.reached(this, consecutiveGateway);
    }
    if (consecutive5xx.incrementAndGet() == config.consecutive5xx()) {
      detector.reached(this, consecutive5xx);
    }
  }

  /** Most calls succeed: they only read. */
  private static void reset(AtomicInteger count) {
    if (count.get() != 0) {
      count.set(0);
    }
  }

  // What follows belongs to the detector, which holds its lock.

  boolean isMember() {
    return member;
  }

  long returnsAt() {
    return returnsAt;
  }

  /**
   * Takes the endpoint out of rotation, for longer than last time unless it did well in between:
   * each sweep that finds it back for a whole interval takes one off.
   */
  void eject(long now, long interval, long base, long longest) {
    if (hasReturned) {
      multiplier = (int) Math.max(0, multiplier - (now - returnedAt) / interval);
      // What was taken off must not be taken off again.
      hasReturned = false;
    }
    if (multiplier * (double) base < longest + (double) base) {
      multiplier++;
    }
    ejections++;
    ejectedAt = now;
    ejected = true;
    schedule(interval, base, longest);
  }

  /** When the endpoint returns: at the first sweep that finds its time over. */
  void schedule(long interval, long base, long longest) {
    long time = multiplier * (double) base > longest ? longest : multiplier * base;
    returnsAt = detector.sweepFrom(ejectedAt + time, interval);
  }

  void giveBack() {
    ejected = false;
    returnedAt = returnsAt;
    hasReturned = true;
    consecutive5xx.set(0);
    consecutiveGateway.set(0);
    consecutiveLocalOrigin.set(0);
  }
}
