package io.inmesh.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the server of the golden tour answers, by path. One instance serves one run. */
@SuppressWarnings("StringConcatToTextBlock") // Lines on the wire end with CR and LF.
final class TourScript implements Backend.Script {
  private static final String PASSWORD =
      "Basic "
          + Base64.getEncoder().encodeToString("anna:secret".getBytes(StandardCharsets.US_ASCII));
  private static final byte[] BIG =
      "0123456789abcdef".repeat(640 * 1024).getBytes(StandardCharsets.US_ASCII);

  private final Set<String> dropped = new HashSet<>();

  /** Begins a new run. */
  void forget() {
    synchronized (dropped) {
      dropped.clear();
    }
  }

  @Override
  public void serve(Wire wire) throws IOException {
    for (Wire.Head head = wire.readHead(); head != null; head = wire.readHead()) {
      if (!answer(wire, head)) {
        return;
      }
    }
  }

  /** Answers one request; false when the connection is to be closed. */
  private boolean answer(Wire wire, Wire.Head head) throws IOException {
    String path = head.path();
    if (path.startsWith("/expect/")) {
      return expect(wire, head, path.substring("/expect/".length()));
    }
    byte[] body = wire.readBody(head);
    if (path.startsWith("/status/")) {
      return status(wire, head, Integer.parseInt(path.substring("/status/".length())));
    }
    if (path.startsWith("/redirect/")) {
      return redirect(wire, path.substring("/redirect/".length()), head.query());
    }
    if (path.startsWith("/malformed/")) {
      return malformed(wire, path.substring("/malformed/".length()));
    }
    if (path.startsWith("/basic")) {
      String realm = path.substring(1).split("/", 2)[0];
      return PASSWORD.equals(head.header("Authorization"))
          ? echo(wire, head, body)
          : unauthorized(wire, "Basic realm=\"" + realm + "\"");
    }
    return switch (path) {
      case "/ok", "/cached", "/ec" -> send(wire, head, "200 OK", "X-Served: yes\r\n", "hello");
      case "/headers" -> send(wire, head, "200 Fine", HEADERS, "{\"a\":1}");
      case "/odd-headers" -> send(wire, head, "200 OK", ODD_HEADERS, "odd");
      case "/huge-header" ->
          send(wire, head, "200 OK", "X-Huge: " + "h".repeat(60_000) + "\r\n", "huge");
      case "/many-headers" -> send(wire, head, "200 OK", manyHeaders(), "many");
      case "/big" -> big(wire, "Content-Length: " + BIG.length + "\r\n", false);
      case "/big-close" ->
          big(wire, "Content-Length: " + BIG.length + "\r\nConnection: close\r\n", false);
      case "/big-chunked" -> big(wire, "Transfer-Encoding: chunked\r\n", true);
      case "/chunked" -> chunked(wire);
      case "/until-close" -> {
        wire.send("HTTP/1.1 200 OK\r\n\r\nuntil the end");
        yield false;
      }
      case "/close" -> {
        send(wire, head, "200 OK", "Connection: close\r\n", "closing");
        yield false;
      }
      case "/close-silently" -> {
        send(wire, head, "200 OK", "", "closing");
        yield false;
      }
      case "/keep-alive-max" ->
          send(wire, head, "200 OK", "Keep-Alive: timeout=60, max=1\r\n", "limited");
      case "/stall" -> stall(wire, "");
      case "/stall-body" -> stall(wire, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart");
      case "/drop" -> false;
      case "/drop-once" -> firstTime(head.query()) ? false : echo(wire, head, body);
      case "/loop" -> redirect(wire, "302", "/loop");
      case "/digest" -> digest(wire, head, body);
      case "/scheme" -> unauthorized(wire, "Unheard-Of x=\"y\"");
      case "/cookies" ->
          send(wire, head, "200 OK", "Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=2\r\n", "baked");
      case "/cookies-redirect" -> {
        wire.send(
            "HTTP/1.1 302 Found\r\nSet-Cookie: c=3; Path=/\r\nLocation: /echo\r\n"
                + "Content-Length: 0\r\n\r\n");
        yield true;
      }
      default -> echo(wire, head, body);
    };
  }

  private static final String HEADERS =
      "Content-Type: application/json; charset=utf-8\r\n"
          + "Content-Encoding: identity\r\n"
          + "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
          + "Expires: Mon, 07 Nov 1994 08:49:37 GMT\r\n"
          + "Last-Modified: Sat, 05 Nov 1994 08:49:37 GMT\r\n"
          + "X-Date: Sunday, 06-Nov-94 08:49:37 GMT\r\n"
          + "X-Int: 42\r\n"
          + "X-Long: 4200000000000\r\n"
          + "X-Twice: first\r\n"
          + "X-Twice: second\r\n"
          + "X-Empty:\r\n";

  private static final String ODD_HEADERS =
      "X-Folded: one\r\n  two\r\nX-Spaces:    many   \r\nx-lower: l\r\nX-Lower: L\r\nX-Latin: \u00e9\r\n";

  private static String manyHeaders() {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 150; i++) {
      all.append("X-").append(i).append(": ").append(i).append("\r\n");
    }
    return all.toString();
  }

