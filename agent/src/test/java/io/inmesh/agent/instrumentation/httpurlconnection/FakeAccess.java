package io.inmesh.agent.instrumentation.httpurlconnection;

import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Stands for the JDK's own objects: a client is anything, a head a {@link Head}. */
final class FakeAccess implements ClientAccess {
  /** What was asked of clients, in order. */
  final List<String> done = new ArrayList<>();

  /** Run when a client's connection is opened anew, as the JDK would ask the hooks for it. */
  Runnable onOpen = () -> {};

  /** Names and values; a request's first name is its line, a response's first value. */
  record Head(List<@Nullable String> keys, List<@Nullable String> values) {
    static Head request(String line, String... namesAndValues) {
      Head head = new Head(new ArrayList<>(), new ArrayList<>());
      head.keys.add(line);
      head.values.add(null);
      return head.with(namesAndValues);
    }

    static Head response(int status, String... namesAndValues) {
      Head head = new Head(new ArrayList<>(), new ArrayList<>());
      head.keys.add(null);
      head.values.add("HTTP/1.1 " + status + " Answer");
      return head.with(namesAndValues);
    }

    private Head with(String... namesAndValues) {
      for (int i = 0; i < namesAndValues.length; i += 2) {
        keys.add(namesAndValues[i]);
        values.add(namesAndValues[i + 1]);
      }
      return this;
    }

    /** Line by line. */
    List<String> lines() {
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < keys.size(); i++) {
        String key = keys.get(i);
        String value = values.get(i);
        lines.add(key == null ? "" + value : value == null ? key : key + ": " + value);
      }
      return lines;
    }
  }

  @Override
  public List<String> values(HttpURLConnection connection, String name) {
    String value = connection.getRequestProperty(name);
    return value == null ? List.of() : List.of(value);
  }

  @Override
  public Size size(HttpURLConnection connection) {
    return new Size(0, 0);
  }

  @Override
  public boolean anyStartsWith(HttpURLConnection connection, String prefix) {
    return false;
  }

  @Override
  public @Nullable String key(Object head, int i) {
    List<@Nullable String> keys = ((Head) head).keys;
    return i < keys.size() ? keys.get(i) : null;
  }

  @Override
  public @Nullable String value(Object head, int i) {
    List<@Nullable String> values = ((Head) head).values;
    return i < values.size() ? values.get(i) : null;
  }

  @Override
  public Object newHead() {
    return new Head(new ArrayList<>(), new ArrayList<>());
  }

  @Override
  public void add(Object head, String key, @Nullable String value) {
    ((Head) head).keys.add(key);
    ((Head) head).values.add(value);
  }

  @Override
  public void remove(Object head, String name) {
    List<@Nullable String> keys = ((Head) head).keys;
    for (int i = keys.size() - 1; i > 0; i--) {
      if (Objects.requireNonNull(keys.get(i)).equalsIgnoreCase(name)) {
        keys.remove(i);
        ((Head) head).values.remove(i);
      }
    }
  }

  @Override
  public void clear(Object head) {
    ((Head) head).keys.clear();
    ((Head) head).values.clear();
  }

  @Override
  public void close(Object client) {
    done.add("close");
  }

  @Override
  public void open(Object client, String host, int port) {
    done.add("open");
    onOpen.run();
  }

  @Override
  public void write(Object client, Object head, @Nullable Object body) {
    done.add("write " + body);
  }
}
