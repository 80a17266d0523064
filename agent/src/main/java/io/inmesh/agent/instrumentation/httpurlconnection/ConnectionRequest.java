package io.inmesh.agent.instrumentation.httpurlconnection;

import io.inmesh.engine.OutboundCall;
import io.inmesh.engine.RequestView;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection's request as the engine sees it; used during one decision only. */
final class ConnectionRequest implements RequestView {
  /** What the JDK writes unless the application has set it. */
  private static final List<String> FILLED_IN =
      List.of("user-agent", "host", "accept", "connection");

  /** The lines of those, the rest of the request's line, and the empty line at the end. */
  private static final int FILLED_IN_BYTES = 128;

  private final String authority;
  private final String sourceAddress;
  private final URL url;
  private final HttpURLConnection connection;
  private final HeaderSource headers;
  private HeaderSource.@Nullable Size size;

  ConnectionRequest(
      String authority,
      String sourceAddress,
      URL url,
      HttpURLConnection connection,
      HeaderSource headers) {
    this.authority = authority;
    this.sourceAddress = sourceAddress;
    this.url = url;
    this.connection = connection;
    this.headers = headers;
  }

  /** Who calls this process is not known here; what it calls sees the process itself. */
  @Override
  public String sourceAddress() {
    return sourceAddress;
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
  public int headerCount() {
    int own = size().count();
    if (own + FILLED_IN.size() <= OutboundCall.MAX_HEADERS) {
      return own + FILLED_IN.size(); // Or less.
    }
    int set = 0;
    for (String name : FILLED_IN) {
      set += headers.values(connection, name).isEmpty() ? 0 : 1;
    }
    return own + FILLED_IN.size() - set;
  }

  /** Within some dozen bytes: what the JDK fills in is not written yet. */
  @Override
  public long headSize() {
    return size().bytes() + method().length() + path().length() + FILLED_IN_BYTES;
  }

  private HeaderSource.Size size() {
    HeaderSource.Size known = size;
    if (known == null) {
      known = headers.size(connection);
      size = known;
    }
    return known;
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
