package io.inmesh.testapps.tour;

import java.io.ByteArrayInputStream;
import java.net.HttpURLConnection;
import java.net.URLConnection;

/** What can be set before a connection, what it says of itself, and what is too late afterwards. */
final class SettingStops {
  private final Transcript transcript;
  private final Places places;

  SettingStops(Transcript transcript, Places places) {
    this.transcript = transcript;
    this.places = places;
  }

  void visit() {
    transcript.stop("what it is", this::whatItIs);
    transcript.stop("defaults", this::defaults);
    transcript.stop("settings", this::settings);
    transcript.stop("bad settings", this::badSettings);
    transcript.stop("too late", this::tooLate);
    transcript.stop("static defaults", this::staticDefaults);
    transcript.stop("request properties", this::requestProperties);
    transcript.stop("restricted properties", this::restrictedProperties);
    transcript.stop("connect only", this::connectOnly);
    transcript.stop("permission", this::permission);
  }

  private void whatItIs() throws Exception {
    HttpURLConnection connection = places.open("/ok?a=b#fragment");
    transcript.see("class", () -> connection.getClass().getName());
    transcript.see("superclass", () -> connection.getClass().getSuperclass().getName());
    transcript.see("loader", () -> connection.getClass().getClassLoader());
    transcript.see("fields", () -> connection.getClass().getDeclaredFields().length);
    transcript.see("methods", () -> connection.getClass().getDeclaredMethods().length);
    transcript.see("interfaces", () -> connection.getClass().getInterfaces().length);
    transcript.see("text", connection::toString);
    transcript.see("url", connection::getURL);
    transcript.see("code", connection::getResponseCode);
    transcript.see("text afterwards", connection::toString);
    transcript.see("url afterwards", connection::getURL);
    transcript.see("input class", () -> connection.getInputStream().getClass().getName());
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
  }

  private void defaults() throws Exception {
    HttpURLConnection connection = (HttpURLConnection) places.open("/ok").getURL().openConnection();
    show(connection);
  }

  private void settings() throws Exception {
    HttpURLConnection connection = places.open("/ok");
    connection.setAllowUserInteraction(true);
    connection.setConnectTimeout(1234);
    connection.setReadTimeout(2345);
    connection.setDoInput(true);
    connection.setDoOutput(false);
    connection.setIfModifiedSince(784111777000L);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    show(connection);
    transcript.see("code", connection::getResponseCode);
    show(connection);
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
  }

  private void badSettings() throws Exception {
    HttpURLConnection connection = places.open("/ok");
    transcript.see("connect timeout", () -> run(() -> connection.setConnectTimeout(-1)));
    transcript.see("read timeout", () -> run(() -> connection.setReadTimeout(-1)));
    transcript.see("length", () -> run(() -> connection.setFixedLengthStreamingMode(-1)));
    transcript.see("long length", () -> run(() -> connection.setFixedLengthStreamingMode(-1L)));
    transcript.see("authenticator", () -> run(() -> connection.setAuthenticator(null)));
    transcript.see("null key", () -> run(() -> connection.setRequestProperty(null, "x")));
    transcript.see("null value", () -> run(() -> connection.addRequestProperty("X-Null", null)));
    transcript.see("newline", () -> run(() -> connection.setRequestProperty("X-A", "b\nX-C: d")));
    transcript.see("colon", () -> run(() -> connection.setRequestProperty("X:A", "b")));
    transcript.see("chunks", () -> run(() -> connection.setChunkedStreamingMode(0)));
    transcript.see("both", () -> run(() -> connection.setFixedLengthStreamingMode(3)));
  }

  private void tooLate() throws Exception {
    HttpURLConnection connection = places.open("/ok");
    connection.connect();
    transcript.see("method", () -> run(() -> connection.setRequestMethod("PUT")));
    transcript.see("output", () -> run(() -> connection.setDoOutput(true)));
    transcript.see("input", () -> run(() -> connection.setDoInput(true)));
    transcript.see("caches", () -> run(() -> connection.setUseCaches(false)));
    transcript.see("interaction", () -> run(() -> connection.setAllowUserInteraction(true)));
    transcript.see("modified", () -> run(() -> connection.setIfModifiedSince(1)));
    transcript.see("property", () -> run(() -> connection.setRequestProperty("A", "b")));
    transcript.see("add property", () -> run(() -> connection.addRequestProperty("A", "b")));
    transcript.see("properties", connection::getRequestProperties);
    transcript.see("chunked", () -> run(() -> connection.setChunkedStreamingMode(1)));
    transcript.see("fixed", () -> run(() -> connection.setFixedLengthStreamingMode(1)));
    transcript.see("redirects", () -> run(() -> connection.setInstanceFollowRedirects(false)));
    transcript.see("connect timeout", () -> run(() -> connection.setConnectTimeout(1)));
    transcript.see("read timeout", () -> run(() -> connection.setReadTimeout(5_000)));
    transcript.see(
        "authenticator",
        () -> run(() -> connection.setAuthenticator(new CredentialStops.Anna("late"))));
    transcript.see("code", connection::getResponseCode);
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
  }

