package io.inmesh.agent.instrumentation.httpurlconnection;

import io.inmesh.engine.RequestView;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.List;

/** A connection's request as the engine sees it; used during one decision only. */
final class ConnectionRequest implements RequestView {
  private final String authority;
  private final URL url;
  private final HttpURLConnection connection;
  private final HeaderSource headers;

  ConnectionRequest(String authority, URL url, HttpURLConnection connection, HeaderSource headers) {
    this.authority = authority;
    this.url = url;
    this.connection = connection;
    this.headers = headers;
  }

  @Override
  public String authority() {
    return authority;
  }

  /** What Host says unless the application set that: without the port that http implies. */
  String host() {
    return authority.endsWith(":80") ? authority.substring(0, authority.length() - 3) : authority;
  }

  @Override
  public String method() {
    return connection.getRequestMethod();
  }

  @Override
  public String scheme() {
    return "http";
  }

  @Override
  public String path() {
    String file = url.getFile();
    // As HttpClient.getURLFile writes it into the request line.
    return file == null || file.isEmpty() ? "/" : file.charAt(0) == '?' ? "/" + file : file;
  }

  @Override
  public boolean mayHaveControlHeaders() {
    return headers.anyStartsWith(connection, "x-envoy-");
  }

  @Override
  public List<String> header(String name) {
    if (name.equals("host")) {
      return List.of(authority);
    }
    List<String> values = headers.values(connection, name);
    // What the JDK fills in only when it writes the request.
    return values.isEmpty() && name.equals("user-agent") ? List.of(defaultUserAgent()) : values;
  }

  private static String defaultUserAgent() {
    String java = "Java/" + System.getProperty("java.version");
    String own = System.getProperty("http.agent");
    return own == null ? java : own + " " + java;
  }
}
