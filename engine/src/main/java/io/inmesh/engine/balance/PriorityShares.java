package io.inmesh.engine.balance;

import java.util.Arrays;

/**
 * How many percent of a cluster's calls each priority gets, and which of them are in panic and use
 * every endpoint they have (Envoy: LoadBalancerBase, with its overprovisioning factor of 140).
 *
 * <p>A priority's health is 1.4 times its part of available endpoints, at most 100 %: it keeps all
 * its calls until less than 72 % are left, and what it cannot take goes to the next one. While the
 * healths add up to 100 %, nobody panics. Otherwise a priority does that has less than the
 * threshold available; when all of them do, calls are spread by the number of endpoints.
 */
final class PriorityShares {
  private static final int OVERPROVISIONING = 140;

  private final int[] percent;
  private final boolean[] panic;

  /**
   * @param available how many endpoints of each priority can be used; at least one priority
   * @param all how many it has
   * @param panicThreshold percent, rounded as Envoy does
   */
  PriorityShares(int[] available, int[] all, double panicThreshold) {
    percent = new int[all.length];
    panic = new boolean[all.length];
    int[] health = health(available, all);
    int total = Math.min(100, Arrays.stream(health).sum());
    long threshold = Math.min(100, Math.round(panicThreshold));
    if (total == 0 && threshold == 0) {
      // Nobody is there, and nobody may panic: it does not matter who answers so.
      percent[0] = 100;
      return;
    }
    boolean allPanic = total < 100;
    for (int i = 0; i < all.length && total < 100; i++) {
      panic[i] = all[i] == 0 ? threshold > 0 : 100.0 * available[i] / all[i] < threshold;
      allPanic &= panic[i];
    }
    if (allPanic) {
      spreadByNumber(all);
    } else {
      spreadByHealth(health, total);
    }
  }

  /**
   * @param draw any number; its remainder decides
   */
  int priority(long draw) {
    long left = Long.remainderUnsigned(draw, 100);
    int priority = 0;
    while (left >= percent[priority]) {
      left -= percent[priority];
      priority++;
    }
    return priority;
  }

  int percent(int priority) {
    return percent[priority];
  }

  boolean panics(int priority) {
    return panic[priority];
  }

  private static int[] health(int[] available, int[] all) {
    int[] health = new int[all.length];
    for (int i = 0; i < all.length; i++) {
      health[i] =
          all[i] == 0 ? 0 : (int) Math.min(100, (long) OVERPROVISIONING * available[i] / all[i]);
    }
    return health;
  }

  private void spreadByHealth(int[] health, int total) {
    int left = 100;
    int first = -1;
    for (int i = 0; i < health.length; i++) {
      first = first < 0 && health[i] > 0 ? i : first;
      percent[i] = Math.min(left, health[i] * 100 / total);
      left -= percent[i];
    }
    percent[first] += left;
  }

  private void spreadByNumber(int[] all) {
    int total = Arrays.stream(all).sum();
    int left = 100;
    int first = -1;
    for (int i = 0; i < all.length; i++) {
      first = first < 0 && all[i] > 0 ? i : first;
      percent[i] = total == 0 ? 0 : (int) (100L * all[i] / total);
      left -= percent[i];
    }
    percent[Math.max(0, first)] += left;
  }
}
