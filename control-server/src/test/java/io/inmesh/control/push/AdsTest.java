package io.inmesh.control.push;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.inmesh.control.ControlServer;
import io.inmesh.control.RestClient;
import io.inmesh.control.ServerConfig;
import io.inmesh.control.push.FakeAgent.Profile;
import io.inmesh.shaded.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.inmesh.shaded.envoy.config.route.v3.RouteConfiguration;
import io.inmesh.shaded.envoy.config.route.v3.WeightedCluster;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryResponse;
import io.inmesh.shaded.protobuf.InvalidProtocolBufferException;
import io.inmesh.xds.ResourceType;
import io.inmesh.xds.wire.AgentSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The discovery service over a real connection. */
class AdsTest {
  private static final String V1 = "outbound|8080|v1|orders.default.svc.cluster.local";
  private static final String V2 = "outbound|8080|v2|orders.default.svc.cluster.local";

  @TempDir Path data;
  private ControlServer server;
  private RestClient rest;
  private final List<FakeAgent> agents = new ArrayList<>();

  @BeforeEach
  void start() {
    server = ControlServer.start(new ServerConfig("127.0.0.1", 0, data));
    rest = new RestClient(server.port());
  }

  @AfterEach
  void stop() {
    agents.forEach(FakeAgent::close);
    server.close();
  }

  @Test
  void agent_asksForAHostWithPolicy_getsTheWholeTree() throws Exception {
    applyCanary(10);
    connect(Profile.server("orders-1", "orders", 9081, "v1"));
    FakeAgent client = connect(Profile.client("web-1"));

    client.subscribe(ResourceType.LISTENER, "orders:8080", "elsewhere:80");
    assertThat(client.take(ResourceType.LISTENER).getResourcesCount()).isEqualTo(1);
    client.subscribe(ResourceType.ROUTE, "default/orders:8080");
    assertThat(weights(client.take(ResourceType.ROUTE))).containsExactly(90, 10);
    client.subscribe(ResourceType.CLUSTER, V1, V2);
    assertThat(client.take(ResourceType.CLUSTER).getResourcesCount()).isEqualTo(2);
    client.subscribe(ResourceType.ENDPOINT, V1, V2);

    assertThat(endpointCounts(client.take(ResourceType.ENDPOINT))).containsExactly(1, 0);
    JsonNode sync = eventually("web-1", a -> synced(a, "EDS")).path("sync");
    assertThat(sync.path("LDS").path("state").asText()).isEqualTo("SYNCED");
    assertThat(sync.path("EDS").path("resources").asInt()).isEqualTo(2);
  }

  @Test
  void analyze_amongConnectedAgents_countsThem() throws Exception {
    applyCanary(10);
    connect(Profile.server("orders-1", "orders", 9081, "v1"));
    FakeAgent client = connect(Profile.client("web-1"));
    client.subscribe(ResourceType.LISTENER, "orders:8080");
    client.take(ResourceType.LISTENER);

    // The second subset waits for its first instance.
    assertThat(findings()).containsExactly("IST0173 spec.subsets[1]");
    connect(Profile.server("orders-2", "orders", 9082, "v2"));
    for (int i = 0; i < 200 && !findings().isEmpty(); i++) {
      client.next(ResourceType.LISTENER, 50);
    }
    assertThat(findings()).isEmpty();
  }

  @Test
  void analyze_selectorOfAPureClient_findsIt() throws Exception {
    rest.apply(
        "sidecars",
        "web",
        """
        apiVersion: networking.istio.io/v1
        kind: Sidecar
        metadata: {name: web}
        spec:
          workloadSelector: {labels: {app: web}}
          egress: [{hosts: ["*/*"]}]
        """);
    assertThat(findings()).containsExactly("IST0101 spec.workloadSelector");

    FakeAgent client = connect(new Profile("web-1", "", 0, 0, Map.of("app", "web"), false));
    for (int i = 0; i < 200 && !findings().isEmpty(); i++) {
      client.next(ResourceType.LISTENER, 50);
    }
    assertThat(findings()).isEmpty();
  }

  private List<String> findings() {
    List<String> findings = new ArrayList<>();
    for (JsonNode each : rest.send("POST", "/inmesh/v1/analyze", "", "").json().path("items")) {
      findings.add(each.path("code").asText() + " " + each.path("path").asText());
    }
    return findings;
  }

  @Test
  void weight_changed_isPushedSoon() throws Exception {
    applyCanary(10);
    FakeAgent client = connect(Profile.client("web-1"));
    client.subscribe(ResourceType.ROUTE, "default/orders:8080");
    client.take(ResourceType.ROUTE);

    long start = System.nanoTime();
    applyCanary(50);

    assertThat(weights(client.take(ResourceType.ROUTE))).containsExactly(50, 50);
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
    assertThat(client.next(ResourceType.ROUTE, 100)).as("nothing more to say").isNull();
  }

