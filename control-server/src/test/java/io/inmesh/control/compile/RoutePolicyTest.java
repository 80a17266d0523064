package io.inmesh.control.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.CorsPolicy;
import io.inmesh.engine.model.FaultPolicy;
import io.inmesh.engine.model.HeaderMatcher;
import io.inmesh.engine.model.HeaderMutations;
import io.inmesh.engine.model.Mirror;
import io.inmesh.engine.model.PathRewrite;
import io.inmesh.engine.model.Percentage;
import io.inmesh.engine.model.RetryCondition;
import io.inmesh.engine.model.RetryPolicy;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.model.RouteAction;
import io.inmesh.engine.model.StringMatcher;
import io.inmesh.engine.model.WeightedCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** VirtualServices and Sidecars in, and the routes that an agent makes of the bytes. */
class RoutePolicyTest {
  private static final Client CLIENT = new Client("default");
  private static final String ORDERS = "outbound|8080||orders.default.svc.cluster.local";

  private static final Set<RetryCondition> ISTIOS =
      Set.of(
          RetryCondition.CONNECT_FAILURE,
          RetryCondition.REFUSED_STREAM,
          RetryCondition.UNAVAILABLE,
          RetryCondition.CANCELLED);

  private static String entry(String host, String namespace) {
    return """
    apiVersion: networking.istio.io/v1
    kind: ServiceEntry
    metadata: {name: %s, namespace: %s}
    spec:
      hosts: ["%s"]
      ports:
      - {number: 80, name: http-web, protocol: HTTP}
      - {number: 8080, name: http, protocol: HTTP}
      resolution: STATIC
      location: MESH_INTERNAL
      endpoints: [{address: 10.0.0.1, labels: {version: v1}}]
    """
        .formatted(host.replaceAll("[^a-z]", ""), namespace, host);
  }

  private static TestMesh mesh() {
    return new TestMesh()
        .policy(entry("orders.default.svc.cluster.local", "default"))
        .policy(entry("audit.default.svc.cluster.local", "default"))
        .policy(entry("cart.shop.svc.cluster.local", "shop"));
  }

  /** The routes of one rule of a VirtualService on orders. */
  private static List<Route> rule(String rule) {
    return mesh().policy(service("orders", "default", "- " + rule)).routes(CLIENT, "orders:8080");
  }

  private static String service(String name, String namespace, String rules) {
    return service(name, namespace, "hosts: [orders.default.svc.cluster.local]", rules);
  }

  private static String service(String name, String namespace, String head, String rules) {
    return """
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata: {name: %s, namespace: %s}
    spec:
    """
            .formatted(name, namespace)
        + head.indent(2)
        + "  http:\n"
        + rules.indent(2);
  }

  private static RouteAction.Forward forward(Route route) {
    return (RouteAction.Forward) route.action();
  }

  private static String answer(TestMesh mesh, Client client, String authority) {
    List<Route> routes = mesh.routes(client, authority);
    if (routes.isEmpty()) {
      return "untouched";
    }
    return routes.get(0).action() instanceof RouteAction.DirectResponse response
        ? response.status() + response.body()
        : forward(routes.get(0)).clusters().get(0).cluster();
  }

  private static String says(String text) {
    return "directResponse: {status: 200, body: {string: " + text + "}}";
  }

  private static final String TO_ORDERS = "route: [{destination: {host: orders}}]";

  @Test
  void silentRule_hasIstiosDefaults() {
    RouteAction.Forward forward = forward(rule(TO_ORDERS).get(0));

    assertThat(forward)
        .isEqualTo(
            new RouteAction.Forward(
                List.of(new WeightedCluster(ORDERS, 1)),
                PathRewrite.None.INSTANCE,
                "",
                Duration.ZERO,
                Duration.ZERO,
                new RetryPolicy(ISTIOS, 2, 5),
                List.of(),
                List.of()));
    assertThat(forward(mesh().routes(CLIENT, "orders:8080").get(0)))
        .as("a service without a VirtualService")
        .isEqualTo(forward);
  }

