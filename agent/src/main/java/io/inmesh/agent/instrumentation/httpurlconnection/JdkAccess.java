package io.inmesh.agent.instrumentation.httpurlconnection;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.HttpURLConnection;
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
  private volatile boolean open;

  JdkAccess(Instrumentation instrumentation) {
    this.instrumentation = instrumentation;
  }

  @Override
  public List<String> values(HttpURLConnection connection, String name) {
    return values(requests(connection), 0, name);
  }

  @Override
  public boolean anyStartsWith(HttpURLConnection connection, String prefix) {
    Object head = requests(connection);
    synchronized (head) { // Its own methods lock it for each entry.
      int i = 0;
      for (String key = key(head, 0); key != null; key = key(head, ++i)) {
        if (key.regionMatches(true, 0, prefix, 0, prefix.length())) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public Size size(HttpURLConnection connection) {
    Object head = requests(connection);
    long bytes = 0;
    int i = 0;
    synchronized (head) { // Its own methods lock it for each entry.
      for (String key = key(head, 0); key != null; key = key(head, ++i)) {
        String value = value(head, i);
        bytes += key.length() + (value == null ? 0 : value.length()) + 4; // colon, space, line end
      }
    }
    return new Size(i, bytes);
  }

  @Override
  public @Nullable String key(Object head, int i) {
    try {
      return (String) Handles.KEY.invokeExact(head, i);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public @Nullable String value(Object head, int i) {
    try {
      return (String) Handles.VALUE.invokeExact(head, i);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public Object newHead() {
    try {
      return Handles.NEW_HEAD.invokeExact();
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void add(Object head, String key, @Nullable String value) {
    try {
      Handles.ADD.invokeExact(head, key, value);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void remove(Object head, String name) {
    try {
      Handles.REMOVE.invokeExact(head, name);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void clear(Object head) {
    try {
      Handles.CLEAR.invokeExact(head);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void close(Object client) throws IOException {
    try {
      Handles.CLOSE.invokeExact(client);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void open(Object client, String host, int port) throws IOException {
    try {
      Handles.OPEN.invokeExact(client, host, port);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void write(Object client, Object head, @Nullable Object body) throws IOException {
    try {
      Handles.WRITE.invokeExact(client, head, body);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private Object requests(HttpURLConnection connection) {
    ensureOpen();
    try {
      return Handles.REQUESTS.invokeExact(connection);
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

  /** Before the first use of {@link Handles}. */
  private void ensureOpen() {
    if (!open) {
      Set<Module> us = Set.of(getClass().getModule());
      // To this module only: the application sees the JDK as closed as before.
      instrumentation.redefineModule(
          Object.class.getModule(),
          Set.of(),
          Map.of("sun.net.www", us, "sun.net.www.http", us),
          Map.of("sun.net.www.protocol.http", us),
          Set.of(),
          Map.of());
      open = true;
    }
  }

  /** Constants: the compiler sees through those, and through nothing else. */
  private static final class Handles {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final Class<?> HEAD = jdk(HEADER);
    private static final Class<?> CLIENT_TYPE = jdk(CLIENT);

    static final MethodHandle REQUESTS = requests();
    static final MethodHandle KEY = of(HEAD, "getKey", String.class, int.class);
    static final MethodHandle VALUE = of(HEAD, "getValue", String.class, int.class);
    static final MethodHandle NEW_HEAD = newHead();
    static final MethodHandle ADD = of(HEAD, "add", void.class, String.class, String.class);
    static final MethodHandle REMOVE = of(HEAD, "remove", void.class, String.class);
    static final MethodHandle CLEAR = of(HEAD, "reset", void.class);
    static final MethodHandle CLOSE = of(CLIENT_TYPE, "closeServer", void.class);
    static final MethodHandle OPEN =
        of(CLIENT_TYPE, "openServer", void.class, String.class, int.class);
    static final MethodHandle WRITE = write();

    /** A method of the JDK's, to be called with an Object in front. */
    private static MethodHandle of(
        Class<?> owner, String name, Class<?> result, Class<?>... parameters) {
      MethodType type = MethodType.methodType(result, parameters);
      try {
        return LOOKUP
            .findVirtual(owner, name, type)
            .asType(type.insertParameterTypes(0, Object.class));
      } catch (ReflectiveOperationException e) {
        throw unexpected(e);
      }
    }

    private static MethodHandle requests() {
      Class<?> connection = jdk(CONNECTION);
      try {
        return MethodHandles.privateLookupIn(connection, LOOKUP)
            .findGetter(connection, "requests", HEAD)
            .asType(MethodType.methodType(Object.class, HttpURLConnection.class));
      } catch (ReflectiveOperationException e) {
        throw unexpected(e);
      }
    }

    private static MethodHandle newHead() {
      try {
        return LOOKUP
            .findConstructor(HEAD, MethodType.methodType(void.class))
            .asType(MethodType.methodType(Object.class));
      } catch (ReflectiveOperationException e) {
        throw unexpected(e);
      }
    }

    private static MethodHandle write() {
      return of(CLIENT_TYPE, "writeRequests", void.class, HEAD, jdk(BODY))
          .asType(MethodType.methodType(void.class, Object.class, Object.class, Object.class));
    }

    private static Class<?> jdk(String name) {
      try {
        return Class.forName(name, false, null);
      } catch (ClassNotFoundException e) {
        throw unexpected(e);
      }
    }
  }
}
