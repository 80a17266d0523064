package io.inmesh.testapps.tour;

import java.io.InputStream;
import java.net.HttpURLConnection;
import java.util.List;

/** Request methods, and what each status does to the streams. */
final class MethodStops {
  private final Transcript transcript;
  private final Places places;

  MethodStops(Transcript transcript, Places places) {
    this.transcript = transcript;
    this.places = places;
  }

  void visit() {
    for (String method : List.of("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE")) {
      transcript.stop("method " + method, () -> method(method, false));
    }
    for (String method : List.of("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE")) {
      transcript.stop("method " + method + " with a body", () -> method(method, true));
    }
    for (String method : List.of("PATCH", "get", "CONNECT", "")) {
      transcript.stop("method '" + method + "'", () -> method(method, false));
    }
    for (int status :
        List.of(200, 201, 202, 204, 205, 206, 300, 304, 305, 400, 401, 403, 404, 405, 407, 409)) {
      transcript.stop("status " + status, () -> status(status));
    }
    for (int status : List.of(410, 411, 413, 429, 500, 501, 502, 503, 504, 599, 999)) {
      transcript.stop("status " + status, () -> status(status));
    }
    transcript.stop("input before output", this::inputBeforeOutput);
    transcript.stop("output without doOutput", this::outputWithoutDoOutput);
    transcript.stop("input without doInput", this::inputWithoutDoInput);
    transcript.stop("an answer read twice", this::answerReadTwice);
  }

  private void method(String method, boolean body) throws Exception {
    HttpURLConnection connection = places.open("/echo?of=" + method.length());
    connection.setRequestMethod(method);
    if (body) {
      connection.setDoOutput(true);
      Places.write(connection, "a small body");
    }
    transcript.see("method", connection::getRequestMethod);
    transcript.see("code", connection::getResponseCode);
    transcript.see("message", connection::getResponseMessage);
    transcript.see("length", connection::getContentLength);
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
    transcript.see("error", () -> Transcript.text(connection.getErrorStream()));
    transcript.see("method afterwards", connection::getRequestMethod);
  }

  private void status(int status) throws Exception {
    HttpURLConnection connection = places.open("/status/" + status);
    transcript.see("code", connection::getResponseCode);
    transcript.see("message", connection::getResponseMessage);
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
    transcript.see("error", () -> Transcript.text(connection.getErrorStream()));
    transcript.see("error again", () -> connection.getErrorStream() == null);
    transcript.see("header 0", () -> connection.getHeaderField(0));
    connection.disconnect();
  }

  private void inputBeforeOutput() throws Exception {
    HttpURLConnection connection = places.open("/ok");
    connection.setDoOutput(true);
    transcript.see("code", connection::getResponseCode);
    transcript.see("output", connection::getOutputStream);
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
  }

  private void outputWithoutDoOutput() throws Exception {
    HttpURLConnection connection = places.open("/ok");
    transcript.see("output", connection::getOutputStream);
    transcript.see("code", connection::getResponseCode);
  }

  private void inputWithoutDoInput() throws Exception {
    HttpURLConnection connection = places.open("/ok");
    connection.setDoInput(false);
    transcript.see("input", connection::getInputStream);
    transcript.see("code", connection::getResponseCode);
    transcript.see("header", () -> connection.getHeaderField("Content-Type"));
  }

  private void answerReadTwice() throws Exception {
    HttpURLConnection connection = places.open("/ok");
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
    InputStream first = connection.getInputStream();
    transcript.see("same stream", () -> connection.getInputStream() == first);
    transcript.see("read after close", () -> connection.getInputStream().read());
    transcript.see(
        "connect again",
        () -> {
          connection.connect();
          return connection.getResponseCode();
        });
  }
}
