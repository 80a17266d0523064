package io.inmesh.control.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.CircuitBreakers;
import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.ConnectionLimits;
import io.inmesh.engine.model.EndpointGroup;
import io.inmesh.engine.model.HashPolicy;
import io.inmesh.engine.model.LbPolicy;
import io.inmesh.engine.model.OutlierDetection;
import io.inmesh.engine.model.RouteAction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** DestinationRules in, and the cluster that an agent makes of the bytes. */
class TrafficPolicyTest {
  private static final Client CLIENT = new Client("default");
  private static final String ALL = "outbound|8080||pay.default.svc.cluster.local";

  private static final String SERVICE =
      """
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata: {name: pay}
      spec:
        hosts: [pay.default.svc.cluster.local]
        ports:
        - {number: 8080, name: http, protocol: HTTP}
        - {number: 9090, name: http-admin, protocol: HTTP}
        resolution: STATIC
        location: MESH_INTERNAL
        endpoints:
        - {address: 10.0.0.1, labels: {version: v1}, locality: eu/a}
        - {address: 10.0.0.2, weight: 3, labels: {version: v2, topology.kubernetes.io/region: us}}
      """;

  private static TestMesh mesh(String trafficPolicyAndSubsets) {
    return new TestMesh().policy(SERVICE).policy(rule("pay", "default", trafficPolicyAndSubsets));
  }

  private static String rule(String name, String namespace, String rest) {
    return """
    apiVersion: networking.istio.io/v1
    kind: DestinationRule
    metadata: {name: %s, namespace: %s}
    spec:
      host: pay.default.svc.cluster.local
    """
            .formatted(name, namespace)
        + rest.indent(2);
  }

  private static String toSubset(String subset) {
    return """
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata: {name: pay}
    spec:
      hosts: [pay]
      http:
      - route: [{destination: {host: pay, subset: %s}}]
    """
        .formatted(subset);
  }

  private static Cluster cluster(TestMesh mesh) {
    return mesh.cluster(CLIENT, "pay:8080", ALL);
  }

  private static List<HashPolicy> hashPolicies(TestMesh mesh, String authority) {
    return ((RouteAction.Forward) mesh.routes(CLIENT, authority).get(0).action()).hashPolicies();
  }

  @Test
  void cluster_withoutPolicy_hasIstiosDefaults() {
    Cluster cluster = cluster(new TestMesh().policy(SERVICE));

    assertThat(cluster.lbPolicy()).isEqualTo(LbPolicy.LEAST_REQUEST);
    assertThat(cluster.connection()).isEqualTo(ConnectionLimits.DEFAULT);
    assertThat(cluster.circuitBreakers()).isEqualTo(CircuitBreakers.UNLIMITED);
    assertThat(cluster.outlierDetection()).isNull();
    assertThat(cluster.panicThreshold()).isZero();
    assertThat(cluster.statName()).isEqualTo(ALL + ";");
    assertThat(cluster.groups()).hasSize(2).extracting(EndpointGroup::weight).containsExactly(1, 3);
  }

  @Test
  void connectionPool_everyField() {
    Cluster cluster =
        cluster(
            mesh(
                """
                trafficPolicy:
                  connectionPool:
                    tcp:
                      maxConnections: 1
                      connectTimeout: 2s
                      tcpKeepalive: {}
                      maxConnectionDuration: 3s
                      idleTimeout: 4s
                    http:
                      http1MaxPendingRequests: 5
                      http2MaxRequests: 6
                      maxRequestsPerConnection: 7
                      maxRetries: 8
                      idleTimeout: 9s
                """));

    assertThat(cluster.circuitBreakers()).isEqualTo(new CircuitBreakers(1, 5, 6, 8, null));
    assertThat(cluster.connection())
        .isEqualTo(
            new ConnectionLimits(
                Duration.ofSeconds(2), Duration.ofSeconds(9), Duration.ofSeconds(3), 7, true));
  }

  @Test
  void retryBudget_standsForMaxRetries() {
    assertThat(
            cluster(mesh("trafficPolicy: {retryBudget: {percent: 25, minRetryConcurrency: 4}}"))
                .circuitBreakers()
                .retryBudget())
        .isEqualTo(new CircuitBreakers.RetryBudget(25, 4));
  }

