package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code meshctl route explain}, of policy and of a live agent, and that calls do what it says. */
class RouteExplainTest {
  private static final String ORDERS = "http://orders:8080/";

  private static final String POLICY =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata:
        name: orders
      spec:
        host: orders
        trafficPolicy:
          loadBalancer: {simple: ROUND_ROBIN}
          connectionPool: {http: {http2MaxRequests: 50}}
          outlierDetection:
            consecutive5xxErrors: 5
            interval: 60s
            baseEjectionTime: 600s
        subsets:
          - name: v1
            labels: {version: v1}
          - name: v2
            labels: {version: v2}
      ---
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata:
        name: orders
      spec:
        hosts: [orders]
        http:
          - name: testers
            match: [{headers: {end-user: {exact: jason}}}]
            route: [{destination: {host: orders, subset: v2}}]
          - name: canary
            route:
              - {destination: {host: orders, subset: v1}, weight: 90}
              - {destination: {host: orders, subset: v2}, weight: 10}
      """;

  private static ControlServer control;

  @BeforeAll
  static void startControlServer(@TempDir Path data) {
    control = new ControlServer(data);
  }

  @AfterAll
  static void stopControlServer() {
    control.close();
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void canary_isExplainedFromPolicyAndByTheAgent(Jdk jdk, @TempDir Path folder) {
    try (Mesh mesh = new Mesh(control, jdk, folder)) {
      mesh.instance("one", "orders", "v1");
      Mesh.Member sick = mesh.instance("sick", "orders", "v1");
      mesh.instance("two", "orders", "v2");
      mesh.awaitEndpoints("orders", 3);
      mesh.apply(POLICY);
      Jvm caller = mesh.caller(Map.of("service", "shop", "labels", "version=v1"));
      mesh.agentOf(caller);

      fromPolicy(mesh);
      byTheAgent(mesh, caller, sick);
      assertThat(caller.stderr()).isEmpty();
    }
  }

  private static void fromPolicy(Mesh mesh) {
    String text = explain(mesh, "--from", "shop");
    assertThat(text.lines().findFirst().orElse(""))
        .isEqualTo(
            "GET http://orders:8080/ from shop."
                + mesh.namespace()
                + " \u2192 orders subset v1 (90 %) or v2 (10 %), by VirtualService "
                + mesh.namespace()
                + "/orders rule http[1] (canary)");
    assertThat(text)
        .contains(
            "http[0] (testers): no, headers[\"end-user\"]: exact \"jason\", the request has none");
    JsonNode jason = json(explain(mesh, "--from", "shop", "-H", "End-User: jason", "-o", "json"));
    assertThat(jason.at("/explanations/0/route/name").asText()).isEqualTo("testers");
    assertThat(jason.at("/explanations/0/destinations")).hasSize(1);
  }

  private static void byTheAgent(Mesh mesh, Jvm caller, Mesh.Member sick) {
    String agent = mesh.agentOf(caller).path("name").asText();
    assertThat(explain(mesh, "--agent", agent))
        .contains("Note: the application has not called this host yet");

    assertThat(caller.ask("calls 1 " + ORDERS + " end-user=jason")).contains("answers={two=1}");
    sick.jvm().ask("fail 503");
    caller.ask("calls 200 " + ORDERS);
    assertThat(sick.count()).endsWith("requests=5");

    JsonNode live = json(explain(mesh, "--agent", agent, "-o", "json")).at("/explanations/0");
    assertThat(live.path("source").asText()).isEqualTo("agent");
    assertThat(live.path("verdict").asText())
        .contains("orders subset v1 (90 %, 1 of 2 endpoints ejected) or v2 (10 %)");
    JsonNode v1 = live.at("/destinations/0");
    assertThat(v1.at("/limits/maxRequests").asInt()).isEqualTo(50);
    assertThat(v1.at("/inUse/requests").asInt()).isZero();
    JsonNode ejected = endpoint(v1, sick.port());
    assertThat(ejected.path("health").asText()).isEqualTo("ejected");
    assertThat(ejected.path("ejections").asInt()).isEqualTo(1);
    assertThat(ejected.path("ejectedFor").asText()).matches("(9|10|11)m.*");
    assertThat(ejected.path("source").asText()).startsWith("agent/orders-");
    assertThat(v1.at("/endpoints").findValuesAsText("health"))
        .containsExactlyInAnyOrder("healthy", "ejected");
    assertThat(explain(mesh, "--agent", agent)).contains("ejected, back in ");

    // Policy knows nothing of it.
    assertThat(explain(mesh, "--from", "shop")).doesNotContain("ejected,");
    Jvm.Result unknown = meshctl(mesh, "--agent", agent + "x");
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.stderr()).contains("did you mean \"" + agent + "\"?");
  }

  private static JsonNode endpoint(JsonNode destination, int port) {
    for (JsonNode each : destination.path("endpoints")) {
      if (each.path("port").asInt() == port) {
        return each;
      }
    }
    throw new AssertionError("no endpoint on " + port + ": " + destination);
  }

  private static String explain(Mesh mesh, String... options) {
    Jvm.Result result = meshctl(mesh, options);
    assertThat(result.exitCode()).as(result.toString()).isZero();
    return result.stdout();
  }

  private static Jvm.Result meshctl(Mesh mesh, String... options) {
    List<String> words =
        new ArrayList<>(List.of("route", "explain", "GET", ORDERS, "-n", mesh.namespace()));
    words.addAll(List.of(options));
    return control.meshctl(words.toArray(String[]::new));
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
