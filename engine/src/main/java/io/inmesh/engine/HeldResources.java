package io.inmesh.engine;

import io.inmesh.engine.balance.ClusterLoad;
import io.inmesh.engine.balance.EndpointLoad;
import io.inmesh.engine.resilience.ConnectionGate;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * What a call holds of counters that others share: an attempt its endpoint's active request, its
 * cluster's request and its place on a connection; a retry its cluster's retry. Whatever is held is
 * given back exactly once.
 *
 * <p>One thread takes and gives back; any thread may give everything back for good, at any time:
 * what is taken after that is given back at once. The call's superclass and not a part of it, so
 * that a call is one object.
 */
abstract sealed class HeldResources permits OutboundCall {
  private static final Object NOTHING = new Object();

  /** In place of an endpoint's load, where the cluster has no endpoints of its own. */
  private static final Object PASSED_THROUGH = new Object();

  private static final Object CLOSED = new Object();
  private static final int NO_RETRY = 0;
  private static final int RETRY = 1;
  private static final int NO_RETRY_ANY_MORE = 2;

  // Updaters, not atomics: two objects less for each call.
  private static final AtomicReferenceFieldUpdater<HeldResources, Object> HELD =
      AtomicReferenceFieldUpdater.newUpdater(HeldResources.class, Object.class, "held");
  private static final AtomicIntegerFieldUpdater<HeldResources> HELD_RETRY =
      AtomicIntegerFieldUpdater.newUpdater(HeldResources.class, "heldRetry");

  /** The drawn cluster; null if there is none. */
  final @Nullable ClusterLoad cluster;

  /**
   * The {@link EndpointLoad} whose active request this call holds, together with one of the
   * cluster's requests, or one of the marks above.
   */
  private volatile Object held = NOTHING;

  private volatile int heldRetry = NO_RETRY;

  /** The current attempt's connection; those before have been left. */
  private volatile ConnectionGate.@Nullable Pass pass;

  HeldResources(@Nullable ClusterLoad cluster) {
    this.cluster = cluster;
  }

  /** The endpoint that an attempt holds; null if there is no attempt, or no endpoint of ours. */
  final @Nullable EndpointLoad heldEndpoint() {
    return held instanceof EndpointLoad load ? load : null;
  }

  /**
   * Holds a request of the cluster, which was begun, and one on an endpoint.
   *
   * @param picked null if the cluster passes calls through
   */
  final void holdAttempt(ClusterLoad load, @Nullable EndpointLoad picked) {
    if (picked != null) {
      picked.acquire();
    }
    if (!HELD.compareAndSet(this, NOTHING, picked == null ? PASSED_THROUGH : picked)) {
      // Closed by another thread meanwhile: nobody would release it any more.
      if (picked != null) {
        picked.release();
      }
      load.endRequest();
    }
  }

  /** Holds a place on a connection, in place of the one before. */
  final void holdConnection(ConnectionGate.Pass entered) {
    leaveConnection();
    pass = entered;
    if (held == CLOSED) {
      entered.leave();
    }
  }

  /** Holds one of the cluster's retries; false if it has none left. */
  final boolean holdRetry(ClusterLoad load) {
    if (!load.beginRetry()) {
      return false;
    }
    if (!HELD_RETRY.compareAndSet(this, NO_RETRY, RETRY)) {
      load.endRetry();
    }
    return true;
  }

  final void releaseAttempt() {
    release(NOTHING);
  }

  final void releaseRetry() {
    if (heldRetry == RETRY && HELD_RETRY.compareAndSet(this, RETRY, NO_RETRY)) {
      endRetry();
    }
  }

  /** Gives everything back for good; false if that was done before. */
  final boolean releaseForGood() {
    if (held == CLOSED || !release(CLOSED)) {
      return false;
    }
    if (HELD_RETRY.getAndSet(this, NO_RETRY_ANY_MORE) == RETRY) {
      endRetry();
    }
    return true;
  }

  /** False if everything was given back for good already. */
  private boolean release(Object mark) {
    Object before = HELD.getAndUpdate(this, now -> now == CLOSED ? CLOSED : mark);
    if (before instanceof EndpointLoad load) {
      load.release();
    }
    if (cluster != null && before != NOTHING && before != CLOSED) {
      cluster.endRequest();
    }
    leaveConnection();
    return before != CLOSED;
  }

  private void leaveConnection() {
    ConnectionGate.Pass place = pass;
    if (place != null) {
      place.leave();
    }
  }

  private void endRetry() {
    if (cluster != null) {
      cluster.endRetry();
    }
  }
}
