package io.inmesh.bootstrap;

import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The one door from instrumented classes to the agent.
 *
 * <p>Every method may be called by any thread, at any time, also before the agent is ready, and
 * never throws: a failure is counted, reported and answered as if the agent were absent.
 */
public final class Bridge {
  /**
   * The kill switch. While true no new call is touched; what had begun before is only brought to
   * its end.
   */
  private static volatile boolean inert;

  private static volatile @Nullable HttpCalls httpCalls;
  private static volatile @Nullable Listeners listeners;
  private static volatile @Nullable FailureSink failureSink;
  private static final AtomicLong suppressed = new AtomicLong();

  /** Turns every hook off ({@code true}) or on again. */
  public static void setInert(boolean value) {
    inert = value;
  }

  /** Whether the kill switch is thrown. */
  public static boolean isInert() {
    return inert;
  }

  /** Connects, or with null disconnects, the HttpURLConnection hooks. */
  public static void setHttpCalls(@Nullable HttpCalls value) {
    httpCalls = value;
  }

  /** Connects, or with null disconnects, the hooks on listening sockets. */
  public static void setListeners(@Nullable Listeners value) {
    listeners = value;
  }

  /** Where failures inside hooks are reported. */
  public static void setFailureSink(@Nullable FailureSink value) {
    failureSink = value;
  }

  /** How many failures inside hooks the application has not seen. */
  public static long suppressedFailures() {
    return suppressed.get();
  }

  /** See {@link HttpCalls#begin}. */
  public static @Nullable Object httpBegin(
      URL url, @Nullable Proxy proxy, @Nullable HttpURLConnection connection) {
    HttpCalls calls = httpCalls;
    if (inert || calls == null || connection == null) {
      return null;
    }
    try {
      return calls.begin(url, proxy, connection);
    } catch (Throwable t) {
      report("HttpURLConnection", t);
      return null;
    }
  }

  /** See {@link HttpCalls#connected}. */
  public static void httpConnected(@Nullable Object call, @Nullable Object client) {
    HttpCalls calls = httpCalls;
    if (call == null || calls == null) {
      return;
    }
    try {
      calls.connected(call, client);
    } catch (Throwable t) {
      report("HttpURLConnection", t);
    }
  }

  /** See {@link HttpCalls#keyForLookup}. */
  public static @Nullable Object httpKeyForLookup(@Nullable Object key) {
    HttpCalls calls = httpCalls;
    if (inert || calls == null) {
      return key;
    }
    try {
      return calls.keyForLookup(key);
    } catch (Throwable t) {
      report("HttpURLConnection", t);
      return key;
    }
  }

  /**
   * See {@link HttpCalls#keyForKeeping}. Not switched off by the kill switch: a connection to an
   * endpoint must not get into the pool that untouched calls use.
   */
  public static @Nullable Object httpKeyForKeeping(@Nullable Object key, Object client) {
    HttpCalls calls = httpCalls;
    if (calls == null) {
      return key;
    }
    try {
      return calls.keyForKeeping(key, client);
    } catch (Throwable t) {
      report("HttpURLConnection", t);
      return key;
    }
  }

  /** See {@link HttpCalls#dial}. */
  public static @Nullable Dial httpDial(Object client, int timeoutMillis) {
    HttpCalls calls = httpCalls;
    if (inert || calls == null) {
      return null;
    }
    try {
      return calls.dial(client, timeoutMillis);
    } catch (Throwable t) {
      report("HttpURLConnection", t);
      return null;
    }
  }

  /** See {@link Dial#next}. */
  public static boolean httpDialNext(Dial dial, @Nullable Throwable failure) {
    try {
      return dial.next(failure);
    } catch (Throwable t) {
      report("HttpURLConnection", t);
      return false;
    }
  }

  /** See {@link Dial#result}. */
  public static @Nullable Socket httpDialed(Dial dial, @Nullable Socket connected) {
    try {
      return dial.result(connected);
    } catch (Throwable t) {
      report("HttpURLConnection", t);
      return null;
    }
  }

