package io.inmesh.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** That the comparison of chance outcomes can fail, and fails where it should. */
class DistributionTest {
  private static final Distribution SEEDED =
      new Distribution(new Sight(true, true, 0.0005, Duration.ZERO));
  private static final Distribution LIVE =
      new Distribution(new Sight(false, false, 1e-6, Duration.ofSeconds(1)));

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
    assertThat(SEEDED.differences("x", Map.of("a", 180, "b", 20), Map.of("a", 905, "b", 95)))
        .isEmpty();
  }

  @Test
  void differences_otherShares_found() {
    assertThat(SEEDED.differences("x", Map.of("a", 180, "b", 20), Map.of("a", 700, "b", 300)))
        .hasSize(1);
  }

  @Test
  void differences_frequentKeyMissing_found() {
    assertThat(SEEDED.differences("x", Map.of("a", 10, "b", 1), Map.of("a", 10))).hasSize(1);
  }

  @Test
  void differences_rareKeyMissing_none() {
    assertThat(SEEDED.differences("x", Map.of("a", 198, "b", 2), Map.of("a", 200))).isEmpty();
  }

  @Test
  void differences_keyMissingByBadLuck_noneUnlessSeeded() {
    assertThat(LIVE.differences("x", Map.of("a", 10, "b", 1), Map.of("a", 10))).isEmpty();
    assertThat(LIVE.differences("x", Map.of("a", 10), Map.of("a", 10, "b", 1))).isEmpty();
    assertThat(LIVE.differences("x", Map.of("a", 360, "b", 40), Map.of("a", 200))).isNotEmpty();
    assertThat(LIVE.differences("x", Map.of("a", 400), Map.of("a", 180, "b", 20))).isNotEmpty();
  }
}
