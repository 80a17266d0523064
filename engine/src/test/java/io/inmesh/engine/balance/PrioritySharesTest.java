package io.inmesh.engine.balance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrioritySharesTest {
  private static int[] percent(PriorityShares shares, int priorities) {
    int[] percent = new int[priorities];
    for (int i = 0; i < priorities; i++) {
      percent[i] = shares.percent(i);
    }
    return percent;
  }

  private static int[] percent(int[] available, int[] all) {
    return percent(new PriorityShares(available, all, 0), all.length);
  }

  @Test
  void share_firstPriority_keepsAllDownToFiveSevenths() {
    assertThat(percent(new int[] {10, 10}, new int[] {10, 10})).containsExactly(100, 0);
    assertThat(percent(new int[] {72, 10}, new int[] {100, 10})).containsExactly(100, 0);
    assertThat(percent(new int[] {71, 10}, new int[] {100, 10})).containsExactly(99, 1);
    assertThat(percent(new int[] {1, 1}, new int[] {2, 1})).containsExactly(70, 30);
    assertThat(percent(new int[] {0, 1}, new int[] {2, 1})).containsExactly(0, 100);
  }

  @Test
  void share_notEnoughAltogether_scaledUpAndTheRestToTheFirst() {
    // 14 %, 28 % and 14 % of 56: 25, 50, 25.
    assertThat(percent(new int[] {1, 2, 1}, new int[] {10, 10, 10})).containsExactly(25, 50, 25);
    // 15 % and 31 % of 46: 32 and 67, and what rounding leaves.
    assertThat(percent(new int[] {0, 1, 2}, new int[] {3, 9, 9})).containsExactly(0, 33, 67);
  }

  @Test
  void panic_thresholdZero_never() {
    PriorityShares none = new PriorityShares(new int[] {0, 0}, new int[] {3, 2}, 0);
    assertThat(percent(none, 2)).containsExactly(100, 0);
    assertThat(none.panics(0)).isFalse();
    assertThat(none.panics(1)).isFalse();
  }

  @Test
  void panic_enoughAltogether_noneHoweverFewOnePriorityHas() {
    PriorityShares shares = new PriorityShares(new int[] {1, 9}, new int[] {10, 10}, 50);
    assertThat(shares.panics(0)).isFalse();
    assertThat(percent(shares, 2)).containsExactly(14, 86);
  }

  @Test
  void panic_notEnoughAltogether_thoseBelowTheThreshold() {
    PriorityShares shares = new PriorityShares(new int[] {1, 6}, new int[] {10, 11}, 50);
    // 14 and 76 of 90: 15 and 84, and what rounding leaves.
    assertThat(percent(shares, 2)).containsExactly(16, 84);
    assertThat(shares.panics(0)).isTrue();
    assertThat(shares.panics(1)).isFalse();
  }

  @Test
  void panic_everywhere_byNumberOfEndpoints() {
    PriorityShares shares = new PriorityShares(new int[] {1, 0, 0}, new int[] {6, 0, 3}, 50);
    assertThat(percent(shares, 3)).containsExactly(67, 0, 33);
    assertThat(shares.panics(0)).isTrue();
    assertThat(shares.panics(2)).isTrue();
  }

  @Test
  void panic_exactlyTheThreshold_no() {
    assertThat(new PriorityShares(new int[] {2}, new int[] {4}, 50).panics(0)).isFalse();
    assertThat(new PriorityShares(new int[] {1}, new int[] {4}, 50).panics(0)).isTrue();
    // Envoy rounds it: 49.5 is 50, 0.4 is off.
    assertThat(new PriorityShares(new int[] {99}, new int[] {200}, 49.6).panics(0)).isTrue();
    assertThat(new PriorityShares(new int[] {0}, new int[] {200}, 0.4).panics(0)).isFalse();
  }

  @Test
  void noEndpointAtAll_somewhere() {
    assertThat(percent(new PriorityShares(new int[] {0, 0}, new int[] {0, 0}, 50), 2))
        .containsExactly(100, 0);
  }

  @Test
  void priority_draw_byItsRemainder() {
    PriorityShares shares = new PriorityShares(new int[] {1, 1}, new int[] {2, 1}, 0);
    assertThat(shares.priority(69)).isZero();
    assertThat(shares.priority(70)).isEqualTo(1);
    assertThat(shares.priority(1_000_099)).isEqualTo(1);
    // 2^64 - 1 = 15 (mod 100).
    assertThat(shares.priority(-1)).isZero();
  }
}
