package io.inmesh.control.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** That the comparison of chance outcomes can fail, and fails where it should. */
class DistributionTest {
  @Test
  void upperTail_tabulatedValues_agrees() {
    assertThat(Distribution.upperTail(3.841, 1)).isCloseTo(0.05, within(1e-4));
    assertThat(Distribution.upperTail(5.991, 2)).isCloseTo(0.05, within(1e-4));
    assertThat(Distribution.upperTail(7.815, 3)).isCloseTo(0.05, within(1e-4));
    assertThat(Distribution.upperTail(9.488, 4)).isCloseTo(0.05, within(1e-4));
    assertThat(Distribution.upperTail(20.515, 5)).isCloseTo(0.001, within(1e-5));
    assertThat(Distribution.upperTail(22.458, 6)).isCloseTo(0.001, within(1e-5));
  }

  @Test
  void differences_sameShares_none() {
    assertThat(Distribution.differences("x", Map.of("a", 180, "b", 20), Map.of("a", 905, "b", 95)))
        .isEmpty();
  }

  @Test
  void differences_otherShares_found() {
    assertThat(Distribution.differences("x", Map.of("a", 180, "b", 20), Map.of("a", 700, "b", 300)))
        .hasSize(1);
  }

  @Test
  void differences_frequentKeyMissing_found() {
    assertThat(Distribution.differences("x", Map.of("a", 10, "b", 1), Map.of("a", 10))).hasSize(1);
  }

  @Test
  void differences_rareKeyMissing_none() {
    assertThat(Distribution.differences("x", Map.of("a", 198, "b", 2), Map.of("a", 200))).isEmpty();
  }
}
