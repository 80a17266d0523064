package io.inmesh.engine.model;

/** Outcomes that may be retried (Envoy: x-envoy-retry-on, x-envoy-retry-grpc-on). */
public enum RetryCondition {
  CONNECT_FAILURE,
  REFUSED_STREAM,
  UNAVAILABLE,
  CANCELLED
}