  @Test
  void outlierDetection_silent_hasIstiosDefaults() {
    Cluster cluster = cluster(mesh("trafficPolicy: {outlierDetection: {interval: 5s}}"));

    assertThat(cluster.outlierDetection())
        .isEqualTo(
            new OutlierDetection(
                5,
                0,
                0,
                false,
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                10,
                true));
    assertThat(cluster.panicThreshold()).isZero();
  }

  @Test
  void outlierDetection_everyField() {
    Cluster cluster =
        cluster(
            mesh(
                """
                trafficPolicy:
                  outlierDetection:
                    consecutive5xxErrors: 0
                    consecutiveGatewayErrors: 2
                    splitExternalLocalOriginErrors: true
                    consecutiveLocalOriginFailures: 3
                    interval: 1s
                    baseEjectionTime: 400s
                    maxEjectionPercent: 60
                    minHealthPercent: 30
                """));

    assertThat(cluster.outlierDetection())
        .isEqualTo(
            new OutlierDetection(
                0,
                2,
                3,
                true,
                Duration.ofSeconds(1),
                Duration.ofSeconds(400),
                Duration.ofSeconds(400),
                60,
                true));
    assertThat(cluster.panicThreshold()).isEqualTo(30);
  }

  @Test
  void loadBalancer_eachKind() {
    assertThat(lbPolicy("simple: RANDOM")).isEqualTo(new LbPolicy.Random());
    assertThat(lbPolicy("simple: PASSTHROUGH")).isEqualTo(new LbPolicy.Passthrough());
    assertThat(lbPolicy("simple: ROUND_ROBIN, warmup: {duration: 30s, minimumPercent: 20}"))
        .isEqualTo(new LbPolicy.RoundRobin(new LbPolicy.SlowStart(Duration.ofSeconds(30), 20, 1)));
    assertThat(lbPolicy("consistentHash: {useSourceIp: true}"))
        .isEqualTo(new LbPolicy.RingHash(1024, 8_388_608));
    assertThat(lbPolicy("consistentHash: {useSourceIp: true, maglev: {tableSize: 101}}"))
        .isEqualTo(new LbPolicy.Maglev(101));
  }

  private static LbPolicy lbPolicy(String loadBalancer) {
    return cluster(mesh("trafficPolicy: {loadBalancer: {" + loadBalancer + "}}")).lbPolicy();
  }

  @Test
  void consistentHash_ofTheHost_isTheRoutesKey() {
    TestMesh mesh =
        mesh("trafficPolicy: {loadBalancer: {consistentHash: {httpHeaderName: X-User}}}");

    assertThat(hashPolicies(mesh, "pay:8080")).containsExactly(new HashPolicy.Header("x-user"));
    RouteAction.Forward forward =
        (RouteAction.Forward) mesh.routes(CLIENT, "pay:8080").get(0).action();
    assertThat(forward.retryPolicy().hostSelectionAttempts())
        .as("a retry keeps to the key's endpoint")
        .isZero();
  }

  @Test
  void consistentHash_cookieWithAttributes() {
    TestMesh mesh =
        mesh(
            """
            trafficPolicy:
              loadBalancer:
                consistentHash:
                  httpCookie:
                    name: session
                    path: /p
                    ttl: 60s
                    attributes: [{name: Secure}, {name: SameSite, value: Strict}]
            """);

    assertThat(hashPolicies(mesh, "pay:8080"))
        .containsExactly(
            new HashPolicy.Cookie(
                "session", Duration.ofMinutes(1), "/p", List.of("Secure", "SameSite=Strict")));
  }

  @Test
  void portLevelSettings_replaceEverythingForThatPort() {
    TestMesh mesh =
        mesh(
            """
            trafficPolicy:
              loadBalancer: {simple: ROUND_ROBIN}
              connectionPool: {http: {maxRetries: 1}}
              portLevelSettings:
              - port: {number: 9090}
                loadBalancer: {consistentHash: {httpHeaderName: x-user}}
            """);

    Cluster admin =
        mesh.cluster(CLIENT, "pay:9090", "outbound|9090||pay.default.svc.cluster.local");
    assertThat(admin.lbPolicy()).isEqualTo(new LbPolicy.RingHash(1024, 8_388_608));
    assertThat(admin.circuitBreakers()).isEqualTo(CircuitBreakers.UNLIMITED);
    assertThat(hashPolicies(mesh, "pay:9090")).containsExactly(new HashPolicy.Header("x-user"));
    assertThat(cluster(mesh).lbPolicy()).isEqualTo(LbPolicy.ROUND_ROBIN);
    assertThat(hashPolicies(mesh, "pay:8080")).isEmpty();
  }

