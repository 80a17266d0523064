package io.inmesh.agent.packaged;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** JVMs with the packaged agent, as users start them. */
final class Forked {
  static final Path AGENT = Path.of("target", "inmesh-agent.jar").toAbsolutePath();

  /** Nothing listens there: an agent without control server. */
  static final String NO_CONTROL = "control=http://127.0.0.1:1";

  private static final int TIMEOUT_SECONDS = 60;

  /** What a process said and how it ended. */
  record Result(int exit, String out, String err) {}

  /** The JDK of this build, and JDK 25 where there is one. */
  static List<Path> jdks() {
    List<Path> jdks = new ArrayList<>();
    jdks.add(Path.of(System.getProperty("java.home")));
    newestJdk().filter(jdk -> !jdks.contains(jdk)).ifPresent(jdks::add);
    return jdks;
  }

  private static Optional<Path> newestJdk() {
    String named = System.getenv("INMESH_TEST_JDK25");
    if (named != null) {
      return Optional.of(Path.of(named));
    }
    Path all = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(all)) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(all, "*25*")) {
      for (Path jdk : found) {
        if (Files.isExecutable(jdk.resolve("bin/java"))) {
          return Optional.of(jdk);
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Runs {@code bin/java} with this module's test classes on the class path. */
  static Result java(Path jdk, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(jdk.resolve("bin/java").toString());
    command.addAll(List.of("-Xshare:auto", "-cp", "target" + File.separator + "test-classes"));
    command.addAll(Arrays.asList(arguments));
    return run(Map.of(), command);
  }

  static Result run(Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("inmesh", ".out");
    Path err = Files.createTempFile("inmesh", ".err");
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().remove("JAVA_TOOL_OPTIONS");
      builder.environment().putAll(environment);
      Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("still running: " + command + "\n" + Files.readString(err));
      }
      return new Result(
          process.exitValue(),
          Files.readString(out, StandardCharsets.UTF_8),
          Files.readString(err, StandardCharsets.UTF_8));
    } finally {
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    }
  }

  static String javaagent(String... settings) {
    return "-javaagent:" + AGENT + "=" + String.join(";", settings);
  }

  private Forked() {}
}
