package io.inmesh.engine.resilience;

import io.inmesh.engine.model.CircuitBreakers;
import io.inmesh.engine.model.Endpoint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls onto connections within a cluster's limits (Envoy: max_connections and
 * max_pending_requests of an HTTP/1 pool): a call goes on if a connection may be used for it, waits
 * its turn if so many do not wait already, and overflows otherwise. An endpoint that has no
 * connection always gets one, as nobody else could make room there.
 *
 * <p>What counts are connections that carry a call. Envoy also counts idle ones, and lets a call
 * that dials wait in the same queue.
 *
 * <p>Any thread. Whoever leaves gives its turn to the one that waits longest; nobody overtakes. A
 * cluster without a limit takes no lock and counts nothing.
 */
public final class ConnectionGate {
  // Under the lock on this.
  private final Map<Endpoint, Integer> busy = new HashMap<>();
  private final ArrayDeque<Pass> waiting = new ArrayDeque<>();
  private int connections;

  // Written under the lock on this, read by anybody.
  private volatile CircuitBreakers limits;

  public ConnectionGate(CircuitBreakers limits) {
    this.limits = limits;
  }

  private enum State {
    WAITING,
    ADMITTED,
    LEFT
  }

  /** A call's place: on a connection, or waiting for one. Any thread. */
  public final class Pass {
    private final Endpoint endpoint;
    private final Runnable turn;

    // Written under the gate's lock, read by anybody.
    private volatile State state = State.WAITING;

    // Under the gate's lock. One that came while there was no limit is not counted.
    private boolean counted;

    // Written before anybody else sees the pass.
    private boolean queued;

    private Pass(Endpoint endpoint, Runnable turn) {
      this.endpoint = endpoint;
      this.turn = turn;
    }

    /** True if the call was not let in at once: its turn comes, or has come meanwhile. */
    public boolean wasQueued() {
      return queued;
    }

    /** True once it may use a connection, until it has left. */
    public boolean isAdmitted() {
      return state == State.ADMITTED;
    }

    /** Gives the place back, whichever it is; the first time counts. */
    public void leave() {
      run(give(this));
    }
  }

  /** True if connections are limited now: then {@link #enter} decides about each call. */
  public boolean isLimited() {
    return limits.limitsConnections();
  }

  /**
   * Asks for a connection to an endpoint.
   *
   * @param turn run at most once if the call has to wait, as soon as it need not any more, by the
   *     thread that made room; it must not block. Perhaps the call has left by then
   * @return null if too many wait already (Envoy: UO)
   */
  public @Nullable Pass enter(Endpoint endpoint, Runnable turn) {
    Pass pass = new Pass(endpoint, turn);
    if (!limits.limitsConnections()) {
      pass.state = State.ADMITTED;
      return pass;
    }
    synchronized (this) {
      if (hasRoom(endpoint)) {
        admit(pass);
      } else if (waiting.size() < limits.maxPendingRequests()) {
        pass.queued = true;
        waiting.add(pass);
      } else {
        return null;
      }
    }
    return pass;
  }

  /** The limits of a new snapshot; who need not wait any more goes on. */
  public void advance(CircuitBreakers next) {
    List<Pass> admitted;
    synchronized (this) {
      limits = next;
      admitted = admitWaiting(null);
    }
    run(admitted);
  }

  /** How many connections carry calls; 0 if they are not limited. */
  public synchronized int connections() {
    return connections;
  }

  public synchronized int waiting() {
    return waiting.size();
  }

  private synchronized List<Pass> give(Pass pass) {
    State before = pass.state;
    pass.state = State.LEFT;
    if (before == State.WAITING) {
      waiting.remove(pass);
    }
    if (!pass.counted || before == State.LEFT) {
      return List.of();
    }
    connections--;
    busy.computeIfPresent(pass.endpoint, (endpoint, count) -> count == 1 ? null : count - 1);
    return admitWaiting(pass.endpoint);
  }

  /**
   * Goes on while somebody may find room: a connection may be used, or the endpoint that was left
   * has none any more. All others that are waited for have one.
   */
  private List<Pass> admitWaiting(@Nullable Endpoint left) {
    List<Pass> admitted = new ArrayList<>();
    for (Iterator<Pass> i = waiting.iterator();
        i.hasNext() && (hasRoom() || (left != null && !busy.containsKey(left))); ) {
      Pass pass = i.next();
      if (hasRoom(pass.endpoint)) {
        i.remove();
        admit(pass);
        admitted.add(pass);
      }
    }
    return admitted;
  }

  private boolean hasRoom(Endpoint endpoint) {
    return hasRoom() || !busy.containsKey(endpoint);
  }

  private boolean hasRoom() {
    return connections < limits.maxConnections();
  }

  private void admit(Pass pass) {
    pass.state = State.ADMITTED;
    pass.counted = true;
    connections++;
    busy.merge(pass.endpoint, 1, Integer::sum);
  }

  /** Not under the lock: a turn may well leave at once. */
  private static void run(List<Pass> admitted) {
    for (Pass pass : admitted) {
      pass.turn.run();
    }
  }
}
