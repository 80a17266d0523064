package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The story that Inmesh exists for: policy applied by {@code meshctl}, obeyed by an unmodified
 * program that calls {@code http://orders:8080/}.
 */
class CanaryTest {
  private static final String ORDERS = "http://orders:8080/";

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
  void weights_tenThousandCalls_areKept(Jdk jdk, @TempDir Path folder) {
    try (Mesh mesh = new Mesh(control, jdk, folder)) {
      Mesh.Member v1 = mesh.instance("one", "orders", "v1");
      Mesh.Member v2 = mesh.instance("two", "orders", "v2");
      mesh.awaitEndpoints("orders", 2);
      mesh.apply(Policies.canary(90, 10));
      Jvm caller = mesh.caller();

      String answer = caller.ask("calls 10000 " + ORDERS);
      System.out.println(jdk + ", weights 90/10: " + answer);
      assertThat(answer).contains("failed=0");
      double share = count(answer, "two") / 10_000.0;
      if (Math.abs(share - 0.1) > 0.01) {
        // One run in a thousand is out of these bounds by chance; two in a row are a fault.
        share = count(caller.ask("calls 10000 " + ORDERS), "two") / 10_000.0;
      }
      assertThat(share).isBetween(0.09, 0.11);

      // The endpoint is chosen before the JDK looks for a connection: one is kept for each.
      assertThat(v1.count()).startsWith("connections=1 ");
      assertThat(v2.count()).startsWith("connections=1 ");
      assertThat(caller.stderr()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void weights_changedUnderTraffic_reachTheClientWithoutAFailedCall(Jdk jdk, @TempDir Path folder) {
    try (Mesh mesh = new Mesh(control, jdk, folder)) {
      mesh.instance("one", "orders", "v1");
      mesh.instance("two", "orders", "v2");
      mesh.awaitEndpoints("orders", 2);
      mesh.apply(Policies.canary(100, 0));
      Jvm caller = mesh.caller();
      assertThat(caller.ask("calls 1 " + ORDERS)).contains("answers={one=1}");
      caller.ask("traffic " + ORDERS);
      for (int round = 0; round < 3; round++) {
        long before = System.currentTimeMillis();
        mesh.apply(Policies.weights(0, 100));
        report(jdk, before, caller.ask("watch two"));
        before = System.currentTimeMillis();
        mesh.apply(Policies.weights(100, 0));
        report(jdk, before, caller.ask("watch one"));
      }
      assertThat(caller.ask("stop")).contains("failed=0");
      assertThat(caller.stderr()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void application_seesItsOwnUrlAndTheServiceItsOwnHost(Jdk jdk, @TempDir Path folder) {
    try (Mesh mesh = new Mesh(control, jdk, folder)) {
      Mesh.Member plain = mesh.plainInstance("plain");
      mesh.instance("one", "orders", "v1");
      mesh.awaitEndpoints("orders", 1);
      mesh.apply(Policies.canary(100, 0));
      Jvm caller = mesh.caller();
      String direct = "http://127.0.0.1:" + plain.port() + "/echo/a?b=c";
      for (String method : new String[] {"GET", "POST", "PUT", "DELETE", "HEAD"}) {
        String seen = caller.ask("see " + method + " " + ORDERS + "echo/a?b=c X-Own=1");
        String bare = mesh.bareCaller().ask("see " + method + " " + direct + " X-Own=1");
        // Everything is as it would be had a plain server answered at that address, but for the one
        // header that Istio has Envoy add.
        String unnumbered = seen.replace("|x-envoy-attempt-count: 1|", "|");
        assertThat(unnumbered.equals(seen)).isEqualTo(method.equals("HEAD"));
        assertThat(unnumbered.replaceAll("length=\\[\\d+]|Length=\\[\\d+]", "length"))
            .isEqualTo(
                bare.replace("127.0.0.1:" + plain.port(), "orders:8080")
                    .replace("X-Instance=[plain]", "X-Instance=[one]")
                    .replace("body=plain", "body=one")
                    .replaceAll("length=\\[\\d+]|Length=\\[\\d+]", "length"));
      }
      assertThat(caller.ask("direct " + ORDERS)).startsWith("status=200").endsWith("body=one");
      assertThat(caller.stderr()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void routes_matchHeadersAndPaths(Jdk jdk, @TempDir Path folder) {
    try (Mesh mesh = new Mesh(control, jdk, folder)) {
      mesh.instance("one", "orders", "v1");
      mesh.instance("two", "orders", "v2");
      mesh.awaitEndpoints("orders", 2);
      mesh.apply(Policies.SUBSETS + "---\n" + Policies.BY_HEADER);
      Jvm caller = mesh.caller();
      assertThat(caller.ask("calls 50 " + ORDERS + "orders/7")).contains("answers={one=50}");
      assertThat(caller.ask("calls 50 " + ORDERS + "orders/7 x-canary=yes"))
          .contains("answers={two=50}");
      assertThat(caller.ask("calls 50 " + ORDERS + "orders/7 X-Canary=no"))
          .contains("answers={one=50}");
      assertThat(caller.ask("see GET " + ORDERS + "unknown")).startsWith("status=404");
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void policy_wrongForAWhile_recoversWithTheRightOne(Jdk jdk, @TempDir Path folder) {
    try (Mesh mesh = new Mesh(control, jdk, folder)) {
      mesh.instance("one", "orders", "v1");
      mesh.awaitEndpoints("orders", 1);
      mesh.apply(Policies.canary(100, 0));
      Jvm caller = mesh.caller();
      for (int i = 0; i < 5; i++) {
        Poll.until("right", () -> caller.ask("see GET " + ORDERS), s -> s.endsWith("body=one"));
        mesh.apply(Policies.weights(100, 0).replace("host: orders,", "host: ordres,"));
        Poll.until(
            "wrong",
            () -> caller.ask("see GET " + ORDERS),
            s -> s.startsWith("status=503") && s.contains("cluster_not_found"));
        mesh.apply(Policies.weights(100, 0));
      }
      Poll.until("right", () -> caller.ask("see GET " + ORDERS), s -> s.endsWith("body=one"));
      Poll.until(
          "its hook is told to be active",
          () -> mesh.agentOf(caller).path("hooks").findValuesAsText("state"),
          states -> states.contains("active"));
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void serviceEntry_servesAHostOutsideOfTheMesh(Jdk jdk, @TempDir Path folder) {
    try (Mesh mesh = new Mesh(control, jdk, folder)) {
      Mesh.Member plain = mesh.plainInstance("plain");
      Mesh.Member other = mesh.plainInstance("other");
      String host = "api-" + mesh.namespace() + ".example.com";
      mesh.apply(Policies.staticHost(host, plain.port(), other.port()));
      Jvm caller = mesh.caller();
      assertThat(caller.ask("see GET http://" + host + "/echo"))
          .startsWith("status=200")
          .contains("|Host: " + host + "|");
      String many = caller.ask("calls 200 http://" + host + "/");
      assertThat(many).contains("failed=0").contains("other=").contains("plain=");
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void agent_registersTheProcessAndReportsItself(Jdk jdk, @TempDir Path folder) {
    try (Mesh mesh = new Mesh(control, jdk, folder)) {
      Mesh.Member v1 = mesh.instance("one", "orders", "v1");
      mesh.awaitEndpoints("orders", 1);
      assertThat(mesh.endpoints("orders")).containsExactly("127.0.0.1:" + v1.port());
      JsonNode agent = mesh.agentOf(v1.jvm());
      assertThat(agent.path("service").asText()).isEqualTo("orders");
      assertThat(agent.path("namespace").asText()).isEqualTo(mesh.namespace());
      assertThat(agent.path("labels").path("version").asText()).isEqualTo("v1");
      assertThat(agent.path("state").asText()).isEqualTo("connected");
      assertThat(agent.path("suppressedErrors").asInt()).isZero();
      assertThat(agent.path("hooks")).isNotEmpty();
      assertThat(agent.path("hooks").findValuesAsText("state"))
          .doesNotContain("inactive", "failed");

      // A registered service without policy is not routed: the name is as unknown as ever.
      Jvm caller = mesh.caller();
      assertThat(caller.ask("see GET " + ORDERS))
          .isEqualTo("failed=java.net.UnknownHostException: orders url=" + ORDERS);
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void ports_byDefault_areThoseTheProcessListensOn(Jdk jdk, @TempDir Path folder) {
    try (Mesh mesh = new Mesh(control, jdk, folder);
        Jvm jvm =
            Jvm.of(jdk)
                .agent(mesh.agentArguments() + ";service=orders")
                .main("io.inmesh.testapps.Instance", "any", "0")
                .start()) {
      String port = jvm.awaitLine("listening (\\d+)").group(1);
      mesh.awaitEndpoints("orders", 1);
      assertThat(mesh.endpoints("orders")).containsExactly("127.0.0.1:" + port);
      mesh.apply(Policies.ROUND_ROBIN);
      assertThat(mesh.caller().ask("calls 3 http://orders:" + port + "/"))
          .contains("answers={any=3}");
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void otherHosts_whilePolicyExists_areUntouched(Jdk jdk, @TempDir Path folder) {
    try (Mesh mesh = new Mesh(control, jdk, folder)) {
      Mesh.Member plain = mesh.plainInstance("plain");
      mesh.instance("one", "orders", "v1");
      mesh.awaitEndpoints("orders", 1);
      mesh.apply(Policies.canary(100, 0));
      Jvm caller = mesh.caller();
      Jvm bare = mesh.bareCaller();
      for (String url :
          new String[] {
            "http://127.0.0.1:" + plain.port() + "/echo",
            "http://localhost:" + plain.port() + "/echo?x",
            "http://orders:8081/",
            "http://orders/",
            "http://orders.elsewhere:8080/"
          }) {
        assertThat(caller.ask("see GET " + url)).isEqualTo(bare.ask("see GET " + url));
      }
      assertThat(caller.ask("see GET " + ORDERS)).startsWith("status=200");
    }
  }

  private static void report(Jdk jdk, long before, String since) {
    assertThat(since).startsWith("since=");
    long seen = Long.parseLong(since.substring("since=".length()));
    System.out.println(
        jdk + ", weight change: " + (seen - before) + " ms with the start of meshctl");
  }

  private static int count(String answer, String name) {
    Matcher matcher = Pattern.compile("\\b" + name + "=(\\d+)").matcher(answer);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }
}