  @Test
  void answer_isANack_isShownAndTheNextChangeIsSent() throws Exception {
    applyCanary(10);
    FakeAgent client = connect(Profile.client("web-1"));
    client.subscribe(ResourceType.ROUTE, "default/orders:8080");
    DiscoveryResponse first = Objects.requireNonNull(client.next(ResourceType.ROUTE, 10_000));

    client.answer(ResourceType.ROUTE, first, "routes[0]: not supported");
    JsonNode rds =
        eventually("web-1", a -> a.path("sync").path("RDS").path("state").asText().equals("NACKED"))
            .path("sync")
            .path("RDS");
    assertThat(rds.path("error").asText()).isEqualTo("routes[0]: not supported");

    applyCanary(20);
    assertThat(weights(client.take(ResourceType.ROUTE))).containsExactly(80, 20);
    eventually("web-1", a -> synced(a, "RDS"));
  }

  @Test
  void answer_isMissing_onlyTheNewestStateFollowsIt() throws Exception {
    applyCanary(10);
    FakeAgent client = connect(Profile.client("web-1"));
    client.subscribe(ResourceType.ROUTE, "default/orders:8080");
    DiscoveryResponse first = Objects.requireNonNull(client.next(ResourceType.ROUTE, 10_000));
    applyCanary(20);
    applyCanary(30);
    applyCanary(40);
    assertThat(client.next(ResourceType.ROUTE, 200)).isNull();

    client.answer(ResourceType.ROUTE, first, "");

    assertThat(weights(client.take(ResourceType.ROUTE))).containsExactly(60, 40);
  }

  @Test
  void server_drains_isWithdrawnAtOnce() throws Exception {
    applyCanary(10);
    Profile orders = Profile.server("orders-1", "orders", 9081, "v1");
    FakeAgent serving = connect(orders);
    FakeAgent client = connect(Profile.client("web-1"));
    client.subscribe(ResourceType.ENDPOINT, V1);
    assertThat(endpointCounts(client.take(ResourceType.ENDPOINT))).containsExactly(1);

    serving.report(orders.draining(true));

    assertThat(endpointCounts(client.take(ResourceType.ENDPOINT))).containsExactly(0);
  }

  @Test
  void server_losesItsConnection_isWithdrawnAfterTheGrace() throws Exception {
    applyCanary(10);
    Profile orders = Profile.server("orders-1", "orders", 9081, "v1");
    FakeAgent serving = connect(orders);
    FakeAgent client = connect(Profile.client("web-1"));
    client.subscribe(ResourceType.ENDPOINT, V1);
    client.take(ResourceType.ENDPOINT);

    serving.close();
    assertThat(client.next(ResourceType.ENDPOINT, 1_000)).as("within the grace").isNull();

    assertThat(endpointCounts(client.take(ResourceType.ENDPOINT))).containsExactly(0);
    assertThat(eventually("orders-1", a -> a.path("state").asText().equals("gone"))).isNotNull();
    assertThat(
            rest.send(
                    "PUT",
                    "/inmesh/v1/agents/orders-1/settings",
                    "application/json",
                    "{\"inert\": true}")
                .code())
        .as("a switch that nobody hears")
        .isEqualTo(409);
  }

  @Test
  void server_reconnectsWithinTheGrace_nothingIsSent() throws Exception {
    applyCanary(10);
    Profile orders = Profile.server("orders-1", "orders", 9081, "v1");
    FakeAgent serving = connect(orders);
    FakeAgent client = connect(Profile.client("web-1"));
    client.subscribe(ResourceType.ENDPOINT, V1);
    client.take(ResourceType.ENDPOINT);

    serving.close();
    connect(orders);

    assertThat(client.next(ResourceType.ENDPOINT, 6_500)).isNull();
  }

