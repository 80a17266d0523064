package io.inmesh.engine.balance;

import io.inmesh.engine.model.LbPolicy.SlowStart;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The share of its weight that an endpoint has while it is new in the cluster (Envoy: slow start):
 * {@code max(minimum, (age / window) ^ (1 / aggression))}. Coming back from an ejection does not
 * make it new. Any thread.
 */
final class WarmUp {
  private static final long MILLISECOND = 1_000_000;

  private final double minimum;
  private final double exponent;
  private final long window;
  private final long latest;
  private final LongSupplier nanoTime;

  private volatile boolean over;

  /** Null where none of the endpoints is new. */
  static @Nullable WarmUp of(
      @Nullable SlowStart config, EndpointLoad[] endpoints, LongSupplier nanoTime) {
    if (config == null || config.window().isZero() || config.window().isNegative()) {
      return null;
    }
    WarmUp warmUp = new WarmUp(config, endpoints, nanoTime);
    return warmUp.isOver() ? null : warmUp;
  }

  private WarmUp(SlowStart config, EndpointLoad[] endpoints, LongSupplier nanoTime) {
    this.minimum = config.minimumPercent() / 100;
    this.exponent = config.aggression() > 0 ? 1 / config.aggression() : 1;
    this.window = Math.max(1, config.window().toNanos());
    this.nanoTime = nanoTime;
    long newest = endpoints[0].since();
    for (EndpointLoad endpoint : endpoints) {
      newest = endpoint.since() - newest > 0 ? endpoint.since() : newest;
    }
    this.latest = newest;
  }

  /** True as soon as the newest endpoint is old enough, and from then on. */
  boolean isOver() {
    if (!over && nanoTime.getAsLong() - latest >= window) {
      over = true;
    }
    return over;
  }

  double share(EndpointLoad endpoint) {
    long age = nanoTime.getAsLong() - endpoint.since();
    if (age >= window) {
      return 1;
    }
    double part = (double) Math.max(MILLISECOND, age) / window;
    return Math.min(1, Math.max(minimum, exponent == 1 ? part : Math.pow(part, exponent)));
  }
}
