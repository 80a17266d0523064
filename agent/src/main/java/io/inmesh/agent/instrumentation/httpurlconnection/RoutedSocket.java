package io.inmesh.agent.instrumentation.httpurlconnection;

import io.inmesh.engine.model.ConnectionLimits;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an endpoint, which one call after another uses: reads end when the call's time is
 * over, whatever the server dribbles, and its end is the call's end. Used by one thread at a time,
 * but closed by any.
 */
final class RoutedSocket extends Socket {
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** For how long nothing is taken to have arrived since a read that emptied the connection. */
  private static final long FRESH_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  /** Weak, so that whoever tracks connections does not keep them open. */
  final WeakReference<RoutedSocket> self = new WeakReference<>(this);

  private volatile @Nullable RoutedCall call;
  private volatile boolean closed;
  private volatile boolean givenUp;

  /** What the application set, in milliseconds; 0: none. */
  private volatile int ownTimeout;

  // Of the reading thread.
  private int appliedTimeout;
  private boolean cut;
  private boolean broken;
  private long lastReadNanos;

  /** The last read got less than it had room for: nothing more had arrived by then. */
  private boolean drained;

  private final LongSupplier nanoTime;
  private final long sinceNanos;
  private volatile int calls = 1;

  RoutedSocket(Socket socket, RoutedCall call, LongSupplier nanoTime) throws IOException {
    super((SocketImpl) null);
    this.socket = socket;
    this.call = call;
    this.nanoTime = nanoTime;
    this.sinceNanos = nanoTime.getAsLong();
    this.lastReadNanos = sinceNanos;
    this.in = new Reads(socket.getInputStream());
    this.out = new Writes(socket.getOutputStream());
    this.ownTimeout = socket.getSoTimeout();
    this.appliedTimeout = ownTimeout;
  }

  /** The connection is used for another call now. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // One call at a time.
  void serve(RoutedCall next) {
    call = next;
    calls++;
    cut = false;
  }

  /** The call that it carries, or carried last. */
  @Nullable RoutedCall call() {
    return call;
  }

  /** True if a cluster's limits let no further call use the connection. */
  boolean isUsedUp(ConnectionLimits limits) {
    long age = limits.maxDuration().toNanos();
    return (limits.maxRequests() > 0 && calls >= limits.maxRequests())
        || (age > 0 && nanoTime.getAsLong() - sinceNanos >= age);
  }

  /**
   * Ends the connection if it was idle for so long: the JDK then makes another one for the call.
   *
   * @param idle zero: for as long as it likes
   */
  boolean expires(Duration idle) throws IOException {
    if (idle.isZero() || nanoTime.getAsLong() - lastReadNanos < idle.toNanos()) {
      return false;
    }
    broken = true;
    socket.close();
    return true;
  }

  /**
   * Looks whether the server has closed a connection that was idle for some time, as servers do;
   * costs a millisecond if it has not. A connection that it has closed is of no use afterwards.
   */
  boolean isLost() throws IOException {
    if (nanoTime.getAsLong() - lastReadNanos < IDLE_NANOS) {
      return false;
    }
    appliedTimeout = 1;
    socket.setSoTimeout(1);
    try {
      socket.getInputStream().read();
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      broken = true; // As if it had ended.
    }
    // Ended; or there is an answer that nobody asked for.
    socket.close();
    return true;
  }

  /** True if the call's own time was over before the last read was. */
  boolean wasCut() {
    return cut;
  }

  /** True if somebody closed the connection while it was read from. */
  boolean wasGivenUp() {
    return givenUp;
  }

  @Override
  public InputStream getInputStream() {
    return in;
  }

  @Override
  public OutputStream getOutputStream() {
    return out;
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // Waits for no reader.
  public void close() throws IOException {
    closed = true;
    socket.close();
    RoutedCall last = call;
    if (last != null) {
      last.finish();
    }
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // As the JDK's: it waits for no reader.
  public void setSoTimeout(int timeout) throws SocketException {
    if (timeout != appliedTimeout) { // The JDK tells it anew with every call.
      socket.setSoTimeout(timeout);
    }
    ownTimeout = timeout;
    appliedTimeout = timeout;
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // A volatile read.
  public int getSoTimeout() {
    return ownTimeout;
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    socket.setTcpNoDelay(on);
  }

  @Override
  public boolean getTcpNoDelay() throws SocketException {
    return socket.getTcpNoDelay();
  }

  @Override
  public void shutdownInput() throws IOException {
    socket.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public boolean isConnected() {
    return socket.isConnected();
  }

  @Override
  public boolean isBound() {
    return socket.isBound();
  }

  @Override
  public boolean isClosed() {
    return socket.isClosed();
  }

  @Override
  public InetAddress getInetAddress() {
    return socket.getInetAddress();
  }

  @Override
  public InetAddress getLocalAddress() {
    return socket.getLocalAddress();
  }

  @Override
  public int getPort() {
    return socket.getPort();
  }

  @Override
  public int getLocalPort() {
    return socket.getLocalPort();
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return socket.getRemoteSocketAddress();
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return socket.getLocalSocketAddress();
  }

  @Override
  public String toString() {
    return socket.toString();
  }

  /** Bounds the next read; true if the mesh's time is what it is bounded by. */
  private boolean bound(@Nullable RoutedCall serving) throws SocketException {
    long left = serving == null ? 0 : serving.millisLeft();
    int own = ownTimeout;
    boolean ours = left > 0 && (own == 0 || left < own);
    int wanted = ours ? (int) Math.min(left, Integer.MAX_VALUE) : own;
    if (wanted != appliedTimeout) {
      socket.setSoTimeout(wanted);
      appliedTimeout = wanted;
    }
    return ours;
  }

  private final class Reads extends FilterInputStream {
    Reads(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      int n = read(one, 0, 1);
      return n < 0 ? n : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      RoutedCall serving = call;
      boolean ours = bound(serving);
      try {
        int n = in.read(bytes, offset, length);
        lastReadNanos = nanoTime.getAsLong();
        drained = n < length;
        if (n < 0 && serving != null) {
          serving.finish();
        }
        return n;
      } catch (SocketTimeoutException e) {
        if (!ours) {
          throw e;
        }
        cut = true;
        SocketTimeoutException told =
            new SocketTimeoutException("Read timed out: the mesh's timeout for the call (UT)");
        told.initCause(e);
        if (serving != null && !serving.isAwaited()) {
          // In the middle of a body: nothing more can come of this connection.
          RoutedSocket.this.close();
        }
        throw told;
      } catch (IOException e) {
        givenUp = closed;
        throw e;
      }
    }

    /**
     * The JDK's buffer asks after every read that was shorter than wanted, which is about once a
     * response and costs a system call each time.
     */
    @Override
    public int available() throws IOException {
      boolean known = drained && nanoTime.getAsLong() - lastReadNanos < FRESH_NANOS;
      return known ? 0 : in.available();
    }

    @Override
    public void close() throws IOException {
      RoutedSocket.this.close();
    }
  }

  private final class Writes extends FilterOutputStream {
    Writes(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (broken) {
        return;
      }
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        RoutedCall serving = call;
        if (serving == null || serving.isStreaming()) {
          throw e;
        }
        // The JDK would send everything once more by itself. Reading tells what became of the
        // request: an early answer, or a connection that was lost.
        broken = true;
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() throws IOException {
      RoutedSocket.this.close();
    }
  }
}
