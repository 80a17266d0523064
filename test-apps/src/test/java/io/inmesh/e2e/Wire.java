package io.inmesh.e2e;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One accepted connection: what comes in is recorded to the byte. One thread serves it. */
final class Wire implements Closeable {
  private static final int SHOWN = 16 * 1024;

  private final Socket socket;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();

  /** A request's head; the body is still to be read. */
  record Head(String method, String target, String text) {
    /** The first value of a header, or null. */
    @Nullable String header(String name) {
      String wanted = name.toLowerCase(Locale.ROOT) + ":";
      return text.lines()
          .skip(1)
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(wanted))
          .map(line -> line.substring(wanted.length()).strip())
          .findFirst()
          .orElse(null);
    }

    /** Its path, without host and query. */
    String path() {
      String path = target.startsWith("http://") ? target.substring(7) : target;
      int slash = path.indexOf('/');
      int query = path.indexOf('?');
      return slash < 0 ? "" : path.substring(slash, query < 0 ? path.length() : query);
    }

    /** What stands after the question mark, or nothing. */
    String query() {
      int query = target.indexOf('?');
      return query < 0 ? "" : target.substring(query + 1);
    }
  }

  Wire(Socket socket) {
    this.socket = socket;
  }

  /** Reads up to the empty line; null when the peer closed before it. */
  @Nullable Head readHead() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
      int next = read();
      if (next < 0) {
        return null;
      }
      head.append((char) next);
    }
    String[] words = head.substring(0, head.indexOf("\r\n")).split(" ", -1);
    return new Head(words[0], words.length > 1 ? words[1] : "", head.toString());
  }

  /** Reads the body that the head announces. */
  byte[] readBody(Head head) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    String length = head.header("Content-Length");
    if (length != null) {
      copy(Long.parseLong(length), body);
    } else if ("chunked".equals(head.header("Transfer-Encoding"))) {
      for (long size = chunkSize(); size > 0; size = chunkSize()) {
        copy(size, body);
        readLine();
      }
      readLine();
    }
    return body.toByteArray();
  }

  /** One byte, or -1 at the end. */
  int read() throws IOException {
    int next = socket.getInputStream().read();
    if (next >= 0) {
      synchronized (received) {
        received.write(next);
      }
    }
    return next;
  }

  /** Reads and records until the peer closes. */
  void drain() throws IOException {
    byte[] buffer = new byte[8192];
    InputStream in = socket.getInputStream();
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      synchronized (received) {
        received.write(buffer, 0, read);
      }
    }
  }

  /** Sends text, a byte for each character. */
  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void send(byte[] bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(bytes);
    out.flush();
  }

  /**
   * What came in; of what is too long to compare by eye, the beginning, the size and a checksum.
   */
  String received() {
    synchronized (received) {
      String all = received.toString(StandardCharsets.ISO_8859_1);
      if (all.length() > SHOWN) {
        return all.substring(0, 1024) + "... " + all.length() + " bytes, hash " + all.hashCode();
      }
      return all;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void copy(long length, OutputStream to) throws IOException {
    byte[] buffer = new byte[8192];
    InputStream in = socket.getInputStream();
    long left = length;
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new EOFException();
      }
      synchronized (received) {
        received.write(buffer, 0, read);
      }
      to.write(buffer, 0, read);
      left -= read;
    }
  }

  private long chunkSize() throws IOException {
    return Long.parseLong(readLine().strip(), 16);
  }

  private String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = read(); next != '\n'; next = read()) {
      if (next < 0) {
        throw new EOFException();
      }
      line.append((char) next);
    }
    return line.toString();
  }
}
