package io.inmesh.policy;

import java.util.Optional;
import java.util.OptionalDouble;

/** Shares of calls in percent: {@code percentage: {value: 12.5}}. */
final class Percentages {

  /** Envoy counts in millionths. */
  private static final double SMALLEST = 0.0001;

  /** The field's percentage, nothing when it is absent; 0 when it is wrong and reported. */
  static OptionalDouble parse(Fields owner, String name) {
    Optional<Value> value = owner.get(name);
    if (value.isEmpty()) {
      return OptionalDouble.empty();
    }
    if (value.get().node() instanceof YamlNode.Scalar scalar) {
      value
          .get()
          .error(
              "expected an object with the field \"value\", found "
                  + scalar.describe()
                  + "; write \""
                  + name
                  + ": {value: "
                  + Quoting.shorten(scalar.text())
                  + "}\"");
      return OptionalDouble.of(0);
    }
    Optional<Fields> fields = value.get().fields();
    double percent =
        fields
            .flatMap(found -> found.get("value"))
            .map(found -> found.decimal(0, 100).orElse(0))
            .orElse(0.0);
    fields.ifPresent(Fields::end);
    return OptionalDouble.of(percent);
  }

  /** As {@link #parse}, and so large that it has an effect, or 0. */
  static OptionalDouble ofFault(Fields owner, String name) {
    OptionalDouble percent = parse(owner, name);
    if (percent.isPresent() && percent.getAsDouble() > 0 && percent.getAsDouble() < SMALLEST) {
      owner
          .get(name)
          .ifPresent(value -> value.error("must be 0, or 0.0001 to 100; use a larger percentage"));
    }
    return percent;
  }

  private Percentages() {}
}
