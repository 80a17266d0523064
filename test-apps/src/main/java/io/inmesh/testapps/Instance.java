package io.inmesh.testapps;

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
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An instance of a service, on a raw socket: answers every request with its name, or below {@code
 * /echo} with the request's head as it came.
 *
 * <p>Arguments: its name, and the port (0 for a free one). Prints {@code listening PORT}. On stdin
 * {@code count} asks for {@code connections=N requests=M} since the question before, {@code fail
 * STATUS} makes it answer with that status, {@code quit} ends it.
 */
public final class Instance {
  private final String name;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile int status = 200;

  private Instance(String name) {
    this.name = name;
  }

  /** Runs it; arguments: name and port. */
  public static void main(String[] args) throws IOException {
    Instance instance = new Instance(args[0]);
    ServerSocket listener =
        new ServerSocket(Integer.parseInt(args[1]), 200, InetAddress.getLoopbackAddress());
    Thread accepting = new Thread(() -> instance.accept(listener), "accept");
    accepting.setDaemon(true);
    accepting.start();
    System.out.println("listening " + listener.getLocalPort());
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      if (line.equals("quit")) {
        break;
      } else if (line.equals("count")) {
        System.out.println(
            "connections="
                + instance.connections.getAndSet(0)
                + " requests="
                + instance.requests.getAndSet(0));
      } else if (line.startsWith("fail ")) {
        instance.status = Integer.parseInt(line.substring(5));
        System.out.println("failing with " + instance.status);
      }
    }
    listener.close();
  }

  private void accept(ServerSocket listener) {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        connections.incrementAndGet();
        Thread thread = new Thread(() -> serve(socket), "connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      for (String head = readHead(in); head != null; head = readHead(in)) {
        in.skipNBytes(lengthOf(head));
        requests.incrementAndGet();
        out.write(answer(head).getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
      }
    } catch (IOException e) {
      // The caller went away.
    }
  }

  private String answer(String head) {
    boolean echo = head.contains(" /echo");
    String body = echo ? name + "\n" + head : name;
    String start =
        "HTTP/1.1 "
            + status
            + " Answer\r\nContent-Type: text/plain\r\nX-Instance: "
            + name
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n";
    return head.startsWith("HEAD ") ? start : start + body;
  }

  private static long lengthOf(String head) {
    return head.lines()
        .filter(line -> line.regionMatches(true, 0, "Content-Length:", 0, 15))
        .mapToLong(line -> Long.parseLong(line.substring(15).strip()))
        .findFirst()
        .orElse(0);
  }

  private static @Nullable String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
      int next = in.read();
      if (next < 0) {
        return null;
      }
      head.append((char) next);
    }
    return head.toString();
  }
}