  @Test
  void controlServer_restarts_agentsKeepTheirEndpointsWhileItSettles() throws Exception {
    applyCanary(10);
    server.close();
    server = ControlServer.start(new ServerConfig("127.0.0.1", 0, data));
    rest = new RestClient(server.port());

    FakeAgent client = connect(Profile.client("web-1"));
    client.resubscribe(ResourceType.ENDPOINT, "7.1", V1);
    client.resubscribe(ResourceType.LISTENER, "7.1", "orders:8080");
    assertThat(client.take(ResourceType.LISTENER).getResourcesCount()).isEqualTo(1);
    assertThat(client.next(ResourceType.ENDPOINT, 500)).as("the orders are not back yet").isNull();
    connect(Profile.server("orders-1", "orders", 9081, "v1"));
    FakeAgent fresh = connect(Profile.client("web-2"));
    fresh.subscribe(ResourceType.ENDPOINT, V1);
    DiscoveryResponse atOnce = fresh.next(ResourceType.ENDPOINT, 2_000);
    assertThat(atOnce).as("an agent that has nothing does not wait").isNotNull();
    assertThat(client.next(ResourceType.ENDPOINT, 100)).as("one that has something does").isNull();

    assertThat(endpointCounts(client.take(ResourceType.ENDPOINT))).containsExactly(1);
  }

  @Test
  void killSwitch_set_reachesTheAgentAndOutlivesARestart() throws Exception {
    FakeAgent client = connect(Profile.client("web-1"));

    assertThat(
            rest.send(
                    "PUT",
                    "/inmesh/v1/agents/web-1/settings",
                    "application/json",
                    "{\"inert\": true}")
                .code())
        .isEqualTo(200);
    assertThat(inert(client.take(ResourceType.SETTINGS))).isTrue();

    server.close();
    server = ControlServer.start(new ServerConfig("127.0.0.1", 0, data));
    rest = new RestClient(server.port());
    FakeAgent again = new FakeAgent(server.port(), Profile.client("web-1"));
    agents.add(again);
    assertThat(inert(again.hello().take(ResourceType.SETTINGS))).isTrue();
  }

  @Test
  void settings_forAnAgentThatNobodyKnows_areRefused() {
    assertThat(
            rest.send(
                    "PUT",
                    "/inmesh/v1/agents/typo/settings",
                    "application/json",
                    "{\"inert\": true}")
                .code())
        .isEqualTo(404);
  }

  private FakeAgent connect(Profile profile) throws InterruptedException {
    FakeAgent agent = new FakeAgent(server.port(), profile);
    agents.add(agent);
    agent.hello().take(ResourceType.SETTINGS);
    eventually(profile.instance(), a -> a.path("state").asText().equals("connected"));
    return agent;
  }

  private JsonNode eventually(String agent, Predicate<JsonNode> condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (true) {
      JsonNode json = rest.get("/inmesh/v1/agents/" + agent).json();
      if (condition.test(json)) {
        return json;
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("never so: " + json);
      }
    }
  }

  private static boolean synced(JsonNode agent, String type) {
    return agent.path("sync").path(type).path("state").asText().equals("SYNCED");
  }

  private void applyCanary(int percent) {
    assertThat(
            rest.apply(
                    "destinationrules",
                    "orders",
                    """
                    apiVersion: networking.istio.io/v1
                    kind: DestinationRule
                    metadata: {name: orders}
                    spec:
                      host: orders
                      subsets:
                      - {name: v1, labels: {version: v1}}
                      - {name: v2, labels: {version: v2}}
                    """)
                .code())
        .isIn(200, 201);
    assertThat(
            rest.apply(
                    "virtualservices",
                    "orders",
                    """
                    apiVersion: networking.istio.io/v1
                    kind: VirtualService
                    metadata: {name: orders}
                    spec:
                      hosts: [orders]
                      http:
                      - route:
                        - {destination: {host: orders, subset: v1}, weight: %d}
                        - {destination: {host: orders, subset: v2}, weight: %d}
                    """
                        .formatted(100 - percent, percent))
                .code())
        .isIn(200, 201);
  }

  private static List<Integer> weights(DiscoveryResponse response)
      throws InvalidProtocolBufferException {
    return RouteConfiguration.parseFrom(response.getResources(0).getValue())
        .getVirtualHosts(0)
        .getRoutes(0)
        .getRoute()
        .getWeightedClusters()
        .getClustersList()
        .stream()
        .map(WeightedCluster.ClusterWeight::getWeight)
        .map(weight -> weight.getValue())
        .toList();
  }

  private static List<Integer> endpointCounts(DiscoveryResponse response)
      throws InvalidProtocolBufferException {
    List<Integer> counts = new ArrayList<>();
    for (int i = 0; i < response.getResourcesCount(); i++) {
      ClusterLoadAssignment assignment =
          ClusterLoadAssignment.parseFrom(response.getResources(i).getValue());
      counts.add(
          assignment.getEndpointsCount() == 0
              ? 0
              : assignment.getEndpoints(0).getLbEndpointsCount());
    }
    return counts;
  }

  private static boolean inert(DiscoveryResponse response) throws InvalidProtocolBufferException {
    return AgentSettings.parseFrom(response.getResources(0).getValue()).getInert();
  }
}
