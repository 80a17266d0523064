package io.inmesh.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inmesh.benchmarks.harness.Comparison.Metric;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private static final Metric TIME = new Metric("time, ms", 1);

  private final Comparison comparison = new Comparison(List.of("base", "other"));

  @Test
  void ratio_machineSlowsDownBetweenRounds_isThatOfTheRounds() {
    add("base", 100, 200, 400);
    add("other", 110, 220, 440);

    assertThat(comparison.ratio(TIME, "other")).isCloseTo(1.1, within(1e-9));
    assertThat(comparison.difference(TIME, "other")).isEqualTo(20);
    assertThat(comparison.median(TIME, "other")).isEqualTo(220);
  }

  @Test
  void table_figureOfOneVariantOnly_leavesTheOthersEmpty() {
    add("other", 5);

    assertThat(comparison.table().lines().toList().get(1)).matches("time, ms +5\\.0");
  }

  @Test
  void toJson_twoVariants_holdsEveryRound() {
    add("base", 1, 2);
    add("other", 2, 6);

    assertThat(Json.write(comparison.toJson()).replaceAll("\\s+", ""))
        .isEqualTo(
            "[{\"metric\":\"time,ms\",\"variants\":{"
                + "\"base\":{\"median\":1.5,\"rounds\":[1,2]},"
                + "\"other\":{\"median\":4,\"ratio\":2.5,\"difference\":2.5,\"rounds\":[2,6]}}}]");
  }

  private void add(String variant, double... values) {
    for (double value : values) {
      comparison.add(TIME, variant, value);
    }
  }
}
