package io.inmesh.agent.instrumentation.httpurlconnection;

import java.net.HttpURLConnection;
import java.util.List;

/** Reads the headers that the application has set on a request. One instance, any thread. */
interface HeaderSource {
  /** All values of a header, in the order they were set; names compare without case. */
  List<String> values(HttpURLConnection connection, String name);

  /** How many headers there are, and how many bytes they are on the wire. */
  Size size(HttpURLConnection connection);

  /**
   * What headers come to.
   *
   * @param bytes with the line ends
   */
  record Size(int count, long bytes) {}

  /** Whether any header's name begins so; without case. */
  boolean anyStartsWith(HttpURLConnection connection, String prefix);
}
