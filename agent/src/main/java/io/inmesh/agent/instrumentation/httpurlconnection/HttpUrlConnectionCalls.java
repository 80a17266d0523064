package io.inmesh.agent.instrumentation.httpurlconnection;

import io.inmesh.bootstrap.Bridge;
import io.inmesh.bootstrap.Dial;
import io.inmesh.bootstrap.HttpCalls;
import io.inmesh.engine.OutboundCall;
import io.inmesh.engine.OutboundPipeline;
import io.inmesh.engine.Step;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.Socket;
import java.net.URL;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Answers the hooks of {@code HttpURLConnection} from the engine. */
final class HttpUrlConnectionCalls implements HttpCalls {
  private final OutboundPipeline pipeline;
  private final Consumer<String> firstSight;
  private final ClientAccess access;
  private final String sourceAddress;
  private final RoutedCall.CallTools tools;
  private final ClientCalls clients = new ClientCalls();
  private final LongAdder uses = new LongAdder();

  @SuppressWarnings("ThreadLocalUsage") // One instance per process; statics are kept out.
  private final ThreadLocal<Activity> current = ThreadLocal.withInitial(Activity::new);

  HttpUrlConnectionCalls(
      OutboundPipeline pipeline,
      Consumer<String> firstSight,
      ClientAccess access,
      String sourceAddress,
      LongSupplier nanoTime) {
    this.pipeline = pipeline;
    this.firstSight = firstSight;
    this.access = access;
    this.sourceAddress = sourceAddress;
    this.tools =
        new RoutedCall.CallTools(access, new PoolKeys(), nanoTime, new MirrorSender(nanoTime));
  }

  @Override
  public @Nullable Object begin(URL url, @Nullable Proxy proxy, HttpURLConnection connection) {
    boolean direct = proxy == null || proxy.type() == Proxy.Type.DIRECT;
    if (!direct || !"http".equalsIgnoreCase(url.getProtocol()) || url.getHost().isEmpty()) {
      return null;
    }
    Activity activity = current.get();
    String authority = activity.authority(url);
    firstSight.accept(authority);
    ConnectionRequest request =
        new ConnectionRequest(authority, sourceAddress, url, connection, access);
    OutboundCall call = pipeline.begin(request);
    if (call.step() instanceof Step.Untouched) {
      return null;
    }
    uses.increment();
    WrittenHead written = new WrittenHead(access, request.path(), request.host());
    RoutedCall routed;
    try {
      routed = new RoutedCall(call, tools, written, activity.now, connection.getReadTimeout());
    } catch (RuntimeException | Error e) {
      call.close();
      throw e;
    }
    activity.now = routed;
    return routed;
  }

  @Override
  public void connected(Object call, @Nullable Object client) {
    RoutedCall routed = (RoutedCall) call;
    current.get().now = routed.outer;
    if (client == null) {
      routed.close();
    } else {
      routed.connected(clients.put(client, routed));
    }
  }

  @Override
  public @Nullable Object keyForLookup(@Nullable Object key) {
    if (key != null) {
      return key; // Of https: not ours.
    }
    Object now = current.get().now;
    if (now instanceof IdleClose close) {
      return close.key();
    }
    if (now instanceof RoutedCall routed) {
      Object endpoint = routed.key();
      // A local reply must find nothing.
      return endpoint == null ? new Object() : endpoint;
    }
    return null;
  }

  @Override
  public @Nullable Object keyForKeeping(@Nullable Object key, Object client) {
    RoutedCall last = clients.get(client);
    if (last == null) {
      return key;
    }
    // Switched off meanwhile: nobody shall find this connection any more.
    Object endpoint = Bridge.isInert() ? null : last.key();
    return endpoint == null ? new Object() : endpoint;
  }

  @Override
  public @Nullable Dial dial(Object client, int timeoutMillis) {
    if (current.get().now instanceof RoutedCall routed) {
      return routed.dial(timeoutMillis);
    }
    RoutedCall last = clients.get(client);
    return last == null ? null : last.dial(timeoutMillis);
  }

  @Override
  public Object writing(
      Object client, @Nullable Socket socket, Object head, @Nullable Object body, boolean streaming)
      throws IOException {
    RoutedCall routed = callOn(client, socket);
    return routed == null ? head : routed.writing(head, body, streaming);
  }

  @Override
  public boolean awaiting(Object client, @Nullable Socket socket) {
    RoutedCall routed = callOn(client, socket);
    return routed != null && routed.awaiting();
  }

  @Override
  public @Nullable Object answered(
      Object client,
      @Nullable Socket socket,
      Object response,
      @Nullable Object head,
      @Nullable Object body,
      @Nullable Throwable failure) {
    RoutedCall routed = callOn(client, socket);
    return routed == null ? null : routed.answered(client, response, head, body, failure);
  }

  @Override
  public boolean finished(Object client, @Nullable Socket socket) {
    RoutedCall last = callOn(client, socket);
    if (last == null) {
      return false;
    }
    last.finish();
    return last.isLast();
  }

  @Override
  public @Nullable Object closingIdle(Object client) {
    RoutedCall last = clients.get(client);
    Object key = last == null ? null : last.key();
    if (key == null) {
      return null;
    }
    Activity activity = current.get();
    IdleClose close = new IdleClose(key, activity.now);
    activity.now = close;
    return close;
  }

  @Override
  public void closedIdle(Object state) {
    current.get().now = ((IdleClose) state).outer();
  }

  /** The call that a connection carries; a routed socket knows it, and spares the search. */
  private @Nullable RoutedCall callOn(Object client, @Nullable Socket socket) {
    RoutedCall known = socket instanceof RoutedSocket routed ? routed.call() : null;
    return known == null ? clients.get(client) : known;
  }

  long uses() {
    return uses.sum();
  }

  /** What a thread is about. It stays with the thread: making it anew for each call costs more. */
  private static final class Activity {
    /**
     * What this thread's connection is looked up or made for: a {@link RoutedCall} inside {@code
     * HttpClient.New}, an {@link IdleClose} inside {@code closeIdleConnection}, nothing elsewhere.
     */
    private @Nullable Object now;

    private String host = "";
    private int port;
    private String authority = "";

    /**
     * As policy names hosts: in lower case, and always with the port. Mostly that of the thread's
     * call before.
     */
    String authority(URL url) {
      int wanted = url.getPort() < 0 ? url.getDefaultPort() : url.getPort();
      String name = url.getHost();
      if (port != wanted || !host.equals(name)) {
        authority = name.toLowerCase(Locale.ROOT) + ":" + wanted;
        host = name;
        port = wanted;
      }
      return authority;
    }
  }

  /**
   * The pool's key while an idle connection is looked for, and what the thread was about before.
   */
  private record IdleClose(Object key, @Nullable Object outer) {}
}
