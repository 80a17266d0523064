package io.inmesh.golden;

import io.inmesh.golden.GoldenCase.Header;
import io.inmesh.golden.GoldenCase.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A call as a case's client makes it.
 *
 * @param id by which backends know the call's attempts; it is sent as {@code x-golden-id}
 * @param target host and port that it connects to, as an agent is asked for it: in lower case,
 *     always with the port
 * @param authority the Host header
 * @param source the caller's address
 */
public record GoldenCall(
    String id,
    String target,
    String authority,
    String method,
    String path,
    List<Header> headers,
    String body,
    String source) {
  private static final String LOOPBACK = "127.0.0.1";
  private static final int DEFAULT_PORT = 80;

  /**
   * One of the calls that a request stands for.
   *
   * @param player tells those apart who play the same case against the same backends
   * @param index the request's
   * @param turn which of its calls
   */
  public static GoldenCall of(GoldenCase golden, String player, int index, int turn) {
    Request request = golden.requests().get(index);
    String id = golden.name() + "#" + index + "." + turn + player;
    List<Header> headers = new ArrayList<>(request.headers());
    headers.add(new Header("x-golden-id", id));
    if (request.echo() != null) {
      headers.add(new Header("x-echo", request.echo().toString()));
    }
    return new GoldenCall(
        id,
        target(request),
        authority(request),
        request.method(),
        request.path(),
        headers,
        request.body(),
        Objects.requireNonNullElse(request.source(), LOOPBACK));
  }

  private static String target(Request request) {
    String authority = authority(request);
    int colon = authority.lastIndexOf(':');
    String host = colon < 0 ? authority : authority.substring(0, colon);
    int port = request.connectPort();
    if (port == 0) {
      port = colon < 0 ? DEFAULT_PORT : Integer.parseInt(authority.substring(colon + 1));
    }
    return host.toLowerCase(Locale.ROOT) + ":" + port;
  }

  private static String authority(Request request) {
    return Objects.requireNonNullElse(request.authority(), "");
  }
}
