package io.inmesh.agent.instrumentation.httpurlconnection;

import io.inmesh.engine.HeaderEdits;
import io.inmesh.engine.HeaderValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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

  /**
   * All values of a header; names compare without case.
   *
   * @param first the entry to begin with: a response's first line has no name
   */
  default List<String> values(Object head, int first, String name) {
    List<String> values = List.of();
    // Its own methods lock it for each entry.
    synchronized (head) {
      int i = first;
      for (String key = key(head, i); key != null; key = key(head, ++i)) {
        String value = key.equalsIgnoreCase(name) ? value(head, i) : null;
        if (value != null) {
          values = values.isEmpty() ? new ArrayList<>(1) : values;
          values.add(value);
        }
      }
    }
    return values;
  }

  /** Changes headers: first what goes, then what comes. */
  default void apply(Object head, HeaderEdits edits) {
    for (String name : edits.removed()) {
      remove(head, name);
    }
    for (HeaderValue value : edits.values()) {
      add(head, value.name(), value.value());
    }
  }

  /** Takes everything away. */
  void clear(Object head);

  /** Closes the client's connection; it can be opened again. */
  void close(Object client) throws IOException;

  /** Gives the client a new connection. */
  void open(Object client, String host, int port) throws IOException;

  /** Sends a request over the client's connection. */
  void write(Object client, Object head, @Nullable Object body) throws IOException;
}
