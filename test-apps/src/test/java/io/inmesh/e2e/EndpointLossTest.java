package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Endpoints that are dead, die, stop or were never there. */
class EndpointLossTest {
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
  void deadEndpoint_isPassedOver(Jdk jdk, @TempDir Path folder) throws IOException {
    try (Mesh mesh = new Mesh(control, jdk, folder);
        Socket refusing = refusing()) {
      Mesh.Member alive = mesh.plainInstance("alive");
      String host = "half-" + mesh.namespace() + ".example.com";
      mesh.apply(Policies.staticHost(host, refusing.getLocalPort(), alive.port()));
      Jvm caller = mesh.caller();
      assertThat(caller.ask("calls 300 http://" + host + "/"))
          .isEqualTo("answers={alive=300} failed=0 first=");
      // A body that is buffered is sent again as well: nothing of it had left.
      for (int i = 0; i < 10; i++) {
        assertThat(caller.ask("see POST http://" + host + "/")).startsWith("status=200");
      }
      assertThat(caller.stderr()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void allEndpointsDead_isA503(Jdk jdk, @TempDir Path folder) throws IOException {
    try (Mesh mesh = new Mesh(control, jdk, folder);
        Socket one = refusing();
        Socket other = refusing()) {
      String host = "dead-" + mesh.namespace() + ".example.com";
      mesh.apply(Policies.staticHost(host, one.getLocalPort(), other.getLocalPort()));
      Jvm caller = mesh.caller();
      for (String method : new String[] {"GET", "POST"}) {
        assertThat(caller.ask("see " + method + " http://" + host + "/"))
            .startsWith("status=503")
            .contains("x-inmesh-response-flags=[URX,UF]")
            .endsWith(
                "body=upstream connect error or disconnect/reset before headers."
                    + " retried and the latest reset reason: remote connection failure");
      }
      assertThat(caller.stderr()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void subsetWithoutEndpoints_isA503(Jdk jdk, @TempDir Path folder) {
    try (Mesh mesh = new Mesh(control, jdk, folder)) {
      mesh.instance("one", "orders", "v1");
      mesh.awaitEndpoints("orders", 1);
      mesh.apply(Policies.canary(0, 100));
      Jvm caller = mesh.caller();
      assertThat(caller.ask("see GET " + ORDERS))
          .startsWith("status=503")
          .contains("url=" + ORDERS + " ")
          .contains("class=sun.net.www.protocol.http.HttpURLConnection ")
          .endsWith("body=no healthy upstream");
      assertThat(caller.ask("see POST " + ORDERS)).startsWith("status=503");
      assertThat(caller.ask("see HEAD " + ORDERS)).startsWith("status=503");
      mesh.apply(Policies.weights(100, 0));
      Poll.until("v1 again", () -> caller.ask("see GET " + ORDERS), s -> s.endsWith("body=one"));
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void sigterm_underTraffic_withdrawsTheEndpointWithoutAFailedCall(Jdk jdk, @TempDir Path folder) {
    try (Mesh mesh = new Mesh(control, jdk, folder)) {
      Mesh.Member staying = mesh.instance("staying", "orders", "v1");
      Mesh.Member leaving = mesh.instance("leaving", "orders", "v1");
      Jvm caller = underTraffic(mesh);
      leaving.jvm().terminate();
      assertThat(leaving.jvm().awaitExit().exitCode()).isEqualTo(143);
      mesh.awaitEndpoints("orders", 1);
      assertThat(mesh.endpoints("orders")).containsExactly("127.0.0.1:" + staying.port());
      Mesh.Member coming = mesh.instance("coming", "orders", "v1");
      mesh.awaitEndpoints("orders", 2);
      Poll.until("the new one", coming::count, count -> !count.endsWith("requests=0"));
      assertThat(caller.ask("stop")).contains("failed=0").contains("coming=");
      assertThat(caller.stderr()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void sigkill_underTraffic_failsNoCall(Jdk jdk, @TempDir Path folder) {
    try (Mesh mesh = new Mesh(control, jdk, folder)) {
      Mesh.Member staying = mesh.instance("staying", "orders", "v1");
      Mesh.Member dying = mesh.instance("dying", "orders", "v1");
      Jvm caller = underTraffic(mesh);
      dying.jvm().kill();
      mesh.awaitEndpoints("orders", 1);
      staying.count();
      Poll.until("it goes on", staying::count, count -> !count.endsWith("requests=0"));
      assertThat(caller.ask("stop")).contains("failed=0");
      assertThat(caller.stderr()).isEmpty();
    }
  }

  /** A caller that both instances answer, in turn. */
  private static Jvm underTraffic(Mesh mesh) {
    mesh.awaitEndpoints("orders", 2);
    mesh.apply(Policies.ROUND_ROBIN);
    Jvm caller = mesh.caller();
    caller.ask("traffic " + ORDERS);
    Poll.until(
        "both answer",
        () -> caller.ask("so-far"),
        counts -> counts.matches("answers=\\{\\w+=\\d+, \\w+=\\d+}.*"));
    return caller;
  }

  /** A port that is taken, and where nobody listens. */
  private static Socket refusing() throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return socket;
  }
}
