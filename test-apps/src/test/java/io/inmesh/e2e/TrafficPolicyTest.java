package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What policy does to the calls of an unmodified program that uses {@code HttpURLConnection}, on
 * real sockets.
 */
class TrafficPolicyTest {
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
  void seedCase_oneOfThreeAnswers503_noCallIsHurt(Jdk jdk, @TempDir Path folder) {
    try (Mesh mesh = new Mesh(control, jdk, folder)) {
      mesh.instance("one", "orders", "v1");
      Mesh.Member sick = mesh.instance("sick", "orders", "v1");
      mesh.instance("two", "orders", "v2");
      mesh.awaitEndpoints("orders", 3);
      mesh.apply(
          """
          apiVersion: networking.istio.io/v1
          kind: DestinationRule
          metadata:
            name: orders
          spec:
            host: orders
            trafficPolicy:
              loadBalancer: {simple: ROUND_ROBIN}
              outlierDetection:
                consecutive5xxErrors: 5
                interval: 30s
                baseEjectionTime: 60s
                maxEjectionPercent: 100
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
              - timeout: 10s
                retries: {attempts: 3, perTryTimeout: 2s}
                route:
                  - destination: {host: orders, subset: v1}
                    weight: 90
                  - destination: {host: orders, subset: v2}
                    weight: 10
          """);
      sick.jvm().ask("fail 503");
      Jvm caller = mesh.caller();

      String answer = caller.ask("calls 1000 " + ORDERS);
      System.out.println(jdk + ", seed case: " + answer);
      assertThat(answer).contains("failed=0").contains("one=").contains("two=");
      // Ejected with its fifth 5xx: it saw no call after that.
      assertThat(sick.count()).endsWith("requests=5");
      assertThat(caller.stderr()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void heads_areChangedOnTheWireOnly(Jdk jdk, @TempDir Path folder) {
    try (Mesh mesh = new Mesh(control, jdk, folder);
        Backend backend = new Backend(1, new Service("one"))) {
      String host = serve(mesh, backend);
      mesh.apply(
          route(
              host,
              """
              - match: [{uri: {prefix: /old/}}]
                rewrite: {uri: /new/, authority: inner.example.com}
                headers:
                  request:
                    set: {x-set: "by %REQ(x-user)%"}
                    add: {x-more: two}
                    remove: [x-secret]
                  response:
                    set: {x-told: policy}
                    remove: [x-instance]
                route: [{destination: {host: HOST}}]
              - route: [{destination: {host: HOST}}]
              """));
      Jvm caller = mesh.caller();
      String url = "http://" + host + "/old/a?b=c";
      for (String method : List.of("GET", "POST", "PUT", "DELETE")) {
        String seen = caller.ask("see " + method + " " + url + " x-user=ann x-secret=1 x-more=one");
        assertThat(seen)
            .startsWith("status=200")
            .contains(" url=" + url + " ")
            .contains("x-told=[policy]")
            .doesNotContain("X-Instance")
            .contains("|" + method + " /new/a?b=c HTTP/1.1|")
            .contains("|Host: inner.example.com|")
            .contains("|x-envoy-original-path: /old/a?b=c|")
            .contains("|x-set: by ann|")
            .contains("|x-more: one|")
            .contains("|x-more: two|")
            .doesNotContain("x-secret");
      }
      assertThat(caller.ask("see GET http://" + host + "/plain x-secret=1"))
          .contains("|GET /plain HTTP/1.1|")
          .contains("|Host: " + host + "|")
          .contains("|x-secret: 1|")
          .contains("X-Instance=[one]");
      assertThat(backend.connections()).isEqualTo(1);
      assertThat(caller.stderr()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void localReplies_openNoSocket(Jdk jdk, @TempDir Path folder) {
    try (Mesh mesh = new Mesh(control, jdk, folder);
        Backend backend = new Backend(1, new Service("one"))) {
      String host = serve(mesh, backend);
      mesh.apply(
          route(
              host,
              """
              - match: [{uri: {exact: /direct}}]
                directResponse: {status: 418, body: {string: "short and stout"}}
                headers: {response: {add: {x-pot: tea}}}
              - match: [{uri: {exact: /moved}}]
                redirect: {uri: /direct, redirectCode: 302}
              - match: [{uri: {exact: /abort}}]
                fault: {abort: {httpStatus: 429, percentage: {value: 100}}}
                route: [{destination: {host: HOST}}]
              - match: [{uri: {exact: /delay}}]
                fault:
                  delay: {fixedDelay: 0.3s, percentage: {value: 100}}
                  abort: {httpStatus: 503, percentage: {value: 100}}
                route: [{destination: {host: HOST}}]
              """));
      Jvm caller = mesh.caller();
      String base = "http://" + host;
      assertThat(caller.ask("see GET " + base + "/direct"))
          .startsWith("status=418")
          .contains("x-pot=[tea]")
          .endsWith("body=short and stout");
      assertThat(caller.ask("see HEAD " + base + "/direct")).startsWith("status=418");
      assertThat(caller.ask("see POST " + base + "/direct")).startsWith("status=418");
      // The JDK follows by its own rules, and the next call is routed anew.
      assertThat(caller.ask("see GET " + base + "/moved"))
          .startsWith("status=418")
          .contains(" url=" + base + "/direct ");
      assertThat(caller.ask("see GET " + base + "/abort"))
          .startsWith("status=429")
          .contains("x-inmesh-response-flags=[FI]")
          .endsWith("body=fault filter abort");
      long before = System.nanoTime();
      assertThat(caller.ask("see GET " + base + "/delay"))
          .startsWith("status=503")
          .contains("x-inmesh-response-flags=[DI,FI]");
      assertThat((System.nanoTime() - before) / 1_000_000).isBetween(300L, 2_000L);
      assertThat(caller.ask("see GET " + base + "/none")).startsWith("status=404").contains("[NR]");
      assertThat(backend.connections()).isZero();
      assertThat(caller.stderr()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void retries_replayTheBufferedBody_onStatusAndReset(Jdk jdk, @TempDir Path folder) {
    AtomicInteger tries = new AtomicInteger();
    Backend.Script moody =
        wire -> {
          // Every connection's first request: a status, a reset, then an answer.
          Wire.Head head = wire.readHead();
          if (head == null) {
            return;
          }
          byte[] body = wire.readBody(head);
          switch (tries.incrementAndGet() % 3) {
            case 1 ->
                wire.send("HTTP/1.1 503 No\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno");
            case 2 -> {
              // Closed without an answer.
            }
            default -> {
              String text = head.method() + " " + new String(body, StandardCharsets.UTF_8);
              String number = head.header("x-envoy-attempt-count");
              Service.answer(wire, "moody\r\nConnection: close", text + " " + number);
            }
          }
        };
    try (Mesh mesh = new Mesh(control, jdk, folder);
        Backend backend = new Backend(1, moody)) {
      String host = serve(mesh, backend);
      mesh.apply(
          route(
              host,
              """
              - match: [{uri: {exact: /once}}]
                retries: {attempts: 0}
                route: [{destination: {host: HOST}}]
              - retries: {attempts: 3, retryOn: "503,reset"}
                route: [{destination: {host: HOST}}]
              """));
      Jvm caller = mesh.caller();
      for (String method : List.of("GET", "POST", "PUT", "DELETE")) {
        String seen = caller.ask("see " + method + " http://" + host + "/");
        String body = method.startsWith("P") ? "body" : "";
        assertThat(seen).startsWith("status=200").contains("body=" + method + " " + body + " 3");
      }
      assertThat(tries.get()).isEqualTo(12);

      // Without a policy for it, what comes first stands: the JDK does not try again either.
      assertThat(caller.ask("see GET http://" + host + "/once"))
          .startsWith("status=503")
          .endsWith("body=no");
      assertThat(caller.ask("see GET http://" + host + "/once"))
          .startsWith("status=503")
          .contains("x-inmesh-response-flags=[UC]")
          .endsWith(
              "body=upstream connect error or disconnect/reset before headers."
                  + " reset reason: connection termination");
      assertThat(tries.get()).isEqualTo(14);
      // A streamed body cannot be sent again.
      tries.set(0);
      assertThat(caller.ask("stream http://" + host + "/")).startsWith("status=503");
      assertThat(tries.get()).isEqualTo(1);
      assertThat(caller.stderr()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void timeouts_cutTheWait_andTheApplicationsOwnStaysItsOwn(Jdk jdk, @TempDir Path folder) {
    AtomicInteger tries = new AtomicInteger();
    Backend.Script slow =
        wire -> {
          Wire.Head head = wire.readHead();
          if (head == null) {
            return;
          }
          if (head.path().equals("/second") && tries.incrementAndGet() == 2) {
            Service.answer(wire, "slow", "second");
          } else if (head.path().equals("/stuck")) {
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegin");
          } else if (head.path().equals("/dribble")) {
            wire.send("HTTP/1.1 200 OK\r\nX-Slow: ");
            for (int i = 0; i < 200; i++) {
              wire.send("x");
              LockSupport.parkNanos(50_000_000);
            }
          }
          wire.drain();
        };
    try (Mesh mesh = new Mesh(control, jdk, folder);
        Backend backend = new Backend(1, slow)) {
      String host = serve(mesh, backend);
      mesh.apply(
          route(
              host,
              """
              - match: [{uri: {exact: /second}}]
                timeout: 5s
                retries: {attempts: 2, perTryTimeout: 0.3s, retryOn: "gateway-error"}
                route: [{destination: {host: HOST}}]
              - match: [{uri: {exact: /held-up}}]
                fault: {delay: {fixedDelay: 15s, percentage: {value: 100}}}
                route: [{destination: {host: HOST}}]
              - timeout: 0.4s
                route: [{destination: {host: HOST}}]
              """));
      Jvm caller = mesh.caller();
      String base = "http://" + host;
      // The first call also waits for the host's configuration.
      assertThat(caller.ask("see GET " + base + "/never")).startsWith("status=504");
      long before = System.nanoTime();
      assertThat(caller.ask("see GET " + base + "/second"))
          .startsWith("status=200")
          .endsWith("body=second");
      assertThat((System.nanoTime() - before) / 1_000_000).isBetween(300L, 4_000L);
      for (String path : List.of("/never", "/dribble")) {
        before = System.nanoTime();
        assertThat(caller.ask("see GET " + base + path))
            .startsWith("status=504")
            .contains("x-inmesh-response-flags=[UT]")
            .endsWith("body=upstream request timeout");
        assertThat((System.nanoTime() - before) / 1_000_000).isBetween(400L, 4_000L);
      }
      assertThat(caller.ask("see GET " + base + "/stuck"))
          .startsWith("failed=java.net.SocketTimeoutException: ")
          .contains("(UT)");
      assertThat(caller.ask("within 100 GET " + base + "/never"))
          .isEqualTo(
              "failed=java.net.SocketTimeoutException: Read timed out url=" + base + "/never");
      // As behind a proxy, a fault's delay is waiting for the response too.
      before = System.nanoTime();
      assertThat(caller.ask("within 300 GET " + base + "/held-up"))
          .isEqualTo(
              "failed=java.net.SocketTimeoutException: Read timed out url=" + base + "/held-up");
      assertThat((System.nanoTime() - before) / 1_000_000).isBetween(300L, 4_000L);
      assertThat(caller.stderr()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void mirrors_getCopies_andNeverHurtTheCall(Jdk jdk, @TempDir Path folder) throws IOException {
    Service copies = new Service("copy");
    try (Mesh mesh = new Mesh(control, jdk, folder);
        Backend backend = new Backend(1, new Service("one"));
        Backend shadow = new Backend(1, copies);
        Backend silent = new Backend(1, Wire::drain)) {
      String host = serve(mesh, backend);
      String other = serve(mesh, shadow, "shadow");
      String dead = serve(mesh, silent, "silent");
      mesh.apply(
          route(
              host,
              """
              - route: [{destination: {host: HOST}}]
                mirrors:
                  - destination: {host: SHADOW}
                  - destination: {host: SILENT}
              """
                  .replace("SHADOW", other)
                  .replace("SILENT", dead)));
      Jvm caller = mesh.caller();
      assertThat(caller.ask("calls 100 http://" + host + "/")).contains("{one=100} failed=0");
      assertThat(caller.ask("see POST http://" + host + "/echo x-own=1")).startsWith("status=200");
      Poll.until("the copies", copies.requests::get, count -> count == 101);
      Poll.until("one with its body", shadow::recorded, all -> all.toString().contains("body"));
      assertThat(shadow.recorded().toString()).contains("x-own: 1", "Host: " + host);
      assertThat(caller.stderr()).isEmpty();
    }
  }

  private static String serve(Mesh mesh, Backend backend) {
    return serve(mesh, backend, "one");
  }

  private static String serve(Mesh mesh, Backend backend, String name) {
    String host = name + "-" + mesh.namespace() + ".example.com";
    mesh.apply(Policies.staticHost(host, backend.port()));
    return host;
  }

  private static String route(String host, String http) {
    return """
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata:
      name: NAME
    spec:
      hosts: [HOST]
      http:
    """
        .replace("NAME", host.replace('.', '-'))
        .concat(http.indent(4))
        .replace("HOST", host);
  }

  /** Answers every request with its name, or below /echo, /old and the like with what came. */
  private static final class Service implements Backend.Script {
    private final String name;
    private final AtomicInteger requests = new AtomicInteger();

    Service(String name) {
      this.name = name;
    }

    @Override
    public void serve(Wire wire) throws IOException {
      for (Wire.Head head = wire.readHead(); head != null; head = wire.readHead()) {
        wire.readBody(head);
        requests.incrementAndGet();
        answer(wire, name, head.path().equals("/") ? name : name + "\n" + head.text());
      }
    }

    static void answer(Wire wire, String name, String body) throws IOException {
      wire.send(
          "HTTP/1.1 200 OK\r\nX-Instance: "
              + name
              + "\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
    }
  }
}
