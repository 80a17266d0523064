package io.inmesh.golden.generated;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What is drawn by lot: the same from the same seed, on every JVM. */
final class Dice {
  /** Keeps seeds that follow one another from beginning alike. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final Random random;

  Dice(long seed) {
    this.random = new Random(seed * SPREAD);
  }

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /** Both ends included. */
  int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  @SafeVarargs
  final <T> T pick(T... some) {
    return some[random.nextInt(some.length)];
  }

  <T> T pick(List<T> some) {
    return some.get(random.nextInt(some.size()));
  }

  /** So many different ones, in the order of the list. */
  <T> List<T> some(int least, int most, List<T> all) {
    List<T> left = new ArrayList<>(all);
    int wanted = Math.min(between(least, most), all.size());
    while (left.size() > wanted) {
      left.remove(random.nextInt(left.size()));
    }
    return left;
  }
}
