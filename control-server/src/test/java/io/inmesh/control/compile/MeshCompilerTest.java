package io.inmesh.control.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.control.compile.TestMesh.Call;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** YAML in, and what an agent that gets the bytes decides about calls. */
class MeshCompilerTest {
  private static final String CANARY =
      """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: orders}
      spec:
        hosts: [orders]
        http:
        - route:
          - {destination: {host: orders, subset: v1}, weight: 90}
          - {destination: {host: orders, subset: v2}, weight: 10}
      ---
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: orders}
      spec:
        host: orders
        subsets:
        - {name: v1, labels: {version: v1}}
        - {name: v2, labels: {version: v2}}
      """;

  @Test
  void canary_twoVersions_sharesAsWeighted() {
    TestMesh mesh =
        new TestMesh()
            .policy(CANARY)
            .agent("orders-1", "orders", 8080, 9081, "v1")
            .agent("orders-2", "orders", 8080, 9082, "v2");

    int second = 0;
    for (int i = 0; i < 10_000; i++) {
      second += mesh.decide("default", "orders:8080").equals("127.0.0.1:9082") ? 1 : 0;
    }

    assertThat(second).isBetween(900, 1100);
  }

  @Test
  void host_withoutPolicy_isUntouched() {
    TestMesh mesh = new TestMesh().agent("orders-1", "orders", 8080, 9081, "v1");

    assertThat(mesh.decide("default", "orders:8080")).isEqualTo("untouched");
  }

  @Test
  void host_allItsNames_areTheSame() {
    TestMesh mesh =
        new TestMesh()
            .policy(rule("default", "orders"))
            .agent("orders-1", "orders", 8080, 9081, "v1")
            .agent("orders-2", "orders", 80, 9081, "v1");

    for (String authority :
        new String[] {
          "orders:8080",
          "ORDERS:8080",
          "orders.default:8080",
          "orders.default.svc:8080",
          "orders.default.svc.cluster.local:8080",
          "orders.default.svc.cluster.local.:8080",
          "orders"
        }) {
      assertThat(mesh.decide("default", authority)).as(authority).isEqualTo("127.0.0.1:9081");
    }
    assertThat(mesh.decide("shop", "orders:8080")).as("another namespace").isEqualTo("untouched");
    assertThat(mesh.decide("shop", "orders.default:8080")).isEqualTo("127.0.0.1:9081");
  }

  @Test
  void agents_serve_theirPortsOnly() {
    TestMesh mesh = new TestMesh().policy(rule("default", "orders"));
    assertThat(mesh.decide("default", "orders:8081")).as("nobody serves").startsWith("503 UH");

    mesh.agent("orders-1", "orders", 8080, 9081, "v1");
    assertThat(mesh.decide("default", "orders:8080")).isEqualTo("127.0.0.1:9081");
    assertThat(mesh.decide("default", "orders:8081")).isEqualTo("untouched");
    assertThat(mesh.decide("default", "orders")).isEqualTo("untouched");
  }

  @Test
  void serviceEntry_alone_isAMeshHostOnItsPorts() {
    TestMesh mesh = new TestMesh().policy(entry("api.example.com", "10.0.0.1"));

    assertThat(mesh.decide("default", "api.example.com:8080")).isEqualTo("10.0.0.1:9000");
    assertThat(mesh.decide("default", "api.example.com:8081")).isEqualTo("untouched");
    assertThat(mesh.decide("default", "other.example.com:8080")).isEqualTo("untouched");
  }

  @Test
  void serviceEntry_wildcard_coversItsNames() {
    TestMesh mesh = new TestMesh().policy(entry("\"*.example.com\"", "10.0.0.1"));

    assertThat(mesh.decide("default", "a.b.example.com:8080")).isEqualTo("10.0.0.1:9000");
    assertThat(mesh.decide("default", "example.com:8080")).isEqualTo("untouched");
    assertThat(mesh.decide("default", ".example.com:8080")).isEqualTo("untouched");
  }

  @Test
  void serviceEntry_selectsWorkloadsAndAgentsOfItsNamespace() {
    TestMesh mesh =
        new TestMesh()
            .policy(
                """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: pay}
                spec:
                  hosts: [pay.example.com]
                  ports: [{number: 80, name: http, protocol: HTTP, targetPort: 9000}]
                  resolution: STATIC
                  location: MESH_INTERNAL
                  workloadSelector: {labels: {app: pay}}
                ---
                apiVersion: networking.istio.io/v1
                kind: WorkloadEntry
                metadata: {name: vm}
                spec: {address: 10.0.0.7, labels: {app: pay}, ports: {http: 7000}}
                ---
                apiVersion: networking.istio.io/v1
                kind: WorkloadEntry
                metadata: {name: stranger}
                spec: {address: 10.0.0.8, labels: {app: other}}
                """);

    assertThat(mesh.decide("default", "pay.example.com")).isEqualTo("10.0.0.7:7000");
  }

