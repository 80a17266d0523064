package io.inmesh.engine.resilience;

import io.inmesh.engine.model.CircuitBreakers;
import io.inmesh.engine.model.CircuitBreakers.RetryBudget;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many requests and retries one process has under way towards a cluster, held against its
 * limits (Envoy: the resource manager of a cluster); {@link ConnectionGate} has the connections.
 * The counts live as long as the cluster; the limits are those of the snapshot that asks. Any
 * thread, no lock: a limit is never exceeded, not even for a moment.
 *
 * <p>A {@code begin} that answers false took nothing; one that answers true needs its {@code end}.
 */
public final class CircuitUsage {
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong retries = new AtomicLong();

  /** A request, from its attempt on; while it waits for a connection, too. */
  public boolean beginRequest(CircuitBreakers limits) {
    return begin(requests, limits.maxRequests());
  }

  public void endRequest() {
    requests.decrementAndGet();
  }

  /** A retry, from the decision for it (its back-off included) to its end. */
  public boolean beginRetry(CircuitBreakers limits) {
    RetryBudget budget = limits.retryBudget();
    return begin(retries, budget == null ? limits.maxRetries() : allowed(budget));
  }

  public void endRetry() {
    retries.decrementAndGet();
  }

  public long requests() {
    return requests.get();
  }

  public long retries() {
    return retries.get();
  }

  /** Of what is active or waits for a connection, as it is now; rounded down, as Envoy does. */
  private long allowed(RetryBudget budget) {
    return Math.max((long) (budget.percent() / 100 * requests.get()), budget.minimum());
  }

  private static boolean begin(AtomicLong count, long limit) {
    long now;
    do {
      now = count.get();
      if (now >= limit) {
        return false;
      }
    } while (!count.compareAndSet(now, now + 1));
    return true;
  }
}
