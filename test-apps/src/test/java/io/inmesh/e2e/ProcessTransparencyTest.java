package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A process with the agent starts, prints, ends and is set up as without it. */
class ProcessTransparencyTest {
  private static final List<String> ENDINGS =
      List.of(
          "normal",
          "uncaught",
          "uncaught-elsewhere",
          "exit",
          "halt",
          "hook",
          "non-daemon",
          "daemon",
          "out-of-memory");

  private static ControlServer control;

  @BeforeAll
  static void startControlServer(@TempDir Path data) {
    control = new ControlServer(data);
  }

  @AfterAll
  static void stopControlServer() {
    control.close();
  }

  static Stream<Arguments> endings() {
    return Jdk.all().stream()
        .flatMap(jdk -> ENDINGS.stream().map(ending -> Arguments.of(jdk, ending)));
  }

  @ParameterizedTest
  @MethodSource("endings")
  void ending_withAgent_isTheSame(Jdk jdk, String ending, @TempDir Path data) {
    Jvm.Result bare = Jvm.of(jdk).main("io.inmesh.testapps.Endings", ending).run();
    Jvm.Result with =
        Jvm.of(jdk).agent(agent(data)).main("io.inmesh.testapps.Endings", ending).run();
    assertThat(with).isEqualTo(bare);
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void globals_withAgent_areTheSame(Jdk jdk, @TempDir Path data) {
    Jvm.Result bare = Jvm.of(jdk).main("io.inmesh.testapps.Globals").run();
    Jvm.Result with = Jvm.of(jdk).agent(agent(data)).main("io.inmesh.testapps.Globals").run();
    assertThat(with.stdout().lines().toList()).isEqualTo(bare.stdout().lines().toList());
    assertThat(with).isEqualTo(bare);
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void threads_areAtMostFourMore_andAllDaemon(Jdk jdk, @TempDir Path data) {
    try (Backend backend =
        new Backend(1, wire -> wire.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))) {
      String url = "http://127.0.0.1:" + backend.port() + "/";
      Map<String, String> bare;
      try (Jvm jvm = Jvm.of(jdk).main("io.inmesh.testapps.Threads", url).start()) {
        bare = threads(jvm);
      }
      try (Jvm jvm =
          Jvm.of(jdk)
              .agent(agent(data) + ";service=threads")
              .main("io.inmesh.testapps.Threads", url)
              .start()) {
        jvm.awaitLine("called 200");
        Poll.until(
            "registration",
            () -> control.get("/inmesh/v1/agents").path("items").findValuesAsText("pid"),
            pids -> pids.contains(String.valueOf(jvm.pid())));
        Map<String, String> with = threads(jvm);
        Set<String> more = new TreeSet<>(with.keySet());
        more.removeAll(bare.keySet());
        System.out.println(jdk + ", agent threads: " + more);
        assertThat(more).hasSizeBetween(1, 4);
        for (String name : more) {
          assertThat(with.get(name)).as(name).contains("daemon=true").contains("loader=none");
        }
        assertThat(with).containsAllEntriesOf(bare);
        assertThat(jvm.stderr()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void twoAgents_theSecondStaysAway(Jdk jdk, @TempDir Path data) {
    Jvm.Result result =
        Jvm.of(jdk)
            .agent(agent(data))
            .agent(agent(data))
            .main("io.inmesh.testapps.Endings", "normal")
            .run();
    assertThat(result.exitCode()).isZero();
    assertThat(result.stdout()).isEqualTo("hello\n");
    assertThat(result.stderr()).contains("hello, stderr").contains("inmesh");
  }

  private static Map<String, String> threads(Jvm jvm) {
    jvm.awaitLine("called 200");
    int from = jvm.stdout().length();
    jvm.tell("list");
    jvm.awaitLine("^end$", from);
    Pattern line = Pattern.compile("^thread (.*) (daemon=.*)$");
    return jvm.stdout()
        .substring(from)
        .lines()
        .map(line::matcher)
        .filter(matcher -> matcher.matches())
        .filter(matcher -> !matcher.group(1).startsWith("Keep-Alive-Timer"))
        .collect(
            Collectors.toMap(
                matcher -> matcher.group(1),
                matcher -> matcher.group(2),
                (one, other) -> one + " and " + other,
                TreeMap::new));
  }

  private static String agent(Path data) {
    return "control=" + control.url() + ";data.dir=" + data.resolve("agent");
  }
}
