package io.inmesh.xds;

import io.inmesh.engine.model.Percentage;
import io.inmesh.shaded.envoy.config.core.v3.RuntimeFractionalPercent;
import io.inmesh.shaded.envoy.type.v3.FractionalPercent;
import io.inmesh.shaded.envoy.type.v3.Percent;

/** Shares of the wire. */
final class Percentages {
  private static final long WHOLE = 1_000_000;

  /** More than all is all, as in Envoy. */
  static Percentage parse(FractionalPercent message, String path) throws RejectedException {
    long unit =
        switch (message.getDenominator()) {
          case HUNDRED -> WHOLE / 100;
          case TEN_THOUSAND -> WHOLE / 10_000;
          case MILLION -> 1;
          default ->
              throw new RejectedException(
                  path + ".denominator", message.getDenominatorValue() + " is not supported");
        };
    FieldGuard.requireNothingLeft(
        message.toBuilder().clearNumerator().clearDenominator().build(), path);
    long numerator = Integer.toUnsignedLong(message.getNumerator());
    return new Percentage((int) Math.min(WHOLE, numerator * unit));
  }

  /** A share that no runtime key overrides: agents have no runtime layer. */
  static Percentage parse(RuntimeFractionalPercent message, String path) throws RejectedException {
    FieldGuard.requireNothingLeft(message.toBuilder().clearDefaultValue().build(), path);
    return parse(message.getDefaultValue(), path + ".default_value");
  }

  /** 0-100. */
  static double percent(Percent message, String path) throws RejectedException {
    FieldGuard.requireNothingLeft(message.toBuilder().clearValue().build(), path);
    double value = message.getValue();
    if (!(value >= 0 && value <= 100)) {
      throw new RejectedException(path, value + " is not in 0-100");
    }
    return value;
  }

  private Percentages() {}
}
