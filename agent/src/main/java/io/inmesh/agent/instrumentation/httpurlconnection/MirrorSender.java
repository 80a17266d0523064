package io.inmesh.agent.instrumentation.httpurlconnection;

import io.inmesh.engine.MirrorCall;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends copies of requests and drops their answers, all on one daemon thread that comes with the
 * first copy and goes when there are none. A copy that there is no room for is not sent. Any
 * thread; {@link #send} never waits.
 */
final class MirrorSender {
  /** Copies under way at once, and how much of requests they may hold in memory. */
  private static final int MOST = 256;

  private static final long MOST_BYTES = 16L << 20;

  /** Bounds a copy whose call has no timeout, and its answer's body in any case. */
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(15);

  private static final long IDLE_MILLIS = 10_000;

  private final LongSupplier nanoTime;

  // Guarded by this.
  private final Queue<Copy> waiting = new ArrayDeque<>();
  private int underWay;
  private long bytes;
  private @Nullable Selector selector;

  MirrorSender(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Sends a request, some time; the call is closed when it is over. */
  void send(MirrorCall call, byte[] request) {
    synchronized (this) {
      if (underWay < MOST && bytes + request.length <= MOST_BYTES && ready()) {
        underWay++;
        bytes += request.length;
        waiting.add(new Copy(call, request));
        if (selector != null) {
          selector.wakeup();
        }
        return;
      }
    }
    call.close();
  }

  /** Under the lock: true if there is a thread, or one could be started. */
  private boolean ready() {
    if (selector != null) {
      return true;
    }
    try {
      Selector opened = Selector.open();
      selector = opened;
      Thread thread = new Thread(null, () -> run(opened), "inmesh-mirror", 0, false);
      thread.setDaemon(true);
      thread.setContextClassLoader(null);
      thread.start();
      return true;
    } catch (IOException e) {
      return false; // Out of file descriptors: a copy is the last thing to spend one on.
    }
  }

  private void run(Selector opened) {
    try (opened) {
      boolean idle;
      do {
        begin(opened);
        idle = opened.keys().isEmpty();
        opened.select(idle ? IDLE_MILLIS : 100);
        for (SelectionKey key : opened.selectedKeys()) {
          ((Copy) key.attachment()).proceed(key);
        }
        opened.selectedKeys().clear();
        endOverdue(opened);
      } while (!(idle && mayGo(opened)));
    } catch (IOException e) {
      abandon(opened);
    }
  }

  private void begin(Selector opened) {
    for (Copy copy = next(); copy != null; copy = next()) {
      copy.begin(opened);
    }
  }

  private synchronized @Nullable Copy next() {
    return waiting.poll();
  }

  private void endOverdue(Selector opened) {
    for (SelectionKey key : opened.keys()) {
      Copy copy = (Copy) key.attachment();
      if (!copy.ended && nanoTime.getAsLong() - copy.deadline >= 0) {
        copy.end();
      }
    }
  }

  /** True once the thread may go: nobody counts on it any more then. */
  private synchronized boolean mayGo(Selector opened) {
    if (underWay > 0 || !waiting.isEmpty()) {
      return false;
    }
    if (selector == opened) {
      selector = null;
    }
    return true;
  }

  private void abandon(Selector opened) {
    for (SelectionKey key : opened.keys()) {
      ((Copy) key.attachment()).end();
    }
    synchronized (this) {
      waiting.forEach(copy -> copy.call.close());
      underWay -= waiting.size();
      waiting.forEach(copy -> bytes -= copy.size);
      waiting.clear();
      selector = null;
    }
  }

  private synchronized void over(int size) {
    underWay--;
    bytes -= size;
  }

  /** One request and its answer; of the one thread. */
  private final class Copy {
    private static final int STATUS_LINE = 12; // HTTP/1.1 200

    private final MirrorCall call;
    private final ByteBuffer request;
    private final int size;
    private final ByteBuffer answer = ByteBuffer.allocate(4096);
    private final StringBuilder start = new StringBuilder(STATUS_LINE);
    private final long deadline;
    private @Nullable SocketChannel channel;
    private boolean connected;
    private boolean ended;

    Copy(MirrorCall call, byte[] request) {
      this.call = call;
      this.request = ByteBuffer.wrap(request);
      this.size = request.length;
      long timeout = call.timeout().toNanos();
      this.deadline =
          nanoTime.getAsLong() + (timeout == 0 ? LONGEST_NANOS : Math.min(timeout, LONGEST_NANOS));
    }

    void begin(Selector selector) {
      try {
        SocketChannel opened = SocketChannel.open();
        channel = opened;
        opened.configureBlocking(false);
        SelectionKey key = opened.register(selector, SelectionKey.OP_CONNECT, this);
        if (opened.connect(
            new InetSocketAddress(call.endpoint().address(), call.endpoint().port()))) {
          proceed(key);
        }
      } catch (IOException | RuntimeException e) { // Such as an address that cannot be resolved.
        fail();
      }
    }

    void proceed(SelectionKey key) {
      SocketChannel open = channel;
      if (ended || open == null) {
        return;
      }
      try {
        if (!connected) {
          connected = open.finishConnect();
          key.interestOps(SelectionKey.OP_WRITE);
        }
        if (connected && request.hasRemaining()) {
          open.write(request);
          key.interestOps(request.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        } else if (connected) {
          read(open);
        }
      } catch (IOException e) {
        fail();
      }
    }

    private void read(SocketChannel open) throws IOException {
      answer.clear();
      int n = open.read(answer);
      if (n < 0) {
        if (start.length() < STATUS_LINE) {
          call.reset();
        }
        end();
        return;
      }
      if (start.length() < STATUS_LINE) {
        String text = new String(answer.array(), 0, n, StandardCharsets.ISO_8859_1);
        start.append(text, 0, Math.min(n, STATUS_LINE - start.length()));
        if (start.length() == STATUS_LINE) {
          String status = start.substring(STATUS_LINE - 3);
          if (status.chars().allMatch(c -> c >= '0' && c <= '9')) {
            call.responded(Integer.parseInt(status));
          }
        }
      }
    }

    private void fail() {
      if (!connected) {
        call.connectFailed();
      } else if (start.length() < STATUS_LINE) {
        call.reset();
      }
      end();
    }

    void end() {
      if (ended) {
        return;
      }
      ended = true;
      call.close();
      over(size);
      SocketChannel open = channel;
      if (open != null) {
        try {
          open.close();
        } catch (IOException e) {
          request.clear(); // Nothing else is left to let go.
        }
      }
    }
  }
}
