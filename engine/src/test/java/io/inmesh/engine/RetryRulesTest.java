package io.inmesh.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.RetryPolicy;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryRulesTest {
  private static RetryPolicy policy(long baseMicros, long maxMicros) {
    return new RetryPolicy(
        Set.of(),
        Set.of(),
        9,
        Duration.ZERO,
        Duration.ofNanos(baseMicros * 1_000),
        Duration.ofNanos(maxMicros * 1_000),
        5);
  }

  @ParameterizedTest
  @CsvSource({
    // base, max, which retry, the bound; in microseconds
    "25000, 250000, 1, 25000",
    "25000, 250000, 2, 50000",
    "25000, 250000, 3, 100000",
    "25000, 250000, 4, 200000",
    "25000, 250000, 5, 250000",
    "25000, 250000, 60, 250000",
    "100, 250000, 1, 1000",
    "25000, 1000, 3, 25000",
  })
  void backOff_uniformBelowItsBound(long base, long max, int retry, long boundMicros) {
    Random random = new Random(9);
    int draws = 20_000;
    int[] tenths = new int[10];
    for (int i = 0; i < draws; i++) {
      long nanos = RetryRules.backOff(policy(base, max), retry, random).toNanos();
      assertThat(nanos).isBetween(0L, boundMicros * 1_000 - 1);
      tenths[(int) (nanos * 10 / (boundMicros * 1_000))]++;
    }

    double chiSquare = 0;
    for (int count : tenths) {
      chiSquare += Math.pow(count - draws / 10.0, 2) / (draws / 10.0);
    }
    // 9 degrees of freedom, p = 0.001
    assertThat(chiSquare).isLessThan(27.88);
  }

  @Test
  void backOff_longestBase_doesNotOverflow() {
    long year = Duration.ofDays(365).toNanos() / 1_000;

    assertThat(RetryRules.backOff(policy(year, year * 10), 100, new Random(1)))
        .isBetween(Duration.ZERO, Duration.ofDays(3_650));
  }
}