  @Test
  void match_rulesInOrder_firstThatHoldsDecides() {
    TestMesh mesh =
        new TestMesh()
            .policy(
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: orders}
                spec:
                  hosts: [orders]
                  http:
                  - match:
                    - {uri: {exact: /admin}, ignoreUriCase: true}
                    route: [{destination: {host: a}}]
                  - match:
                    - {headers: {x-user: {exact: tester}}, method: {exact: POST}}
                    route: [{destination: {host: b}}]
                  - match:
                    - {queryParams: {q: {regex: "[0-9]+"}}}
                    route: [{destination: {host: c}}]
                  - match:
                    - {withoutHeaders: {x-old: {}}, uri: {prefix: /new}}
                    route: [{destination: {host: d}}]
                  - match:
                    - {port: 9999}
                    route: [{destination: {host: e}}]
                """)
            .agent("a", "a", 8080, 1001, "v1")
            .agent("b", "b", 8080, 1002, "v1")
            .agent("c", "c", 8080, 1003, "v1")
            .agent("d", "d", 8080, 1004, "v1")
            .agent("e", "e", 9999, 1005, "v1");

    assertThat(mesh.decide("default", Call.get("orders:8080", "/ADMIN"))).endsWith(":1001");
    assertThat(
            mesh.decide(
                "default", new Call("orders:8080", "POST", "/", Map.of("x-user", "tester"))))
        .endsWith(":1002");
    assertThat(mesh.decide("default", Call.get("orders:8080", "/x?q=12"))).endsWith(":1003");
    assertThat(mesh.decide("default", Call.get("orders:8080", "/newer"))).endsWith(":1004");
    assertThat(
            mesh.decide("default", new Call("orders:8080", "GET", "/newer", Map.of("x-old", "1"))))
        .startsWith("404 NR");
    assertThat(mesh.decide("default", Call.get("orders:9999", "/"))).endsWith(":1005");
    assertThat(mesh.decide("default", Call.get("orders:8080", "/"))).startsWith("404 NR");
  }

  @Test
  void twoVirtualServices_onOneHost_theOldestOwnsIt() {
    TestMesh mesh =
        new TestMesh()
            .policy(route("zzz", "a"))
            .policy(route("aaa", "b"))
            .agent("a", "a", 8080, 1001, "v1")
            .agent("b", "b", 8080, 1002, "v1");

    assertThat(mesh.decide("default", "orders:8080")).endsWith(":1001");
  }

  @Test
  void subset_thatNoRuleDefines_is503AtOnce() {
    TestMesh mesh =
        new TestMesh()
            .policy(CANARY.substring(0, CANARY.indexOf("---")))
            .agent("orders-1", "orders", 8080, 9081, "v1");

    assertThat(mesh.decide("default", "orders:8080")).startsWith("503 NC");
  }

  @Test
  void subset_withoutEndpoints_is503() {
    TestMesh mesh = new TestMesh().policy(CANARY);

    assertThat(mesh.decide("default", "orders:8080")).startsWith("503 UH");
  }

  @Test
  void destination_thatNothingKnows_is503AtOnce() {
    TestMesh mesh = new TestMesh().policy(route("orders", "nobody"));

    assertThat(mesh.decide("default", "orders:8080")).startsWith("503 NC");
  }

  @Test
  void destinationPort_isTheOnlyOneOfTheService() {
    TestMesh mesh = new TestMesh().policy(route("orders", "a")).agent("a", "a", 7777, 1001, "v1");

    assertThat(mesh.decide("default", "orders:8080")).endsWith(":1001");
  }

  @Test
  void destinationRule_ofTheClientsNamespace_goesFirstEvenAsAWildcard() {
    TestMesh mesh =
        new TestMesh()
            .policy(rule("default", "orders"))
            .policy(rule("shop", "\"*.default.svc.cluster.local\""))
            .policy(CANARY.substring(0, CANARY.indexOf("---")))
            .agent("orders-1", "orders", 8080, 9081, "v1");

    // The wildcard rule of the client's namespace has no subsets v1 and v2.
    assertThat(mesh.decide("shop", "orders.default:8080")).startsWith("503 NC");
  }

  @Test
  void wildcardRule_makesNoHostOfNamesThatNobodyServes() {
    TestMesh mesh =
        new TestMesh()
            .policy(rule("default", "\"*\""))
            .agent("orders-1", "orders", 8080, 9081, "v1");

    assertThat(mesh.decide("default", "orders:8080")).isEqualTo("127.0.0.1:9081");
    assertThat(mesh.decide("default", "elsewhere.example.com:8080")).isEqualTo("untouched");
  }

  private static String route(String name, String destination) {
    return """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: %s}
        spec:
          hosts: [orders]
          http:
          - route: [{destination: {host: %s}}]
        """
        .formatted(name, destination);
  }

  private static String rule(String namespace, String host) {
    return """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: rule, namespace: %s}
        spec:
          host: %s
          trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}
        """
        .formatted(namespace, host);
  }

  private static String entry(String host, String address) {
    return """
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: entry}
        spec:
          hosts: [%s]
          ports: [{number: 8080, name: http, protocol: HTTP, targetPort: 9000}]
          resolution: STATIC
          endpoints: [{address: %s}]
        """
        .formatted(host, address);
  }
}