  private static boolean send(Wire wire, Wire.Head head, String status, String headers, String body)
      throws IOException {
    wire.send(
        "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + body.length() + "\r\n\r\n");
    if (!head.method().equals("HEAD")) {
      wire.send(body);
    }
    return !"close".equals(head.header("Connection"));
  }

  private static boolean echo(Wire wire, Wire.Head head, byte[] body) throws IOException {
    String text = new String(body, StandardCharsets.ISO_8859_1);
    String shown = text.length() > 50 ? text.length() + " bytes, " + text.hashCode() : text;
    String cookie = head.header("Cookie");
    String answer = head.method() + " [" + shown + "]" + (cookie == null ? "" : " " + cookie);
    return send(wire, head, "200 OK", "", answer);
  }

  private static boolean status(Wire wire, Wire.Head head, int status) throws IOException {
    if (status == 204 || status == 304) {
      wire.send("HTTP/1.1 " + status + " Status\r\n\r\n");
      return true;
    }
    return send(wire, head, status + " Status", "", "status " + status);
  }

  private static boolean redirect(Wire wire, String code, String to) throws IOException {
    String location = to.isEmpty() ? "" : "Location: " + to + "\r\n";
    wire.send("HTTP/1.1 " + code + " Moved\r\n" + location + "Content-Length: 5\r\n\r\nmoved");
    return true;
  }

  private static boolean expect(Wire wire, Wire.Head head, String how) throws IOException {
    switch (how) {
      case "go" -> wire.send("HTTP/1.1 100 Continue\r\n\r\n");
      case "refuse" -> {
        wire.send("HTTP/1.1 417 No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
        wire.drain();
        return false;
      }
      case "ok" -> {
        wire.send("HTTP/1.1 200 Enough\r\nContent-Length: 6\r\nConnection: close\r\n\r\nenough");
        wire.drain();
        return false;
      }
      default -> {}
    }
    return echo(wire, head, wire.readBody(head));
  }

  private static boolean malformed(Wire wire, String kind) throws IOException {
    String ok = "HTTP/1.1 200 OK\r\n";
    switch (kind) {
      case "nothing" -> {}
      case "garbage" -> wire.send("GARBAGE IN, GARBAGE OUT\r\n\r\nand more");
      case "empty-line" -> wire.send("\r\n\r\n" + ok + "Content-Length: 2\r\n\r\nhi");
      case "bad-status" -> wire.send("HTTP/1.1 abc Bad\r\nContent-Length: 2\r\n\r\nhi");
      case "bad-version" -> wire.send("HTTP/x.y 200 OK\r\nContent-Length: 2\r\n\r\nhi");
      case "no-reason" -> wire.send("HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi");
      case "bad-chunk" -> wire.send(ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\nhi\r\n0\r\n\r\n");
      case "chunk-cut" -> wire.send(ok + "Transfer-Encoding: chunked\r\n\r\n10\r\nhi");
      case "body-cut" -> wire.send(ok + "Content-Length: 200\r\n\r\nhi");
      case "head-cut" -> wire.send(ok + "Content-Len");
      case "no-colon" -> wire.send(ok + "no colon here\r\nContent-Length: 2\r\n\r\nhi");
      case "bad-length" -> wire.send(ok + "Content-Length: two\r\n\r\nhi");
      case "two-lengths" -> wire.send(ok + "Content-Length: 2\r\nContent-Length: 1\r\n\r\nhi");
      case "http10" -> wire.send("HTTP/1.0 200 OK\r\n\r\nold");
      case "http10-keep" -> {
        wire.send("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nold");
        return true;
      }
      case "http2" -> wire.send("HTTP/2 200\r\ncontent-length: 2\r\n\r\nhi");
      case "continue-twice" ->
          wire.send(
              "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
                  + ok
                  + "Content-Length: 2\r\n\r\nhi");
      case "continue-only" -> wire.send("HTTP/1.1 100 Continue\r\n\r\n");
      case "nul" -> wire.send(ok + "X-Nul: a\0b\r\nContent-Length: 2\r\n\r\nhi");
      default -> throw new IllegalArgumentException(kind);
    }
    return false;
  }

  private static boolean unauthorized(Wire wire, String challenge) throws IOException {
    wire.send(
        "HTTP/1.1 401 Who\r\nWWW-Authenticate: " + challenge + "\r\nContent-Length: 3\r\n\r\nwho");
    return true;
  }

  private static boolean digest(Wire wire, Wire.Head head, byte[] body) throws IOException {
    String given = head.header("Authorization");
    boolean answered = given != null && given.toLowerCase(Locale.ROOT).startsWith("digest");
    return answered
        ? echo(wire, head, body)
        : unauthorized(wire, "Digest realm=\"d\", nonce=\"abc\", algorithm=SHA-256");
  }

  private static boolean chunked(Wire wire) throws IOException {
    wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-End\r\n\r\n");
    wire.send("5\r\nfirst\r\n6;ext=1\r\nsecond\r\n0\r\nX-End: yes\r\n\r\n");
    return true;
  }

  private static boolean big(Wire wire, String header, boolean chunked) throws IOException {
    wire.send("HTTP/1.1 200 OK\r\n" + header + "\r\n");
    if (chunked) {
      wire.send(Integer.toHexString(BIG.length) + "\r\n");
    }
    wire.send(BIG);
    if (chunked) {
      wire.send("\r\n0\r\n\r\n");
    }
    return !header.contains("close");
  }

  private static boolean stall(Wire wire, String part) throws IOException {
    wire.send(part);
    wire.drain();
    return false;
  }

  private boolean firstTime(@Nullable String key) {
    synchronized (dropped) {
      return dropped.add(String.valueOf(key));
    }
  }
}
