package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;

/** The packaged jars, where the build leaves them. */
final class Jars {
  /** The repository's root. */
  static final Path ROOT =
      Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("..").normalize();

  /** What the applications' JVMs have on their class path: our test applications, nothing else. */
  static final Path TEST_APPS = built("test-apps/target/classes");

  static Path agent() {
    return built("agent/target/inmesh-agent.jar");
  }

  static Path controlServer() {
    return built("control-server/target/inmesh-control-server.jar");
  }

  static Path cli() {
    return built("cli/target/inmesh-cli.jar");
  }

  private static Path built(String path) {
    Path file = ROOT.resolve(path);
    assertThat(Files.exists(file))
        .withFailMessage("%s is missing: build it first, `mvn verify` at the root does", file)
        .isTrue();
    return file;
  }

  private Jars() {}
}
