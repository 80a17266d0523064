package io.inmesh.testapps.tour;

import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;

/** Servers that are not there, do not answer, or answer wrongly; and disconnects. */
final class TroubleStops {
  private static final String[] MALFORMED = {
    "nothing", "garbage", "empty-line", "bad-status", "bad-version", "no-reason", "bad-chunk",
    "chunk-cut", "body-cut", "head-cut", "no-colon", "bad-length", "two-lengths", "http10",
    "http10-keep", "http2", "continue-twice", "continue-only", "nul"
  };

  private final Transcript transcript;
  private final Places places;

  TroubleStops(Transcript transcript, Places places) {
    this.transcript = transcript;
    this.places = places;
  }

  void visit() {
    transcript.stop(
        "refused", () -> fail("http://" + places.host() + ":" + places.port("refused") + "/"));
    transcript.stop("refused by address", () -> fail("http://127.0.0.1:" + places.port("refused")));
    transcript.stop("unknown host", () -> fail("http://nowhere.test/"));
    transcript.stop("unknown host and port", () -> fail("http://nowhere.test:8080/"));
    transcript.stop("port 0", () -> fail("http://127.0.0.1:0/"));
    transcript.stop("no host", () -> fail("http:///path"));
    transcript.stop("odd host", () -> fail("http://alpha_odd.test:" + places.port("main") + "/ok"));
    transcript.stop(
        "user in URL",
        () -> fail("http://u:p@" + places.host() + ":" + places.port("main") + "/ok"));
    transcript.stop("odd path", () -> fail(places.url("/echo?a=%20&b=\u00e9|x")));
    transcript.stop("space in path", () -> fail(places.url("/ec ho")));
    transcript.stop("newline in path", () -> fail(places.url("/ok\r\nX-Smuggled: yes")));
    transcript.stop("connect timeout", this::connectTimeout);
    transcript.stop("read timeout, head", () -> readTimeout("/stall"));
    transcript.stop("read timeout, body", () -> readTimeout("/stall-body"));
    transcript.stop("read timeout, POST", this::readTimeoutOfPost);
    for (String kind : MALFORMED) {
      transcript.stop("malformed " + kind, () -> malformed(kind));
    }
    for (String method : new String[] {"GET", "POST", "PUT"}) {
      transcript.stop("dropped once, " + method, () -> dropped(method, "/drop-once"));
      transcript.stop("dropped, " + method, () -> dropped(method, "/drop"));
    }
    transcript.stop("dropped once, streaming", this::droppedWhileStreaming);
    transcript.stop("disconnect before connect", this::disconnectBefore);
    transcript.stop("disconnect after connect", this::disconnectAfterConnect);
    transcript.stop("disconnect after code", this::disconnectAfterCode);
    transcript.stop("disconnect while reading", this::disconnectWhileReading);
    transcript.stop("disconnect while writing", this::disconnectWhileWriting);
    transcript.stop("disconnect at the end", this::disconnectAtTheEnd);
  }

  private void fail(String url) throws Exception {
    HttpURLConnection connection = places.openUrl(url);
    transcript.see(
        "connect",
        () -> {
          connection.connect();
          return "connected";
        });
    transcript.see("input", () -> Transcript.text(connection.getInputStream()));
    transcript.see("code", connection::getResponseCode);
    transcript.see("error", () -> Transcript.text(connection.getErrorStream()));
    transcript.see("url", connection::getURL);
  }

  private void connectTimeout() throws Exception {
    HttpURLConnection connection =
        (HttpURLConnection)
            new URL("http://" + places.host() + ":" + places.port("full") + "/").openConnection();
    connection.setConnectTimeout(150);
    transcript.see("code", connection::getResponseCode);
    transcript.see("input", connection::getInputStream);
  }

  private void readTimeout(String path) throws Exception {
    HttpURLConnection connection = places.open(path);
    connection.setReadTimeout(150);
    transcript.see("code", connection::getResponseCode);
    transcript.see("input", () -> Transcript.text(connection.getInputStream()));
    connection.disconnect();
  }

  private void readTimeoutOfPost() throws Exception {
    HttpURLConnection connection = places.open("/stall");
    connection.setReadTimeout(150);
    connection.setDoOutput(true);
    transcript.see(
        "write",
        () -> {
          Places.write(connection, "abc");
          return "done";
        });
    transcript.see("code", connection::getResponseCode);
    connection.disconnect();
  }

  private void malformed(String kind) throws Exception {
    HttpURLConnection connection = places.open("/malformed/" + kind);
    transcript.see("code", connection::getResponseCode);
    transcript.see("message", connection::getResponseMessage);
    transcript.see("fields", connection::getHeaderFields);
    transcript.see("length", connection::getContentLength);
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
    transcript.see("error", () -> Transcript.text(connection.getErrorStream()));
    connection.disconnect();
  }

  private void dropped(String method, String path) throws Exception {
    HttpURLConnection connection = places.open(path + "?" + method);
    connection.setRequestMethod(method);
    if (method.startsWith("P")) {
      connection.setDoOutput(true);
      Places.write(connection, "sent again?");
    }
    transcript.see("code", connection::getResponseCode);
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
  }

  private void droppedWhileStreaming() throws Exception {
    HttpURLConnection connection = places.open("/drop-once?streaming");
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(3);
    transcript.see(
        "write",
        () -> {
          Places.write(connection, "abc");
          return "done";
        });
    transcript.see("code", connection::getResponseCode);
  }

  private void disconnectBefore() throws Exception {
    HttpURLConnection connection = places.open("/ok");
    connection.disconnect();
    transcript.see("code", connection::getResponseCode);
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
  }

  private void disconnectAfterConnect() throws Exception {
    HttpURLConnection connection = places.open("/ok");
    connection.connect();
    connection.disconnect();
    transcript.see("code", connection::getResponseCode);
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
  }

  private void disconnectAfterCode() throws Exception {
    HttpURLConnection connection = places.open("/ok");
    transcript.see("code", connection::getResponseCode);
    connection.disconnect();
    transcript.see("code again", connection::getResponseCode);
    transcript.see("header", () -> connection.getHeaderField("X-Served"));
    transcript.see("url", connection::getURL);
  }

  private void disconnectWhileReading() throws Exception {
    HttpURLConnection connection = places.open("/stall-body");
    InputStream in = connection.getInputStream();
    transcript.see("first", () -> (char) in.read());
    connection.disconnect();
    transcript.see(
        "disconnect twice",
        () -> {
          connection.disconnect();
          return "done";
        });
    transcript.see("code", connection::getResponseCode);
  }

  private void disconnectWhileWriting() throws Exception {
    HttpURLConnection connection = places.open("/echo");
    connection.setDoOutput(true);
    connection.setChunkedStreamingMode(10);
    connection.getOutputStream().write(new byte[] {'1', '2', '3', '4', '5', '6', '7', '8', '9'});
    connection.getOutputStream().flush();
    connection.disconnect();
    transcript.see(
        "write",
        () -> {
          connection.getOutputStream().write('x');
          return "done";
        });
  }

  private void disconnectAtTheEnd() throws Exception {
    for (int i = 0; i < 2; i++) {
      HttpURLConnection connection = places.open("/ok");
      transcript.see("body", () -> Transcript.text(connection.getInputStream()));
      connection.disconnect();
    }
  }
}
