package io.inmesh.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

final class CountsTest {

  private final ObjectMapper json = new ObjectMapper();

  @Test
  void since_twoLines_isWhatHappenedBetween() {
    Counts before =
        Counts.parse(
            json,
            "{\"millis\":100,\"calls\":10,\"failed\":0,\"versions\":{\"v1\":10},\"instances\":{\"a\":10}}");
    Counts after =
        Counts.parse(
            json,
            "{\"millis\":200,\"calls\":31,\"failed\":1,\"versions\":{\"v1\":25,\"v2\":5},"
                + "\"instances\":{\"a\":25,\"b\":5},\"lastFailure\":\"502\"}");
    Counts between = after.since(before);
    assertThat(between.calls()).isEqualTo(21);
    assertThat(between.failed()).isEqualTo(1);
    assertThat(between.share("v1")).isEqualTo(75.0);
    assertThat(between.share("v2")).isEqualTo(25.0);
    assertThat(between.instances()).containsEntry("b", 5L);
    assertThat(Counts.NONE.share("v1")).isZero();
  }

  @Test
  void parse_otherText_saysWhatItWas() {
    assertThatThrownBy(() -> Counts.parse(json, "hello")).hasMessageContaining("hello");
  }
}
