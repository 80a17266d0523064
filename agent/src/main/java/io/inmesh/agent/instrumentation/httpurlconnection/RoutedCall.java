package io.inmesh.agent.instrumentation.httpurlconnection;

import io.inmesh.agent.instrumentation.httpurlconnection.PoolKeys.PoolKey;
import io.inmesh.bootstrap.Dial;
import io.inmesh.engine.OutboundCall;
import io.inmesh.engine.Step;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One call that the mesh routes, from the choice of an endpoint to the end of its response.
 *
 * <p>Belongs to the thread that makes the connection; {@link #close} may come from any. It must not
 * refer to the JDK's connection objects: they are tracked weakly by what refers to this.
 */
final class RoutedCall {
  private final OutboundCall call;
  private final PoolKeys keys;
  private final LongSupplier nanoTime;

  /** What the thread was about before; a proxy or name service may make calls of its own. */
  final @Nullable Object outer;

  // The connecting thread writes it, any thread that keeps the connection alive reads it.
  private volatile @Nullable PoolKey key;

  RoutedCall(OutboundCall call, PoolKeys keys, LongSupplier nanoTime, @Nullable Object outer) {
    this.call = call;
    this.keys = keys;
    this.nanoTime = nanoTime;
    this.outer = outer;
    if (settled(call.step()) instanceof Step.Attempt attempt) {
      choose(attempt);
    }
  }

  /**
   * Waits where that is the next step: a fault's delay, or a back-off. An interrupt ends the wait,
   * and is left for whoever asked for it.
   *
   * @return what is to be done then; still the wait if it was interrupted
   */
  private Step settled(Step step) {
    Step now = step;
    while (now instanceof Step.Wait wait) {
      try {
        TimeUnit.NANOSECONDS.sleep(wait.duration().toNanos());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return now;
      }
      now = call.waited();
    }
    return now;
  }

  /** The endpoint now chosen; null for a local reply. */
  @Nullable PoolKey key() {
    return key;
  }

  /** How to get a new connection; null if the call has no say in it any more. */
  @Nullable Dial dial(int timeoutMillis) {
    Step step = call.step();
    if (step instanceof Step.LocalReply reply) {
      return new Dial.Local(LocalReplySocket.answering(reply));
    }
    // After a last failed attempt the step is to deliver; there is nothing more to say.
    return step instanceof Step.Attempt attempt ? new EndpointDial(attempt, timeoutMillis) : null;
  }

  /** How the JDK gets a connection in place of one that died. */
  @Nullable Dial dialAgain(int timeoutMillis) {
    if (call.triesAgain() instanceof Step.Attempt attempt) {
      choose(attempt);
    }
    return dial(timeoutMillis);
  }

  void connected() {
    call.connected();
  }

  void close() {
    call.close();
  }

  private void choose(Step.Attempt attempt) {
    key = keys.of(attempt.endpoint().address(), attempt.endpoint().port());
  }

  /** Endpoint after endpoint, as the engine says, within the application's own connect timeout. */
  private final class EndpointDial extends Dial {
    private final long begunNanos = nanoTime.getAsLong();
    private final int budgetMillis;

    EndpointDial(Step.Attempt attempt, int budgetMillis) {
      this.budgetMillis = budgetMillis;
      aim(attempt, budgetMillis);
    }

    @Override
    public boolean next(@Nullable Throwable failure) {
      if (!(failure instanceof IOException) || Thread.currentThread().isInterrupted()) {
        return false; // Connected; or an error or interrupt that is none of the endpoint's.
      }
      if (budgetMillis > 0 && leftMillis() <= 0) {
        return false;
      }
      if (settled(call.connectFailed()) instanceof Step.Attempt attempt) {
        int left = budgetMillis <= 0 ? budgetMillis : leftMillis();
        if (budgetMillis > 0 && left <= 0) {
          return false;
        }
        choose(attempt);
        aim(attempt, left);
        return true;
      }
      return false; // The application gets the JDK's exception for the last endpoint.
    }

    /** What is left of the application's own connect timeout. */
    private int leftMillis() {
      long spent = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - begunNanos);
      return (int) (budgetMillis - spent);
    }

    private void aim(Step.Attempt attempt, int leftMillis) {
      host = attempt.endpoint().address();
      port = attempt.endpoint().port();
      int policy = (int) Math.min(attempt.connectTimeout().toMillis(), Integer.MAX_VALUE);
      timeoutMillis =
          policy <= 0 ? leftMillis : leftMillis <= 0 ? policy : Math.min(policy, leftMillis);
    }
  }
}
