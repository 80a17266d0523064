package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every hook is made to fail, one at a time, by a second agent: the call is as if there were no
 * agent, the failure is counted, and it is told once.
 */
class SabotageTest {
  private static final String HTTP =
      "io.inmesh.agent.instrumentation.httpurlconnection.HttpUrlConnectionCalls#";

  /** What is behind the bridge's methods that any call of this test passes through. */
  private static final List<String> HOOKS =
      List.of(
          HTTP + "begin",
          HTTP + "connected",
          HTTP + "keyForLookup",
          HTTP + "keyForKeeping",
          HTTP + "dial",
          HTTP + "writing",
          HTTP + "awaiting",
          HTTP + "answered",
          HTTP + "finished",
          "io.inmesh.engine.OutboundPipeline#begin",
          "io.inmesh.engine.OutboundCall#step",
          "io.inmesh.engine.OutboundCall#connected",
          "io.inmesh.engine.OutboundCall#isConnectionLimited",
          "io.inmesh.engine.OutboundCall#responded",
          "io.inmesh.engine.OutboundCall#responseEdits",
          "io.inmesh.engine.OutboundCall#close",
          "io.inmesh.agent.control.ControlClient#snapshot",
          "io.inmesh.agent.control.ControlClient#await");

  private static ControlServer control;
  private static Path saboteur = Path.of("");

  static Stream<Arguments> hooks() {
    return Jdk.all().stream().flatMap(jdk -> HOOKS.stream().map(hook -> Arguments.of(jdk, hook)));
  }

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    control = new ControlServer(folder.resolve("data"));
    saboteur = Saboteur.jar(folder);
  }

  @AfterAll
  static void stop() {
    control.close();
  }

  @ParameterizedTest
  @MethodSource("hooks")
  void hook_thatThrows_leavesTheCallAsWithoutAgent(Jdk jdk, String hook, @TempDir Path folder)
      throws IOException {
    try (Mesh mesh = new Mesh(control, jdk, folder)) {
      Mesh.Member plain = mesh.plainInstance("same");
      Mesh.Member meshed = mesh.plainInstance("same");
      String host = "sabotaged-" + mesh.namespace() + ".example.com";
      // The name leads to one instance without the mesh and to the other with it.
      Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 " + host + "\n");
      mesh.apply(
          Policies.staticHost(host, meshed.port())
              .replace("number: 80,", "number: " + plain.port() + ","));
      Jvm caller =
          mesh.started(
              Jvm.of(jdk)
                  .jvmArgument("-Djdk.net.hosts.file=" + hosts)
                  .jvmArgument("-javaagent:" + saboteur + "=" + hook)
                  .agent(mesh.agentArguments()));
      String url = "http://" + host + ":" + plain.port() + "/";
      String bare = mesh.bareCaller().ask("see GET http://127.0.0.1:" + plain.port() + "/");
      caller.tell("calls 50 " + url);
      caller.awaitLine("answers=\\{same=50} failed=0");
      for (String method : List.of("GET", "POST", "HEAD")) {
        int before = caller.stdout().length();
        caller.tell("see " + method + " " + url);
        String seen = caller.awaitLine("^(status|failed)=.*$", before).group();
        assertThat(seen).startsWith("status=200");
        if (method.equals("GET")) {
          assertThat(seen).isEqualTo(bare.replace("127.0.0.1:", host + ":"));
        }
      }
      assertThat(caller.stdout()).contains("sabotaged 1 " + hook);
      Poll.until(
          "counted",
          () -> mesh.agentOf(caller).path("suppressedErrors").asLong(),
          errors -> errors > 0);
      assertThat(caller.stderr().lines().filter(line -> line.contains(Saboteur.MESSAGE)))
          .as(caller.stderr())
          .hasSize(1);
      assertThat(caller.stderr().lines()).as(caller.stderr()).hasSize(1);
    }
  }
}
