package io.inmesh.engine.balance;

import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.resilience.EndpointHealth;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint of a cluster with the calls that are on it now, and how it does. Any thread.
 *
 * <p>Of each attempt, {@link #acquire} and {@link #release} are told once, and one of {@link
 * #responded}, {@link #connectFailed}, {@link #timedOut} and {@link #reset} at most once: what the
 * caller gave up says nothing about the endpoint.
 */
public final class EndpointLoad {
  private final Endpoint endpoint;
  private final AtomicInteger active;
  private final long since;
  private final @Nullable EndpointHealth health;

  private EndpointLoad(
      Endpoint endpoint, AtomicInteger active, long since, @Nullable EndpointHealth health) {
    this.endpoint = endpoint;
    this.active = active;
    this.since = since;
    this.health = health;
  }

  /** One that came into its cluster now. */
  static EndpointLoad joined(Endpoint endpoint, long now, @Nullable EndpointHealth health) {
    return new EndpointLoad(endpoint, new AtomicInteger(), now, health);
  }

  /** The same endpoint in the next snapshot, perhaps with another weight. */
  EndpointLoad next(Endpoint next, @Nullable EndpointHealth nextHealth) {
    return new EndpointLoad(next, active, since, nextHealth);
  }

  public Endpoint endpoint() {
    return endpoint;
  }

  public int active() {
    return active.get();
  }

  /** Counts a call in; {@link #release} must follow once. */
  public void acquire() {
    active.incrementAndGet();
  }

  public void release() {
    active.decrementAndGet();
  }

  /** A connection is there; no outcome yet. */
  public void connected() {
    if (health != null) {
      health.connected();
    }
  }

  /** A response has begun; of a gRPC call with the HTTP status that its own stands for. */
  public void responded(int status) {
    if (health != null) {
      health.responded(status);
    }
  }

  /** No connection could be made: refused, unreachable, or not in time. */
  public void connectFailed() {
    if (health != null) {
      health.connectFailed();
    }
  }

  /** The connection was lost before a response began. */
  public void reset() {
    if (health != null) {
      health.reset();
    }
  }

  /** The response did not begin within the try's or the route's time. */
  public void timedOut() {
    if (health != null) {
      health.timedOut();
    }
  }

  /** False while outlier detection keeps it out of rotation. */
  boolean available() {
    return health == null || !health.ejected();
  }

  /** When it came into the cluster, on the engine's clock. */
  long since() {
    return since;
  }

  @Nullable EndpointHealth health() {
    return health;
  }

  /**
   * @param warmUp the part of its weight that it has now
   */
  EndpointState state(double warmUp) {
    return health == null
        ? new EndpointState(endpoint, active(), null, 0, 0, 0, 0, warmUp)
        : new EndpointState(
            endpoint,
            active(),
            health.ejectedFor(),
            health.consecutive5xx(),
            health.consecutiveGateway(),
            health.consecutiveLocalOrigin(),
            health.ejections(),
            warmUp);
  }
}