  @Test
  void timeout_boundsGrpcsOwnToo() {
    RouteAction.Forward forward = forward(rule("{" + "timeout: 2s, " + TO_ORDERS + "}").get(0));
    assertThat(forward.timeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(forward.grpcTimeoutLimit()).isEqualTo(Duration.ofSeconds(2));
  }

  private static RetryPolicy retries(String retries) {
    List<Route> routes = rule("{retries: {" + retries + "}, " + TO_ORDERS + "}");
    assertThat(routes).hasSize(1);
    return forward(routes.get(0)).retryPolicy();
  }

  @Test
  void retries_everyField() {
    assertThat(
            retries(
                "attempts: 3, perTryTimeout: 2s, retryOn: \"5xx,503\", backoff: 100ms,"
                    + " retryIgnorePreviousHosts: false"))
        .isEqualTo(
            new RetryPolicy(
                Set.of(RetryCondition.SERVER_ERROR, RetryCondition.RETRIABLE_STATUS_CODES),
                Set.of(503),
                3,
                Duration.ofSeconds(2),
                Duration.ofMillis(100),
                Duration.ofSeconds(1),
                0));
    assertThat(retries("attempts: 1")).isEqualTo(new RetryPolicy(ISTIOS, 1, 5));
    assertThat(retries("attempts: 0")).isEqualTo(RetryPolicy.NONE);
  }

  @Test
  void perTryTimeout_withoutRetryOn_dependsOnTheMethod() {
    List<Route> routes =
        rule(
            "{match: [{uri: {prefix: /a}}], retries: {attempts: 3, perTryTimeout: 2s}, "
                + TO_ORDERS
                + "}");

    assertThat(routes).hasSize(2);
    HeaderMatcher method = routes.get(0).match().headers().get(0);
    assertThat(method.name()).isEqualTo(":method");
    assertThat(((StringMatcher.Regex) method.value()).pattern().matches("PUT")).isTrue();
    assertThat(((StringMatcher.Regex) method.value()).pattern().matches("POST")).isFalse();
    assertThat(forward(routes.get(0)).retryPolicy().conditions())
        .containsAll(ISTIOS)
        .contains(RetryCondition.GATEWAY_ERROR, RetryCondition.RESET);
    assertThat(routes.get(1).match().headers()).isEmpty();
    assertThat(forward(routes.get(1)).retryPolicy().conditions())
        .containsExactlyInAnyOrder(
            RetryCondition.CONNECT_FAILURE,
            RetryCondition.REFUSED_STREAM,
            RetryCondition.RESET_BEFORE_REQUEST,
            RetryCondition.UNAVAILABLE);
    for (Route route : routes) {
      assertThat(forward(route).retryPolicy().retries()).isEqualTo(3);
      assertThat(forward(route).retryPolicy().perTryTimeout()).isEqualTo(Duration.ofSeconds(2));
      assertThat(route.match().path()).isEqualTo(new StringMatcher.Prefix("/a", false));
    }
  }

  @Test
  void headers_oneDestination_comeAfterTheRules() {
    Route route =
        rule("""
                headers: {request: {set: {x-b: r, x-a: r}, remove: [x-gone]}}
                  route:
                  - destination: {host: orders}
                    headers:
                      request: {set: {x-a: d}, add: {x-c: d}}
                      response: {remove: [x-r]}
                """)
            .get(0);

    assertThat(route.requestHeaders())
        .isEqualTo(
            new HeaderMutations(
                List.of("x-gone"),
                List.of(
                    new HeaderMutations.Value("x-a", "r", false),
                    new HeaderMutations.Value("x-b", "r", false),
                    new HeaderMutations.Value("x-a", "d", false),
                    new HeaderMutations.Value("x-c", "d", true))));
    assertThat(route.responseHeaders()).isEqualTo(new HeaderMutations(List.of("x-r"), List.of()));
  }

  @Test
  void headers_severalDestinations_areTheirs() {
    Route route =
        rule("""
                route:
                  - {destination: {host: orders}, weight: 1, headers: {request: {set: {host: h}}}}
                  - {destination: {host: audit}, weight: 3, headers: {response: {set: {x: a}}}}
                """)
            .get(0);

    assertThat(forward(route).clusters())
        .containsExactly(
            new WeightedCluster(ORDERS, 1, HeaderMutations.NONE, HeaderMutations.NONE, "h"),
            new WeightedCluster(
                "outbound|8080||audit.default.svc.cluster.local",
                3,
                HeaderMutations.NONE,
                new HeaderMutations(List.of(), List.of(new HeaderMutations.Value("x", "a", false))),
                ""));
  }

  @Test
  void rewrite_pathAndHost() {
    RouteAction.Forward forward =
        forward(rule("{rewrite: {uri: /x, authority: other}, " + TO_ORDERS + "}").get(0));
    assertThat(forward.pathRewrite()).isEqualTo(new PathRewrite.Matched("/x"));
    assertThat(forward.hostRewrite()).isEqualTo("other");

    assertThat(
            forward(
                    rule("{rewrite: {uriRegexRewrite: {match: \"/(a)\", rewrite: '/\\1'}}, "
                            + TO_ORDERS
                            + "}")
                        .get(0))
                .pathRewrite())
        .isInstanceOfSatisfying(
            PathRewrite.Regex.class, regex -> assertThat(regex.substitution()).isEqualTo("/\\1"));
  }

  @Test
  void redirect_portsThatTheSchemeImplies_areLeftOut() {
    assertThat(rule("redirect: {uri: /x, port: 80, redirectCode: 307}").get(0).action())
        .isEqualTo(new RouteAction.Redirect(307, "", "", 0, "/x", false));
    assertThat(rule("redirect: {scheme: https, port: 80}").get(0).action())
        .isEqualTo(new RouteAction.Redirect(301, "https", "", 80, "", false));
    assertThat(rule("redirect: {authority: other, derivePort: FROM_REQUEST_PORT}").get(0).action())
        .isEqualTo(new RouteAction.Redirect(301, "", "other", 8080, "", false));
  }

  @Test
  void directResponse_largerThanEnvoysDefault() {
    String body = "x".repeat(5000);
    assertThat(rule(says(body)).get(0).action())
        .isEqualTo(new RouteAction.DirectResponse(200, body));
  }

  @Test
  void fault_delayAndAbort() {
    Route route =
        rule("{fault: {delay: {fixedDelay: 2s, percentage: {value: 12.5}}, abort: {grpcStatus:"
                + " UNAVAILABLE, percentage: {value: 100}}}, "
                + TO_ORDERS
                + "}")
            .get(0);
    assertThat(route.fault())
        .isEqualTo(
            new FaultPolicy(
                new FaultPolicy.Delay(new Percentage(125_000), Duration.ofSeconds(2)),
                new FaultPolicy.Abort(Percentage.ALL, 0, 14)));
  }

  @Test
  void cors_listsAreJoined() {
    Route route =
        rule("{corsPolicy: {allowOrigins: [{exact: a}], allowMethods: [GET, POST], maxAge: 60s,"
                + " allowCredentials: true}, "
                + TO_ORDERS
                + "}")
            .get(0);
    assertThat(route.cors())
        .isEqualTo(
            new CorsPolicy(
                List.of(new StringMatcher.Exact("a", false)),
                "GET,POST",
                null,
                null,
                "60",
                true,
                true));
  }

  @Test
  void mirrors_withShare() {
    assertThat(
            forward(
                    rule("{mirrors: [{destination: {host: audit}, percentage: {value: 50}}], "
                            + TO_ORDERS
                            + "}")
                        .get(0))
                .mirrors())
        .containsExactly(
            new Mirror("outbound|8080||audit.default.svc.cluster.local", new Percentage(500_000)));
  }

  @Test
  void matches_onTheClientAndThePort_areDecidedHere() {
    TestMesh mesh =
        mesh()
            .policy(
                service(
                    "orders",
                    "default",
                    "- {match: [{sourceLabels: {app: a}}], "
                        + says("labels")
                        + "}\n- {match: [{sourceNamespace: shop}], "
                        + says("namespace")
                        + "}\n- {match: [{port: 80}], "
                        + says("port")
                        + "}\n- "
                        + says("rest")));
    String authority = "orders.default:8080";

    assertThat(answer(mesh, new Client("default", Map.of("app", "a")), authority))
        .isEqualTo("200labels");
    assertThat(answer(mesh, new Client("shop"), authority)).isEqualTo("200namespace");
    assertThat(answer(mesh, CLIENT, "orders.default:80")).isEqualTo("200port");
    assertThat(answer(mesh, CLIENT, authority)).isEqualTo("200rest");
  }

  @Test
  void match_gatewaysNamed_theSourceIsNotLookedAt() {
    TestMesh mesh =
        mesh()
            .policy(
                service(
                    "orders",
                    "default",
                    "- {match: [{gateways: [mesh], sourceLabels: {app: other}, sourceNamespace: shop}], "
                        + says("mesh")
                        + "}\n- "
                        + says("rest")));

    assertThat(answer(mesh, CLIENT, "orders:8080")).isEqualTo("200mesh");
  }

  @Test
  void severalServicesOnAHost_theMorePrivateGoesFirst() {
    TestMesh mesh =
        mesh()
            .policy(service("a", "default", "- " + says("public")))
            .policy(
                service(
                    "b",
                    "shop",
                    "hosts: [orders.default.svc.cluster.local]\nexportTo: [default]",
                    "- " + says("exported")));

    assertThat(answer(mesh, CLIENT, "orders:8080")).isEqualTo("200exported");
    mesh.policy(
        service(
            "c",
            "default",
            "hosts: [orders.default.svc.cluster.local]\nexportTo: [\".\"]",
            "- " + says("private")));
    assertThat(answer(mesh, CLIENT, "orders:8080")).isEqualTo("200private");
    assertThat(answer(mesh, new Client("shop"), "orders.default:8080")).isEqualTo("200public");
  }

  @Test
  void severalServicesOnAHost_theFirstThatHasRulesForTheClientOwnsIt() {
    TestMesh mesh =
        mesh()
            .policy(
                service(
                    "a",
                    "default",
                    "- {match: [{sourceNamespace: shop, uri: {prefix: /a}}], " + says("a") + "}"))
            .policy(service("b", "default", "- " + says("b")))
            .policy(service("c", "default", "- " + says("c")));

    assertThat(answer(mesh, CLIENT, "orders:8080")).isEqualTo("200b");
    assertThat(answer(mesh, new Client("shop"), "orders.default:8080")).isEqualTo("200a");
    assertThat(mesh.routes(new Client("shop"), "orders.default:8080")).hasSize(1);
  }

  @Test
  void exportTo_decidesWhoSeesAService() {
    TestMesh mesh =
        mesh()
            .policy(
                service(
                    "orders",
                    "default",
                    "hosts: [orders.default.svc.cluster.local]\nexportTo: [shop]",
                    "- " + says("shops")));

    assertThat(answer(mesh, new Client("shop"), "orders.default:8080")).isEqualTo("200shops");
    assertThat(answer(mesh, CLIENT, "orders:8080")).isEqualTo(ORDERS);
  }

  @Test
  void delegate_mergesAndDropsWhatContradicts() {
    TestMesh mesh =
        mesh()
            .policy(
                service(
                    "orders",
                    "default",
                    "- {name: root, match: [{uri: {prefix: /api}}], timeout: 1s, delegate: {name:"
                        + " child, namespace: shop}}\n- {match: [{uri: {prefix: /gone}}],"
                        + " delegate: {name: missing}}\n- "
                        + says("rest")))
            .policy(
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: child, namespace: shop}
                spec:
                  http:
                  - match: [{uri: {prefix: /other}}]
                    route: [{destination: {host: cart}}]
                  - name: inner
                    match: [{uri: {exact: /api/x}, method: {exact: GET}}]
                    route: [{destination: {host: cart}}]
                """);

    List<Route> routes = mesh.routes(CLIENT, "orders:8080");

    assertThat(routes).hasSize(2);
    assertThat(routes.get(0).match().path()).isEqualTo(new StringMatcher.Exact("/api/x", false));
    assertThat(routes.get(0).name()).isEqualTo("root-inner");
    assertThat(forward(routes.get(0)).timeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(forward(routes.get(0)).clusters())
        .as("the delegate's short names are its namespace's")
        .containsExactly(new WeightedCluster("outbound|8080||cart.shop.svc.cluster.local", 1));
    assertThat(routes.get(1).action()).isEqualTo(new RouteAction.DirectResponse(200, "rest"));
  }

  @Test
  void hostWithoutAService_isServedOnPort80() {
    TestMesh mesh =
        mesh()
            .policy(service("s", "default", "hosts: [store.example.net]", "- " + says("s")))
            .policy(service("w", "default", "hosts: [\"*.example.org\"]", "- " + says("w")));

    assertThat(answer(mesh, CLIENT, "store.example.net")).isEqualTo("200s");
    assertThat(answer(mesh, CLIENT, "store.example.net:8080")).isEqualTo("untouched");
    assertThat(answer(mesh, CLIENT, "a.b.example.org")).isEqualTo("200w");
    assertThat(answer(mesh, CLIENT, "example.org")).isEqualTo("untouched");
  }

  @Test
  void hostWithoutAService_besideOneOfAService_isServedOnItsPorts() {
    TestMesh mesh =
        mesh()
            .policy(entry("*.wild.example.com", "default"))
            .policy(
                service(
                    "s",
                    "default",
                    "hosts: [orders.default.svc.cluster.local, store.example.net, \"*.example.org\","
                        + " a.wild.example.com]",
                    "- " + says("s")));

    assertThat(answer(mesh, CLIENT, "store.example.net:8080")).isEqualTo("200s");
    assertThat(answer(mesh, CLIENT, "x.example.org:8080")).isEqualTo("200s");
    assertThat(answer(mesh, CLIENT, "a.wild.example.com:8080")).isEqualTo("200s");
    assertThat(answer(mesh, CLIENT, "store.example.net:9090")).isEqualTo("untouched");
  }

  @Test
  void nameUnderAWildcardService_hasItsOwnRulesOnPort80Only() {
    TestMesh mesh =
        new TestMesh()
            .policy(entry("*.wild.example.com", "default"))
            .policy(service("a", "default", "hosts: [a.wild.example.com]", "- " + says("a")))
            .policy(service("b", "default", "hosts: [\"*.example.com\"]", "- " + says("b")));

    assertThat(answer(mesh, CLIENT, "a.wild.example.com:80")).isEqualTo("200a");
    assertThat(answer(mesh, CLIENT, "a.wild.example.com:8080")).isEqualTo("200b");
    assertThat(answer(mesh, CLIENT, "q.example.com:80")).as("no service").isEqualTo("untouched");
  }

  @Test
  void destination_thatNothingKnows_hasNoCluster() {
    TestMesh mesh =
        mesh().policy(service("o", "default", "- route: [{destination: {host: nobody}}]"));

    assertThat(mesh.decide("default", "orders:8080")).startsWith("503 NC");
  }

  @Test
  void sidecar_hidesAndRefuses() {
    TestMesh mesh =
        mesh()
            .policy(
                """
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: strict, namespace: default}
                spec:
                  workloadSelector: {labels: {app: strict}}
                  outboundTrafficPolicy: {mode: REGISTRY_ONLY}
                  egress: [{hosts: ["./orders.default.svc.cluster.local"]}]
                ---
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: default, namespace: default}
                spec:
                  egress: [{hosts: ["shop/*"]}]
                """);
    Client strict = new Client("default", Map.of("app", "strict"));

    assertThat(answer(mesh, strict, "orders:8080")).isEqualTo(ORDERS);
    assertThat(answer(mesh, strict, "cart.shop:8080")).isEqualTo("502");
    assertThat(answer(mesh, strict, "example.com")).isEqualTo("502");
    assertThat(answer(mesh, CLIENT, "orders:8080")).isEqualTo("untouched");
    assertThat(answer(mesh, CLIENT, "cart.shop:8080")).startsWith("outbound|");
    assertThat(answer(mesh, new Client("shop"), "orders.default:8080")).isEqualTo(ORDERS);
  }
}
