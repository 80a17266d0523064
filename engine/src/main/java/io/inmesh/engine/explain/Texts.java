package io.inmesh.engine.explain;

import io.inmesh.engine.model.Locality;
import io.inmesh.engine.model.Percentage;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Values as policy writes them. */
final class Texts {
  private static final double PER_PERCENT = 10_000;

  /**
   * {@code 10s}, {@code 1m30s}, {@code 250ms}; parts of a millisecond only where there is no more.
   */
  static String of(Duration duration) {
    if (duration.toMillis() == 0) {
      return duration.isZero() ? "0s" : duration.toNanos() / 1000 + "us";
    }
    StringBuilder text = new StringBuilder();
    append(text, duration.toHours(), "h");
    append(text, duration.toMinutesPart(), "m");
    append(text, duration.toSecondsPart(), "s");
    append(text, duration.toMillisPart(), "ms");
    return text.toString();
  }

  private static void append(StringBuilder text, long value, String unit) {
    if (value != 0) {
      text.append(value).append(unit);
    }
  }

  /** {@code region/zone/subzone}; empty if nothing is known. */
  static String of(Locality locality) {
    return Stream.of(locality.region(), locality.zone(), locality.subzone())
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("/"));
  }

  static double percent(Percentage share) {
    return share.millionths() / PER_PERCENT;
  }

  private Texts() {}
}
