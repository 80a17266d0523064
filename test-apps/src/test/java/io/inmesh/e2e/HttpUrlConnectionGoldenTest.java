package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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

  @BeforeAll
  static void startServers(@TempDir Path folder) throws Exception {
    golden = new Golden(folder);
  }

  @AfterAll
  static void stopServers() throws Exception {
    golden.close();
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void bare_twice_isTheSame(Jdk jdk) {
    Golden.Seen first = golden.run(jdk, UnaryOperator.identity());
    assertThat(first.exitCode()).isZero();
    assertThat(first.stderr()).isEmpty();
    assertThat(first.transcript()).endsWith("== end\n");
    assertSame(golden.run(jdk, UnaryOperator.identity()), first);
  }

  private static void assertSame(Golden.Seen seen, Golden.Seen bare) {
    assertThat(seen.transcript()).isEqualTo(bare.transcript());
    bare.wire().forEach((server, bytes) -> assertThat(seen.wire().get(server)).isEqualTo(bytes));
    assertThat(seen.exitCode()).isEqualTo(bare.exitCode());
  }
}
