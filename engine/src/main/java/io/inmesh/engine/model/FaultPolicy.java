package io.inmesh.engine.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Faults that a route injects before anything is sent (Envoy: HTTPFault). First the delay. */
public record FaultPolicy(@Nullable Delay delay, @Nullable Abort abort) {
  /** Injects nothing. */
  public static final FaultPolicy NONE = new FaultPolicy(null, null);

  /** Holds calls for {@code duration}; it does not count towards the route's timeout. */
  public record Delay(Percentage share, Duration duration) {}

  /**
   * Answers calls without sending them.
   *
   * @param httpStatus 200-599; 0 if {@code grpcStatus} is the answer
   * @param grpcStatus -1 if {@code httpStatus} is the answer
   */
  public record Abort(Percentage share, int httpStatus, int grpcStatus) {}
}
