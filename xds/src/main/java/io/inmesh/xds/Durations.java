package io.inmesh.xds;

import java.time.Duration;

/** Durations of the wire. */
final class Durations {
  /** So that nanoseconds of any two of them fit into a long. */
  private static final Duration LONGEST = Duration.ofDays(365);

  /** A duration that is not negative. */
  static Duration parse(io.inmesh.shaded.protobuf.Duration message, String path)
      throws RejectedException {
    long seconds = message.getSeconds();
    int nanos = message.getNanos();
    if (seconds < 0 || nanos < 0 || nanos > 999_999_999) {
      throw new RejectedException(
          path, "must not be negative, but is " + seconds + " s " + nanos + " ns");
    }
    if (seconds >= LONGEST.toSeconds()) {
      throw new RejectedException(
          path, "must be below " + LONGEST.toDays() + " days, but is " + seconds + " s");
    }
    return Duration.ofSeconds(seconds, nanos);
  }

  /** A duration above zero. */
  static Duration positive(io.inmesh.shaded.protobuf.Duration message, String path)
      throws RejectedException {
    if (message.getSeconds() == 0 && message.getNanos() == 0) {
      throw new RejectedException(path, "must be above 0");
    }
    return parse(message, path);
  }

  private Durations() {}
}
