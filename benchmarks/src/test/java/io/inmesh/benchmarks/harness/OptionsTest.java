package io.inmesh.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

class OptionsTest {

  private static final Set<String> KNOWN = Set.of("rounds", "jvm", "bare");

  @Test
  void parse_valuesAndFlags_areRead() {
    Options options =
        Options.parse(new String[] {"--bare", "--rounds", "3", "--jvm", "-Xmx64m -Xss1m"}, KNOWN);

    assertThat(options.flag("bare")).isTrue();
    assertThat(options.number("rounds", 9)).isEqualTo(3);
    assertThat(options.jvmOptions()).containsExactly("-Xmx64m", "-Xss1m");
  }

  @Test
  void parse_nothing_givesDefaults() {
    Options options = Options.parse(new String[0], KNOWN);

    assertThat(options.flag("bare")).isFalse();
    assertThat(options.number("rounds", 9)).isEqualTo(9);
    assertThat(options.jvmOptions()).isEmpty();
  }

  @Test
  void parse_unknownOption_isNamed() {
    assertThatThrownBy(() -> Options.parse(new String[] {"--round", "3"}, KNOWN))
        .hasMessageContaining("--round'")
        .hasMessageContaining("rounds");
  }

  @Test
  void parse_missingValue_isNamed() {
    assertThatThrownBy(() -> Options.parse(new String[] {"--rounds"}, KNOWN))
        .hasMessage("--rounds needs a value");
  }

  @Test
  void number_notPositive_isRefused() {
    Options options = Options.parse(new String[] {"--rounds", "0"}, KNOWN);

    assertThatThrownBy(() -> options.number("rounds", 9)).hasMessageContaining("not '0'");
  }
}
