package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How a page's output is compared with what is seen. */
class PageTest {
  @Test
  void matches_withoutTolerance_wantsEachCharacter() {
    Page.Step step = step(0, "orders v1 52 %", "failed 0");
    assertThat(step.matches(List.of("orders v1 52 %", "failed 0"))).isTrue();
    assertThat(step.matches(List.of("orders v1 53 %", "failed 0"))).isFalse();
    assertThat(step.matches(List.of("orders v1 52 %"))).isFalse();
    assertThat(step.matches(List.of("orders v1 52 %", "failed 0", "more"))).isFalse();
    assertThat(step.matches(List.of())).isFalse();
  }

  @Test
  void matches_withTolerance_isExactButForNumbers() {
    Page.Step step = step(2, "orders  v1  7s", "6.5 s");
    assertThat(step.matches(List.of("orders  v1  9s", "7.499 s"))).isTrue();
    assertThat(step.matches(List.of("orders  v1  10s", "6.5 s"))).isFalse();
    assertThat(step.matches(List.of("orders  v1  7s", "4.4 s"))).isFalse();
    assertThat(step.matches(List.of("orders  v2  7s", "6.5 s"))).isFalse();
    assertThat(step.matches(List.of("payments  v1  7s", "6.5 s"))).isFalse();
  }

  @Test
  void matches_dots_standForAnything() {
    Page.Step step = step(0, "first", "...", "last of ... calls");
    assertThat(step.matches(List.of("first", "last of 7 calls"))).isTrue();
    assertThat(step.matches(List.of("first", "second", "third", "last of all calls"))).isTrue();
    assertThat(step.matches(List.of("first", "second"))).isFalse();
  }

  @Test
  void examples_areThoseThatAreFollowed() throws IOException {
    try (Stream<Path> files = Files.list(Jars.ROOT.resolve("examples"))) {
      assertThat(files.filter(Files::isDirectory))
          .as("a new folder needs a method in ExamplePagesTest")
          .extracting(folder -> folder.getFileName().toString())
          .containsExactlyInAnyOrder(
              "request-routing",
              "fault-injection",
              "traffic-shifting",
              "request-timeouts",
              "circuit-breaking",
              "mirroring",
              "canary",
              "header-match",
              "static-service",
              "broken");
    }
  }

  @Test
  void steps_ofAPage_areItsCommandsWithWhatFollowsThem() {
    List<Page.Step> steps = Page.of("broken").steps();
    assertThat(steps).hasSize(1);
    assertThat(steps.get(0).command()).isEqualTo("./meshctl apply -f examples/broken/typo.yaml");
    assertThat(steps.get(0).output()).hasSize(2).last().isEqualTo("1 error; nothing is applied.");
  }

  private static Page.Step step(double tolerance, String... output) {
    return new Page.Step(Jars.ROOT, 1, "true", List.of(output), tolerance);
  }
}
