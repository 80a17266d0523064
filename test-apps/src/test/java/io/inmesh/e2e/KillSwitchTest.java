package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code meshctl agents disable}: the process goes on as if it had no agent, until enabled. */
class KillSwitchTest {
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
  void disable_makesEveryHookInert_andEnableBringsThemBack(Jdk jdk, @TempDir Path folder) {
    try (Mesh mesh = new Mesh(control, jdk, folder)) {
      mesh.instance("one", "orders", "v1");
      mesh.awaitEndpoints("orders", 1);
      mesh.apply(Policies.canary(100, 0));
      Jvm caller = mesh.caller();
      assertThat(caller.ask("see GET " + ORDERS)).startsWith("status=200");
      String name = mesh.agentOf(caller).path("name").asText();

      assertThat(control.meshctl("agents", "disable", name).exitCode()).isZero();
      String bare = mesh.bareCaller().ask("see GET " + ORDERS);
      Poll.until("inert", () -> caller.ask("see GET " + ORDERS), bare::equals);
      Poll.until("told", () -> mesh.agentOf(caller), agent -> agent.path("inert").asBoolean());
      assertThat(control.meshctl("agents").stdout()).contains(name);

      assertThat(control.meshctl("agents", "enable", name).exitCode()).isZero();
      Poll.until(
          "active", () -> caller.ask("see GET " + ORDERS), seen -> seen.startsWith("status=200"));
      assertThat(caller.stderr()).isEmpty();
    }
  }
}
