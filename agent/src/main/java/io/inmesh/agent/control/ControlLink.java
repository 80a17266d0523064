package io.inmesh.agent.control;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.inmesh.agent.AgentLog;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryRequest;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryResponse;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one stream open to one of the control servers: connects, and when the stream ends tries the
 * next one after a while, for ever. All of it, the listener included, happens on the control
 * thread; gRPC's transport has two threads of its own.
 */
final class ControlLink {
  /** A server that takes the connection and says nothing counts as failed after this. */
  private static final Duration FIRST_ANSWER = Duration.ofSeconds(10);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(4);

  /** A control server that starts at the same time deserves some patience. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private static final Duration CLOSE_POLL = Duration.ofMillis(5);

  /** gRPC's OkHttp transport needs two: one reads, the other writes. */
  private static final int TRANSPORT_THREADS = 2;

  private static final int LARGEST_RESPONSE = 64 << 20;

  private final List<URI> servers;
  private final ScheduledExecutorService thread;
  private final ThreadPoolExecutor transport;
  private final AgentLog log;
  private final Listener listener;
  private final DirectSocketFactory sockets = new DirectSocketFactory(CONNECT_TIMEOUT);

  // RandomGenerator's default is looked up by ServiceLoader, on the application's class path.
  private final Backoff backoff = new Backoff(new SplittableRandom());

  // Written on the control thread.
  private volatile LinkState state = LinkState.CONNECTING;
  private volatile String server = "";
  private volatile String lastError = "";
  private int nextServer;
  private int failures;
  private final long begun = System.nanoTime();
  private boolean everAnswered;
  private boolean closed;
  private boolean leaving;
  private @Nullable Stream stream;
  private @Nullable ManagedChannel newestChannel;

  /** What happens on the link, on the control thread. */
  interface Listener {
    /** A stream begins; whether anybody answers shows later. */
    void opened(StreamObserver<DiscoveryRequest> requests);

    void received(DiscoveryResponse response);

    /** The stream has ended; another will open. */
    void closed();
  }

  ControlLink(List<URI> servers, ScheduledExecutorService thread, AgentLog log, Listener listener) {
    this.servers = servers;
    this.thread = thread;
    this.log = log;
    this.listener = listener;
    this.transport = transportThreads();
  }

