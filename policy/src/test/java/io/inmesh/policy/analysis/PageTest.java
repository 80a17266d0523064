package io.inmesh.policy.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.policy.MessageCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code docs/analyze.md} has every code as it is. */
class PageTest {

  @ParameterizedTest
  @EnumSource
  void page_code_isDescribed(MessageCode code) throws IOException {
    String row = "| %s | %s | %s".formatted(code.id(), code.level(), code.title());
    assertThat(Files.readAllLines(Path.of("../docs/analyze.md")))
        .filteredOn(line -> line.startsWith(row + " |") || line.startsWith(row + " ¹ |"))
        .singleElement()
        .satisfies(line -> assertThat(line.contains("¹")).isEqualTo(code.maySettle()));
  }
}
