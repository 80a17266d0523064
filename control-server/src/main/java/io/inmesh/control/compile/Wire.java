package io.inmesh.control.compile;

import io.inmesh.shaded.envoy.type.v3.FractionalPercent;
import io.inmesh.shaded.envoy.type.v3.Percent;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.Duration;
import io.inmesh.shaded.protobuf.MessageLite;
import io.inmesh.shaded.protobuf.UInt32Value;

/** The small messages that every other one is made of. */
final class Wire {
  private static final String TYPES = "type.googleapis.com/";

  static Any any(String type, MessageLite message) {
    return Any.newBuilder().setTypeUrl(TYPES + type).setValue(message.toByteString()).build();
  }

  static Duration duration(java.time.Duration duration) {
    return Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }

  static UInt32Value number(long value) {
    return UInt32Value.of((int) value);
  }

  static Percent percent(double value) {
    return Percent.newBuilder().setValue(value).build();
  }

  /** In millionths, as Istio sends shares. */
  static FractionalPercent share(double percent) {
    return FractionalPercent.newBuilder()
        .setNumerator((int) (percent * 10_000))
        .setDenominator(FractionalPercent.DenominatorType.MILLION)
        .build();
  }

  private Wire() {}
}
