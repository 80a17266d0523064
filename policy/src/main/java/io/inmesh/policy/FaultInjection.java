package io.inmesh.policy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Faults that a rule injects before anything is sent: first the delay, then the abort. */
public record FaultInjection(@Nullable Delay delay, @Nullable Abort abort) {

  /**
   * Holds calls back.
   *
   * @param percent of the calls, 0-100; 0 = none, also when a policy gives no percentage
   * @param fixedDelay how long, at least 1 ms
   */
  public record Delay(double percent, Duration fixedDelay) {}

  /**
   * Answers calls without sending them.
   *
   * @param percent of the calls, 0-100; 0 = none, also when a policy gives no percentage
   * @param httpStatus 200-599; 0 = {@code grpcStatus} is the answer
   * @param grpcStatus gRPC's number, 0-16; -1 = {@code httpStatus} is the answer
   */
  public record Abort(double percent, int httpStatus, int grpcStatus) {}
}
