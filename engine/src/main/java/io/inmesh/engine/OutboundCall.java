package io.inmesh.engine;

import io.inmesh.engine.balance.ClusterLoad;
import io.inmesh.engine.balance.EndpointLoad;
import io.inmesh.engine.balance.Pick;
import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.RetryCondition;
import io.inmesh.engine.model.RetryPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of the application, as a small state machine that every library drives: look at {@link
 * #step}, do it, tell the outcome, do what comes back, and {@link #close} at the end.
 *
 * <p>An attempt holds its endpoint's active request from the moment it is chosen until the next
 * attempt or the end. Not thread-safe, except that any thread may close it, at any time and more
 * than once; the first time counts.
 */
public final class OutboundCall implements AutoCloseable {
  private static final Object NOTHING = new Object();
  private static final Object CLOSED = new Object();

  // An updater, not an AtomicReference: one object less for each call.
  private static final AtomicReferenceFieldUpdater<OutboundCall, Object> HELD =
      AtomicReferenceFieldUpdater.newUpdater(OutboundCall.class, Object.class, "held");

  private final String routeName;
  private final RetryPolicy retryPolicy;
  private final @Nullable ClusterLoad cluster;
  private final OutboundObserver observer;

  /**
   * The {@link EndpointLoad} whose active request this call holds, or one of the two marks above.
   */
  @SuppressWarnings("UnusedVariable") // read through HELD
  private volatile Object held = NOTHING;

  private Step step = Step.Untouched.INSTANCE;
  private int attempts;
  private List<Endpoint> tried = List.of();

  private OutboundCall(
      String routeName,
      RetryPolicy retryPolicy,
      @Nullable ClusterLoad cluster,
      OutboundObserver observer) {
    this.routeName = routeName;
    this.retryPolicy = retryPolicy;
    this.cluster = cluster;
    this.observer = observer;
  }

  static OutboundCall untouched() {
    return new OutboundCall("", RetryPolicy.NONE, null, OutboundObserver.NONE);
  }

  static OutboundCall answered(String routeName, Step.LocalReply reply, OutboundObserver observer) {
    OutboundCall call = new OutboundCall(routeName, RetryPolicy.NONE, null, observer);
    call.answer(reply);
    return call;
  }

  static OutboundCall routed(
      String routeName, RetryPolicy retryPolicy, ClusterLoad cluster, OutboundObserver observer) {
    OutboundCall call = new OutboundCall(routeName, retryPolicy, cluster, observer);
    call.attempt(cluster);
    return call;
  }

  /** What is to be done now. */
  public Step step() {
    return step;
  }

  /**
   * The endpoint could not be connected to. A closed call still answers, but holds no active
   * request any more: HttpURLConnection finishes a dead kept-alive connection before it dials anew.
   *
   * @return another {@link Step.Attempt}, or {@link Step.Deliver}: the application gets its own
   *     exception
   */
  public Step connectFailed() {
    release(NOTHING);
    boolean again =
        attempts <= retryPolicy.retries()
            && retryPolicy.conditions().contains(RetryCondition.CONNECT_FAILURE);
    if (cluster != null && step instanceof Step.Attempt failed && again) {
      avoid(failed.endpoint());
      attempt(cluster);
    } else {
      step = Step.Deliver.INSTANCE;
    }
    return step;
  }

  /**
   * The library lost the attempt's connection and tries again by itself, whatever policy says, as
   * HttpURLConnection does once: that goes to another endpoint where there is one. It is no retry
   * of ours and uses none up.
   *
   * @return an {@link Step.Attempt}, or what there was if the call has no endpoints
   */
  public Step triesAgain() {
    if (cluster != null && step instanceof Step.Attempt lost) {
      release(NOTHING);
      avoid(lost.endpoint());
      attempts--;
      attempt(cluster);
    }
    return step;
  }

  /** The current attempt has a connection. */
  public void connected() {
    watch(o -> o.connected(this));
  }

  /** The current attempt's response has begun. */
  public void responseStarted(int status) {
    watch(o -> o.responded(this, status));
  }

  /** The cluster that was drawn; empty if none was. */
  public String cluster() {
    return cluster == null ? "" : cluster.cluster().name();
  }

  /** The route that matched; empty if none did, or if it has no name. */
  public String routeName() {
    return routeName;
  }

  /** How many attempts were made so far, those that a library made by itself not counted. */
  public int attempts() {
    return attempts;
  }

  /** The call is over, however it ended. */
  @Override
  public void close() {
    if (release(CLOSED)) {
      watch(o -> o.ended(this));
    }
  }

  private void attempt(ClusterLoad load) {
    EndpointLoad picked = load.pick(new Pick(tried, retryPolicy.hostSelectionAttempts(), false, 0));
    if (picked == null) {
      answer(Step.LocalReply.NO_ENDPOINT);
      return;
    }
    attempts++;
    picked.acquire();
    if (!HELD.compareAndSet(this, NOTHING, picked)) {
      // Closed by another thread meanwhile: nobody would release it any more.
      picked.release();
    }
    step = new Step.Attempt(picked.endpoint(), load.cluster().connection().connect());
    watch(o -> o.attempted(this, picked.endpoint()));
  }

  /** Remembers a failed endpoint; most calls never need a list of their own. */
  private void avoid(Endpoint endpoint) {
    if (tried.isEmpty()) {
      tried = new ArrayList<>(2);
    }
    tried.add(endpoint);
  }

  private void answer(Step.LocalReply reply) {
    step = reply;
    watch(o -> o.answered(this, reply));
  }

  /** Gives back what is held, once; false if the call was closed already. */
  private boolean release(Object mark) {
    Object before = HELD.getAndUpdate(this, now -> now == CLOSED ? CLOSED : mark);
    if (before instanceof EndpointLoad load) {
      load.release();
    }
    return before != CLOSED;
  }

  private void watch(Consumer<OutboundObserver> notice) {
    if (observer == OutboundObserver.NONE) {
      return;
    }
    // Observers never steer: what one throws must not reach the call, and the engine has nowhere
    // to report it but the observer itself.
    try {
      notice.accept(observer);
    } catch (RuntimeException e) {
      tell(e);
    }
  }

  private void tell(RuntimeException cause) {
    try {
      observer.failed(cause);
    } catch (RuntimeException e) {
      // Its last word was broken as well: only a debugger would see it.
      cause.addSuppressed(e);
    }
  }
}
