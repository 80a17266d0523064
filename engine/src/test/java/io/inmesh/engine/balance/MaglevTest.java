package io.inmesh.engine.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tables are those of Envoy's own unit tests. */
class MaglevTest {
  private static final int SIZE = 65_537;

  private static List<HashedEndpoint> six() {
    return Hashing.from90(1 / 6.0, 1 / 6.0, 1 / 6.0, 1 / 6.0, 1 / 6.0, 1 / 6.0);
  }

  private static List<Integer> table(LoadBalancer balancer, int size) {
    List<Integer> table = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      table.add(Hashing.port(balancer, i) - 90);
    }
    return table;
  }

  @Test
  void table_equalShares_asEnvoy() {
    Maglev maglev = new Maglev(six(), 7);
    assertThat(table(maglev, 14)).containsExactly(2, 4, 0, 1, 5, 0, 3, 2, 4, 0, 1, 5, 0, 3);
  }

  @Test
  void table_otherOrder_theSame() {
    List<HashedEndpoint> turned = six();
    Collections.reverse(turned);
    assertThat(table(new Maglev(turned, 7), 7)).containsExactly(2, 4, 0, 1, 5, 0, 3);
  }

  @Test
  void table_weights_asEnvoy() {
    assertThat(table(new Maglev(Hashing.from90(1 / 3.0, 2 / 3.0), 17), 17))
        .containsExactly(1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 0, 1);
    assertThat(table(new Maglev(Hashing.from90(0.5, 0.5), 17), 17))
        .containsExactly(1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1);
    assertThat(table(new Maglev(Hashing.from90(0.8, 0.2), 17), 17))
        .containsExactly(1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0);
  }

  @Test
  void pick_notWanted_keysFarAway() {
    Maglev maglev = new Maglev(six(), 7);
    assertThat(Hashing.port(maglev, 10, 0)).isEqualTo(91);
    assertThat(Hashing.port(maglev, 10, 1)).isEqualTo(90);
    assertThat(Hashing.port(maglev, 10, 2)).isEqualTo(95);
  }

  @Test
  void pick_key_isUnsigned() {
    Maglev maglev = new Maglev(six(), 7);
    // 2^64 - 1 = 1 (mod 7).
    assertThat(Hashing.port(maglev, -1)).isEqualTo(94);
  }

  @Test
  void endpointLeaves_nearlyOnlyItsKeysMove() {
    assertThat(kept(3, SIZE)).isGreaterThanOrEqualTo(1 - 1.1 / 3);
    assertThat(kept(10, SIZE)).isGreaterThanOrEqualTo(1 - 1.1 / 10);
    // Of a hundred, Envoy's default table moves half as many again as it must.
    assertThat(kept(100, SIZE)).isGreaterThanOrEqualTo(1 - 1.7 / 100);
  }

  private static double kept(int count, int size) {
    return Kept.part(
        new Maglev(Hashing.numbered("10.0.0.", 80, count), size),
        new Maglev(Hashing.numbered("10.0.0.", 80, count - 1), size));
  }

  @Test
  void table_equalShares_evenWithinOne() {
    Maglev maglev = new Maglev(Hashing.numbered("10.0.0.", 80, 10), SIZE);
    int[] counts = new int[11];
    for (int i = 0; i < SIZE; i++) {
      counts[Integer.parseInt(Hashing.address(maglev, i).substring(7))]++;
    }
    for (int i = 1; i <= 10; i++) {
      assertThat(counts[i]).isBetween(SIZE / 10, SIZE / 10 + 1);
    }
  }
}
