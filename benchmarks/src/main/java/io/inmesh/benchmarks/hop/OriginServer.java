package io.inmesh.benchmarks.hop;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A program: an HTTP/1.1 server that costs as little as blocking Java can, so that the client is
 * what is measured. Two endpoints on loopback answer any GET with 1 KiB whose second character
 * tells which endpoint it was: {@code v1...} or {@code v2...}. One thread per connection, kept
 * alive. Prints {@code origin v1=PORT v2=PORT} and ends with its standard input.
 */
public final class OriginServer {

  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final int BODY_BYTES = 1024;

  private final byte[] answer;

  private OriginServer(String version) {
    String body = version + ".".repeat(BODY_BYTES - version.length());
    answer =
        ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
                + BODY_BYTES
                + "\r\n\r\n"
                + body)
            .getBytes(StandardCharsets.US_ASCII);
  }

  public static void main(String[] arguments) throws IOException {
    int v1 = new OriginServer("v1").listen();
    int v2 = new OriginServer("v2").listen();
    System.out.println("origin v1=" + v1 + " v2=" + v2);
    System.in.transferTo(OutputStream.nullOutputStream());
  }

  private int listen() throws IOException {
    // Closed by the end of the process.
    @SuppressWarnings("resource")
    ServerSocket listening = new ServerSocket(0, 128, InetAddress.getByAddress(LOOPBACK));
    daemon("accept", () -> accept(listening));
    return listening.getLocalPort();
  }

  private void accept(ServerSocket listening) {
    try {
      while (true) {
        Socket socket = listening.accept();
        daemon("connection", () -> serve(socket));
      }
    } catch (IOException e) {
      System.err.println("no longer accepting: " + e);
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream(), 4096);
      OutputStream out = socket.getOutputStream();
      while (readHead(in)) {
        out.write(answer);
      }
    } catch (IOException e) {
      // The client has gone: nothing to serve here any more.
    }
  }

  /** Reads up to the empty line; false at the connection's end. */
  private static boolean readHead(InputStream in) throws IOException {
    int newLines = 0;
    while (newLines < 2) {
      int c = in.read();
      if (c < 0) {
        return false;
      }
      if (c == '\n') {
        newLines++;
      } else if (c != '\r') {
        newLines = 0;
      }
    }
    return true;
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }
}
