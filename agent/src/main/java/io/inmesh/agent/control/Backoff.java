package io.inmesh.agent.control;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: growing by a fifth from {@link #FIRST} to {@link #LONGEST},
 * each wait drawn from its upper half so that many agents do not come back in step. A wait is thus
 * about a fifth of the outage so far: who restarts a control server in six seconds has its agents
 * back one second later, and nobody hammers one that is gone for good.
 */
final class Backoff {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final RandomGenerator random;
  private long nextMillis = FIRST.toMillis();

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The wait after one more failure, in milliseconds. */
  long next() {
    long bound = nextMillis;
    nextMillis = Math.min(bound + bound / 5, LONGEST.toMillis());
    return bound / 2 + random.nextLong(bound / 2 + 1);
  }

  /** A try has succeeded. */
  void reset() {
    nextMillis = FIRST.toMillis();
  }
}
