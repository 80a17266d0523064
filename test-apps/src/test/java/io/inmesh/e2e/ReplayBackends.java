package io.inmesh.e2e;

import io.inmesh.golden.Backends;
import io.inmesh.golden.Backends.Reply;
import io.inmesh.golden.GoldenCase.Header;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The backends of the recordings on sockets: each instance on its recorded address and ports, over
 * HTTP/1.1. The two that speak HTTP/2 there do so here, as the client that is tested has no other.
 */
final class ReplayBackends implements Closeable {
  /** As much as the recorder's backends waited before they broke a body off. */
  private static final long BEFORE_BREAK_MILLIS = 50;

  private final Backends backends = new Backends();
  private final List<ServerSocket> listeners = new ArrayList<>();
  private final ConcurrentLinkedQueue<Shared> shared = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();

  /** A connection that one case had left open and another one got. */
  record Shared(String before, String after) {}

  /**
   * Listens everywhere.
   *
   * @throws UncheckedIOException if an address is taken: by another replay, or by the recorder's
   *     own backends
   */
  ReplayBackends() {
    for (Backends.Instance instance : backends.listening()) {
      for (int port : backends.ports()) {
        InetSocketAddress place = new InetSocketAddress(instance.address(), port);
        try {
          ServerSocket listener = new ServerSocket();
          listener.setReuseAddress(true);
          listener.bind(place, 512);
          listeners.add(listener);
          daemon(instance.name(), () -> accept(listener, instance));
        } catch (IOException e) {
          close();
          throw new UncheckedIOException(place + " is not free; does another replay run?", e);
        }
      }
    }
  }

  /** What came with an id, in order of arrival. */
  List<Backends.Received> received(String id) {
    return backends.received(id);
  }

  /** The connections that cases shared although each should begin without any. */
  List<Shared> shared() {
    return List.copyOf(shared);
  }

  /** Requests that could not be read. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  @Override
  public void close() {
    for (ServerSocket listener : listeners) {
      try {
        listener.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void daemon(String name, Runnable task) {
    Thread thread = new Thread(null, task, name, 256 * 1024);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept(ServerSocket listener, Backends.Instance instance) {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        daemon("to " + instance.name(), () -> serve(socket, instance));
      } catch (IOException e) {
        return; // Closed.
      }
    }
  }

  private void serve(Socket socket, Backends.Instance instance) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      String first = null;
      for (Request next = read(in); next != null; next = read(in)) {
        String owner = next.header("x-golden-id").replaceFirst("#.*", "");
        first = first == null ? owner : first;
        if (!first.equals(owner)) {
          shared.add(new Shared(first, owner));
        }
        Reply reply =
            backends.receive(
                instance.address(),
                socket.getLocalPort(),
                next.method,
                next.path,
                next.header("host"),
                next.headers,
                next.body);
        LockSupport.parkNanos(reply.delay().toNanos());
        if (!(reply instanceof Reply.Response response)) {
          boolean closed = reply instanceof Reply.Lost lost && !lost.abrupt();
          socket.setSoLinger(!closed, 0);
          return;
        }
        answer(socket, response, next);
        if (response.truncated()) {
          LockSupport.parkNanos(BEFORE_BREAK_MILLIS * 1_000_000);
          socket.setSoLinger(true, 0);
          return;
        }
      }
    } catch (IOException e) {
      // The client went away, as it does after a timeout.
    } catch (RuntimeException e) {
      problems.add(instance.name() + ": " + e);
    }
  }

  private static void answer(Socket socket, Reply.Response response, Request request)
      throws IOException {
    int status = response.status();
    String body =
        status == 204 || status == 304 ? "" : "{\"instance\": \"" + response.instance() + "\"}";
    StringBuilder text = new StringBuilder(256);
    text.append("HTTP/1.1 ").append(status).append(" X\r\n");
    text.append("x-backend: ").append(response.instance()).append("\r\n");
    for (Header header : response.headers()) {
      text.append(header.name()).append(": ").append(header.value()).append("\r\n");
    }
    if (status != 204) {
      text.append("content-length: ").append(body.length()).append("\r\n");
    }
    text.append("\r\n");
    if (!request.method.equals("HEAD")) {
      text.append(response.truncated() ? body.substring(0, body.length() / 2) : body);
    }
    socket.getOutputStream().write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  private record Request(String method, String path, List<Header> headers, String body) {
    String header(String name) {
      return headers.stream()
          .filter(each -> each.name().equals(name))
          .map(Header::value)
          .findFirst()
          .orElse("");
    }
  }

  private static @Nullable Request read(InputStream in) throws IOException {
    String line = readLine(in);
    if (line == null) {
      return null;
    }
    String[] words = line.split(" ", 2);
    int end = words.length < 2 ? -1 : words[1].lastIndexOf(" HTTP/1.1");
    if (end < 0) {
      throw new IllegalArgumentException("no request of HTTP/1.1: " + line);
    }
    List<Header> headers = new ArrayList<>();
    for (String next = readLine(in); next != null && !next.isEmpty(); next = readLine(in)) {
      int colon = next.indexOf(':');
      headers.add(
          new Header(
              next.substring(0, colon).toLowerCase(Locale.ROOT),
              next.substring(colon + 1).strip()));
    }
    Request head = new Request(words[0], words[1].substring(0, end), headers, "");
    return new Request(head.method, head.path, headers, readBody(in, head));
  }

  private static String readBody(InputStream in, Request head) throws IOException {
    if (head.header("transfer-encoding").equals("chunked")) {
      StringBuilder body = new StringBuilder();
      for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
        body.append(text(in, size));
        readLine(in);
      }
      readLine(in);
      return body.toString();
    }
    String length = head.header("content-length");
    return length.isEmpty() ? "" : text(in, Integer.parseInt(length));
  }

  private static int chunkSize(InputStream in) throws IOException {
    String line = readLine(in);
    return line == null ? 0 : Integer.parseInt(line.replaceFirst(";.*", "").strip(), 16);
  }

  private static String text(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static @Nullable String readLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        return null;
      }
      line.append((char) next);
    }
    int last = line.length() - 1;
    return last >= 0 && line.charAt(last) == '\r' ? line.substring(0, last) : line.toString();
  }
}
