package io.inmesh.agent.instrumentation.httpurlconnection;

import io.inmesh.engine.HeaderValue;
import io.inmesh.engine.Step;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A connection to nowhere: takes any request and answers what Envoy would have answered itself, so
 * that the JDK parses it and the application sees an ordinary response. No file descriptor. Used by
 * one thread.
 */
final class LocalReplySocket extends Socket {
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);

  private final InputStream in;
  private volatile boolean closed;

  static LocalReplySocket answering(Step.LocalReply reply) {
    try {
      return new LocalReplySocket(response(reply));
    } catch (SocketException e) {
      throw new IllegalStateException("a socket without implementation cannot fail", e);
    }
  }

  private LocalReplySocket(byte[] response) throws SocketException {
    super((SocketImpl) null);
    in = new ByteArrayInputStream(response);
  }

  private static byte[] response(Step.LocalReply reply) {
    boolean bodiless = reply.status() == 204 || reply.status() == 304;
    byte[] body = bodiless ? new byte[0] : reply.body().getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder(256);
    head.append("HTTP/1.1 ").append(reply.status()).append(' ').append(reason(reply.status()));
    if (!bodiless) {
      head.append("\r\ncontent-length: ").append(body.length);
    }
    for (HeaderValue header : reply.headers()) {
      head.append("\r\n").append(header.name()).append(": ").append(header.value());
    }
    head.append("\r\ndate: ").append(HTTP_DATE.format(ZonedDateTime.now(ZoneOffset.UTC)));
    head.append("\r\nserver: inmesh");
    head.append("\r\nx-inmesh-response-flags: ").append(reply.flag());
    head.append("\r\nx-inmesh-response-code-details: ").append(reply.detail());
    head.append("\r\nconnection: close\r\n\r\n");
    byte[] start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = new byte[start.length + body.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    return all;
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 204 -> "No Content";
      case 301 -> "Moved Permanently";
      case 302 -> "Found";
      case 303 -> "See Other";
      case 304 -> "Not Modified";
      case 307 -> "Temporary Redirect";
      case 308 -> "Permanent Redirect";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 429 -> "Too Many Requests";
      case 500 -> "Internal Server Error";
      case 501 -> "Not Implemented";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      case 504 -> "Gateway Timeout";
      default -> "Local Reply";
    };
  }

  @Override
  public InputStream getInputStream() {
    return in;
  }

  @Override
  public OutputStream getOutputStream() {
    return OutputStream.nullOutputStream();
  }

  @Override
  public void connect(SocketAddress endpoint, int timeout) {}

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public boolean isBound() {
    return true;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // One volatile write.
  public void close() {
    closed = true;
  }

  @Override
  public void shutdownInput() {}

  @Override
  public void shutdownOutput() {}

  @Override
  public void setTcpNoDelay(boolean on) {}

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // Nothing is ever waited for.
  public void setSoTimeout(int timeout) {}

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // Nothing is ever waited for.
  public int getSoTimeout() {
    return 0;
  }

  @Override
  public @Nullable InetAddress getInetAddress() {
    return null;
  }

  @Override
  public InetAddress getLocalAddress() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public int getPort() {
    return 0;
  }

  @Override
  public int getLocalPort() {
    return -1;
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    return null;
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return null;
  }

  @Override
  public String toString() {
    return "Socket[answered locally]";
  }
}
