package io.inmesh.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FiguresTest {

  @Test
  void median_oddCount_isTheMiddle() {
    assertThat(Figures.median(List.of(9.0, 1.0, 5.0))).isEqualTo(5);
  }

  @Test
  void median_evenCount_isTheMeanOfTheMiddleTwo() {
    assertThat(Figures.median(List.of(9.0, 1.0, 5.0, 2.0))).isEqualTo(3.5);
  }

  @Test
  void median_noValues_isRefused() {
    assertThatThrownBy(() -> Figures.median(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void quantile_hundredValues_isTheNearestRank() {
    long[] values = LongStream.rangeClosed(1, 100).toArray();

    assertThat(Figures.quantile(values, 0.50)).isEqualTo(50);
    assertThat(Figures.quantile(values, 0.99)).isEqualTo(99);
    assertThat(Figures.quantile(new long[] {7}, 0.99)).isEqualTo(7);
  }
}
