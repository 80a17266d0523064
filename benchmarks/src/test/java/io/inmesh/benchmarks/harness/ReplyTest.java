package io.inmesh.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ReplyTest {

  @Test
  void parse_wordAndFigures_areRead() {
    Reply reply = Reply.parse("closed calls=12 nanos=3000000000");

    assertThat(reply.word()).isEqualTo("closed");
    assertThat(reply.value("calls")).isEqualTo(12);
    assertThat(reply.value("nanos")).isEqualTo(3_000_000_000L);
  }

  @Test
  void parse_noFigure_tellsTheLine() {
    assertThatThrownBy(() -> Reply.parse("closed calls")).hasMessageContaining("'calls'");
  }

  @Test
  void value_missing_tellsWhich() {
    assertThatThrownBy(() -> Reply.parse("closed").value("calls")).hasMessageContaining("no calls");
  }
}
