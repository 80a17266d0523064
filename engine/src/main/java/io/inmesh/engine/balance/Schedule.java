package io.inmesh.engine.balance;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whose turn it is, by weight: a round in which each index stands as often as its weight says,
 * spread out evenly. It is what an earliest-deadline-first queue would give (Envoy: EdfScheduler),
 * written down once, so that a turn is one atomic increment and no lock.
 */
final class Schedule {
  /**
   * Bounds a round's memory. Weights that need a longer one are rounded, each by less than one
   * turn.
   */
  private static final int LONGEST_ROUND = 4_096;

  /** A turn of a round still to be written: the {@code n}-th of {@code index}. */
  private record Turn(int index, int n, double deadline) {}

  private final int[] round;
  private final AtomicInteger position;

  /**
   * @param weights positive
   * @param position where it stands; a random one, so that many callers do not go in step
   */
  Schedule(double[] weights, AtomicInteger position) {
    this.round = round(turns(weights));
    this.position = position;
  }

  int next() {
    return round[Math.floorMod(position.getAndIncrement(), round.length)];
  }

  private static int[] round(int[] turns) {
    // A turn is due at n/turns of the round; of those that are due together the first in order
    // goes.
    PriorityQueue<Turn> due =
        new PriorityQueue<>(
            Comparator.comparingDouble(Turn::deadline).thenComparingInt(Turn::index));
    for (int i = 0; i < turns.length; i++) {
      due.add(new Turn(i, 1, 1.0 / turns[i]));
    }
    int[] round = new int[Arrays.stream(turns).sum()];
    for (int i = 0; i < round.length; i++) {
      Turn turn = due.remove();
      round[i] = turn.index;
      int n = turn.n + 1;
      due.add(new Turn(turn.index, n, (double) n / turns[turn.index]));
    }
    return round;
  }

  private static int[] turns(double[] weights) {
    double total = 0;
    long divisor = 0;
    boolean whole = true;
    for (double weight : weights) {
      total += weight;
      whole &= weight == Math.rint(weight);
      divisor = greatestCommonDivisor((long) weight, divisor);
    }
    int longest = Math.max(LONGEST_ROUND, 8 * weights.length);
    boolean exact = whole && total / divisor <= longest;
    int[] turns = new int[weights.length];
    for (int i = 0; i < turns.length; i++) {
      double share = exact ? weights[i] / divisor : weights[i] * longest / total;
      turns[i] = (int) Math.max(1, Math.round(share));
    }
    return turns;
  }

  private static long greatestCommonDivisor(long a, long b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }
}