  @Test
  void subset_inheritsBlockByBlock() {
    TestMesh mesh =
        mesh("""
                trafficPolicy:
                  loadBalancer: {simple: ROUND_ROBIN}
                  connectionPool: {http: {maxRetries: 1}}
                subsets:
                - name: v1
                  labels: {version: v1}
                  trafficPolicy: {connectionPool: {http: {http2MaxRequests: 2}}}
                """)
            .policy(toSubset("v1"));

    Cluster subset =
        mesh.cluster(CLIENT, "pay:8080", "outbound|8080|v1|pay.default.svc.cluster.local");
    assertThat(subset.lbPolicy()).isEqualTo(LbPolicy.ROUND_ROBIN);
    assertThat(subset.circuitBreakers().maxRequests()).isEqualTo(2);
    assertThat(subset.circuitBreakers().maxRetries()).isEqualTo(0xFFFF_FFFFL);
    assertThat(subset.endpoints()).hasSize(1);
  }

  @Test
  void subsetsPortLevelHash_withoutPortInTheDestination_makesNoKey() {
    TestMesh mesh =
        mesh("""
                subsets:
                - name: v1
                  labels: {version: v1}
                  trafficPolicy:
                    portLevelSettings:
                    - port: {number: 8080}
                      loadBalancer: {consistentHash: {httpHeaderName: x-user}}
                """)
            .policy(toSubset("v1"));

    assertThat(hashPolicies(mesh, "pay:8080")).isEmpty();
    assertThat(
            mesh.cluster(CLIENT, "pay:8080", "outbound|8080|v1|pay.default.svc.cluster.local")
                .lbPolicy())
        .isEqualTo(new LbPolicy.RingHash(1024, 8_388_608));
  }

  @Test
  void rules_clientsNamespaceThenServicesThenRoot() {
    TestMesh root =
        new TestMesh().policy(SERVICE).policy(rule("r", "istio-system", balancer("RANDOM")));
    Client shop = new Client("shop");
    String authority = "pay.default:8080";

    assertThat(root.cluster(shop, authority, ALL).lbPolicy()).isEqualTo(new LbPolicy.Random());
    root.policy(rule("s", "default", balancer("ROUND_ROBIN")));
    assertThat(root.cluster(shop, authority, ALL).lbPolicy()).isEqualTo(LbPolicy.ROUND_ROBIN);
    root.policy(rule("c", "shop", balancer("LEAST_REQUEST")));
    assertThat(root.cluster(shop, authority, ALL).lbPolicy()).isEqualTo(LbPolicy.LEAST_REQUEST);
    assertThat(root.cluster(CLIENT, authority, ALL).lbPolicy()).isEqualTo(LbPolicy.ROUND_ROBIN);
  }

  private static String balancer(String simple) {
    return "trafficPolicy: {loadBalancer: {simple: " + simple + "}}";
  }

  @Test
  void exportTo_ownNamespaceOnly_isNotForOthers() {
    TestMesh mesh = mesh(balancer("RANDOM") + "\nexportTo: [\".\"]");

    assertThat(cluster(mesh).lbPolicy()).isEqualTo(new LbPolicy.Random());
    assertThat(mesh.cluster(new Client("shop"), "pay.default:8080", ALL).lbPolicy())
        .isEqualTo(LbPolicy.LEAST_REQUEST);
  }

  @Test
  void exportTo_othersOnly_isNotForTheOwnNamespace() {
    TestMesh mesh = mesh(balancer("RANDOM") + "\nexportTo: [shop]");

    assertThat(cluster(mesh).lbPolicy()).isEqualTo(LbPolicy.LEAST_REQUEST);
    assertThat(mesh.cluster(new Client("shop"), "pay.default:8080", ALL).lbPolicy())
        .isEqualTo(new LbPolicy.Random());
  }

