package io.inmesh.engine;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parts of gRPC over HTTP that Envoy treats in a way of its own. */
final class Grpc {
  private static final String CONTENT_TYPE = "application/grpc";
  private static final int MAX_DIGITS = 8;
  private static final long MAX_MILLIS = 100_000_000;

  /** As good as none; a header may ask for 11 thousand years, which nanoseconds do not hold. */
  private static final Duration LONGEST = Duration.ofDays(3_650);

  static boolean isGrpc(List<String> contentType) {
    if (contentType.isEmpty()) {
      return false;
    }
    String type = contentType.get(0);
    return type.startsWith(CONTENT_TYPE)
        && (type.length() == CONTENT_TYPE.length() || type.charAt(CONTENT_TYPE.length()) == '+');
  }

  /** What a {@code grpc-timeout} header asks for; zero if it is not there or makes no sense. */
  static Duration timeout(List<String> header) {
    if (header.isEmpty()) {
      return Duration.ZERO;
    }
    String text = header.get(0).trim();
    int digits = 0;
    while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
      digits++;
    }
    if (digits == 0 || digits > MAX_DIGITS || digits != text.length() - 1) {
      return Duration.ZERO;
    }
    long amount = Long.parseLong(text.substring(0, digits));
    Duration asked = inUnit(amount, text.charAt(digits));
    return asked.compareTo(LONGEST) < 0 ? asked : LONGEST;
  }

  private static Duration inUnit(long amount, char unit) {
    return switch (unit) {
      case 'H' -> Duration.ofHours(amount);
      case 'M' -> Duration.ofMinutes(amount);
      case 'S' -> Duration.ofSeconds(amount);
      case 'm' -> Duration.ofMillis(amount);
      case 'u' -> Duration.ofNanos(amount * 1_000);
      case 'n' -> Duration.ofNanos(amount);
      default -> Duration.ZERO;
    };
  }

  /** A {@code grpc-timeout} header. */
  static String timeout(long millis) {
    if (millis < MAX_MILLIS) {
      return millis + "m";
    }
    long seconds = millis / 1_000;
    return seconds < MAX_MILLIS ? seconds + "S" : Math.min(seconds / 60, MAX_MILLIS - 1) + "M";
  }

  /** The gRPC status in a response's head; -1 if there is none. */
  static int status(ResponseView response) {
    List<String> values = response.header("grpc-status");
    if (values.isEmpty()) {
      return -1;
    }
    String text = values.get(0).trim();
    boolean number = !text.isEmpty() && text.length() <= 3;
    for (int i = 0; i < text.length() && number; i++) {
      number = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    return number ? Integer.parseInt(text) : -1;
  }

  /** The gRPC status that stands for an HTTP status of Envoy's own. */
  static int ofHttp(int status) {
    return switch (status) {
      case 400 -> 13;
      case 401 -> 16;
      case 403 -> 7;
      case 404 -> 12;
      case 429, 502, 503, 504 -> 14;
      default -> 2;
    };
  }

  /** The HTTP status that outlier detection counts for a gRPC status. */
  static int toHttp(int grpcStatus) {
    return switch (grpcStatus) {
      case 0 -> 200;
      case 1 -> 499;
      case 3, 9, 11 -> 400;
      case 4 -> 504;
      case 5 -> 404;
      case 6, 10 -> 409;
      case 7 -> 403;
      case 8 -> 429;
      case 12 -> 501;
      case 14 -> 503;
      case 16 -> 401;
      default -> 500;
    };
  }

  /** The same answer, as a gRPC client is told: 200, and what happened in headers. */
  static Step.LocalReply inGrpc(Step.LocalReply reply, @Nullable Integer status) {
    HeaderEditor headers = new HeaderEditor(name -> List.of());
    reply.headers().forEach(header -> headers.add(header.name(), header.value()));
    headers.set("content-type", CONTENT_TYPE);
    headers.set("grpc-status", String.valueOf(status == null ? ofHttp(reply.status()) : status));
    if (!reply.body().isEmpty()) {
      headers.set("grpc-message", escaped(reply.body()));
    }
    return new Step.LocalReply(200, reply.flag(), reply.detail(), "", headers.edits().values());
  }

  /**
   * As grpc-message wants it: what is no printable ASCII, and the percent sign, in percent form.
   */
  private static String escaped(String message) {
    StringBuilder text = new StringBuilder();
    for (byte b : message.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
      if (b >= ' ' && b <= '~' && b != '%') {
        text.append((char) b);
      } else {
        text.append('%').append(Character.forDigit((b >> 4) & 15, 16));
        text.append(Character.forDigit(b & 15, 16));
      }
    }
    return text.toString();
  }

  private Grpc() {}
}
