package io.inmesh.engine.model;

import java.util.random.RandomGenerator;

/** A share of calls, in millionths (Envoy: FractionalPercent). */
public record Percentage(int millionths) {
  private static final int WHOLE = 1_000_000;

  /** No call. */
  public static final Percentage NONE = new Percentage(0);

  /** Every call. */
  public static final Percentage ALL = new Percentage(WHOLE);

  public Percentage {
    if (millionths < 0 || millionths > WHOLE) {
      throw new IllegalArgumentException(millionths + " millionths are not in 0-1000000");
    }
  }

  /** Draws; without a draw where the answer is certain. */
  public boolean draw(RandomGenerator random) {
    return millionths == WHOLE || (millionths > 0 && random.nextInt(WHOLE) < millionths);
  }
}
