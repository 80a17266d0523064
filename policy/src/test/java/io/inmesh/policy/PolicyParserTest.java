package io.inmesh.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.policy.LoadBalancer.Simple;
import io.inmesh.policy.ServiceEntry.Location;
import io.inmesh.policy.StringMatch.Exact;
import io.inmesh.policy.StringMatch.Prefix;
import io.inmesh.policy.StringMatch.Present;
import io.inmesh.policy.StringMatch.Regex;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolicyParserTest {

  private static final String CANARY =
      """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata:
        name: orders
        namespace: shop
        labels: {team: a}
      spec:
        hosts: [orders]
        http:
        - name: beta
          match:
          - uri: {prefix: /orders}
            method: {exact: GET}
            headers:
              X-Beta: {}
              cookie: {regex: ".*beta=1.*"}
            withoutHeaders: {x-internal: {exact: "1"}}
            queryParams: {q: {prefix: a}}
            scheme: {exact: http}
            authority: {exact: orders}
            ignoreUriCase: true
            port: 8080
            gateways: [mesh]
          route:
          - destination: {host: orders, subset: v2, port: {number: 8081}}
        - route:
          - destination: {host: orders, subset: v1}
            weight: 90
          - destination: {host: orders, subset: v2}
            weight: 10
      """;

  @Test
  void parse_virtualService_readsEveryField() {
    PolicyResource resource = single(CANARY);
    assertThat(resource.kind()).isEqualTo(Kind.VIRTUAL_SERVICE);
    assertThat(resource.apiVersion()).isEqualTo("networking.istio.io/v1");
    assertThat(resource.displayName()).isEqualTo("VirtualService/orders");
    assertThat(resource.metadata().name()).isEqualTo("orders");
    assertThat(resource.metadata().namespaceOr("default")).isEqualTo("shop");
    assertThat(resource.metadata().labels()).containsExactly(Map.entry("team", "a"));
    HttpMatch match =
        new HttpMatch(
            "",
            new Prefix("/orders"),
            true,
            new Exact("GET"),
            new Exact("http"),
            new Exact("orders"),
            Map.of("x-beta", new Present(), "cookie", new Regex(".*beta=1.*")),
            Map.of("x-internal", new Exact("1")),
            Map.of("q", new Prefix("a")),
            8080,
            Map.of(),
            "",
            List.of("mesh"),
            "");
    assertThat(resource.spec())
        .isEqualTo(
            new VirtualService(
                List.of("orders"),
                List.of("mesh"),
                List.of(
                    new HttpRoute(
                        "beta",
                        List.of(match),
                        List.of(new RouteDestination(new Destination("orders", "v2", 8081), 0))),
                    new HttpRoute(
                        "",
                        List.of(),
                        List.of(
                            new RouteDestination(new Destination("orders", "v1", 0), 90),
                            new RouteDestination(new Destination("orders", "v2", 0), 10))))));
  }

  @Test
  void parse_destinationRule_readsEveryField() {
    assertThat(
            single(
                    """
                    apiVersion: networking.istio.io/v1beta1
                    kind: DestinationRule
                    metadata: {name: orders}
                    spec:
                      host: orders
                      exportTo: ["*"]
                      trafficPolicy:
                        loadBalancer: {simple: ROUND_ROBIN}
                        connectionPool: {tcp: {connectTimeout: 1m0.5s}}
                      subsets:
                      - name: v1
                        labels: {version: v1}
                      - name: v2
                        labels: {version: v2}
                        trafficPolicy:
                          loadBalancer: {simple: LEAST_CONN}
                          connectionPool: {tcp: {}}
                      - name: all
                        trafficPolicy: {loadBalancer: {}}
                    """)
                .spec())
        .isEqualTo(
            new DestinationRule(
                "orders",
                new TrafficPolicy(
                    new LoadBalancer(Simple.ROUND_ROBIN),
                    new ConnectionPool(
                        new ConnectionPool.Tcp(0, Duration.ofMillis(60_500), false, null, null),
                        ConnectionPool.Http.DEFAULT),
                    null,
                    null,
                    Map.of()),
                List.of(
                    new Subset("v1", Map.of("version", "v1")),
                    new Subset(
                        "v2",
                        Map.of("version", "v2"),
                        new TrafficPolicy(
                            new LoadBalancer(Simple.LEAST_REQUEST),
                            new ConnectionPool(
                                ConnectionPool.Tcp.DEFAULT, ConnectionPool.Http.DEFAULT),
                            null,
                            null,
                            Map.of())),
                    new Subset(
                        "all",
                        Map.of(),
                        new TrafficPolicy(
                            new LoadBalancer(Simple.LEAST_REQUEST), null, null, null, Map.of()))),
                List.of("*"),
                Map.of()));
  }

  @Test
  void parse_serviceEntry_readsEveryField() {
    ParsedPolicies parsed =
        PolicyParser.parse(
            "f",
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: orders}
            spec:
              hosts: [orders.default.svc.cluster.local]
              addresses: [240.0.0.1, "2001:db8::/32"]
              location: MESH_INTERNAL
              resolution: STATIC
              ports:
              - {number: 8080, name: http, protocol: http, targetPort: 9080}
              - {number: 9090, name: admin}
              endpoints:
              - {address: 127.0.0.1, ports: {http: 9081}, labels: {version: v1}, weight: 3}
              - {address: "::1", weight: 0}
            """);
    assertThat(parsed.errors()).isEmpty();
    assertThat(parsed.warnings())
        .singleElement()
        .satisfies(warning -> assertThat(warning.path()).isEqualTo("spec.addresses[0]"));
    assertThat(parsed.resources().get(0).spec())
        .isEqualTo(
            new ServiceEntry(
                List.of("orders.default.svc.cluster.local"),
                List.of(
                    new ServicePort(8080, "http", "HTTP", 9080),
                    new ServicePort(9090, "admin", "", 9090)),
                ServiceEntry.Resolution.STATIC,
                Location.MESH_INTERNAL,
                List.of(
                    new WorkloadEntry(
                        "127.0.0.1", Map.of("http", 9081), Map.of("version", "v1"), 3),
                    new WorkloadEntry("::1", Map.of(), Map.of(), 1)),
                null));
  }

  @Test
  void parse_serviceEntryWithSelector_keepsItsLabels() {
    PolicySpec spec =
        single(
                """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: orders}
                spec:
                  hosts: [orders.example.com]
                  resolution: STATIC
                  ports: [{number: 80, name: http, protocol: HTTP2}]
                  workloadSelector: {labels: {app: orders}}
                """)
            .spec();
    assertThat(spec)
        .isInstanceOfSatisfying(
            ServiceEntry.class,
            entry -> {
              assertThat(entry.workloadSelector()).containsExactly(Map.entry("app", "orders"));
              assertThat(entry.location()).isEqualTo(Location.MESH_EXTERNAL);
            });
  }

  @Test
  void parse_shortHostOfServiceEntry_warnsThatItIsNotCompleted() {
    ParsedPolicies parsed =
        PolicyParser.parse(
            "f",
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: orders}
            spec:
              hosts: [orders]
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP}]
            """);
    assertThat(parsed.hasErrors()).isFalse();
    assertThat(parsed.warnings())
        .singleElement()
        .satisfies(
            warning ->
                assertThat(warning.message()).contains("orders.NAMESPACE.svc.cluster.local"));
  }

  @Test
  void parse_json_withTabsAndEscapes_isReadAsYaml() {
    PolicyResource resource =
        single(
            "{\n\t\"apiVersion\": \"networking.istio.io/v1\",\t\"kind\": \"WorkloadEntry\",\n"
                + "\t\"metadata\": {\"name\": \"a\", \"annotations\": {\"note\": "
                + "\"\\u00e4 \\ud83d\\ude00 \\/ \\t\"}},\n"
                + "\t\"spec\": {\"address\": \"127.0.0.1\"}\n}\n");
    assertThat(resource.metadata().annotations())
        .containsExactly(Map.entry("note", "ä \uD83D\uDE00 / \t"));
  }

  @Test
  void parse_byteOrderMarkAndCarriageReturns_makeNoDifference() {
    byte[] bytes = ("\uFEFF" + CANARY.replace("\n", "\r\n")).getBytes(StandardCharsets.UTF_8);
    ParsedPolicies parsed = PolicyParser.parse("f", bytes);
    assertThat(parsed.problems()).isEmpty();
    assertThat(parsed.resources()).isEqualTo(PolicyParser.parse("f", CANARY).resources());
  }

  @Test
  void parse_emptyDocuments_areSkipped() {
    ParsedPolicies parsed =
        PolicyParser.parse("f", "---\n# nothing\n---\n" + CANARY + "---\n---\nnull\n...\n");
    assertThat(parsed.problems()).isEmpty();
    assertThat(parsed.resources()).hasSize(1);
  }

  @Test
  void parse_errorInOneDocument_leavesTheOthers() {
    ParsedPolicies parsed =
        PolicyParser.parse("f", CANARY + "---\na: [\n---\n" + CANARY.replace("orders", "users"));
    assertThat(parsed.resources())
        .extracting(PolicyResource::displayName)
        .containsExactly("VirtualService/orders", "VirtualService/users");
    assertThat(parsed.errors())
        .singleElement()
        .satisfies(problem -> assertThat(problem.line()).isEqualTo(33));
  }

  @Test
  void parse_list_readsItsItems() {
    String item =
        "{apiVersion: networking.istio.io/v1, kind: WorkloadEntry, metadata: {name: NAME}, spec:"
            + " {address: 127.0.0.1}}";
    for (String kind : List.of("List", "WorkloadEntryList")) {
      ParsedPolicies parsed =
          PolicyParser.parse(
              "f",
              "apiVersion: v1\nkind: "
                  + kind
                  + "\nmetadata: {resourceVersion: \"7\"}\nitems:\n- "
                  + item.replace("NAME", "a")
                  + "\n- "
                  + item.replace("NAME", "b")
                  + "\n");
      assertThat(parsed.problems()).isEmpty();
      assertThat(parsed.resources())
          .extracting(resource -> resource.metadata().name())
          .containsExactly("a", "b");
    }
  }

  @Test
  void parse_emptyNamespace_isNone() {
    PolicyResource resource = single(CANARY.replace("namespace: shop", "namespace: \"\""));
    assertThat(resource.metadata().namespace()).isNull();
    assertThat(resource.metadata().namespaceOr("default")).isEqualTo("default");
  }

  @Test
  void parse_sameResourceTwice_warns() {
    ParsedPolicies parsed = PolicyParser.parse("f", CANARY + "---\n" + CANARY);
    assertThat(parsed.resources()).hasSize(2);
    assertThat(parsed.warnings())
        .singleElement()
        .satisfies(warning -> assertThat(warning.message()).contains("the last one counts"));
  }

  @Test
  void parse_whatTheServerServes_isReadBack() {
    PolicyResource resource =
        single(
            """
            apiVersion: networking.istio.io/v1
            kind: WorkloadEntry
            metadata:
              name: a
              namespace: default
              resourceVersion: "12"
              uid: 1b4e28ba-2fa1-11d2-883f-0016d3cca427
              generation: 3
              creationTimestamp: "2026-11-24T10:00:00Z"
              managedFields: [{manager: meshctl, fieldsV1: {"f:spec": {}}}]
            spec: {address: 127.0.0.1}
            status: {conditions: [{type: Ready}]}
            """);
    ResourceMetadata metadata = resource.metadata();
    assertThat(metadata.resourceVersion()).isEqualTo("12");
    assertThat(metadata.uid()).startsWith("1b4e28ba");
    assertThat(metadata.generation()).isEqualTo(3);
    assertThat(metadata.creationTimestamp()).isEqualTo(Instant.parse("2026-11-24T10:00:00Z"));
    assertThat(resource.json().toString())
        .startsWith("{\"apiVersion\":\"networking.istio.io/v1\",\"kind\":\"WorkloadEntry\"")
        .contains("\"generation\":3", "\"spec\":{\"address\":\"127.0.0.1\"}")
        .doesNotContain("status");
    assertThat(single(resource.json().toString()).json()).isEqualTo(resource.json());
  }

  @Test
  void parse_aliases_areWrittenOut() {
    PolicyResource resource =
        single(
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: orders}
            spec:
              hosts: [orders]
              http:
              - match: [{uri: {prefix: /a}}]
                route: &all [{destination: {host: orders}}]
              - route: *all
            """);
    assertThat(resource.spec())
        .isInstanceOfSatisfying(
            VirtualService.class,
            service ->
                assertThat(service.http().get(1).route()).isEqualTo(service.http().get(0).route()));
    assertThat(resource.json().at("/spec/http/1/route/0/destination/host").asText())
        .isEqualTo("orders");
  }

  @Test
  void parse_resourceJson_isTheCallersOwn() {
    PolicyResource resource = single(CANARY);
    resource.json().removeAll();
    assertThat(resource.json().has("spec")).isTrue();
  }

  @Test
  void parse_ruleThatIsNeverReached_warns() {
    ParsedPolicies parsed =
        PolicyParser.parse(
            "f",
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: orders}
            spec:
              hosts: [orders]
              http:
              - match: [{uri: {prefix: /a}}, {uri: {exact: /b}}]
                route: [{destination: {host: orders}}]
              - name: longer
                match: [{uri: {prefix: /a/b}}, {uri: {exact: /b}}]
                route: [{destination: {host: orders}}]
              - match: [{uri: {prefix: /a}, headers: {x-a: {}}}, {uri: {prefix: /c}}]
                route: [{destination: {host: orders}}]
              - name: all
                route: [{destination: {host: orders}}]
              - match: [{uri: {prefix: /d}}]
                route: [{destination: {host: orders}}]
            """);
    assertThat(parsed.errors()).isEmpty();
    assertThat(parsed.warnings())
        .extracting(PolicyProblem::path)
        .containsExactly("spec.http[1]", "spec.http[2].match[0]", "spec.http[4]");
    assertThat(parsed.warnings().get(2).message()).contains("rule \"all\"");
  }

  private static PolicyResource single(String text) {
    ParsedPolicies parsed = PolicyParser.parse("f", text);
    assertThat(parsed.problems()).isEmpty();
    assertThat(parsed.resources()).hasSize(1);
    return parsed.resources().get(0);
  }
}