  @SuppressWarnings("deprecation") // The golden test visits every public method.
  private void staticDefaults() throws Exception {
    transcript.see("redirects", HttpURLConnection::getFollowRedirects);
    HttpURLConnection.setFollowRedirects(false);
    transcript.see("instance", () -> places.open("/ok").getInstanceFollowRedirects());
    HttpURLConnection.setFollowRedirects(true);
    transcript.see("interaction", URLConnection::getDefaultAllowUserInteraction);
    URLConnection.setDefaultAllowUserInteraction(true);
    transcript.see("instance", () -> places.open("/ok").getAllowUserInteraction());
    URLConnection.setDefaultAllowUserInteraction(false);
    transcript.see("caches", () -> places.open("/ok").getDefaultUseCaches());
    places.open("/ok").setDefaultUseCaches(false);
    transcript.see("instance", () -> places.open("/ok").getUseCaches());
    places.open("/ok").setDefaultUseCaches(true);
    transcript.see("http caches", () -> URLConnection.getDefaultUseCaches("http"));
    URLConnection.setDefaultUseCaches("http", false);
    transcript.see("instance", () -> places.open("/ok").getUseCaches());
    URLConnection.setDefaultUseCaches("http", true);
    URLConnection.setDefaultRequestProperty("X-Default", "none");
    transcript.see("property", () -> URLConnection.getDefaultRequestProperty("X-Default"));
    transcript.see("guess", () -> URLConnection.guessContentTypeFromName("a.html"));
    transcript.see(
        "guess by bytes",
        () ->
            URLConnection.guessContentTypeFromStream(
                new ByteArrayInputStream(new byte[] {'G', 'I', 'F', '8'})));
    transcript.see("file names", () -> URLConnection.getFileNameMap().getContentTypeFor("a.png"));
    URLConnection.setFileNameMap(name -> "tour/" + name);
    transcript.see("own file names", () -> URLConnection.guessContentTypeFromName("a.png"));
  }

  private void requestProperties() throws Exception {
    HttpURLConnection connection = places.open("/echo");
    connection.setRequestProperty("X-One", "1");
    connection.addRequestProperty("X-One", "2");
    connection.addRequestProperty("x-two", "a, b");
    connection.setRequestProperty("X-Empty", "");
    connection.setRequestProperty("User-Agent", "tour/1");
    connection.setRequestProperty("Accept", "application/json");
    transcript.see("one", () -> connection.getRequestProperty("x-one"));
    transcript.see("none", () -> connection.getRequestProperty("X-None"));
    transcript.see("all", connection::getRequestProperties);
    transcript.see("code", connection::getResponseCode);
    transcript.see("one afterwards", () -> connection.getRequestProperty("X-One"));
    transcript.see("all afterwards", connection::getRequestProperties);
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
  }

  private void restrictedProperties() throws Exception {
    HttpURLConnection connection = places.open("/echo");
    for (String name :
        new String[] {
          "Host",
          "Connection",
          "Content-Length",
          "Transfer-Encoding",
          "Origin",
          "Via",
          "Upgrade",
          "Trailer",
          "Keep-Alive",
          "Access-Control-Request-Method",
          "Content-Transfer-Encoding"
        }) {
      connection.setRequestProperty(name, "7");
      transcript.see(name, () -> connection.getRequestProperty(name));
    }
    connection.setRequestProperty("Authorization", "Basic secret");
    transcript.see("authorization", () -> connection.getRequestProperty("Authorization"));
    transcript.see("all", connection::getRequestProperties);
    transcript.see("code", connection::getResponseCode);
    transcript.see("body", () -> Transcript.text(connection.getInputStream()));
    HttpURLConnection closing = places.open("/echo");
    closing.setRequestProperty("Connection", "close");
    transcript.see("closing", closing::getResponseCode);
  }

  private void connectOnly() throws Exception {
    HttpURLConnection connection = places.open("/ok");
    transcript.see("proxy before", connection::usingProxy);
    connection.connect();
    connection.connect();
    transcript.see("proxy", connection::usingProxy);
    connection.disconnect();
    transcript.see("proxy afterwards", connection::usingProxy);
    transcript.see("code after disconnect", connection::getResponseCode);
  }

  @SuppressWarnings("removal") // The golden test visits every public method, this one too.
  private void permission() throws Exception {
    HttpURLConnection connection = places.open("/ok");
    transcript.see("permission", connection::getPermission);
    transcript.see("code", connection::getResponseCode);
    transcript.see("permission afterwards", connection::getPermission);
  }

  private void show(HttpURLConnection connection) {
    transcript.see("interaction", connection::getAllowUserInteraction);
    transcript.see("connect timeout", connection::getConnectTimeout);
    transcript.see("read timeout", connection::getReadTimeout);
    transcript.see("input", connection::getDoInput);
    transcript.see("output", connection::getDoOutput);
    transcript.see("modified", connection::getIfModifiedSince);
    transcript.see("redirects", connection::getInstanceFollowRedirects);
    transcript.see("caches", connection::getUseCaches);
    transcript.see("method", connection::getRequestMethod);
  }

  private static String run(Transcript.Stop action) throws Exception {
    action.visit();
    return "done";
  }
}