  @Test
  void rules_exportedNotAlike_theLastCounts() {
    TestMesh mesh =
        mesh(balancer("RANDOM"))
            .policy(rule("b", "default", balancer("ROUND_ROBIN") + "\nexportTo: [\"*\"]"));

    assertThat(cluster(mesh).lbPolicy()).isEqualTo(LbPolicy.ROUND_ROBIN);
  }

  @Test
  void rules_exportedAlikeOrWider_merge() {
    TestMesh alike = mesh(balancer("RANDOM")).policy(rule("b", "default", balancer("ROUND_ROBIN")));
    TestMesh wider =
        mesh(balancer("RANDOM") + "\nexportTo: [\".\"]")
            .policy(rule("b", "default", balancer("ROUND_ROBIN") + "\nexportTo: [\".\", shop]"));

    assertThat(cluster(alike).lbPolicy()).isEqualTo(new LbPolicy.Random());
    assertThat(cluster(wider).lbPolicy()).isEqualTo(new LbPolicy.Random());
    assertThat(wider.cluster(new Client("shop"), "pay.default:8080", ALL).lbPolicy())
        .isEqualTo(LbPolicy.ROUND_ROBIN);
  }

  @Test
  void workloadSelector_isForItsCallersOnly() {
    TestMesh mesh =
        mesh(balancer("RANDOM") + "\nworkloadSelector: {matchLabels: {app: a}}")
            .policy(rule("other", "default", balancer("ROUND_ROBIN")));

    assertThat(mesh.cluster(new Client("default", Map.of("app", "a")), "pay:8080", ALL).lbPolicy())
        .isEqualTo(new LbPolicy.Random());
    assertThat(cluster(mesh).lbPolicy()).isEqualTo(LbPolicy.ROUND_ROBIN);
  }

  @Test
  void locality_nearerFirst_onlyWithOutlierDetection() {
    Client european = new Client("default", Map.of("topology.kubernetes.io/region", "eu"));
    TestMesh blind = new TestMesh().policy(SERVICE);
    TestMesh watching = mesh("trafficPolicy: {outlierDetection: {interval: 5s}}");

    assertThat(blind.cluster(european, "pay:8080", ALL).groups())
        .extracting(EndpointGroup::priority)
        .containsExactly(0, 0);
    assertThat(watching.cluster(european, "pay:8080", ALL).groups())
        .extracting(group -> group.priority() + group.locality().region())
        .containsExactly("0eu", "1us");
    assertThat(cluster(watching).groups())
        .as("a client without a place")
        .extracting(EndpointGroup::priority)
        .containsExactly(0, 0);
  }

  @Test
  void locality_oneLabelForAll_newAndOld() {
    TestMesh mesh = mesh("trafficPolicy: {outlierDetection: {interval: 5s}}");

    for (String label : List.of("topology.istio.io/locality", "istio-locality")) {
      assertThat(
              mesh.cluster(new Client("default", Map.of(label, "us/z")), "pay:8080", ALL).groups())
          .extracting(group -> group.priority() + group.locality().region())
          .containsExactly("0us", "1eu");
    }
  }

  @Test
  void locality_failoverPriority_byLabels() {
    TestMesh mesh =
        mesh(
            """
            trafficPolicy:
              outlierDetection: {interval: 5s}
              loadBalancer: {localityLbSetting: {failoverPriority: [version]}}
            """);

    assertThat(
            mesh.cluster(new Client("default", Map.of("version", "v2")), "pay:8080", ALL).groups())
        .extracting(group -> group.priority() + group.locality().region())
        .containsExactly("0us", "1eu");
  }

  @Test
  void locality_distribute_sharesByPlace() {
    TestMesh mesh =
        mesh(
            """
            trafficPolicy:
              loadBalancer: {localityLbSetting: {distribute: [{from: eu, to: {eu: 80, us: 20}}]}}
            """);
    Client european = new Client("default", Map.of("topology.kubernetes.io/region", "eu"));

    assertThat(mesh.cluster(european, "pay:8080", ALL).groups())
        .extracting(group -> group.weight() + group.locality().region())
        .containsExactly("80eu", "20us");
  }

  @Test
  void clients_withTheSameRelevantLabels_areTheSame() {
    PolicyIndex nothing = PolicyIndex.EMPTY;
    assertThat(nothing.narrowed(new Client("a", Map.of("version", "v1"))))
        .isEqualTo(new Client("a"));
  }
}
