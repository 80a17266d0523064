package io.inmesh.agent.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.agent.packaged.Forked.Result;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PackagedSmokeTest {
  private static final String TRIVIAL = Trivial.class.getName();

  static List<Path> jdks() {
    return Forked.jdks();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void trivialMain_noControlServer_sameOutputAndExit(Path jdk) throws Exception {
    Result bare = Forked.java(jdk, TRIVIAL, "a", "b");
    Result agent = Forked.java(jdk, Forked.javaagent(Forked.NO_CONTROL), TRIVIAL, "a", "b");

    assertThat(agent).isEqualTo(bare).isEqualTo(new Result(3, lines("out a,b"), lines("err")));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void httpUrlConnection_noPolicy_sameAnswersOnOneConnection(Path jdk) throws Exception {
    Result bare = Forked.java(jdk, Fetch.class.getName());
    Result agent =
        Forked.java(
            jdk, Forked.javaagent(Forked.NO_CONTROL, "service=orders"), Fetch.class.getName());

    assertThat(agent).isEqualTo(bare);
    assertThat(agent.out()).contains("connections: 1");
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void badSettings_reportedByName_applicationRuns(Path jdk) throws Exception {
    Result result =
        Forked.java(jdk, Forked.javaagent(Forked.NO_CONTROL, "servise=a", "ports=x"), TRIVIAL, "a");

    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.out()).isEqualTo(lines("out a"));
    assertThat(result.err().lines())
        .anyMatch(l -> l.startsWith("inmesh: ") && l.contains("'servise'") && l.contains("service"))
        .anyMatch(l -> l.startsWith("inmesh: ") && l.contains("ports=x"))
        .hasSize(3);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void givenTwice_firstCounts_oneLine(Path jdk) throws Exception {
    String agent = Forked.javaagent(Forked.NO_CONTROL);
    Result result = Forked.java(jdk, agent, agent, TRIVIAL);

    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err().lines()).hasSize(2).anyMatch(l -> l.contains("twice"));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void switchedOff_nothingHappens(Path jdk) throws Exception {
    Result result = Forked.java(jdk, Forked.javaagent("enabled=false"), TRIVIAL);

    assertThat(result).isEqualTo(new Result(3, lines("out "), lines("err")));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void jdkTool_byJavaToolOptions_leftAlone(Path jdk) throws Exception {
    Result result =
        Forked.run(
            Map.of("JAVA_TOOL_OPTIONS", Forked.javaagent("log.level=debug")),
            List.of(jdk.resolve("bin/javac").toString(), "-version"));

    assertThat(result.exit()).isZero();
    assertThat(result.err().lines().filter(l -> l.startsWith("inmesh"))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void insideAnotherJar_refusedInOneLine(Path jdk, @TempDir Path folder) throws Exception {
    Path uber = folder.resolve("uber.jar");
    repack(uber);

    Result result = Forked.java(jdk, "-javaagent:" + uber, TRIVIAL);

    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err().lines())
        .hasSize(2)
        .anyMatch(l -> l.startsWith("inmesh: ") && l.contains("not the agent's own jar"));
  }

  /** The agent's classes under somebody else's manifest, whose Premain-Class leads to them. */
  private static void repack(Path target) throws IOException {
    try (JarFile agent = new JarFile(Forked.AGENT.toFile());
        OutputStream file = Files.newOutputStream(target);
        JarOutputStream jar = new JarOutputStream(file)) {
      jar.putNextEntry(new JarEntry("META-INF/MANIFEST.MF"));
      jar.write(
          ("Manifest-Version: 1.0\r\nPremain-Class: " + Relay.class.getName() + "\r\n\r\n")
              .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      for (JarEntry entry : (Iterable<JarEntry>) agent.stream()::iterator) {
        if (entry.getName().startsWith("io/")) {
          jar.putNextEntry(new JarEntry(entry.getName()));
          agent.getInputStream(entry).transferTo(jar);
        }
      }
    }
  }

  private static String lines(String... lines) {
    return String.join(System.lineSeparator(), lines) + System.lineSeparator();
  }
}
