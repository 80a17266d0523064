package io.inmesh.testapps.tour;

import java.io.InputStream;
import java.net.CacheRequest;
import java.net.CacheResponse;
import java.net.HttpURLConnection;
import java.net.ResponseCache;
import java.net.URI;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which connection carries a request: what the server saw tells. And response caches. */
final class KeepAliveStops {
  private final Transcript transcript;
  private final Places places;

  KeepAliveStops(Transcript transcript, Places places) {
    this.transcript = transcript;
    this.places = places;
  }

  void visit() {
    transcript.stop("one after the other", () -> inTurn("/ok"));
    transcript.stop("one after the other, chunked", () -> inTurn("/chunked"));
    transcript.stop("the server closes", () -> inTurn("/close"));
    transcript.stop("limited by the server", () -> inTurn("/keep-alive-max"));
    transcript.stop("errors are reused", () -> inTurn("/status/404"));
    transcript.stop("three at once", this::atOnce);
    transcript.stop("closed behind our back", this::closedBehindOurBack);
    transcript.stop("closed behind our back, POST", this::closedBehindOurBackPost);
    transcript.stop("GET after HEAD", this::afterHead);
    transcript.stop("response cache", this::responseCache);
  }

  private void inTurn(String path) throws Exception {
    for (int i = 0; i < 4; i++) {
      HttpURLConnection connection = single(path + "?turn=" + i);
      transcript.see("code", connection::getResponseCode);
      transcript.see(
          "body",
          () ->
              Transcript.text(
                  connection.getErrorStream() == null
                      ? connection.getInputStream()
                      : connection.getErrorStream()));
    }
  }

  private void atOnce() throws Exception {
    for (int round = 0; round < 2; round++) {
      List<HttpURLConnection> all = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        HttpURLConnection connection = single("/ok?round=" + round + "&at=" + i);
        connection.connect();
        all.add(connection);
      }
      for (HttpURLConnection connection : all) {
        transcript.see("body", () -> Transcript.text(connection.getInputStream()));
      }
    }
  }

  /** The server answers and then closes without having said so. */
  private void closedBehindOurBack() throws Exception {
    for (int i = 0; i < 3; i++) {
      HttpURLConnection connection = single("/close-silently?turn=" + i);
      transcript.see("body", () -> Transcript.text(connection.getInputStream()));
    }
  }

  private void closedBehindOurBackPost() throws Exception {
    for (int i = 0; i < 2; i++) {
      HttpURLConnection connection = single("/close-silently?turn=" + i);
      connection.setDoOutput(true);
      transcript.see(
          "write",
          () -> {
            Places.write(connection, "again");
            return "done";
          });
      transcript.see("body", () -> Transcript.text(connection.getInputStream()));
    }
  }

  private void afterHead() throws Exception {
    HttpURLConnection head = single("/ok");
    head.setRequestMethod("HEAD");
    transcript.see("head", head::getResponseCode);
    transcript.see("head's body", () -> Transcript.text(head.getInputStream()));
    transcript.see("get", () -> Transcript.text(single("/ok").getInputStream()));
  }

  private void responseCache() throws Exception {
    ResponseCache.setDefault(new OnlyCached());
    try {
      HttpURLConnection hit = single("/cached");
      transcript.see("code", hit::getResponseCode);
      transcript.see("fields", hit::getHeaderFields);
      transcript.see("body", () -> Transcript.text(hit.getInputStream()));
      transcript.see("proxy", hit::usingProxy);
      hit.disconnect();
      HttpURLConnection miss = single("/ok");
      transcript.see("miss", () -> Transcript.text(miss.getInputStream()));
      HttpURLConnection unused = single("/cached");
      unused.setUseCaches(false);
      transcript.see("without cache", unused::getResponseCode);
    } finally {
      ResponseCache.setDefault(null);
    }
  }

  private HttpURLConnection single(String path) throws Exception {
    return places.openUrl(places.single(path));
  }

  /** Has an answer for one path, and never keeps one. */
  private static final class OnlyCached extends ResponseCache {
    @Override
    public @Nullable CacheResponse get(
        URI uri, String method, Map<String, List<String>> requestHeaders) {
      return uri.getPath().equals("/cached") ? new Hit() : null;
    }

    @Override
    public @Nullable CacheRequest put(URI uri, URLConnection connection) {
      return null;
    }
  }

  private static final class Hit extends CacheResponse {
    @Override
    public Map<String, List<String>> getHeaders() {
      return Map.of("X-Cached", List.of("yes"));
    }

    @Override
    public InputStream getBody() {
      return new java.io.ByteArrayInputStream(new byte[] {'h', 'i', 't'});
    }
  }
}
