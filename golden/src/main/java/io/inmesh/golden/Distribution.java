package io.inmesh.golden;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Compares two histograms of chance outcomes. */
final class Distribution {
  /** What is rarer may be missing in the other histogram. */
  private static final double RARE = 0.03;

  /** A cell that expects fewer is put together with others, as chi-square demands. */
  private static final double SMALL = 5;

  private final Sight sight;

  Distribution(Sight sight) {
    this.sight = sight;
  }

  /** What tells the two apart; empty when they may be samples of one distribution. */
  List<String> differences(String what, Map<String, Integer> expected, Map<String, Integer> got) {
    List<String> differences = new ArrayList<>();
    double expectedTotal = expected.values().stream().mapToDouble(Integer::doubleValue).sum();
    double gotTotal = got.values().stream().mapToDouble(Integer::doubleValue).sum();
    TreeSet<String> keys = new TreeSet<>(expected.keySet());
    keys.addAll(got.keySet());
    for (String key : keys) {
      double wanted = expected.getOrDefault(key, 0) / expectedTotal;
      double was = got.getOrDefault(key, 0) / gotTotal;
      if ((wanted == 0 && isMissed(was, expectedTotal))
          || (was == 0 && isMissed(wanted, gotTotal))) {
        differences.add(
            what + " '" + key + "': expected " + percent(wanted) + ", got " + percent(was));
      }
    }
    double p = probability(expected, expectedTotal, got, gotTotal, keys);
    if (p < sight.significance()) {
      differences.add(what + " (p = " + p + "): expected " + expected + ", got " + got);
    }
    return differences;
  }

  /** Whether what has this share should have been among so many. */
  private boolean isMissed(double share, double total) {
    return share >= RARE && (sight.seeded() || Math.pow(1 - share, total) < sight.significance());
  }

  private static String percent(double share) {
    return Math.round(share * 1000) / 10.0 + " %";
  }

  /** That two samples of one distribution differ this much: two-sample chi-square. */
  private static double probability(
      Map<String, Integer> first,
      double firstTotal,
      Map<String, Integer> second,
      double secondTotal,
      Iterable<String> keys) {
    double all = firstTotal + secondTotal;
    double smaller = Math.min(firstTotal, secondTotal);
    double sum = 0;
    int cells = 0;
    double restFirst = 0;
    double restSecond = 0;
    for (String key : keys) {
      double a = first.getOrDefault(key, 0);
      double b = second.getOrDefault(key, 0);
      if ((a + b) * smaller / all < SMALL) {
        restFirst += a;
        restSecond += b;
      } else {
        sum += term(a, b, firstTotal, secondTotal);
        cells++;
      }
    }
    if ((restFirst + restSecond) * smaller / all >= SMALL) {
      sum += term(restFirst, restSecond, firstTotal, secondTotal);
      cells++;
    }
    return cells < 2 ? 1 : upperTail(sum, cells - 1);
  }

  private static double term(double a, double b, double firstTotal, double secondTotal) {
    double share = (a + b) / (firstTotal + secondTotal);
    double first = share * firstTotal;
    double second = share * secondTotal;
    return (a - first) * (a - first) / first + (b - second) * (b - second) / second;
  }

  /**
   * The chance that a chi-square variable of so many degrees of freedom is at least this large, by
   * the recurrence over degrees of freedom in steps of two (Abramowitz and Stegun, 26.4.8).
   */
  static double upperTail(double square, int degrees) {
    double half = square / 2;
    double term;
    double tail;
    int from;
    if (degrees % 2 == 0) {
      term = Math.exp(-half);
      tail = term;
      from = 2;
    } else {
      tail = twoSidedNormal(Math.sqrt(square));
      term = Math.sqrt(2 * square / Math.PI) * Math.exp(-half);
      from = 1;
      if (degrees >= 3) {
        tail += term;
        from = 3;
      }
    }
    for (int k = from; k + 2 <= degrees; k += 2) {
      term *= square / k;
      tail += term;
    }
    return Math.min(1, tail);
  }

  /** That a standard normal variable is at least this far from zero; error below 1e-7. */
  private static double twoSidedNormal(double z) {
    // Numerical approximation of erfc with fractional error below 1.2e-7 (Numerical Recipes 6.2).
    double x = z / Math.sqrt(2);
    double t = 1 / (1 + 0.5 * x);
    double[] coefficients = {
      -1.26551223,
      1.00002368,
      0.37409196,
      0.09678418,
      -0.18628806,
      0.27886807,
      -1.13520398,
      1.48851587,
      -0.82215223,
      0.17087277
    };
    double polynomial = 0;
    for (int i = coefficients.length - 1; i >= 0; i--) {
      polynomial = polynomial * t + coefficients[i];
    }
    return t * Math.exp(-x * x + polynomial);
  }
}
