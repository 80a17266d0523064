package io.inmesh.e2e;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A server on a raw socket that does what a script says and keeps the exact bytes that it was sent,
 * connection by connection, in the order in which they were accepted.
 */
final class Backend implements Closeable {
  /** Serves one connection until it returns; the connection is closed then. */
  @FunctionalInterface
  interface Script {
    void serve(Wire wire) throws IOException;
  }

  private final ServerSocket listener;
  private final Script script;
  private final List<Served> served = new ArrayList<>();

  private record Served(Wire wire, CountDownLatch done) {}

  /** On 127.0.0.N. */
  Backend(int n, Script script) {
    this(open(n), script);
  }

  /** On a socket that listens already, for one that speaks TLS. */
  Backend(ServerSocket listener, Script script) {
    this.listener = listener;
    this.script = script;
    Thread thread = new Thread(this::accept, "backend " + listener.getLocalSocketAddress());
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return listener.getLocalPort();
  }

  /** How many connections came. */
  int connections() {
    synchronized (served) {
      return served.size();
    }
  }

  /** What each connection sent, once all of them are at their end. */
  List<String> recorded() {
    List<Served> all;
    synchronized (served) {
      all = List.copyOf(served);
    }
    List<String> result = new ArrayList<>();
    for (Served each : all) {
      await(each);
      result.add(each.wire.received());
    }
    return result;
  }

  /** Forgets what was recorded. */
  void forget() {
    synchronized (served) {
      served.clear();
    }
  }

  @Override
  public void close() {
    List<Served> all;
    synchronized (served) {
      all = List.copyOf(served);
    }
    try {
      listener.close();
      for (Served each : all) {
        each.wire.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      Socket socket;
      try {
        socket = listener.accept();
        socket.setTcpNoDelay(true);
      } catch (IOException e) {
        return;
      }
      Served next = new Served(new Wire(socket), new CountDownLatch(1));
      synchronized (served) {
        served.add(next);
      }
      Thread thread = new Thread(() -> serve(next), "connection of " + listener.getLocalPort());
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void serve(Served next) {
    Wire wire = next.wire;
    try (wire) {
      script.serve(wire);
    } catch (IOException e) {
      // The client went away, which many a script provokes: what it sent until then counts.
    } finally {
      next.done.countDown();
    }
  }

  private static void await(Served each) {
    try {
      if (!each.done.await(Duration.ofSeconds(20).toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("a connection is still open; it sent:\n" + each.wire.received());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static ServerSocket open(int n) {
    try {
      return new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) n}));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on 127.0.0." + n, e);
    }
  }
}