  private static ThreadPoolExecutor transportThreads() {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            TRANSPORT_THREADS,
            TRANSPORT_THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread daemon =
                  new Thread(null, task, "inmesh-io-" + number.incrementAndGet(), 0, false);
              daemon.setDaemon(true);
              daemon.setContextClassLoader(null);
              return daemon;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  LinkState state() {
    return state;
  }

  /** The control server in use or tried last. */
  String server() {
    return server;
  }

  /** Why the last stream ended; empty if none has. */
  String lastError() {
    return lastError;
  }

  /** Begins to connect. */
  void start() {
    if (closed || leaving) {
      return;
    }
    URI uri = servers.get(nextServer % servers.size());
    nextServer++;
    server = uri.toString();
    if (!"http".equals(uri.getScheme())) {
      String why = "'" + uri.getScheme() + "' is not supported yet, use http";
      log.warnOnce(
          "control-scheme-" + uri, "cannot connect to control server " + uri + ": " + why, null);
      failed(why, null);
      return;
    }
    String refusal = refusal(uri);
    if (!refusal.isEmpty()) {
      failed(refusal, null);
      return;
    }
    Stream next;
    try {
      ManagedChannel channel = channel(uri);
      newestChannel = channel;
      next = new Stream(channel);
    } catch (RuntimeException | LinkageError e) {
      // Without this the link would be neither up nor down, and first calls would wait for it.
      log.warnOnce("control-start", "cannot begin to connect to control server " + uri, e);
      failed(e.toString(), null);
      return;
    }
    stream = next;
    try {
      next.open();
    } catch (RuntimeException | LinkageError e) {
      next.end(e.toString());
    }
  }

  /**
   * Why nobody listens there; empty if somebody does. Asked first, because a process without a
   * control server should neither pay for gRPC nor wait until gRPC is there to say no.
   */
  private String refusal(URI uri) {
    try (Socket socket = sockets.createSocket(uri.getHost(), port(uri))) {
      return socket.isConnected() ? "" : "not connected";
    } catch (IOException | RuntimeException e) {
      return e.toString();
    }
  }

  private static int port(URI uri) {
    return uri.getPort() < 0 ? 80 : uri.getPort();
  }

  private ManagedChannel channel(URI uri) {
    return OkHttpChannelBuilder.forAddress(uri.getHost(), port(uri))
        .usePlaintext()
        .executor(thread)
        .scheduledExecutorService(thread)
        .offloadExecutor(transport)
        .transportExecutor(transport)
        // The application's proxies are the application's.
        .proxyDetector(address -> null)
        .socketFactory(sockets)
        .disableRetry()
        .maxInboundMessageSize(LARGEST_RESPONSE)
        .keepAliveTime(30, TimeUnit.SECONDS)
        .keepAliveTimeout(10, TimeUnit.SECONDS)
        .build();
  }

  /** After the current stream there is no other: the JVM is about to end. */
  void leave() {
    leaving = true;
  }

  /** Runs a task when the current stream has ended; at once if there is none. */
  void onEnd(Runnable task) {
    Stream now = stream;
    if (now == null) {
      task.run();
    } else {
      now.afterEnd = task;
    }
  }

  /**
   * Ends the stream and the transport.
   *
   * @param done runs on the control thread when gRPC needs that thread no more
   */
  void close(Runnable done) {
    closed = true;
    Stream now = stream;
    if (now != null) {
      now.end("closed");
    }
    finish(done);
  }

  /** gRPC complains loudly about executors that end before its last task. */
  private void finish(Runnable done) {
    ManagedChannel last = newestChannel;
    if (last == null || last.isTerminated()) {
      transport.shutdown();
      done.run();
    } else {
      var unused =
          thread.schedule(() -> finish(done), CLOSE_POLL.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void failed(String why, @Nullable Runnable afterEnd) {
    stream = null;
    lastError = why;
    if (state == LinkState.LIVE) {
      // Most often a restart, or a connection that grew old: not down before a try has failed.
      state = LinkState.CONNECTING;
    } else {
      failures++;
      state = failures >= servers.size() ? LinkState.DOWN : state;
    }
    log.debug("the stream to " + server + " ended: " + why);
    warnIfNobodyEverAnswered(why);
    listener.closed();
    if (afterEnd != null) {
      afterEnd.run();
    }
    if (!closed && !leaving) {
      // The first round over several servers needs no pause: each is tried for the first time. But
      // one that answered a moment ago gets one, in case all agents lost it at once.
      long wait = failures > 0 && failures < servers.size() ? 0 : backoff.next();
      var unused = thread.schedule(this::start, wait, TimeUnit.MILLISECONDS);
    }
  }

  private void warnIfNobodyEverAnswered(String why) {
    if (!everAnswered && !closed && System.nanoTime() - begun > SILENCE.toNanos()) {
      log.warnOnce(
          "control-silence",
          "no control server has answered yet at "
              + servers
              + " ("
              + why
              + "); calls go on by the last good configuration where there is one, and otherwise as"
              + " without the agent. It is tried again; is the setting 'control' right?",
          null);
    }
  }

  private void answered() {
    everAnswered = true;
    failures = 0;
    backoff.reset();
    state = LinkState.LIVE;
  }

  /** One stream on a channel of its own. */
  private final class Stream
      implements ClientResponseObserver<DiscoveryRequest, DiscoveryResponse> {
    private final ManagedChannel channel;
    private boolean heard;
    private boolean ended;
    private @Nullable Runnable afterEnd;
    private @Nullable ScheduledFuture<?> firstAnswer;

    Stream(ManagedChannel channel) {
      this.channel = channel;
    }

    void open() {
      StreamObserver<DiscoveryRequest> requests =
          ClientCalls.asyncBidiStreamingCall(
              channel.newCall(AdsMethod.STREAM, CallOptions.DEFAULT), this);
      firstAnswer =
          thread.schedule(
              () -> {
                if (!heard) {
                  end("no answer within " + FIRST_ANSWER.toSeconds() + " s");
                }
              },
              FIRST_ANSWER.toMillis(),
              TimeUnit.MILLISECONDS);
      listener.opened(requests);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<DiscoveryRequest> requests) {
      // Default flow control: the next response is asked for when the last one has been dealt with.
    }

    @Override
    public void onNext(DiscoveryResponse response) {
      if (!ended) {
        if (!heard) {
          heard = true;
          answered();
        }
        listener.received(response);
      }
    }

    @Override
    public void onError(Throwable cause) {
      end(String.valueOf(cause.getMessage()));
    }

    @Override
    public void onCompleted() {
      end("the control server ended it");
    }

    void end(String why) {
      if (ended) {
        return;
      }
      ended = true;
      ScheduledFuture<?> waiting = firstAnswer;
      if (waiting != null) {
        waiting.cancel(false);
      }
      channel.shutdownNow();
      failed(why, afterEnd);
    }
  }
}
