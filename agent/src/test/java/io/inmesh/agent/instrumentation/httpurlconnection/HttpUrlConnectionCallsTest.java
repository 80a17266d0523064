package io.inmesh.agent.instrumentation.httpurlconnection;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.agent.instrumentation.httpurlconnection.FakeAccess.Head;
import io.inmesh.bootstrap.Dial;
import io.inmesh.engine.OutboundObserver;
import io.inmesh.engine.OutboundPipeline;
import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.FaultPolicy;
import io.inmesh.engine.model.HeaderMutations;
import io.inmesh.engine.model.LbPolicy;
import io.inmesh.engine.model.Listener;
import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.engine.model.PathRewrite;
import io.inmesh.engine.model.RetryCondition;
import io.inmesh.engine.model.RetryPolicy;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.model.RouteAction;
import io.inmesh.engine.model.RouteConfiguration;
import io.inmesh.engine.model.RouteMatch;
import io.inmesh.engine.model.StringMatcher;
import io.inmesh.engine.model.VirtualHost;
import io.inmesh.engine.model.WeightedCluster;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HttpUrlConnectionCallsTest {
  private final AtomicLong nanos = new AtomicLong();
  private final List<String> seen = new ArrayList<>();
  private final FakeAccess access = new FakeAccess();
  private MeshSnapshot snapshot = snapshot(endpoint("10.0.0.1"), endpoint("10.0.0.2"));
  private final HttpUrlConnectionCalls calls = calls();

  @Test
  void begin_hostWithoutPolicy_untouched() throws IOException {
    assertThat(begin("http://elsewhere:8080/")).isNull();
    assertThat(calls.keyForLookup(null)).isNull();
    assertThat(calls.dial(new Object(), -1)).isNull();
    assertThat(seen).containsExactly("elsewhere:8080");
  }

  @Test
  void begin_throughProxy_untouched() throws IOException {
    URL url = new URL("http://orders:8080/");
    Proxy proxy = new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("proxy", 3128));

    assertThat(calls.begin(url, proxy, (HttpURLConnection) url.openConnection())).isNull();
    assertThat(seen).isEmpty();
  }

  @Test
  void begin_upperCaseHostNoPort_authorityInLowerCaseWithPort() throws IOException {
    begin("http://Elsewhere/");

    assertThat(seen).containsExactly("elsewhere:80");
  }

  @Test
  void begin_routed_poolKeyPerEndpoint() throws IOException {
    Object client = new Object();
    Object first = routed("http://orders:8080/");
    Object key = calls.keyForLookup(null);
    calls.connected(first, client);

    assertThat(calls.keyForLookup(null)).isNull();
    assertThat(calls.keyForKeeping(null, client)).isSameAs(key);
    calls.finished(client, null);

    Object second = routed("http://orders:8080/");
    assertThat(calls.keyForLookup(null)).isNotNull().isNotSameAs(key);
    calls.connected(second, null);
  }

  @Test
  void keyForLookup_keyOfHttps_keptAsIs() throws IOException {
    Object factory = new Object();
    Object call = routed("http://orders:8080/");

    assertThat(calls.keyForLookup(factory)).isSameAs(factory);
    calls.connected(call, null);
  }

  @Test
  void dial_connectFails_otherEndpointThen503() throws IOException {
    Object call = routed("http://orders:8080/");
    Dial dial = dial(new Object(), -1);
    String first = dial.host;

    assertThat(dial.timeoutMillis).isEqualTo(10_000);
    assertThat(dial.next(new ConnectException("refused"))).isTrue();
    assertThat(dial.host).isNotEqualTo(first);
    assertThat(dial.next(new ConnectException("refused"))).isTrue();
    assertThat(dial.next(new ConnectException("refused"))).isFalse();
    assertThat(text(dial.result(null)))
        .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
        .contains("\r\nx-inmesh-response-flags: URX,UF\r\n")
        .endsWith("retried and the latest reset reason: remote connection failure");
    calls.connected(call, null);
  }

  @Test
  void dial_applicationsConnectTimeout_boundsAllAttempts() throws IOException {
    Object call = routed("http://orders:8080/");
    Dial dial = dial(new Object(), 300);
    assertThat(dial.timeoutMillis).isEqualTo(300);

    nanos.addAndGet(Duration.ofMillis(200).toNanos());
    assertThat(dial.next(new ConnectException("refused"))).isTrue();
    assertThat(dial.timeoutMillis).isEqualTo(100);
    nanos.addAndGet(Duration.ofMillis(100).toNanos());
    assertThat(dial.next(new ConnectException("refused"))).isFalse();
    assertThat(dial.result(null)).isNull(); // It gets its own exception.
    calls.connected(call, null);
  }

  @Test
  void dial_runtimeException_notRetried() throws IOException {
    Object call = routed("http://orders:8080/");
    Dial dial = dial(new Object(), -1);

    assertThat(dial.next(new IllegalArgumentException("port"))).isFalse();
    calls.connected(call, null);
  }

  @Test
  void dial_connectionDied_otherEndpoint() throws IOException {
    Object client = new Object();
    Object call = routed("http://orders:8080/");
    Dial dial = dial(client, -1);
    String host = dial.host;
    assertThat(dial.next(null)).isFalse();
    calls.connected(call, client);
    calls.finished(client, null); // What the JDK does before it connects again.

    Dial again = dial(client, -1);

    assertThat(again.host).isNotEqualTo(host);
    assertThat(calls.keyForKeeping(null, client))
        .isEqualTo(new PoolKeys.PoolKey(Objects.requireNonNull(again.host), again.port));
  }

  @Test
  void dial_noEndpoint_localReply() throws IOException {
    snapshot = snapshot();
    Object call = routed("http://orders:8080/");
    Object key = calls.keyForLookup(null);
    Dial dial = dial(new Object(), -1);

    assertThat(key).isNotNull().isNotSameAs(calls.keyForLookup(null));
    assertThat(dial).isInstanceOf(Dial.Local.class);
    try (Socket socket = Objects.requireNonNull(dial.result(null))) {
      socket.getOutputStream().write(new byte[100]);
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(answer)
          .startsWith("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 19\r\n")
          .contains("\r\nconnection: close\r\n", "\r\nx-inmesh-response-flags: UH\r\n")
          .endsWith("\r\n\r\nno healthy upstream");
    }
    calls.connected(call, new Object());
  }

  @Test
  void closingIdle_routedClient_looksUpItsEndpoint() throws IOException {
    Object client = new Object();
    Object call = routed("http://orders:8080/");
    Object key = calls.keyForLookup(null);
    calls.connected(call, client);

    Object state = Objects.requireNonNull(calls.closingIdle(client));
    assertThat(calls.keyForLookup(null)).isSameAs(key);
    calls.closedIdle(state);
    assertThat(calls.keyForLookup(null)).isNull();
    assertThat(calls.closingIdle(new Object())).isNull();
  }

  @Test
  void writing_routeRewrites_copyIsWritten() throws IOException {
    snapshot = snapshot(rewriting(), endpoint("10.0.0.1"));
    Object client = new Object();
    calls.connected(routed("http://orders:8080/old/a?b=c"), client);
    Head own = Head.request("GET /old/a?b=c HTTP/1.1", "X-Own", "1", "Host", "orders:8080");
    List<String> before = own.lines();

    Head written = (Head) calls.writing(client, null, own, null, false);

    assertThat(written.lines())
        .startsWith("GET /new/a?b=c HTTP/1.1", "Host: v1.orders")
        .contains("x-added: yes")
        .noneMatch(line -> line.startsWith("X-Own"));
    assertThat(own.lines()).isEqualTo(before);
  }

  @Test
  void writing_routeChangesNothing_itselfIsWritten() throws IOException {
    Object client = new Object();
    calls.connected(routed("http://orders:8080/"), client);
    Head own = Head.request("GET / HTTP/1.1", "Host", "Orders:8080");

    assertThat(calls.writing(client, null, own, null, false)).isSameAs(own);
    assertThat(calls.writing(new Object(), null, own, null, false)).isSameAs(own);
  }

  @Test
  void answered_statusToRetry_sentAnewToAnother() throws IOException {
    Object client = new Object();
    Dial first = connected(client);
    Head request = Head.request("POST / HTTP/1.1");
    access.onOpen = () -> assertThat(dial(client, -1).host).isNotEqualTo(first.host);
    assertThat(calls.awaiting(client, null)).isTrue();

    Head failed = Head.response(503, "X-Instance", "one");
    assertThat(calls.answered(client, null, failed, request, "body", null)).isEqualTo(true);
    assertThat(failed.lines()).isEmpty();
    assertThat(access.done).containsExactly("close", "open", "write body");

    Head good = Head.response(200);
    assertThat(calls.answered(client, null, good, request, "body", null)).isNull();
    assertThat(access.done).hasSize(3);
  }

  @Test
  void answered_streamedBody_firstOutcomeStands() throws IOException {
    Object client = new Object();
    connected(client);
    Head request = Head.request("POST / HTTP/1.1");
    calls.writing(client, null, request, null, true);
    calls.awaiting(client, null);

    assertThat(calls.answered(client, null, Head.response(503), request, null, null)).isNull();
    assertThat(access.done).isEmpty();
  }

  @Test
  void answered_goAhead_leftToTheJdk() throws IOException {
    Object client = new Object();
    connected(client);
    Head request = Head.request("GET / HTTP/1.1");
    calls.awaiting(client, null);

    assertThat(calls.answered(client, null, Head.response(100), request, null, null)).isNull();
    assertThat(access.done).isEmpty();
  }

  @Test
  void answered_noHttpOrTooManyHeaders_502WithFlag() throws IOException {
    String[] many = new String[202];
    Arrays.fill(many, "x");
    for (Head answer : List.of(Head.request("x"), Head.response(200, many))) {
      Object client = new Object();
      connected(client);
      access.onOpen =
          () ->
              assertThat(text(dial(client, -1).result(null)))
                  .startsWith("HTTP/1.1 502 ")
                  .contains("x-inmesh-response-flags: UPE")
                  .endsWith("reset reason: protocol error");
      Head request = Head.request("GET / HTTP/1.1");
      calls.awaiting(client, null);

      assertThat(calls.answered(client, null, answer, request, null, null)).isEqualTo(true);
    }
  }

  @Test
  void answered_applicationsOwnTimeout_leftToTheApplication() throws IOException {
    Object client = new Object();
    connected(client);
    calls.awaiting(client, null);

    assertThat(
            calls.answered(
                client,
                null,
                Head.response(503),
                Head.request("GET / HTTP/1.1"),
                null,
                new SocketTimeoutException("Read timed out")))
        .isNull();
    assertThat(access.done).isEmpty();
  }

  @Test
  void answered_connectionLost_503WithFlag() throws IOException {
    Object client = new Object();
    connected(client);
    access.onOpen =
        () ->
            assertThat(text(dial(client, -1).result(null)))
                .startsWith("HTTP/1.1 503 ")
                .contains("x-inmesh-response-flags: UC")
                .endsWith("reset reason: connection termination");
    calls.awaiting(client, null);

    Object outcome =
        calls.answered(
            client,
            null,
            Head.response(0),
            Head.request("GET / HTTP/1.1"),
            null,
            new SocketException("Connection reset"));

    assertThat(outcome).isEqualTo(true);
    assertThat(access.done).startsWith("close", "open");
  }

  /** A call that has a connection, which stands nowhere. */
  private Dial connected(Object client) throws IOException {
    Object call = routed("http://orders:8080/");
    Dial dial = dial(client, -1);
    assertThat(dial.next(null)).isFalse();
    assertThat(dial.result(new QuietSocket())).isInstanceOf(RoutedSocket.class);
    calls.connected(call, client);
    return dial;
  }

  private static String text(@Nullable Socket socket) {
    try (Socket local = Objects.requireNonNull(socket)) {
      return new String(local.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says and hears nothing. */
  private static final class QuietSocket extends Socket {
    @Override
    public InputStream getInputStream() {
      return InputStream.nullInputStream();
    }

    @Override
    public OutputStream getOutputStream() {
      return OutputStream.nullOutputStream();
    }
  }

  private Object routed(String url) throws IOException {
    return Objects.requireNonNull(begin(url));
  }

  private Dial dial(Object client, int timeoutMillis) {
    return Objects.requireNonNull(calls.dial(client, timeoutMillis));
  }

  private @Nullable Object begin(String url) throws IOException {
    URL parsed = new URL(url);
    return calls.begin(parsed, Proxy.NO_PROXY, (HttpURLConnection) parsed.openConnection());
  }

  private HttpUrlConnectionCalls calls() {
    OutboundPipeline pipeline =
        new OutboundPipeline(
            () -> snapshot,
            RandomGenerator.of("L64X128MixRandom"),
            nanos::get,
            OutboundObserver.NONE);
    return new HttpUrlConnectionCalls(pipeline, seen::add, access, "10.0.0.7", nanos::get);
  }

  private static Endpoint endpoint(String address) {
    return new Endpoint(address, 9080, 1);
  }

  private static MeshSnapshot snapshot(Endpoint... endpoints) {
    return snapshot(
        new Route(
            "all",
            new RouteMatch(new StringMatcher.Prefix("/", false), List.of(), List.of()),
            List.of(new WeightedCluster("orders", 1)),
            new RetryPolicy(
                Set.of(RetryCondition.CONNECT_FAILURE, RetryCondition.RETRIABLE_STATUS_CODES),
                Set.of(503),
                2,
                Duration.ZERO,
                Duration.ofMillis(1),
                Duration.ofMillis(1),
                5)),
        endpoints);
  }

  private static Route rewriting() {
    return new Route(
        "rewriting",
        new RouteMatch(new StringMatcher.Prefix("/old", false), List.of(), List.of()),
        new RouteAction.Forward(
            List.of(new WeightedCluster("orders", 1)),
            new PathRewrite.Matched("/new"),
            "v1.orders",
            Duration.ZERO,
            Duration.ZERO,
            RetryPolicy.NONE,
            List.of(),
            List.of()),
        new HeaderMutations(
            List.of("x-own"), List.of(new HeaderMutations.Value("x-added", "yes", false))),
        HeaderMutations.NONE,
        FaultPolicy.NONE,
        null);
  }

  private static MeshSnapshot snapshot(Route route, Endpoint... endpoints) {
    RouteConfiguration routes =
        new RouteConfiguration(
            "orders", List.of(new VirtualHost("orders", List.of("*"), List.of(route))));
    Cluster cluster =
        new Cluster("orders", LbPolicy.ROUND_ROBIN, Duration.ofSeconds(10), List.of(endpoints));
    return new MeshSnapshot(
        Map.of("orders:8080", new Listener("orders:8080", routes)), Map.of("orders", cluster));
  }
}
