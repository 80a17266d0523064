package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever stands in the agent's settings, the application runs, and the operator is told. */
class BadSettingsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "serivce=orders | service",
        "control=ftp://x | control",
        "control=http://[ | control",
        "control=:::: | control",
        "service=Or ders | service",
        "namespace=UPPER | namespace",
        "labels=version | labels",
        "labels==v | labels",
        "ports=8080:99999 | ports",
        "ports=a:b | ports",
        "ports=1:2:3 | ports",
        "address=1.2.3.4/8 | address",
        "startup.wait=soon | startup.wait",
        "startup.wait=-1s | startup.wait",
        "enabled=maybe | enabled",
        "log.level=shout | log.level",
        "admin.port=0 | admin.port",
        "nothing | nothing",
        "service | service",
        "token=x | token",
        "token.file=/nowhere | token.file",
        "=;=;== | argument",
      })
  void argument_thatIsWrong_isReportedAndTheApplicationRuns(
      String argument, String named, @TempDir Path data) {
    Jvm.Result result =
        Jvm.of(Jdk.newest())
            .agent("data.dir=" + data + ";control=http://127.0.0.1:1;" + argument)
            .main("io.inmesh.testapps.Endings", "normal")
            .run();
    assertRuns(result);
    assertThat(complaints(result)).contains(named);
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void environmentAndProperties_thatAreWrong_areReported(Jdk jdk, @TempDir Path data) {
    Jvm.Result result =
        Jvm.of(jdk)
            .jvmArgument("-Dinmesh.log.levle=debug")
            .environment("INMESH_STARTUP_WIAT", "1s")
            .environment("INMESH_PORTS", "none")
            .agent("data.dir=" + data + ";control=http://127.0.0.1:1")
            .main("io.inmesh.testapps.Endings", "normal")
            .run();
    assertRuns(result);
    assertThat(complaints(result))
        .contains("inmesh.log.level")
        .contains("INMESH_STARTUP_WAIT")
        .contains("INMESH_PORTS");
  }

  @ParameterizedTest
  @CsvSource({"data.dir=/proc/nowhere", "data.dir=/dev/null/x", "data.dir=\0", "data.dir=''"})
  void dataDir_thatCannotBe_leavesTheApplicationAlone(String argument) {
    Jvm.Result result =
        Jvm.of(Jdk.newest())
            .agent("control=http://127.0.0.1:1;" + argument.replace("\0", "\u0001"))
            .main("io.inmesh.testapps.Endings", "normal")
            .run();
    assertRuns(result);
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void enabledFalse_isSilent(Jdk jdk) {
    Jvm.Result result =
        Jvm.of(jdk).agent("enabled=false").main("io.inmesh.testapps.Endings", "normal").run();
    assertThat(result).isEqualTo(new Jvm.Result(0, "hello\n", "hello, stderr\n"));
  }

  private static void assertRuns(Jvm.Result result) {
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).isEqualTo("hello\n");
    assertThat(result.stderr()).contains("hello, stderr\n").doesNotContain("\tat ");
  }

  /** What the agent said. */
  static String complaints(Jvm.Result result) {
    return String.join(
        "\n", result.stderr().lines().filter(line -> line.startsWith(Jvm.AGENT_SAYS)).toList());
  }
}
