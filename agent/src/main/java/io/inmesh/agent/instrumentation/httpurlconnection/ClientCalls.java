package io.inmesh.agent.instrumentation.httpurlconnection;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Which call each of the JDK's connections carries, or carried last. Connections are held weakly;
 * when one is collected that the application never read to its end, its call is closed. Any thread.
 */
final class ClientCalls {
  private final ConcurrentMap<Object, RoutedCall> calls = new ConcurrentHashMap<>();
  private final ReferenceQueue<Object> abandoned = new ReferenceQueue<>();

  @Nullable RoutedCall get(Object client) {
    // Most processes without policy never have one.
    return calls.isEmpty() ? null : calls.get(new Lookup(client));
  }

  /** Returns what the connection carried before; null if it is new. */
  @Nullable RoutedCall put(Object client, RoutedCall call) {
    releaseAbandoned();
    RoutedCall before = calls.replace(new Lookup(client), call);
    if (before == null) {
      calls.put(new Key(client, abandoned), call);
    } else {
      before.close();
    }
    return before;
  }

  private void releaseAbandoned() {
    for (Reference<?> gone = abandoned.poll(); gone != null; gone = abandoned.poll()) {
      RoutedCall call = calls.remove(gone);
      if (call != null) {
        call.close();
      }
    }
  }

  /** A connection, by identity, in the map. */
  private static final class Key extends WeakReference<Object> {
    private final int hash;

    Key(Object client, ReferenceQueue<Object> queue) {
      super(client, queue);
      hash = System.identityHashCode(client);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      return other == this || (other instanceof Lookup lookup && refersTo(lookup.client()));
    }
  }

  /** A connection, by identity, that is looked for. */
  private record Lookup(Object client) {
    @Override
    public int hashCode() {
      return System.identityHashCode(client);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Lookup lookup
          ? client == lookup.client
          : other instanceof Key key && key.refersTo(client);
    }
  }
}
