package io.inmesh.engine.balance;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Where the schedules of a cluster stand, so that a new rotation goes on where the last one was.
 * Each begins at random: many callers shall not go in step. Any thread; asked for when a rotation
 * is made, not when a call picks.
 */
final class Turns {
  /** In place of a group's number: the whole priority's endpoints, and its localities. */
  static final int ENDPOINTS = -1;

  static final int LOCALITIES = -2;

  private record Key(int priority, int group) {}

  private final RandomGenerator random;

  // Under the lock on this.
  private final Map<Key, AtomicInteger> positions = new HashMap<>();

  Turns(RandomGenerator random) {
    this.random = random;
  }

  synchronized AtomicInteger of(int priority, int group) {
    return positions.computeIfAbsent(
        new Key(priority, group), key -> new AtomicInteger(random.nextInt(1 << 20)));
  }
}
