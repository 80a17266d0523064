package io.inmesh.control.push;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What the discovery service counts, named as istiod names it where it has the same. */
record Counters(Counter pushes, Counter acks, Counter nacks) {
  static Counters in(MeterRegistry meters) {
    return new Counters(
        counter(meters, "inmesh.xds.pushes", "xDS responses sent"),
        counter(meters, "inmesh.xds.acks", "xDS responses that agents accepted"),
        counter(meters, "inmesh.xds.nacks", "xDS responses that agents rejected"));
  }

  private static Counter counter(MeterRegistry meters, String name, String description) {
    return Counter.builder(name).description(description).register(meters);
  }
}
