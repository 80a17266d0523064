package io.inmesh.policy;

import io.inmesh.policy.FaultInjection.Abort;
import io.inmesh.policy.FaultInjection.Delay;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Reads a rule's {@link FaultInjection}. */
final class FaultParser {

  /** By their numbers. */
  private static final List<String> GRPC_STATUSES =
      List.of(
          "OK",
          "CANCELLED",
          "UNKNOWN",
          "INVALID_ARGUMENT",
          "DEADLINE_EXCEEDED",
          "NOT_FOUND",
          "ALREADY_EXISTS",
          "PERMISSION_DENIED",
          "RESOURCE_EXHAUSTED",
          "FAILED_PRECONDITION",
          "ABORTED",
          "OUT_OF_RANGE",
          "UNIMPLEMENTED",
          "INTERNAL",
          "UNAVAILABLE",
          "DATA_LOSS",
          "UNAUTHENTICATED");

  static FaultInjection parse(Fields fields) {
    Optional<Delay> delay = fields.object("delay").flatMap(FaultParser::delay);
    Optional<Abort> abort = fields.object("abort").flatMap(FaultParser::abort);
    if (!fields.hasAny("delay", "abort")) {
      fields.error(
          "a fault needs a delay or an abort; write \"abort: {httpStatus: 503, percentage: {value:"
              + " 50}}\"");
    }
    fields.end();
    return new FaultInjection(delay.orElse(null), abort.orElse(null));
  }

  private static Optional<Delay> delay(Fields fields) {
    Duration duration = fields.duration("fixedDelay");
    OptionalDouble percentage = Percentages.ofFault(fields, "percentage");
    double percent = percentage.orElseGet(() -> fields.number("percent", 100));
    if (fields.has("percent")) {
      fields
          .get("percent")
          .ifPresent(value -> value.deprecated("is deprecated; write \"percentage: {value: 50}\""));
    } else if (percentage.isEmpty()) {
      warnOfNoShare(fields);
    }
    fields.notSupported("Envoy has no such delay; write \"fixedDelay\"", "exponentialDelay");
    if (!fields.hasAny("fixedDelay", "exponentialDelay")) {
      fields.noEffect("has no effect without \"fixedDelay\"");
    }
    fields.end();
    return duration == null ? Optional.empty() : Optional.of(new Delay(percent, duration));
  }

  private static Optional<Abort> abort(Fields fields) {
    OptionalDouble percentage = Percentages.ofFault(fields, "percentage");
    if (percentage.isEmpty()) {
      warnOfNoShare(fields);
    }
    fields.excludes("httpStatus", "grpcStatus");
    Optional<Value> http = fields.get("httpStatus");
    int status = http.map(value -> value.integer(200, 599).orElse(0)).orElse(0);
    Optional<Value> grpc = fields.get("grpcStatus");
    int grpcStatus =
        grpc.flatMap(value -> value.oneOf(GRPC_STATUSES, GRPC_STATUSES))
            .map(GRPC_STATUSES::indexOf)
            .orElse(-1);
    fields.notSupported(
        "neither Istio nor Envoy do it; write \"httpStatus\" or \"grpcStatus\"", "http2Error");
    if (!fields.hasAny("httpStatus", "grpcStatus", "http2Error")) {
      fields.noEffect("has no effect without \"httpStatus\" or \"grpcStatus\"");
    }
    fields.end();
    return http.isEmpty() && grpc.isEmpty()
        ? Optional.empty()
        : Optional.of(new Abort(percentage.orElse(0), status, grpcStatus));
  }

  private static void warnOfNoShare(Fields fields) {
    fields.noEffect("has no effect without a percentage; write \"percentage: {value: 100}\"");
  }

  private FaultParser() {}
}
