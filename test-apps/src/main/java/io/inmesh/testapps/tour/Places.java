package io.inmesh.testapps.tour;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;

/**
 * Where the tour goes, from its arguments {@code name=port}: servers on loopback, known by names
 * that the run's hosts file maps there.
 */
final class Places {
  private final String[] arguments;
  private int stop;

  Places(String[] arguments) {
    this.arguments = arguments.clone();
  }

  /**
   * New names for the same servers: the JDK keeps connections by host name, and which of several it
   * would take again depends on time. So no stop finds what another one left.
   */
  void moveOn() {
    stop++;
  }

  /** The host name of the server that answers by path. */
  String host() {
    return "alpha" + stop + ".test";
  }

  /** The port that an argument names. */
  int port(String name) {
    for (String argument : arguments) {
      if (argument.startsWith(name + "=")) {
        return Integer.parseInt(argument.substring(name.length() + 1));
      }
    }
    throw new IllegalArgumentException("no argument " + name + "=PORT");
  }

  /** The value that an argument gives. */
  String text(String name) {
    for (String argument : arguments) {
      if (argument.startsWith(name + "=")) {
        return argument.substring(name.length() + 1);
      }
    }
    throw new IllegalArgumentException("no argument " + name + "=VALUE");
  }

  /** A URL on the server that answers by path. */
  String url(String path) {
    return "http://" + host() + ":" + port("main") + path;
  }

  /** The same server's twin, on another host name and port. */
  String elsewhere(String path) {
    return "http://beta" + stop + ".test:" + port("other") + path;
  }

  /** A server that nothing but the stops about keep-alive visit. */
  String single(String path) {
    return "http://gamma" + stop + ".test:" + port("single") + path;
  }

  /** A connection with timeouts that end a tour that would hang. */
  HttpURLConnection open(String path) throws IOException {
    return configured((HttpURLConnection) new URL(url(path)).openConnection());
  }

  /** Likewise, by a proxy or explicitly by none. */
  HttpURLConnection open(String path, Proxy proxy) throws IOException {
    return configured((HttpURLConnection) new URL(url(path)).openConnection(proxy));
  }

  /** Likewise, for any URL. */
  HttpURLConnection openUrl(String url) throws IOException {
    return configured((HttpURLConnection) new URL(url).openConnection());
  }

  /** Writes a body and closes the stream. */
  static void write(HttpURLConnection connection, String body) throws IOException {
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private static HttpURLConnection configured(HttpURLConnection connection) {
    connection.setConnectTimeout(10_000);
    connection.setReadTimeout(10_000);
    return connection;
  }
}
