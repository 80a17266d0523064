package io.inmesh.control;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.HttpServiceWithRoutes;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.SimpleDecoratingHttpService;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.inmesh.control.api.Admission;
import io.inmesh.control.api.AgentSettingsStore;
import io.inmesh.control.api.InmeshService;
import io.inmesh.control.api.OpenApi;
import io.inmesh.control.api.OriginGuard;
import io.inmesh.control.api.PolicyService;
import io.inmesh.control.api.StatusErrors;
import io.inmesh.control.explain.MeshExplainer;
import io.inmesh.control.push.AdsService;
import io.inmesh.control.push.MeshLoop;
import io.inmesh.control.store.SqliteStore;
import io.inmesh.control.store.Store;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One running control server: REST and xDS on one port over one store.
 *
 * <p>{@link #start} returns when it serves; {@link #close} stops it in order. Any thread.
 */
public final class ControlServer implements AutoCloseable {
  /** The limit of a request's body; a policy resource is a few kilobytes. */
  private static final int MAX_BODY_BYTES = 8 << 20;

  /** How long requests that are under way may take when the server stops. */
  private static final Duration DRAIN = Duration.ofMillis(300);

  private static final Duration STOP_WAIT = Duration.ofMillis(600);

  private static final MediaType PROMETHEUS =
      MediaType.parse("text/plain; version=0.0.4; charset=utf-8");

  private final Store store;
  private final ScheduledExecutorService pushThread;
  private final MeshLoop mesh;
  private final Server server;
  private volatile boolean stopping;

  private ControlServer(ServerConfig config, Store store) {
    this.store = store;
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    this.pushThread = Executors.newSingleThreadScheduledExecutor(ControlServer::pushThread);
    this.mesh =
        new MeshLoop(
            store,
            new MeshLoop.Keys(
                PolicyService.KEY_PREFIX, AgentSettingsStore.PREFIX, AgentSettingsStore::inert),
            pushThread,
            InstantSource.system(),
            meters);
    this.server = server(config, meters);
  }

  private Server server(ServerConfig config, PrometheusMeterRegistry meters) {
    InetSocketAddress address = resolve(config);
    Admission admission = new PolicyAdmission(mesh);
    byte[] openApi = OpenApi.document(Version.current());
    byte[] version =
        ("{\"name\":\"inmesh-control-server\",\"version\":\"" + Version.current() + "\"}")
            .getBytes(StandardCharsets.UTF_8);
    ServerBuilder builder =
        Server.builder()
            .port(address, SessionProtocol.HTTP)
            .maxRequestLength(MAX_BODY_BYTES)
            // An agent whose machine vanished is noticed by its silence.
            .pingInterval(Duration.ofSeconds(5))
            .idleTimeout(Duration.ofSeconds(15))
            .gracefulShutdownTimeout(Duration.ZERO, DRAIN)
            .blockingTaskExecutor(16)
            .errorHandler(new StatusErrors(MAX_BODY_BYTES))
            // What is worth a log line, StatusErrors logs; a 404 is none.
            .unloggedExceptionsReportInterval(Duration.ZERO)
            .serviceUnder("/apis", new PolicyService(store, admission, InstantSource.system()))
            .serviceUnder(
                "/inmesh/v1",
                new InmeshService(
                    new RunningMesh(mesh), new AgentSettingsStore(store), new MeshExplainer(mesh)))
            .service(ads())
            .service("/healthz", get(() -> text(200, "ok")))
            .service("/readyz", get(() -> stopping ? text(503, "stopping") : text(200, "ok")))
            .service("/version", get(() -> HttpResponse.of(HttpStatus.OK, MediaType.JSON, version)))
            .service(
                "/openapi.json", get(() -> HttpResponse.of(HttpStatus.OK, MediaType.JSON, openApi)))
            .service(
                "/metrics", get(() -> HttpResponse.of(HttpStatus.OK, PROMETHEUS, meters.scrape())))
            .decorator(new OriginGuard(address.getAddress().isLoopbackAddress()));
    return builder.build();
  }

  private HttpServiceWithRoutes ads() {
    GrpcService service =
        GrpcService.builder()
            .addService(AdsService.definition(mesh))
            .supportedSerializationFormats(GrpcSerializationFormats.PROTO)
            .maxRequestMessageLength(MAX_BODY_BYTES)
            .useClientTimeoutHeader(false)
            .build();
    // A stream lives as long as its agent: the limits of requests are not for it.
    return service.decorate(Unlimited::new);
  }

  private static Thread pushThread(Runnable task) {
    Thread thread = new Thread(task, "inmesh-push");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Opens the store and serves.
   *
   * @throws RuntimeException with a message for the operator when the store cannot be used or the
   *     port is taken
   */
  public static ControlServer start(ServerConfig config) {
    checkPort(config);
    Store store = SqliteStore.open(config.data());
    @Nullable ControlServer server = null;
    try {
      server = new ControlServer(config, store);
      server.listen(config);
      return server;
    } catch (RuntimeException e) {
      if (server == null) {
        store.close();
      } else {
        server.close();
      }
      throw e;
    }
  }

  /** Says at once that a port cannot be had, before anything is opened that must be closed. */
  private static void checkPort(ServerConfig config) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(resolve(config));
    } catch (IOException e) {
      throw cannotListen(config, e);
    }
  }

  private void listen(ServerConfig config) {
    mesh.start();
    try {
      server.start().join();
    } catch (CompletionException e) {
      throw cannotListen(config, e.getCause() == null ? e : e.getCause());
    }
  }

  private static StartException cannotListen(ServerConfig config, Throwable cause) {
    String address = config.host() + ":" + config.port();
    String reason = String.valueOf(cause.getMessage());
    if (reason.contains("in use")) {
      return new StartException(
          "cannot listen on "
              + address
              + ": another program does, maybe a control server; stop it, or choose another port"
              + " with --listen HOST:PORT",
          cause);
    }
    if (reason.contains("ermission")) {
      reason = "this user may not; ports below 1024 are for root";
    }
    return new StartException(
        "cannot listen on " + address + ": " + reason + "; choose another with --listen HOST:PORT",
        cause);
  }

  private static InetSocketAddress resolve(ServerConfig config) {
    try {
      return new InetSocketAddress(InetAddress.getByName(config.host()), config.port());
    } catch (UnknownHostException e) {
      throw new StartException(
          "--listen: \"" + config.host() + "\" is no address of this machine", e);
    }
  }

  /** The port that it listens on. */
  public int port() {
    ServerPort port = server.activePort();
    if (port == null) {
      throw new IllegalStateException("not listening");
    }
    return port.localAddress().getPort();
  }

  /** Ends watches and streams, finishes queued writes and lets go of the data directory. */
  @Override
  public void close() {
    stopping = true;
    try {
      server.stop().get(STOP_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // Requests are done by now; what remains is the event loops' own quiet time.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot stop serving", e);
    } finally {
      mesh.close();
      pushThread.shutdownNow();
      store.close();
    }
  }

  /** Takes the limits of ordinary requests off a stream. */
  private static final class Unlimited extends SimpleDecoratingHttpService
      implements HttpServiceWithRoutes {
    private final GrpcService service;

    Unlimited(HttpService delegate) {
      super(delegate);
      this.service = (GrpcService) delegate;
    }

    @Override
    public Set<Route> routes() {
      return service.routes();
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) throws Exception {
      ctx.clearRequestTimeout();
      ctx.setMaxRequestLength(0);
      return service.serve(ctx, request);
    }
  }

  private static HttpService get(Supplier<HttpResponse> answer) {
    return (ctx, request) ->
        switch (request.method()) {
          case GET, HEAD -> answer.get();
          default -> throw HttpStatusException.of(HttpStatus.METHOD_NOT_ALLOWED);
        };
  }

  private static HttpResponse text(int code, String text) {
    return HttpResponse.of(HttpStatus.valueOf(code), MediaType.PLAIN_TEXT_UTF_8, text + "\n");
  }
}
