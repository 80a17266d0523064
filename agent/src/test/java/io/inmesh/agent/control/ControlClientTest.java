package io.inmesh.agent.control;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.agent.AgentLog;
import io.inmesh.agent.config.LogLevel;
import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryRequest;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.Struct;
import io.inmesh.xds.HostState;
import io.inmesh.xds.Questions;
import io.inmesh.xds.ResourceType;
import io.inmesh.xds.wire.AgentQuestion;
import io.inmesh.xds.wire.RouteQuestion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole client against a server over real connections. */
@Timeout(60)
class ControlClientTest {
  private static final String ORDERS = "orders:8080";
  private static final Duration LONG = Duration.ofSeconds(20);

  /** Far below {@link #LONG}: whoever took this long has not waited. */
  private static final Duration SOON = Duration.ofSeconds(8);

  // JUnit sets it.
  @SuppressWarnings("NullAway.Init")
  @TempDir
  private Path folder;

  private final FakeControlServer server = new FakeControlServer();
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final BlockingQueue<Boolean> inert = new LinkedBlockingQueue<>();
  private final BlockingQueue<RouteQuestion> questions = new LinkedBlockingQueue<>();
  private final List<ControlClient> clients = new ArrayList<>();

  @AfterEach
  void closeAll() throws InterruptedException {
    clients.forEach(ControlClient::close);
    // The last save must be over before the folder goes.
    eventually(
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("inmesh-control")));
    server.kill();
  }

  private ControlClient client(URI... controls) {
    ControlClient client =
        ControlClient.create(
            ControlFixtures.config(folder, "shop", "default", controls),
            ControlFixtures::report,
            inert::add,
            question -> {
              questions.add(question);
              return Map.of("outcome", "forward", "destinations", List.of(Map.of("weight", 1)));
            },
            new AgentLog(LogLevel.WARN, said));
    clients.add(client);
    client.start();
    return client;
  }

  private static int port(ControlClient client) {
    return requireNonNull(client.snapshot().clusters().get("c-" + ORDERS))
        .endpoints()
        .get(0)
        .port();
  }

  private static void eventually(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it did not come true in time").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  private static void returnsSoon(Runnable task) {
    long start = System.nanoTime();
    task.run();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  @Test
  void await_hostWithPolicy_isKnownAndInTheSnapshot() {
    server.serve(ORDERS, 9081);
    ControlClient client = client(server.uri());
    assertThat(client.snapshot()).isSameAs(client.snapshot());

    assertThat(client.await(ORDERS, LONG)).isEqualTo(HostState.KNOWN);
    assertThat(port(client)).isEqualTo(9081);
    assertThat(client.status().link()).isEqualTo("live");
    assertThat(said()).isEmpty();
  }

  private static AgentQuestion question(String id, String authority) {
    return AgentQuestion.newBuilder()
        .setName("shop")
        .setId(id)
        .setExplainRoute(RouteQuestion.newBuilder().setMethod("GET").setAuthority(authority))
        .build();
  }

  private Struct answer(String id) throws InterruptedException {
    DiscoveryRequest request =
        server.next(Questions.TYPE_URL, each -> each.getResponseNonce().equals("q" + id));
    // With all that a report has: the answer takes the place of none.
    assertThat(request.getNode().getMetadata().containsFields("INMESH")).isTrue();
    Struct answer =
        request.getNode().getMetadata().getFieldsOrThrow(Questions.ANSWER).getStructValue();
    assertThat(answer.getFieldsOrThrow("id").getStringValue()).isEqualTo(id);
    return answer;
  }

  private static Struct answered(Struct answer) {
    return answer.getFieldsOrThrow("answer").getStructValue();
  }

  @Test
  void question_aboutAKnownHost_isExplained() throws InterruptedException {
    server.serve(ORDERS, 9081);
    ControlClient client = client(server.uri());
    client.await(ORDERS, LONG);

    server.ask(question("1", ORDERS));

    Struct answer = answered(answer("1"));
    assertThat(answer.getFieldsOrThrow("host").getStringValue()).isEqualTo("known");
    Struct explained = answer.getFieldsOrThrow("explanation").getStructValue();
    assertThat(explained.getFieldsOrThrow("outcome").getStringValue()).isEqualTo("forward");
    assertThat(
            explained
                .getFieldsOrThrow("destinations")
                .getListValue()
                .getValues(0)
                .getStructValue()
                .getFieldsOrThrow("weight")
                .getNumberValue())
        .isEqualTo(1);
    assertThat(requireNonNull(questions.poll()).getAuthority()).isEqualTo(ORDERS);
  }

  @Test
  void question_aboutAHostThatWasNotCalled_asksForNothing() throws InterruptedException {
    server.serve(ORDERS, 9081);
    ControlClient client = client(server.uri());
    client.await("example.com:80", LONG);

    server.ask(question("1", ORDERS));
    server.ask(question("2", "example.com:80"));

    assertThat(answered(answer("1")).getFieldsOrThrow("host").getStringValue())
        .isEqualTo("notCalled");
    assertThat(answered(answer("2")).getFieldsOrThrow("host").getStringValue()).isEqualTo("absent");
    assertThat(client.snapshot()).isEqualTo(MeshSnapshot.EMPTY);
    assertThat(questions).isEmpty();
  }

  @Test
  void question_thatIsNotKnown_isAnsweredWithAnError() throws InterruptedException {
    client(server.uri()).await("example.com:80", LONG);

    server.ask(AgentQuestion.newBuilder().setName("shop").setId("9").build());

    assertThat(answer("9").getFieldsOrThrow("error").getStringValue())
        .contains("does not know the question");
  }

  @Test
  void await_hostWithoutPolicy_isAbsentWithoutWaiting() {
    ControlClient client = client(server.uri());

    returnsSoon(() -> assertThat(client.await("example.com:80", LONG)).isEqualTo(HostState.ABSENT));
    assertThat(client.snapshot()).isEqualTo(MeshSnapshot.EMPTY);
  }

  @Test
  void await_controlServerRefuses_doesNotWait() {
    ControlClient client = client(URI.create("http://127.0.0.1:1"));

    returnsSoon(() -> assertThat(client.await(ORDERS, LONG)).isEqualTo(HostState.PENDING));
    assertThat(client.status().link()).isEqualTo("down");
    assertThat(said()).isEmpty();
  }

  @Test
  void await_silentServer_onlyTheFirstCallToAHostWaits() {
    server.silent();
    ControlClient client = client(server.uri());

    assertThat(client.await(ORDERS, Duration.ofMillis(50))).isEqualTo(HostState.PENDING);
    returnsSoon(() -> assertThat(client.await(ORDERS, LONG)).isEqualTo(HostState.PENDING));
  }

  @Test
  void await_interrupted_returnsAndKeepsTheInterrupt() {
    server.silent();
    ControlClient client = client(server.uri());
    Thread.currentThread().interrupt();

    returnsSoon(() -> assertThat(client.await(ORDERS, LONG)).isEqualTo(HostState.PENDING));
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void push_changedEndpoints_replaceTheOldOnes() {
    server.serve(ORDERS, 1);
    ControlClient client = client(server.uri());
    client.await(ORDERS, LONG);

    server.serve(ORDERS, 2);

    eventually(() -> port(client) == 2);
  }

  @Test
  void serverKilledAndBack_oldConfigurationStaysAndTheNewOneArrives() throws InterruptedException {
    server.serve(ORDERS, 1);
    ControlClient client = client(server.uri());
    client.await(ORDERS, LONG);
    MeshSnapshot before = client.snapshot();

    server.kill();
    eventually(() -> client.status().link().equals("down"));
    assertThat(client.snapshot()).isSameAs(before);
    returnsSoon(() -> assertThat(client.await("new:1", LONG)).isEqualTo(HostState.PENDING));

    server.serve(ORDERS, 2);
    server.startAgain();
    DiscoveryRequest first = server.next(ResourceType.SETTINGS, request -> true);
    DiscoveryRequest listeners = server.next(ResourceType.LISTENER, request -> true);
    eventually(() -> port(client) == 2);
    assertThat(first.hasNode()).isTrue();
    assertThat(listeners.getResponseNonce()).isEmpty();
    assertThat(listeners.getResourceNamesList()).containsExactlyInAnyOrder(ORDERS, "new:1");
  }

  @Test
  void severalServers_theNextOneIsTriedAtOnce() {
    server.serve(ORDERS, 1);
    ControlClient client = client(URI.create("http://127.0.0.1:1"), server.uri());

    returnsSoon(() -> assertThat(client.await(ORDERS, LONG)).isEqualTo(HostState.KNOWN));
    assertThat(client.status().server()).isEqualTo(server.uri().toString());
  }

  @Test
  void lastGood_newProcessWithoutServer_isInForce() throws InterruptedException {
    server.serve(ORDERS, 7);
    ControlClient first = client(server.uri());
    first.await(ORDERS, LONG);
    first.drain();
    server.kill();

    ControlClient second = client(server.uri());

    returnsSoon(() -> assertThat(second.await(ORDERS, LONG)).isEqualTo(HostState.KNOWN));
    assertThat(port(second)).isEqualTo(7);
  }

  @Test
  void lastGood_newProcessWithServer_firstCallHasWhatTheServerSays() {
    server.serve(ORDERS, 7);
    ControlClient first = client(server.uri());
    first.await(ORDERS, LONG);
    first.drain();
    first.close();
    server.serve(ORDERS, 8);

    ControlClient second = client(server.uri());

    assertThat(second.await(ORDERS, LONG)).isEqualTo(HostState.KNOWN);
    assertThat(port(second)).isEqualTo(8);
  }

  @Test
  void lastGood_newProcessWithServer_aClusterThatTheFileLacks_firstCallHasIt() {
    server.serve(ORDERS, 7);
    ControlClient first = client(server.uri());
    first.await(ORDERS, LONG);
    first.drain();
    first.close();
    server.put(
        Map.of(
            ResourceType.ROUTE, List.of(ControlFixtures.routes("r-" + ORDERS, "c-new")),
            ResourceType.CLUSTER, List.of(ControlFixtures.cluster("c-new")),
            ResourceType.ENDPOINT, List.of(ControlFixtures.endpoints("c-new", 8))));

    ControlClient second = client(server.uri());

    assertThat(second.await(ORDERS, LONG)).isEqualTo(HostState.KNOWN);
    assertThat(second.snapshot().clusters()).containsOnlyKeys("c-new");
  }

  @Test
  void lastGood_ofAnotherControlServer_isNotTrusted() throws Exception {
    server.serve(ORDERS, 7);
    ControlClient first = client(server.uri());
    first.await(ORDERS, LONG);
    first.drain();

    ControlClient second = client(URI.create("http://127.0.0.1:1"));

    assertThat(second.await(ORDERS, LONG)).isEqualTo(HostState.PENDING);
    assertThat(said()).isEmpty();
  }

  @Test
  void settings_inert_isHandedOn() throws InterruptedException {
    server.setInert("shop-0a1b2c", true);
    var unused = client(server.uri());
    assertThat(inert.poll(20, TimeUnit.SECONDS)).isTrue();

    server.setInert("shop-0a1b2c", false);
    assertThat(inert.poll(20, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void badResource_isRejectedWithItsReasonAndChangesNothing() throws InterruptedException {
    server.serve(ORDERS, 1);
    ControlClient client = client(server.uri());
    client.await(ORDERS, LONG);

    Any bad = ControlFixtures.endpoints("c-" + ORDERS, 70_000);
    server.put(Map.of(ResourceType.ENDPOINT, List.of(bad)));

    DiscoveryRequest nack = server.next(ResourceType.ENDPOINT, request -> request.hasErrorDetail());
    assertThat(nack.getErrorDetail().getMessage())
        .contains("c-" + ORDERS)
        .contains("70000 is not in 1-65535");
    assertThat(port(client)).isEqualTo(1);
    eventually(() -> said().contains("was rejected"));
  }

  @Test
  void reportChanged_sendsTheNodeAgain() throws InterruptedException {
    ControlClient client = client(server.uri());
    DiscoveryRequest first = server.next(ResourceType.SETTINGS, DiscoveryRequest::hasNode);
    client.reportChanged();
    server.next(ResourceType.SETTINGS, DiscoveryRequest::hasNode);

    assertThat(first.getNode().getId())
        .isEqualTo("sidecar~127.0.0.1~shop-0a1b2c.default~default.svc.cluster.local");
    assertThat(state(first)).isEqualTo("serving");
  }

  private static String state(DiscoveryRequest request) {
    Struct metadata = request.getNode().getMetadata();
    return metadata
        .getFieldsOrThrow("INMESH")
        .getStructValue()
        .getFieldsOrThrow("state")
        .getStringValue();
  }

  @Test
  void drain_tellsTheServerAndEndsTheStream() throws InterruptedException {
    server.serve(ORDERS, 1);
    ControlClient client = client(server.uri());
    client.await(ORDERS, LONG);

    client.drain();

    server.next(
        ResourceType.SETTINGS, request -> request.hasNode() && state(request).equals("draining"));
    assertThat(server.sawGoodbye()).isTrue();
    assertThat(port(client)).as("calls while shutting down are served").isEqualTo(1);
  }

  @Test
  void drain_silentServer_doesNotHoldTheShutdownUp() {
    server.silent();
    ControlClient client = client(server.uri());
    client.await(ORDERS, Duration.ofMillis(50));

    returnsSoon(client::drain);
  }

  @Test
  void https_isWarnedOfAndNotConnectedTo() {
    ControlClient client = client(URI.create("https://127.0.0.1:15012"));

    returnsSoon(() -> assertThat(client.await(ORDERS, LONG)).isEqualTo(HostState.PENDING));
    assertThat(said()).contains("'https' is not supported yet, use http").hasLineCount(1);
  }

  @Test
  void threads_areFewAndDaemonsAndHoldNoApplicationLoader() {
    server.serve(ORDERS, 1);
    ControlClient client = client(server.uri());
    client.await(ORDERS, LONG);

    List<Thread> ours =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("inmesh-"))
            .toList();
    assertThat(ours).isNotEmpty().allMatch(Thread::isDaemon);
    assertThat(ours).allMatch(thread -> thread.getContextClassLoader() == null);
    assertThat(ours.stream().map(Thread::getName).distinct().count()).isLessThanOrEqualTo(3);
  }

  @Test
  void connect_ignoresTheApplicationsProxies() {
    List<URI> asked = new CopyOnWriteArrayList<>();
    ProxySelector before = ProxySelector.getDefault();
    ProxySelector.setDefault(
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI uri) {
            asked.add(uri);
            return List.of(Proxy.NO_PROXY);
          }

          @Override
          public void connectFailed(URI uri, SocketAddress address, IOException cause) {}
        });
    try {
      server.serve(ORDERS, 1);
      assertThat(client(server.uri()).await(ORDERS, LONG)).isEqualTo(HostState.KNOWN);
    } finally {
      ProxySelector.setDefault(before);
    }
    assertThat(asked).isEmpty();
  }
}
