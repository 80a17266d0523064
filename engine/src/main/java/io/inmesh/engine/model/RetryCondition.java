package io.inmesh.engine.model;

/**
 * Outcomes that may be retried (Envoy: x-envoy-retry-on, x-envoy-retry-grpc-on). What each means is
 * said there; the last five are gRPC statuses in response headers.
 */
public enum RetryCondition {
  SERVER_ERROR("5xx"),
  GATEWAY_ERROR("gateway-error"),
  RESET("reset"),
  RESET_BEFORE_REQUEST("reset-before-request"),
  CONNECT_FAILURE("connect-failure"),
  REFUSED_STREAM("refused-stream"),
  RETRIABLE_4XX("retriable-4xx"),
  RETRIABLE_STATUS_CODES("retriable-status-codes"),
  ENVOY_RATELIMITED("envoy-ratelimited"),
  CANCELLED("cancelled"),
  DEADLINE_EXCEEDED("deadline-exceeded"),
  INTERNAL("internal"),
  RESOURCE_EXHAUSTED("resource-exhausted"),
  UNAVAILABLE("unavailable");

  private final String text;

  RetryCondition(String text) {
    this.text = text;
  }

  /** As policy writes it. */
  public String text() {
    return text;
  }
}