  /** See {@link Dial#refusal}. */
  public static @Nullable Throwable httpRefusal(Dial dial) {
    try {
      return dial.refusal();
    } catch (Throwable t) {
      report("HttpURLConnection", t);
      return null;
    }
  }

  /**
   * See {@link HttpCalls#writing}. Not switched off, and neither are the next two: they concern
   * calls that had begun.
   */
  public static Object httpWriting(
      Object client,
      @Nullable Socket socket,
      Object head,
      @Nullable Object body,
      boolean streaming) {
    HttpCalls calls = httpCalls;
    if (calls == null) {
      return head;
    }
    try {
      return calls.writing(client, socket, head, body, streaming);
    } catch (Throwable t) {
      report("HttpURLConnection", t);
      return head;
    }
  }

  /** See {@link HttpCalls#awaiting}. */
  public static boolean httpAwaiting(Object client, @Nullable Socket socket) {
    HttpCalls calls = httpCalls;
    if (calls == null) {
      return false;
    }
    try {
      return calls.awaiting(client, socket);
    } catch (Throwable t) {
      report("HttpURLConnection", t);
      return false;
    }
  }

  /** See {@link HttpCalls#answered}. */
  public static @Nullable Object httpAnswered(
      Object client,
      @Nullable Socket socket,
      Object response,
      @Nullable Object head,
      @Nullable Object body,
      @Nullable Throwable failure) {
    HttpCalls calls = httpCalls;
    if (calls == null) {
      return null;
    }
    try {
      return calls.answered(client, socket, response, head, body, failure);
    } catch (Throwable t) {
      report("HttpURLConnection", t);
      return null;
    }
  }

  /** See {@link HttpCalls#finished}. Not switched off: it only releases. */
  public static boolean httpFinished(Object client, @Nullable Socket socket) {
    HttpCalls calls = httpCalls;
    if (calls == null) {
      return false;
    }
    try {
      return calls.finished(client, socket);
    } catch (Throwable t) {
      report("HttpURLConnection", t);
      return false;
    }
  }

  /** See {@link HttpCalls#closingIdle}. */
  public static @Nullable Object httpClosingIdle(Object client) {
    HttpCalls calls = httpCalls;
    if (inert || calls == null) {
      return null;
    }
    try {
      return calls.closingIdle(client);
    } catch (Throwable t) {
      report("HttpURLConnection", t);
      return null;
    }
  }

  /** See {@link HttpCalls#closedIdle}. */
  public static void httpClosedIdle(@Nullable Object state) {
    HttpCalls calls = httpCalls;
    if (state == null || calls == null) {
      return;
    }
    try {
      calls.closedIdle(state);
    } catch (Throwable t) {
      report("HttpURLConnection", t);
    }
  }

  /**
   * A server socket was bound. Not switched off by the kill switch: it only takes note, and what it
   * missed would be missing for good.
   */
  public static void bound(ServerSocket socket) {
    Listeners to = listeners;
    if (to == null) {
      return;
    }
    try {
      to.opened(socket, socket.getLocalPort());
    } catch (Throwable t) {
      report("listening ports", t);
    }
  }

  /** A server channel was bound; as for a socket. */
  public static void bound(java.nio.channels.ServerSocketChannel channel) {
    Listeners to = listeners;
    if (to == null) {
      return;
    }
    try {
      if (channel.getLocalAddress() instanceof java.net.InetSocketAddress) {
        to.opened(channel, ((java.net.InetSocketAddress) channel.getLocalAddress()).getPort());
      }
    } catch (Throwable t) {
      report("listening ports", t);
    }
  }

  /** See {@link Listeners#closed}. Not switched off: it only releases. */
  public static void unbound(Object socket) {
    Listeners to = listeners;
    if (to == null) {
      return;
    }
    try {
      to.closed(socket);
    } catch (Throwable t) {
      report("listening ports", t);
    }
  }

  private static void report(String hook, Throwable failure) {
    suppressed.incrementAndGet();
    FailureSink sink = failureSink;
    if (sink == null) {
      return;
    }
    try {
      sink.failed(hook, failure);
    } catch (Throwable ignored) {
      suppressed.incrementAndGet(); // Nobody is left to tell.
    }
  }

  private Bridge() {}
}
