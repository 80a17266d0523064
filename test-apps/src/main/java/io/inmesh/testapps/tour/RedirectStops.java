package io.inmesh.testapps.tour;

import java.net.HttpURLConnection;

/** Redirects, followed and not. */
final class RedirectStops {
  private static final int[] CODES = {300, 301, 302, 303, 307, 308};

  private final Transcript transcript;
  private final Places places;

  RedirectStops(Transcript transcript, Places places) {
    this.transcript = transcript;
    this.places = places;
  }

  void visit() {
    for (int code : CODES) {
      String to = "/redirect/" + code + "?";
      transcript.stop(code + " GET", () -> follow("GET", to + places.url("/ok"), true));
      transcript.stop(code + " GET, not followed", () -> follow("GET", to + "/ok", false));
      transcript.stop(code + " POST", () -> follow("POST", to + places.url("/echo"), true));
      transcript.stop(
          code + " cross host", () -> follow("GET", to + places.elsewhere("/ok"), true));
    }
    transcript.stop("relative", () -> follow("GET", "/redirect/302?/ok", true));
    transcript.stop("HEAD", () -> follow("HEAD", "/redirect/302?/ok", true));
    transcript.stop("PUT", () -> follow("PUT", "/redirect/302?/echo", true));
    transcript.stop("without place", () -> follow("GET", "/redirect/302", true));
    transcript.stop("to https", () -> follow("GET", "/redirect/302?https://alpha.test/", true));
    transcript.stop("to nowhere", () -> follow("GET", "/redirect/302?http://nowhere.test/", true));
    transcript.stop("in a circle", () -> follow("GET", "/redirect/302?/redirect/302", true));
    transcript.stop("for ever", () -> follow("GET", "/loop", true));
    transcript.stop("with credentials", this::withCredentials);
    transcript.stop("with a cookie header", this::withCookieHeader);
  }

  private void follow(String method, String path, boolean followed) throws Exception {
    HttpURLConnection connection = places.open(path);
    connection.setInstanceFollowRedirects(followed);
    connection.setRequestMethod(method);
    if (method.startsWith("P")) {
      connection.setDoOutput(true);
      Places.write(connection, "redirected body");
    }
    transcript.see("code", connection::getResponseCode);
    transcript.see("url", connection::getURL);
    transcript.see("method", connection::getRequestMethod);
    transcript.see("location", () -> connection.getHeaderField("Location"));
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
    transcript.see("error", () -> Transcript.text(connection.getErrorStream()));
  }

  private void withCredentials() throws Exception {
    HttpURLConnection connection = places.open("/redirect/302?" + places.elsewhere("/echo"));
    connection.setRequestProperty("Authorization", "Bearer abc");
    connection.setRequestProperty("X-Kept", "yes");
    transcript.see("code", connection::getResponseCode);
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
  }

  private void withCookieHeader() throws Exception {
    HttpURLConnection connection = places.open("/redirect/301?" + places.elsewhere("/echo"));
    connection.setRequestProperty("Cookie", "a=b");
    transcript.see("code", connection::getResponseCode);
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
  }
}
