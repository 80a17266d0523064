package io.inmesh.testapps.soak;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A service on raw sockets whose answer is what the path asks for:
 *
 * <ul>
 *   <li>{@code /ok} a KiB; {@code /big} a MiB, chunked; {@code /none} 204; {@code /gone} 503;
 *   <li>{@code /last} a KiB, and the connection's end;
 *   <li>{@code /slow} a KiB after 40 ms; {@code /never} nothing;
 *   <li>{@code /reset} a reset; {@code /end} an end without an answer;
 *   <li>{@code /cut} half of an answer, then a reset; {@code /junk} no HTTP;
 *   <li>{@code /moody} every third time {@code /gone}, every seventh {@code /reset}.
 * </ul>
 *
 * <p>Arguments: how many endpoints. Prints {@code listening PORT ...}; each line on stdin asks how
 * many connections are open. Clients are told to keep idle ones for a second.
 */
public final class FaultyService {
  private static final String BODY = "x".repeat(1024);
  private static final String KEPT = "Keep-Alive: timeout=1\r\n";

  private final AtomicInteger moods = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();

  /** Runs it. */
  public static void main(String[] args) throws IOException {
    FaultyService service = new FaultyService();
    StringBuilder ports = new StringBuilder("listening");
    for (int i = Integer.parseInt(args[0]); i > 0; i--) {
      ports.append(' ').append(service.listen());
    }
    System.out.println(ports);
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (commands.readLine() != null) {
      System.out.println("open=" + service.open.get());
    }
    System.exit(0);
  }

  private int listen() throws IOException {
    // Closed by the end of the process.
    @SuppressWarnings("resource")
    ServerSocket listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    daemon("accept", () -> accept(listener));
    return listener.getLocalPort();
  }

  private void accept(ServerSocket listener) {
    try {
      while (true) {
        Socket socket = listener.accept();
        open.incrementAndGet();
        daemon("connection", () -> serve(socket));
      }
    } catch (IOException e) {
      System.err.println("no longer accepting: " + e);
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      boolean goesOn = true;
      while (goesOn) {
        String head = readHead(in);
        if (head == null) {
          return;
        }
        skipBody(in, head);
        goesOn = answer(socket, head);
      }
    } catch (IOException e) {
      // The caller went away, as it often does here.
    } finally {
      open.decrementAndGet();
    }
  }

  /** Returns false at the connection's end. */
  private boolean answer(Socket socket, String head) throws IOException {
    String[] line = head.split(" ", 3);
    boolean bodiless = line[0].equals("HEAD");
    String path = line[1].equals("/moody") ? mood() : line[1];
    if (bodiless && path.equals("/cut")) {
      // There is nothing to cut, and the client would keep a connection that has gone.
      path = "/ok";
    }
    switch (path) {
      case "/gone" -> write(socket, head("503 Gone", KEPT), bodiless ? "" : BODY);
      case "/none" -> write(socket, "HTTP/1.1 204 None\r\n" + KEPT + "\r\n", "");
      case "/last" -> write(socket, head("200 OK", "Connection: close\r\n"), bodiless ? "" : BODY);
      case "/big" -> writeChunks(socket, bodiless);
      case "/slow" -> {
        LockSupport.parkNanos(40_000_000);
        write(socket, head("200 OK", KEPT), bodiless ? "" : BODY);
      }
      case "/never" -> socket.getInputStream().transferTo(OutputStream.nullOutputStream());
      case "/junk" -> write(socket, "what is that?\r\n\r\n", "");
      case "/reset" -> socket.setSoLinger(true, 0);
      case "/cut" -> {
        write(socket, head("200 OK", KEPT), bodiless ? "" : BODY.substring(0, 500));
        socket.setSoLinger(true, 0);
      }
      case "/end" -> {
        // Nothing, and the connection's end.
      }
      default -> write(socket, head("200 OK", KEPT), bodiless ? "" : BODY);
    }
    return switch (path) {
      case "/last", "/never", "/junk", "/reset", "/cut", "/end" -> false;
      default -> true;
    };
  }

  private String mood() {
    int mood = moods.incrementAndGet();
    return mood % 7 == 0 ? "/reset" : mood % 3 == 0 ? "/gone" : "/ok";
  }

  private static String head(String status, String more) {
    return "HTTP/1.1 " + status + "\r\n" + more + "Content-Length: " + BODY.length() + "\r\n\r\n";
  }

  private static void write(Socket socket, String head, String body) throws IOException {
    socket.getOutputStream().write((head + body).getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void writeChunks(Socket socket, boolean bodiless) throws IOException {
    write(socket, "HTTP/1.1 200 OK\r\n" + KEPT + "Transfer-Encoding: chunked\r\n\r\n", "");
    if (!bodiless) {
      String chunk = "4000\r\n" + BODY.repeat(16) + "\r\n";
      for (int i = 0; i < 64; i++) {
        write(socket, chunk, "");
      }
      write(socket, "0\r\n\r\n", "");
    }
  }

  private static @Nullable String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder(256);
    while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
      int next = in.read();
      if (next < 0) {
        return null;
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static void skipBody(InputStream in, String head) throws IOException {
    String lower = head.toLowerCase(Locale.ROOT);
    int length = lower.indexOf("\r\ncontent-length:");
    if (length >= 0) {
      int end = lower.indexOf("\r\n", length + 2);
      in.skipNBytes(Long.parseLong(lower.substring(length + 17, end).strip()));
    } else if (lower.contains("\r\ntransfer-encoding: chunked")) {
      // One chunk and the last one, as the client here writes it.
      StringBuilder last = new StringBuilder();
      while (!last.toString().endsWith("0\r\n\r\n")) {
        int next = in.read();
        if (next < 0) {
          return;
        }
        last.append((char) next);
      }
    }
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }
}
