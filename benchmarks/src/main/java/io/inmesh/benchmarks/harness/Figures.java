package io.inmesh.benchmarks.harness;

import java.util.Arrays;
import java.util.Collection;

/** Medians and quantiles. */
public final class Figures {

  /**
   * The median; of an even count, the mean of the two in the middle.
   *
   * @throws IllegalArgumentException for no values
   */
  public static double median(Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no values, no median");
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /**
   * The quantile by nearest rank: the smallest value that at least that share does not exceed.
   *
   * @param sorted in rising order; not empty
   * @param share between 0 and 1
   */
  public static long quantile(long[] sorted, double share) {
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.max(0, rank - 1)];
  }

  /** A sorted copy of the first {@code count} values. */
  public static long[] sorted(long[] values, int count) {
    long[] copy = Arrays.copyOf(values, count);
    Arrays.sort(copy);
    return copy;
  }

  private Figures() {}
}
