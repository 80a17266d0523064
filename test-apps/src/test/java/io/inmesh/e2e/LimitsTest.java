package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What bounds calls: pools of connections, time, sizes, and how often a call may be made. */
class LimitsTest {

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
  void pool_full_UO(Jdk jdk, @TempDir Path folder) {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Backend.Script slow =
        wire -> {
          for (Wire.Head head = wire.readHead(); head != null; head = wire.readHead()) {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            LockSupport.parkNanos(head.path().equals("/") ? 0 : 700_000_000);
            inside.decrementAndGet();
            answer(wire, "");
          }
        };
    try (Mesh mesh = new Mesh(control, jdk, folder);
        Backend backend = new Backend(1, slow)) {
      String never = "retries: {attempts: 0}";
      String pool =
          "connectionPool: {tcp: {maxConnections: 2}, http: {http1MaxPendingRequests: 1}}";
      String host = serve(mesh, backend.port(), never, pool);
      String busy =
          serve(mesh, backend.port(), never, "connectionPool: {http: {http2MaxRequests: 2}}");
      Jvm caller = mesh.caller();
      for (String each : List.of(host, busy)) {
        assertThat(caller.ask("see GET http://" + each + "/")).startsWith("status=200");
      }
      // Two at once, one that waits for its turn, and three that go at once.
      String crowd = caller.ask("crowd 6 http://" + host + "/slow");
      assertThat(answers(crowd, "200 null")).as(crowd).hasSize(3).allMatch(ms -> ms >= 700);
      assertThat(answers(crowd, "200 null")).as(crowd).filteredOn(ms -> ms >= 1300).hasSize(1);
      assertThat(answers(crowd, "503 UO")).as(crowd).hasSize(3).allMatch(ms -> ms < 700);
      assertThat(most.get()).isEqualTo(2);

      crowd = caller.ask("crowd 5 http://" + busy + "/slow");
      assertThat(answers(crowd, "200 null")).as(crowd).hasSize(2);
      assertThat(answers(crowd, "503 UO")).as(crowd).hasSize(3).allMatch(ms -> ms < 700);
      assertThat(caller.stderr()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void connections_usedUpOrIdle_replaced(Jdk jdk, @TempDir Path folder) {
    try (Mesh mesh = new Mesh(control, jdk, folder);
        Backend few = new Backend(1, LimitsTest::serve);
        Backend idle = new Backend(1, LimitsTest::serve);
        Backend kept = new Backend(1, LimitsTest::serve)) {
      String three =
          serve(mesh, few.port(), "", "connectionPool: {http: {maxRequestsPerConnection: 3}}");
      String second = serve(mesh, idle.port(), "", "connectionPool: {http: {idleTimeout: 1s}}");
      String plain = serve(mesh, kept.port(), "", "{}");
      Jvm caller = mesh.caller();

      assertThat(caller.ask("calls 9 http://" + three + "/")).contains("failed=0");
      assertThat(few.connections()).isEqualTo(3);

      for (String method : List.of("GET", "POST")) {
        for (String host : List.of(second, plain)) {
          assertThat(caller.ask("calls 2 http://" + host + "/")).contains("failed=0");
        }
        LockSupport.parkNanos(1_200_000_000);
        for (String host : List.of(second, plain)) {
          assertThat(caller.ask("see " + method + " http://" + host + "/"))
              .startsWith("status=200");
        }
      }
      assertThat(idle.connections()).isEqualTo(3);
      assertThat(kept.connections()).isEqualTo(1);
      assertThat(caller.stderr()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void connectTimeout_nobodyAccepts_UF(Jdk jdk, @TempDir Path folder) throws IOException {
    List<Socket> queued = new ArrayList<>();
    try (Mesh mesh = new Mesh(control, jdk, folder);
        ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // What the queue has room for; what comes then gets no answer at all.
      for (int i = 0; i < 2; i++) {
        queued.add(new Socket(full.getInetAddress(), full.getLocalPort()));
      }
      String host =
          serve(
              mesh,
              full.getLocalPort(),
              "retries: {attempts: 0}",
              "connectionPool: {tcp: {connectTimeout: 0.3s}}");
      Jvm caller = mesh.caller();

      String answer = caller.ask("crowd 2 http://" + host + "/");
      assertThat(answers(answer, "503 UF")).as(answer).hasSize(2);
      answer = caller.ask("crowd 2 http://" + host + "/");
      assertThat(answers(answer, "503 UF")).as(answer).allMatch(ms -> ms >= 300 && ms < 2_000);
      assertThat(caller.ask("see GET http://" + host + "/")).endsWith("connection timeout");
      assertThat(caller.stderr()).isEmpty();
    } finally {
      for (Socket each : queued) {
        each.close();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void ejected_realTime_backAfterASecond(Jdk jdk, @TempDir Path folder) {
    AtomicInteger asked = new AtomicInteger();
    try (Mesh mesh = new Mesh(control, jdk, folder);
        Backend good = new Backend(1, LimitsTest::serve);
        Backend sick =
            new Backend(
                1,
                wire -> {
                  while (wire.readHead() != null) {
                    boolean fails = asked.incrementAndGet() <= 3;
                    wire.send(
                        "HTTP/1.1 "
                            + (fails ? "503 No" : "200 OK")
                            + "\r\nContent-Length: 4\r\n\r\nsick");
                  }
                })) {
      String host =
          serve(
              mesh,
              List.of(good.port(), sick.port()),
              "retries: {attempts: 0}",
              """
              loadBalancer: {simple: ROUND_ROBIN}
                  outlierDetection:
                    consecutive5xxErrors: 3
                    interval: 0.5s
                    baseEjectionTime: 1s
                    maxEjectionPercent: 50
              """);
      Jvm caller = mesh.caller();
      assertThat(caller.ask("calls 6 http://" + host + "/"))
          .contains("answers={ok=3, status-503=3}");
      long ejected = System.nanoTime();
      assertThat(caller.ask("calls 20 http://" + host + "/")).contains("answers={ok=20}");
      assertThat((System.nanoTime() - ejected) / 1_000_000).as("in time").isLessThan(1_000);
      Poll.until("its return", () -> caller.ask("calls 2 http://" + host + "/"), this::isBack);
      // At a sweep that finds its second over.
      assertThat((System.nanoTime() - ejected) / 1_000_000).isBetween(950L, 3_000L);
      assertThat(caller.stderr()).isEmpty();
    }
  }

  private boolean isBack(String answers) {
    return answers.contains("answers={ok=1, sick=1} failed=0");
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void deadline_heldToTenMilliseconds_withoutAThreadPerCall(Jdk jdk, @TempDir Path folder) {
    try (Mesh mesh = new Mesh(control, jdk, folder);
        Backend silent = new Backend(1, Wire::drain)) {
      String once = serve(mesh, silent.port(), "timeout: 0.3s", "{}");
      String often =
          serve(
              mesh,
              silent.port(),
              "timeout: 0.3s\n"
                  + "retries: {attempts: 9, perTryTimeout: 0.07s, retryOn: gateway-error}",
              "{}");
      Jvm caller = mesh.caller();
      for (String host : List.of(once, often)) {
        caller.ask("crowd 2 http://" + host + "/");
        List<Integer> medians = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          String crowd = caller.ask("crowd 9 http://" + host + "/");
          List<Integer> times = answers(crowd, "504 UT");
          assertThat(times).as(crowd).hasSize(9).allMatch(ms -> ms >= 299);
          assertThat(crowd).matches("more=[0-2] .*");
          medians.add(times.get(4));
        }
        // The machine may be busy; policy is not.
        assertThat(medians).as(host).anyMatch(ms -> ms <= 310);
      }
      assertThat(caller.stderr()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void sent_moreThanOnce_onlyIfPolicySaysSo(Jdk jdk, @TempDir Path folder) {
    AtomicInteger requests = new AtomicInteger();
    Backend.Script lost =
        wire -> {
          Wire.Head head = wire.readHead();
          if (head != null) {
            wire.readBody(head);
            requests.incrementAndGet();
            if (head.path().equals("/begun")) {
              wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun");
            }
          }
        };
    try (Mesh mesh = new Mesh(control, jdk, folder);
        Backend backend = new Backend(1, lost)) {
      String unsaid = serve(mesh, backend.port(), "timeout: 5s", "{}");
      String perTry =
          serve(mesh, backend.port(), "retries: {attempts: 2, perTryTimeout: 2s}", "{}");
      String reset = serve(mesh, backend.port(), "retries: {attempts: 2, retryOn: reset}", "{}");
      Jvm caller = mesh.caller();

      for (String method : List.of("GET", "POST", "PUT", "DELETE")) {
        assertThat(sent(caller, requests, method, unsaid)).as(method).isEqualTo(1);
        assertThat(sent(caller, requests, method, reset)).as(method).isEqualTo(3);
        int whereItIsSafe = method.equals("POST") ? 1 : 3;
        assertThat(sent(caller, requests, method, perTry)).as(method).isEqualTo(whereItIsSafe);
      }
      // What was handed over is not asked for again, whatever becomes of it.
      requests.set(0);
      assertThat(caller.ask("see GET http://" + reset + "/begun"))
          .satisfiesAnyOf(
              seen -> assertThat(seen).startsWith("failed="),
              // JDK 17 takes a body that ends too soon for a whole one.
              seen -> assertThat(seen).startsWith("status=200").endsWith("body=begun"));
      assertThat(requests.get()).isEqualTo(1);
      assertThat(caller.stderr()).isEmpty();
    }
  }

  private static int sent(Jvm caller, AtomicInteger requests, String method, String host) {
    requests.set(0);
    assertThat(caller.ask("see " + method + " http://" + host + "/")).startsWith("status=503");
    return requests.get();
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void heads_tooLarge_asEnvoy(Jdk jdk, @TempDir Path folder) {
    Backend.Script script =
        wire -> {
          for (Wire.Head head = wire.readHead(); head != null; head = wire.readHead()) {
            switch (head.path()) {
              case "/100" -> answer(wire, "h: v\r\n".repeat(99));
              case "/101" -> answer(wire, "h: v\r\n".repeat(100));
              case "/junk" -> {
                wire.send("what is that?\r\n\r\n");
                return;
              }
              default -> answer(wire, "");
            }
          }
        };
    try (Mesh mesh = new Mesh(control, jdk, folder);
        Backend backend = new Backend(1, script)) {
      String host = serve(mesh, backend.port(), "retries: {attempts: 0}", "{}");
      Jvm caller = mesh.caller();
      String see = "see GET http://" + host;
      String many = " h=v".repeat(96);

      assertThat(caller.ask(see + "/" + many)).startsWith("status=200");
      assertThat(caller.ask(see + "/" + many + " h=v"))
          .startsWith("status=431")
          .contains("x-inmesh-response-flags=[DPE]", "[http1.too_many_headers]")
          .endsWith("body=Request Header Fields Too Large");
      assertThat(caller.ask(see + "/ a=" + "x".repeat(61_000))).startsWith("status=200");
      assertThat(caller.ask(see + "/ a=" + "x".repeat(61_440)))
          .startsWith("status=431")
          .contains("x-inmesh-response-flags=[DPE]", "[http1.headers_too_large]");
      assertThat(caller.ask(see + "/" + "x".repeat(61_000))).startsWith("status=200");
      assertThat(caller.ask(see + "/" + "x".repeat(61_440))).startsWith("status=431");

      assertThat(caller.ask(see + "/100")).startsWith("status=200");
      for (String path : List.of("/101", "/junk")) {
        assertThat(caller.ask(see + path))
            .as(path)
            .startsWith("status=502")
            .contains("x-inmesh-response-flags=[UPE]")
            .endsWith("reset reason: protocol error");
      }
      assertThat(caller.stderr()).isEmpty();
    }
  }

  private static void serve(Wire wire) throws IOException {
    for (Wire.Head head = wire.readHead(); head != null; head = wire.readHead()) {
      wire.readBody(head);
      answer(wire, "");
    }
  }

  private static void answer(Wire wire, String headers) throws IOException {
    wire.send("HTTP/1.1 200 OK\r\n" + headers + "Content-Length: 2\r\n\r\nok");
  }

  private static String serve(Mesh mesh, int port, String rule, String traffic) {
    return serve(mesh, List.of(port), rule, traffic);
  }

  private static final AtomicInteger HOSTS = new AtomicInteger();

  /** A host of its own, with a rule for its calls and a policy for its traffic. */
  private static String serve(Mesh mesh, List<Integer> ports, String rule, String traffic) {
    String host = "limits-" + HOSTS.incrementAndGet() + "-" + mesh.namespace() + ".example.com";
    mesh.apply(
        Policies.staticHost(host, ports.stream().mapToInt(port -> port).toArray())
            + """
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: NAME}
            spec:
              hosts: [HOST]
              http:
                - route: [{destination: {host: HOST}}]
            RULE
            """
                .replace("RULE", rule.indent(6))
                .replace("NAME", host.replace('.', '-'))
                .replace("HOST", host)
            + (traffic.equals("{}") ? "" : rule(host, traffic)));
    return host;
  }

  private static String rule(String host, String traffic) {
    return """
    ---
    apiVersion: networking.istio.io/v1
    kind: DestinationRule
    metadata: {name: NAME}
    spec:
      host: HOST
      trafficPolicy:
        TRAFFIC
    """
        .replace("TRAFFIC", traffic)
        .replace("NAME", host.replace('.', '-'))
        .replace("HOST", host);
  }

  /** The times of the answers that begin so, shortest first. */
  private static List<Integer> answers(String crowd, String start) {
    String list = crowd.substring(crowd.indexOf("answers=[") + 9, crowd.length() - 1);
    return Arrays.stream(list.split(", ", -1))
        .filter(answer -> answer.startsWith(start + " "))
        .map(answer -> Integer.valueOf(answer.substring(start.length() + 1)))
        .sorted()
        .toList();
  }
}
