package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands under {@code examples/} can be applied as it is. */
class ExamplesTest {
  private static ControlServer control;

  @BeforeAll
  static void startControlServer(@TempDir Path data) {
    control = new ControlServer(data);
  }

  @AfterAll
  static void stopControlServer() {
    control.close();
  }

  @Test
  void examples_areAccepted() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(Jars.ROOT.resolve("examples"))) {
      files = all.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      Jvm.Result result = control.meshctl("apply", "-f", file.toString(), "--dry-run=server");
      if (String.valueOf(file).contains("typo") || String.valueOf(file).contains("broken")) {
        assertThat(result.exitCode()).as(file + ": " + result).isEqualTo(1);
      } else {
        assertThat(result.exitCode()).as(file + ": " + result).isZero();
      }
    }
  }
}
