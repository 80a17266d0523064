package io.inmesh.agent.instrumentation.httpurlconnection;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.bootstrap.Dial;
import io.inmesh.engine.OutboundObserver;
import io.inmesh.engine.OutboundPipeline;
import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.LbPolicy;
import io.inmesh.engine.model.Listener;
import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.engine.model.RetryCondition;
import io.inmesh.engine.model.RetryPolicy;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.model.RouteConfiguration;
import io.inmesh.engine.model.RouteMatch;
import io.inmesh.engine.model.StringMatcher;
import io.inmesh.engine.model.VirtualHost;
import io.inmesh.engine.model.WeightedCluster;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
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
    calls.finished(client);

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
  void dial_connectFails_otherEndpointThenApplicationsOwnException() throws IOException {
    Object call = routed("http://orders:8080/");
    Dial dial = dial(new Object(), -1);
    String first = dial.host;

    assertThat(dial.timeoutMillis).isEqualTo(10_000);
    assertThat(dial.next(new ConnectException("refused"))).isTrue();
    assertThat(dial.host).isNotEqualTo(first);
    assertThat(dial.next(new ConnectException("refused"))).isTrue();
    assertThat(dial.next(new ConnectException("refused"))).isFalse();
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
    calls.finished(client); // What the JDK does before it connects again.

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
    try (Socket socket = ((Dial.Local) dial).socket) {
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
    return new HttpUrlConnectionCalls(
        pipeline, seen::add, (connection, name) -> List.of(), nanos::get);
  }

  private static Endpoint endpoint(String address) {
    return new Endpoint(address, 9080, 1);
  }

  private static MeshSnapshot snapshot(Endpoint... endpoints) {
    Route route =
        new Route(
            "all",
            new RouteMatch(new StringMatcher.Prefix("/", false), List.of(), List.of()),
            List.of(new WeightedCluster("orders", 1)),
            new RetryPolicy(Set.of(RetryCondition.CONNECT_FAILURE), 2, 5));
    RouteConfiguration routes =
        new RouteConfiguration(
            "orders", List.of(new VirtualHost("orders", List.of("*"), List.of(route))));
    Cluster cluster =
        new Cluster("orders", LbPolicy.ROUND_ROBIN, Duration.ofSeconds(10), List.of(endpoints));
    return new MeshSnapshot(
        Map.of("orders:8080", new Listener("orders:8080", routes)), Map.of("orders", cluster));
  }
}
