package io.inmesh.agent.instrumentation.httpurlconnection;

import io.inmesh.agent.instrumentation.httpurlconnection.PoolKeys.PoolKey;
import io.inmesh.bootstrap.Dial;
import io.inmesh.engine.HeaderEdits;
import io.inmesh.engine.MirrorCall;
import io.inmesh.engine.OutboundCall;
import io.inmesh.engine.RequestHead;
import io.inmesh.engine.Step;
import io.inmesh.engine.balance.ClusterLoad;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ref.WeakReference;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One call that the mesh routes, from the choice of an endpoint to the end of its response.
 *
 * <p>Belongs to the thread that makes the connection; {@link #finish} and {@link #close} may come
 * from any. It must not refer to the JDK's connection objects: they are tracked weakly by what
 * refers to this. What has to wait (a fault's delay, a back-off) waits on the calling thread; the
 * only locks that are held then are those of the application's own connection.
 */
final class RoutedCall {
  private static final byte[] NO_BODY = {};

  /** Whoever is there answers at once, and whoever is not as well. */
  private static final int PROBE_MILLIS = 100;

  private final OutboundCall call;
  private final CallTools tools;
  private final WrittenHead written;

  /** What the thread was about before; a proxy or name service may make calls of its own. */
  final @Nullable Object outer;

  // The connecting thread writes it, any thread that keeps the connection alive reads it.
  private volatile @Nullable PoolKey key;

  /** How often the JDK is inside of waiting for the response: it closes connections there. */
  private volatile int awaiting;

  private volatile @Nullable WeakReference<RoutedSocket> socket;
  private volatile boolean streaming;

  /** What goes to the endpoint now chosen; null while there is none. */
  private @Nullable RequestHead head;

  /** The next connection is for the attempt that was chosen already. */
  private boolean aimed = true;

  private boolean dialled;

  /** Set when a wait of the mesh's was interrupted, or longer than the application waits. */
  private @Nullable IOException refusal;

  private String waiting = "";

  /** The application's own read timeout, from which the mesh's waits are taken; 0: none. */
  private final long patienceNanos;

  private long waitedNanos;

  /** What is sent must not be sent again by the JDK itself. */
  private boolean once;

  private boolean delivered;
  private boolean mirrored;

  /** What all calls share. */
  record CallTools(
      ClientAccess access, PoolKeys keys, LongSupplier nanoTime, MirrorSender mirrors) {}

  RoutedCall(
      OutboundCall call,
      CallTools tools,
      WrittenHead written,
      @Nullable Object outer,
      int readTimeoutMillis) {
    this.call = call;
    this.tools = tools;
    this.written = written;
    this.outer = outer;
    this.patienceNanos = TimeUnit.MILLISECONDS.toNanos(readTimeoutMillis);
    settled(call.step());
  }

  /**
   * Waits where that is the next step, or where an attempt has to wait for a connection, and takes
   * note of what comes then. An interrupt ends the wait, and is left for whoever asked for it. So
   * does the application's read timeout: to the application, all of this is waiting for a response.
   *
   * @return what is to be done; null if a wait was ended
   */
  private @Nullable Step settled(Step step) {
    Step now = step;
    try {
      for (boolean entered = false; !entered; ) {
        if (now instanceof Step.Wait wait) {
          waiting = wait.why();
          pause(wait.duration().toNanos());
          now = call.waited();
        } else if (now instanceof Step.Attempt) {
          now = enter(now);
          entered = now instanceof Step.Attempt;
        } else {
          break;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      refusal = new InterruptedIOException("interrupted in the mesh's wait: " + waiting);
      return null;
    } catch (SocketTimeoutException e) {
      refusal = e;
      return null;
    }
    if (now instanceof Step.Attempt attempt) {
      key = tools.keys.of(attempt.endpoint().address(), attempt.endpoint().port());
      head = attempt.head();
    } else if (now instanceof Step.LocalReply) {
      key = null;
      head = null;
    }
    return now;
  }

  private void pause(long nanos) throws InterruptedException, SocketTimeoutException {
    long bounded = boundedByPatience(nanos);
    TimeUnit.NANOSECONDS.sleep(bounded);
    waitedNanos += bounded;
    if (bounded < nanos) {
      throw new SocketTimeoutException("Read timed out");
    }
  }

  private long boundedByPatience(long nanos) {
    return patienceNanos == 0 ? nanos : Math.min(nanos, Math.max(0, patienceNanos - waitedNanos));
  }

  /** Gets an attempt onto a connection, within the cluster's limits. */
  private Step enter(Step attempt) throws InterruptedException, SocketTimeoutException {
    if (!call.isConnectionLimited()) {
      return attempt;
    }
    CountDownLatch turn = new CountDownLatch(1);
    return switch (call.enter(turn::countDown)) {
      case ADMITTED -> attempt;
      case OVERFLOW -> call.overflowed();
      case WAITS -> {
        waiting = "for a connection";
        Duration left = call.timeLeft();
        long policy = left.isZero() ? Long.MAX_VALUE : left.toNanos();
        long bounded = boundedByPatience(policy);
        long begunNanos = tools.nanoTime.getAsLong();
        boolean admitted = turn.await(bounded, TimeUnit.NANOSECONDS);
        waitedNanos += tools.nanoTime.getAsLong() - begunNanos;
        if (!admitted && bounded < policy) {
          throw new SocketTimeoutException("Read timed out");
        }
        yield admitted ? attempt : call.timedOut();
      }
    };
  }

  /** The endpoint now chosen; null for a local reply. */
  @Nullable PoolKey key() {
    return key;
  }

  /** How to get a new connection; null if the call has no say in it any more. */
  @Nullable Dial dial(int timeoutMillis) {
    if (!aimed) {
      // The JDK replaces a connection that died, once: the endpoint may have died with it.
      settled(call.triesAgain());
    }
    aimed = false;
    dialled = true;
    IOException why = refusal;
    if (why != null) {
      return new Dial.Local(why);
    }
    Step step = call.step();
    if (step instanceof Step.LocalReply reply) {
      return new Dial.Local(LocalReplySocket.answering(reply));
    }
    return step instanceof Step.Attempt attempt ? new EndpointDial(attempt, timeoutMillis) : null;
  }

  /**
   * There is a connection.
   *
   * @param before what it carried before; null if it is new
   */
  void connected(@Nullable RoutedCall before) {
    aimed = false;
    WeakReference<RoutedSocket> kept = before == null ? null : before.socket;
    RoutedSocket reused = dialled || kept == null ? null : kept.get();
    if (reused != null) {
      socket = kept;
      reused.serve(this);
    }
    call.connected();
  }

  /** What is written in place of the JDK's own head. */
  Object writing(Object own, @Nullable Object body, boolean streams) throws IOException {
    streaming = streams;
    delivered = false;
    boolean reused = !dialled;
    if (reused && !streams && isExpired()) {
      aimed = true; // Its end says nothing against the endpoint.
      once = false;
    } else {
      once = isPost(own) && (!reused || !isLost());
    }
    if (streams) {
      call.notRepeatable();
    }
    RequestHead wanted = head;
    if (wanted == null) {
      return own;
    }
    if (!mirrored) {
      mirrored = true;
      mirror(own, body, streams);
    }
    return written.of(own, wanted);
  }

  private boolean isPost(Object own) {
    String line = tools.access.key(own, 0);
    return line != null && line.startsWith("POST ");
  }

  /** Ends a kept-alive connection that was idle for longer than the cluster allows. */
  private boolean isExpired() throws IOException {
    RoutedSocket used = socket();
    ClusterLoad load = call.load();
    return used != null && load != null && used.expires(load.cluster().connection().idle());
  }

  private boolean isLost() throws IOException {
    RoutedSocket used = socket();
    return used != null && used.isLost();
  }

  private @Nullable RoutedSocket socket() {
    WeakReference<RoutedSocket> reference = socket;
    return reference == null ? null : reference.get();
  }

  private void mirror(Object own, @Nullable Object body, boolean streams) {
    for (MirrorCall mirror : call.mirrors()) {
      if (streams) {
        mirror.close(); // Nobody keeps what the application will write.
      } else {
        byte[] bytes = body instanceof ByteArrayOutputStream all ? all.toByteArray() : NO_BODY;
        tools.mirrors.send(mirror, written.bytes(own, mirror.head(), bytes));
      }
    }
  }

  /** The JDK begins to wait for the response; true if it must not try again by itself. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // By the call's own thread only.
  boolean awaiting() {
    awaiting++;
    // A kept-alive connection may have died unnoticed: replacing that is none of policy's. But the
    // server may have seen the request, and no POST shall be sent twice unless policy says so.
    return dialled || once;
  }

  /**
   * The JDK has the response's head, or failed.
   *
   * @return as {@link io.inmesh.bootstrap.HttpCalls#answered}
   */
  @Nullable Object answered(
      Object client,
      Object response,
      @Nullable Object ownHead,
      @Nullable Object body,
      @Nullable Throwable failure) {
    boolean again = false;
    Throwable told = failure;
    try {
      ResponseHead seen = failure == null ? new ResponseHead(tools.access, response) : null;
      Step next = outcome(seen, failure);
      if (refusal != null) {
        tools.access.close(client);
        told = refusal;
        return told;
      }
      if (next instanceof Step.Deliver && seen != null) {
        deliver(seen);
      } else if (next instanceof Step.Attempt || next instanceof Step.LocalReply) {
        resend(client, ownHead, body);
        tools.access.clear(response);
        again = true;
        return true;
      }
      return null;
    } catch (IOException e) {
      told = e;
      return e;
    } finally {
      if (!again) {
        awaited(told != null);
      }
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // As above.
  private void awaited(boolean failed) {
    awaiting--;
    if (failed) {
      finish();
    }
  }

  /** What is to be done now; null: nothing, the application gets what there is. */
  private @Nullable Step outcome(@Nullable ResponseHead seen, @Nullable Throwable failure) {
    if (seen != null) {
      if (seen.status() < 0 || seen.hasMoreThan(OutboundCall.MAX_HEADERS)) {
        return settled(call.malformed());
      }
      // Below 200: the go-ahead for a body.
      return seen.status() < 200 ? null : ours(settled(call.responded(seen)));
    }
    RoutedSocket used = socket();
    if (used == null || used.wasGivenUp() || Thread.currentThread().isInterrupted()) {
      return null;
    }
    if (used.wasCut()) {
      return settled(call.timedOut());
    }
    if (!(failure instanceof SocketException)) {
      return null; // The application's own timeout, or an answer that the JDK does not take.
    }
    return settled(dialled && !once && isGone() ? call.connectFailed() : call.reset(true));
  }

  /**
   * True if nobody listens at the endpoint any more: a process that dies takes connections along
   * that it had never looked at. To have connected to those means nothing.
   */
  private boolean isGone() {
    PoolKey to = key;
    if (to == null || streaming) {
      return false;
    }
    try (Socket probe = new Socket(Proxy.NO_PROXY)) {
      probe.connect(new InetSocketAddress(to.address(), to.port()), PROBE_MILLIS);
      return false;
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** A local reply that was just played is what the application gets. */
  private static @Nullable Step ours(@Nullable Step step) {
    return step instanceof Step.LocalReply ? null : step;
  }

  private void deliver(ResponseHead response) {
    if (!delivered) {
      delivered = true;
      HeaderEdits edits = call.responseEdits(response);
      if (!edits.isEmpty()) {
        response.apply(edits);
      }
    }
  }

  /** As the JDK does it itself when a connection was lost. */
  private void resend(Object client, @Nullable Object ownHead, @Nullable Object body)
      throws IOException {
    if (ownHead == null) {
      throw new IllegalStateException("nothing was sent that could be sent again");
    }
    tools.access.close(client);
    aimed = true;
    PoolKey to = key;
    tools.access.open(client, to == null ? "" : to.address(), to == null ? 0 : to.port());
    if (call.step() instanceof Step.Attempt) {
      call.connected();
    }
    tools.access.write(client, ownHead, body);
  }

  /** True while the JDK waits for the response's head. */
  boolean isAwaited() {
    return awaiting > 0;
  }

  /** True once a body is streamed: it cannot be sent again. */
  boolean isStreaming() {
    return streaming;
  }

  /** What the mesh still allows for the response, in milliseconds, at least 1; 0: as it likes. */
  long millisLeft() {
    Duration left = call.timeLeft();
    return left.isZero() ? 0 : Math.max(1, (left.toNanos() + 999_999) / 1_000_000);
  }

  /** True if the connection must not be kept for another call. */
  boolean isLast() {
    RoutedSocket used = socket();
    ClusterLoad load = call.load();
    return used != null && load != null && used.isUsedUp(load.cluster().connection());
  }

  /** The JDK is done with the connection, or gave it up; inside of waiting it may go on. */
  void finish() {
    if (awaiting <= 0) {
      close();
    }
  }

  /** The call is over, however it ended. */
  void close() {
    call.close();
    if (!mirrored) {
      mirrored = true;
      call.mirrors().forEach(MirrorCall::close);
    }
  }

  /** Endpoint after endpoint, as the engine says, within the application's own connect timeout. */
  private final class EndpointDial extends Dial {
    private final long begunNanos = tools.nanoTime.getAsLong();
    private final int budgetMillis;
    private @Nullable Step step;

    EndpointDial(Step.Attempt attempt, int budgetMillis) {
      this.budgetMillis = budgetMillis;
      this.step = attempt;
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
      step =
          settled(
              failure instanceof SocketTimeoutException
                  ? call.connectTimedOut()
                  : call.connectFailed());
      if (step instanceof Step.Attempt attempt) {
        int left = budgetMillis <= 0 ? budgetMillis : leftMillis();
        if (budgetMillis > 0 && left <= 0) {
          return false;
        }
        aim(attempt, left);
        return true;
      }
      return false;
    }

    @Override
    public @Nullable Socket result(@Nullable Socket connected) {
      if (step instanceof Step.LocalReply reply) {
        return LocalReplySocket.answering(reply);
      }
      if (connected == null) {
        return null;
      }
      try {
        ClusterLoad load = call.load();
        if (load != null && load.cluster().connection().keepAlive()) {
          connected.setKeepAlive(true);
        }
        RoutedSocket routed = new RoutedSocket(connected, RoutedCall.this, tools.nanoTime);
        socket = routed.self;
        return routed;
      } catch (IOException e) {
        return null; // It is closed already; the JDK will see for itself.
      }
    }

    @Override
    public @Nullable IOException refusal() {
      return refusal;
    }

    /** What is left of the application's own connect timeout. */
    private int leftMillis() {
      long spent = TimeUnit.NANOSECONDS.toMillis(tools.nanoTime.getAsLong() - begunNanos);
      return (int) (budgetMillis - spent);
    }

    private void aim(Step.Attempt attempt, int leftMillis) {
      host = attempt.endpoint().address();
      port = attempt.endpoint().port();
      long policy = (attempt.connectTimeout().toNanos() + 999_999) / 1_000_000;
      int bound = (int) Math.min(policy, Integer.MAX_VALUE);
      timeoutMillis =
          bound <= 0 ? leftMillis : leftMillis <= 0 ? bound : Math.min(bound, leftMillis);
    }
  }
}
