package io.inmesh.agent.instrumentation.httpurlconnection;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the agent does with the JDK's own objects: a <em>client</em> is one connection, a
 * <em>head</em> the headers of a request or response, whose first entry is its first line. One
 * instance, any thread.
 */
interface ClientAccess extends HeaderSource {
  /** The name of entry {@code i}, which for a request's first line is the line; null at the end. */
  @Nullable String key(Object head, int i);

  /** The value of entry {@code i}, which for a response's first line is the line. */
  @Nullable String value(Object head, int i);

  /** An empty head. */
  Object newHead();

  void add(Object head, String key, @Nullable String value);

  /** Takes all values of a header away; names compare without case. */
  void remove(Object head, String name);

  /** Takes everything away. */
  void clear(Object head);

  /** Closes the client's connection; it can be opened again. */
  void close(Object client) throws IOException;

  /** Gives the client a new connection. */
  void open(Object client, String host, int port) throws IOException;

  /** Sends a request over the client's connection. */
  void write(Object client, Object head, @Nullable Object body) throws IOException;
}
