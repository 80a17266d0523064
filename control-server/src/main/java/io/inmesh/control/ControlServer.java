package io.inmesh.control;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import io.inmesh.control.api.OpenApi;
import io.inmesh.control.api.OriginGuard;
import io.inmesh.control.api.PolicyService;
import io.inmesh.control.api.StatusErrors;
import io.inmesh.control.store.SqliteStore;
import io.inmesh.control.store.Store;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * One running control server: REST and xDS on one port over one store.
 *
 * <p>{@link #start} returns when it serves; {@link #close} stops it in order. Any thread.
 */
public final class ControlServer implements AutoCloseable {
  /** The limit of a request's body; a policy resource is a few kilobytes. */
  private static final int MAX_BODY_BYTES = 8 << 20;

  private static final MediaType PROMETHEUS =
      MediaType.parse("text/plain; version=0.0.4; charset=utf-8");

  private final Store store;
  private final Server server;
  private volatile boolean stopping;

  private ControlServer(ServerConfig config, Store store) {
    this.store = store;
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    this.server = server(config, meters);
  }

  private Server server(ServerConfig config, PrometheusMeterRegistry meters) {
    InetSocketAddress address = resolve(config);
    byte[] openApi = OpenApi.document(Version.current());
    byte[] version =
        ("{\"name\":\"inmesh-control-server\",\"version\":\"" + Version.current() + "\"}")
            .getBytes(StandardCharsets.UTF_8);
    ServerBuilder builder =
        Server.builder()
            .port(address, SessionProtocol.HTTP)
            .maxRequestLength(MAX_BODY_BYTES)
            .gracefulShutdownTimeout(Duration.ZERO, Duration.ofSeconds(2))
            .blockingTaskExecutor(16)
            .errorHandler(new StatusErrors(MAX_BODY_BYTES))
            .serviceUnder(
                "/apis", new PolicyService(store, candidate -> List.of(), InstantSource.system()))
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

  /**
   * Opens the store and serves.
   *
   * @throws RuntimeException with a message for the operator when the store cannot be used or the
   *     port is taken
   */
  public static ControlServer start(ServerConfig config) {
    Store store = SqliteStore.open(config.data());
    ControlServer server;
    try {
      server = new ControlServer(config, store);
      server.listen(config);
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
    return server;
  }

  private void listen(ServerConfig config) {
    try {
      server.start().join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new StartException(
          "cannot listen on "
              + config.host()
              + ":"
              + config.port()
              + " ("
              + cause.getMessage()
              + "); is another control server running? Choose another port with --listen HOST:PORT",
          cause);
    }
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
      server.stop().join();
    } finally {
      store.close();
    }
  }

  private static HttpService get(Supplier<HttpResponse> answer) {
    return (ctx, request) ->
        switch (request.method()) {
          case GET, HEAD -> answer.get();
          default -> HttpResponse.of(HttpStatus.METHOD_NOT_ALLOWED);
        };
  }

  private static HttpResponse text(int code, String text) {
    return HttpResponse.of(HttpStatus.valueOf(code), MediaType.PLAIN_TEXT_UTF_8, text + "\n");
  }
}
