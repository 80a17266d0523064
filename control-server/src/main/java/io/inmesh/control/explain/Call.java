package io.inmesh.control.explain;

import io.inmesh.control.api.RouteExplainer.UnanswerableException;
import io.inmesh.control.api.RouteQuestion;
import io.inmesh.engine.explain.AskedRequest;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.List;
import java.util.Locale;

/**
 * The call that is asked about, read as the application's library reads it.
 *
 * @param tls over which an agent leaves a call alone
 * @param authority with the port, as agents know hosts
 * @param path path and query
 */
record Call(
    String method,
    String url,
    boolean tls,
    String authority,
    String path,
    List<RouteQuestion.Header> headers) {
  static Call of(RouteQuestion question) {
    URL url;
    try {
      url = new URL(question.url());
    } catch (MalformedURLException e) {
      throw bad(question.url(), String.valueOf(e.getMessage()));
    }
    boolean tls = url.getProtocol().equalsIgnoreCase("https");
    if (!tls && !url.getProtocol().equalsIgnoreCase("http")) {
      throw bad(question.url(), "only http and https can be explained");
    }
    if (url.getHost().isEmpty()) {
      throw bad(question.url(), "it has no host");
    }
    int port = url.getPort() < 0 ? url.getDefaultPort() : url.getPort();
    String file = url.getFile();
    String path = file.isEmpty() ? "/" : file.charAt(0) == '?' ? "/" + file : file;
    return new Call(
        question.method(),
        question.url(),
        tls,
        url.getHost().toLowerCase(Locale.ROOT) + ":" + port,
        path,
        question.headers());
  }

  private static UnanswerableException bad(String url, String why) {
    return new UnanswerableException(
        400, "BadRequest", "url: \"" + url + "\": " + why + "; one looks like http://orders:8080/");
  }

  AskedRequest asked() {
    return new AskedRequest(
        method,
        authority,
        path,
        headers.stream()
            .map(header -> new AskedRequest.Header(header.name(), header.value()))
            .toList());
  }
}
