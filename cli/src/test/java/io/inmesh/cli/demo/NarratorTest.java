package io.inmesh.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.cli.terminal.Palette;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class NarratorTest {

  @Test
  void traffic_inPlainLines_isToldOnceASecondAndNotAtItsStart() {
    StringWriter out = new StringWriter();
    Narrator narrator = new Narrator(new PrintWriter(out), Palette.PLAIN, false);
    for (long millis : new long[] {0, 250, 1_000, 1_250, 2_000}) {
      narrator.traffic(counts(millis));
    }
    narrator.finalTraffic(counts(2_000));
    assertThat(out.toString())
        .isEqualTo(
            """
              100 calls: v1 100.0 %, v2 0.0 %, failed 0
              200 calls: v1 100.0 %, v2 0.0 %, failed 0
            """);
  }

  private static Counts counts(long millis) {
    long calls = millis / 10;
    return new Counts(millis, calls, 0, Map.of("v1", calls), Map.of(), "");
  }
}
