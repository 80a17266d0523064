package io.inmesh.engine.balance;

import io.inmesh.engine.model.Endpoint;
import java.util.concurrent.atomic.AtomicInteger;

/** An endpoint of a cluster with the calls that are on it now. Any thread. */
public final class EndpointLoad {
  private final Endpoint endpoint;
  private final AtomicInteger active;

  EndpointLoad(Endpoint endpoint, AtomicInteger active) {
    this.endpoint = endpoint;
    this.active = active;
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
}
