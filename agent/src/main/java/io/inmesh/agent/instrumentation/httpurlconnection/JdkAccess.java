package io.inmesh.agent.instrumentation.httpurlconnection;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The doors into the JDK. It also reads the request headers that {@code getRequestProperty} keeps
 * to itself ({@code Authorization}, {@code Cookie}).
 *
 * <p>Made ready at the first call that needs it. Any thread.
 */
final class JdkAccess implements ClientAccess {
  static final String CONNECTION = "sun.net.www.protocol.http.HttpURLConnection";
  static final String HEADER = "sun.net.www.MessageHeader";
  static final String CLIENT = "sun.net.www.http.HttpClient";
  static final String BODY = "sun.net.www.http.PosterOutputStream";

  private final Instrumentation instrumentation;
  private volatile @Nullable Handles handles;

  JdkAccess(Instrumentation instrumentation) {
    this.instrumentation = instrumentation;
  }

  @Override
  public List<String> values(HttpURLConnection connection, String name) {
    Object head = requests(connection);
    List<String> values = new ArrayList<>(1);
    int i = 0;
    for (String key = key(head, 0); key != null; key = key(head, ++i)) {
      String value = key.equalsIgnoreCase(name) ? value(head, i) : null;
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  @Override
  public boolean anyStartsWith(HttpURLConnection connection, String prefix) {
    Object head = requests(connection);
    int i = 0;
    for (String key = key(head, 0); key != null; key = key(head, ++i)) {
      if (key.regionMatches(true, 0, prefix, 0, prefix.length())) {
        return true;
      }
    }
    return false;
  }

  @Override
  public @Nullable String key(Object head, int i) {
    try {
      return (String) handles().key.invokeExact(head, i);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public @Nullable String value(Object head, int i) {
    try {
      return (String) handles().value.invokeExact(head, i);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public Object newHead() {
    try {
      return handles().newHead.invokeExact();
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void add(Object head, String key, @Nullable String value) {
    try {
      handles().add.invokeExact(head, key, value);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void remove(Object head, String name) {
    try {
      handles().remove.invokeExact(head, name);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void clear(Object head) {
    try {
      handles().clear.invokeExact(head);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void close(Object client) throws IOException {
    try {
      handles().close.invokeExact(client);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void open(Object client, String host, int port) throws IOException {
    try {
      handles().open.invokeExact(client, host, port);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void write(Object client, Object head, @Nullable Object body) throws IOException {
    try {
      handles().write.invokeExact(client, head, body);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private Object requests(HttpURLConnection connection) {
    try {
      return handles().requests.invokeExact(connection);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static RuntimeException unexpected(Throwable e) {
    if (e instanceof RuntimeException runtime) {
      return runtime;
    }
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("the JDK's HTTP client is not as expected", e);
  }

  private Handles handles() {
    Handles ready = handles;
    if (ready == null) {
      ready = open();
      handles = ready;
    }
    return ready;
  }

  private Handles open() {
    Module own = getClass().getModule();
    Set<Module> us = Set.of(own);
    // To this module only: the application sees the JDK as closed as before.
    instrumentation.redefineModule(
        Object.class.getModule(),
        Set.of(),
        Map.of("sun.net.www", us, "sun.net.www.http", us),
        Map.of("sun.net.www.protocol.http", us),
        Set.of(),
        Map.of());
    try {
      Class<?> connection = Class.forName(CONNECTION, false, null);
      Class<?> header = Class.forName(HEADER, false, null);
      Class<?> client = Class.forName(CLIENT, false, null);
      Class<?> body = Class.forName(BODY, false, null);
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      Class<?> text = String.class;
      return new Handles(
          MethodHandles.privateLookupIn(connection, lookup)
              .findGetter(connection, "requests", header)
              .asType(MethodType.methodType(Object.class, HttpURLConnection.class)),
          lookup
              .findVirtual(header, "getKey", MethodType.methodType(text, int.class))
              .asType(MethodType.methodType(text, Object.class, int.class)),
          lookup
              .findVirtual(header, "getValue", MethodType.methodType(text, int.class))
              .asType(MethodType.methodType(text, Object.class, int.class)),
          lookup
              .findConstructor(header, MethodType.methodType(void.class))
              .asType(MethodType.methodType(Object.class)),
          lookup
              .findVirtual(header, "add", MethodType.methodType(void.class, text, text))
              .asType(MethodType.methodType(void.class, Object.class, text, text)),
          lookup
              .findVirtual(header, "remove", MethodType.methodType(void.class, text))
              .asType(MethodType.methodType(void.class, Object.class, text)),
          lookup
              .findVirtual(header, "reset", MethodType.methodType(void.class))
              .asType(MethodType.methodType(void.class, Object.class)),
          lookup
              .findVirtual(client, "closeServer", MethodType.methodType(void.class))
              .asType(MethodType.methodType(void.class, Object.class)),
          lookup
              .findVirtual(client, "openServer", MethodType.methodType(void.class, text, int.class))
              .asType(MethodType.methodType(void.class, Object.class, text, int.class)),
          lookup
              .findVirtual(client, "writeRequests", MethodType.methodType(void.class, header, body))
              .asType(MethodType.methodType(void.class, Object.class, Object.class, Object.class)));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the JDK's HTTP client is not as expected", e);
    }
  }

  private record Handles(
      MethodHandle requests,
      MethodHandle key,
      MethodHandle value,
      MethodHandle newHead,
      MethodHandle add,
      MethodHandle remove,
      MethodHandle clear,
      MethodHandle close,
      MethodHandle open,
      MethodHandle write) {}
}
