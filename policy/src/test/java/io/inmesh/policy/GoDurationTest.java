package io.inmesh.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.policy.YamlNode.Position;
import io.inmesh.policy.YamlNode.Scalar;
import io.inmesh.policy.YamlNode.ScalarType;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {

  private final Diagnostics diagnostics = new Diagnostics("f");

  @ParameterizedTest
  @CsvSource({
    "10s,10000",
    "500ms,500",
    "1h30m,5400000",
    "0.5s,500",
    ".5s,500",
    "1000us,1",
    "+1s,1000",
    "1ms,1"
  })
  void of_goDuration_isRead(String text, long millis) {
    assertThat(of(text, ScalarType.STRING)).contains(Duration.ofMillis(millis));
    assertThat(diagnostics.problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "1d",
        "s",
        "1 s",
        "1s ",
        "0s",
        "-1s",
        "0.1ms",
        "1.5ms",
        "1e3s",
        "0",
        "99999999999h",
        "1s-1s",
        "١s"
      })
  void of_anythingElse_isReported(String text) {
    assertThat(of(text, ScalarType.STRING)).isEmpty();
    assertThat(diagnostics.problems()).hasSize(1);
  }

  @Test
  void of_number_isToldItsUnit() {
    assertThat(of("5", ScalarType.INTEGER)).isEmpty();
    assertThat(diagnostics.problems().get(0).message()).endsWith("write \"5s\" for seconds");
  }

  private Optional<Duration> of(String text, ScalarType type) {
    return GoDuration.of(new Value(new Scalar(new Position(1, 1), type, text), "t", diagnostics));
  }
}
