package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Without policy the agent changes nothing: the tour's results, exceptions and bytes on the wire
 * are those of a JVM without it.
 */
class HttpUrlConnectionGoldenTest {
  private static Golden golden;
  private static ControlServer control;
  private static final Map<Jdk, Golden.Seen> BARE = new HashMap<>();

  @BeforeAll
  static void startServers(@TempDir Path folder) throws Exception {
    golden = new Golden(folder);
    control = new ControlServer(folder.resolve("control"));
  }

  @AfterAll
  static void stopServers() throws IOException {
    golden.close();
    control.close();
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void bare_twice_isTheSame(Jdk jdk) {
    Golden.Seen seen = golden.run(jdk, UnaryOperator.identity());
    assertThat(seen.stderr()).isEmpty();
    assertSame(seen, bare(jdk));
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void agentWithoutPolicy_changesNothing(Jdk jdk, @TempDir Path data) {
    Golden.Seen seen =
        golden.run(jdk, jvm -> jvm.agent("control=" + control.url() + ";data.dir=" + data));
    assertSame(seen, bare(jdk));
    assertThat(seen.stderr()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void agentWithoutControlServer_changesNothing(Jdk jdk, @TempDir Path data) {
    Golden.Seen seen =
        golden.run(
            jdk,
            jvm ->
                jvm.agent(
                    "control=http://127.0.0.1:" + golden.refusedPort() + ";data.dir=" + data));
    assertSame(seen, bare(jdk));
    // It may say that it has no control server, once.
    List<String> said = seen.stderr().lines().toList();
    assertThat(said).hasSizeLessThanOrEqualTo(1).allMatch(line -> line.startsWith(Jvm.AGENT_SAYS));
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void agentWithPolicyForOtherHosts_changesNothing(Jdk jdk, @TempDir Path folder) {
    try (Mesh mesh = new Mesh(control, jdk, folder)) {
      mesh.apply(Policies.canary(90, 10));
      Golden.Seen seen = golden.run(jdk, jvm -> jvm.agent(mesh.agentArguments()));
      assertSame(seen, bare(jdk));
      assertThat(seen.stderr()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void agentSwitchedOff_changesNothing(Jdk jdk) {
    Golden.Seen seen = golden.run(jdk, jvm -> jvm.agent("enabled=false"));
    assertSame(seen, bare(jdk));
    assertThat(seen.stderr()).isEmpty();
  }

  /** The tour without agent, made once for each JDK. */
  private static Golden.Seen bare(Jdk jdk) {
    return BARE.computeIfAbsent(
        jdk,
        missing -> {
          Golden.Seen seen = golden.run(missing, UnaryOperator.identity());
          assertThat(seen.exitCode()).isZero();
          assertThat(seen.transcript()).endsWith("== end\n");
          assertThat(seen.stderr()).isEmpty();
          return seen;
        });
  }

  private static void assertSame(Golden.Seen seen, Golden.Seen bare) {
    // By line, so that a difference is shown as the line that differs.
    assertThat(seen.transcript().lines().toList()).isEqualTo(bare.transcript().lines().toList());
    bare.wire()
        .forEach(
            (server, bytes) -> {
              assertThat(seen.wire().getOrDefault(server, List.of()))
                  .as(server)
                  .hasSameSizeAs(bytes);
              for (int i = 0; i < bytes.size(); i++) {
                assertThat(seen.wire().getOrDefault(server, List.of()).get(i))
                    .as(server + ", connection " + i)
                    .isEqualTo(bytes.get(i));
              }
            });
    assertThat(seen.exitCode()).isEqualTo(bare.exitCode());
  }
}
