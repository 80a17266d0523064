package io.inmesh.agent.instrumentation.httpurlconnection;

import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the headers that the application has set on a request, also those that {@code
 * getRequestProperty} keeps to itself ({@code Authorization}, {@code Cookie}).
 *
 * <p>Made ready at the first header that a route asks for. Any thread.
 */
final class RequestHeaders implements HeaderSource {
  static final String CONNECTION = "sun.net.www.protocol.http.HttpURLConnection";
  static final String HEADER = "sun.net.www.MessageHeader";

  private final Instrumentation instrumentation;
  private volatile @Nullable Access access;

  RequestHeaders(Instrumentation instrumentation) {
    this.instrumentation = instrumentation;
  }

  @Override
  public List<String> values(HttpURLConnection connection, String name) {
    Access ready = access;
    if (ready == null) {
      ready = open(connection.getClass());
      access = ready;
    }
    List<String> values = new ArrayList<>(1);
    Iterator<?> found = ready.values(connection, name);
    while (found.hasNext()) {
      if (found.next() instanceof String value) {
        values.add(value);
      }
    }
    return values;
  }

  private Access open(Class<?> connectionClass) {
    Class<?> declaring = connectionClass;
    while (!declaring.getName().equals(CONNECTION)) {
      declaring = declaring.getSuperclass();
    }
    Module own = getClass().getModule();
    // To this module only: the application sees the JDK as closed as before.
    instrumentation.redefineModule(
        Object.class.getModule(),
        Set.of(),
        Map.of("sun.net.www", Set.of(own)),
        Map.of(declaring.getPackageName(), Set.of(own)),
        Set.of(),
        Map.of());
    try {
      Class<?> header = Class.forName(HEADER, true, null);
      MethodHandle requests =
          MethodHandles.privateLookupIn(declaring, MethodHandles.lookup())
              .findGetter(declaring, "requests", header)
              .asType(MethodType.methodType(Object.class, HttpURLConnection.class));
      MethodHandle iterator =
          MethodHandles.lookup()
              .findVirtual(
                  header, "multiValueIterator", MethodType.methodType(Iterator.class, String.class))
              .asType(MethodType.methodType(Iterator.class, Object.class, String.class));
      return new Access(requests, iterator);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the JDK's request headers cannot be read", e);
    }
  }

  /** The two doors into the JDK. */
  private record Access(MethodHandle requests, MethodHandle iterator) {
    Iterator<?> values(HttpURLConnection connection, String name) {
      try {
        Object header = requests.invokeExact(connection);
        return (Iterator<?>) iterator.invokeExact(header, name);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException("the JDK's request headers cannot be read", e);
      }
    }
  }
}
