package io.inmesh.policy;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as policy writes them, {@code 1h30m}, {@code 0.5s}, {@code 500ms}: Go's syntax, in
 * whole milliseconds, at least one.
 *
 * @see <a href="https://pkg.go.dev/time#ParseDuration">time.ParseDuration</a>
 */
final class GoDuration {

  private static final Pattern PART =
      Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,12})?|\\.[0-9]{1,12})(ns|us|µs|μs|ms|s|m|h)");
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns",
          1L,
          "us",
          1_000L,
          "µs",
          1_000L,
          "μs",
          1_000L,
          "ms",
          1_000_000L,
          "s",
          1_000_000_000L,
          "m",
          60_000_000_000L,
          "h",
          3_600_000_000_000L);
  private static final BigDecimal MILLI = new BigDecimal(1_000_000);
  private static final BigDecimal SECOND = new BigDecimal(1_000_000_000);
  private static final BigDecimal MAX = new BigDecimal(Long.MAX_VALUE);

  /** The duration of a value, or nothing when it is wrong and reported. */
  static Optional<Duration> of(Value value) {
    Optional<BigDecimal> nanos = read(value);
    if (nanos.isEmpty()) {
      return Optional.empty();
    }
    if (nanos.get().compareTo(MILLI) < 0) {
      value.error(
          "a duration must be at least 1ms, found "
              + Quoting.quote(value.text())
              + "; remove the field for the default");
      return Optional.empty();
    }
    if (nanos.get().remainder(MILLI).signum() != 0) {
      value.error("only whole milliseconds are possible, found " + Quoting.quote(value.text()));
      return Optional.empty();
    }
    return nanos.map(GoDuration::toDuration);
  }

  /** As {@link #of}, of whole seconds; they may be none. */
  static Optional<Duration> ofSeconds(Value value) {
    Optional<BigDecimal> nanos = read(value);
    if (nanos.isPresent()
        && (nanos.get().signum() < 0 || nanos.get().remainder(SECOND).signum() != 0)) {
      value.error("must be whole seconds, 0s or more, found " + Quoting.quote(value.text()));
      return Optional.empty();
    }
    return nanos.map(GoDuration::toDuration);
  }

  private static Duration toDuration(BigDecimal nanos) {
    return Duration.ofNanos(nanos.longValueExact());
  }

  private static Optional<BigDecimal> read(Value value) {
    if (value.node() instanceof YamlNode.Scalar scalar
        && scalar.type() == YamlNode.ScalarType.INTEGER) {
      value.error(
          "expected a duration with its unit, found "
              + value.node().describe()
              + "; write \""
              + Quoting.shorten(scalar.text())
              + "s\" for seconds");
      return Optional.empty();
    }
    Optional<String> text = value.string();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<BigDecimal> nanos = nanos(text.get());
    if (nanos.isEmpty()) {
      value.error(
          "expected a duration as \"10s\", \"500ms\" or \"1h30m\", found "
              + Quoting.quote(text.get())
              + " (units: ns, us, ms, s, m, h)");
      return Optional.empty();
    }
    return nanos;
  }

  private static Optional<BigDecimal> nanos(String text) {
    boolean negative = text.startsWith("-");
    String rest = negative || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return Optional.of(BigDecimal.ZERO);
    }
    Matcher matcher = PART.matcher(rest);
    BigDecimal sum = BigDecimal.ZERO;
    int end = 0;
    while (matcher.lookingAt()) {
      long unit = NANOS.getOrDefault(matcher.group(2), 0L);
      sum = sum.add(new BigDecimal(matcher.group(1)).multiply(new BigDecimal(unit)));
      end = matcher.end();
      matcher.region(end, rest.length());
    }
    if (end == 0 || end != rest.length() || sum.compareTo(MAX) > 0) {
      return Optional.empty();
    }
    return Optional.of(negative ? sum.negate() : sum);
  }

  private GoDuration() {}
}
