package io.inmesh.engine;

/** Why an attempt ended without a response, in Envoy's words. */
enum AttemptFailure {
  CONNECT("UF", "remote connection failure"),
  CONNECT_TIMEOUT("UF", "connection timeout"),
  CONNECTION_LOST("UC", "connection termination"),
  STREAM_RESET("UR", "remote reset"),
  REFUSED_STREAM("UR", "remote refused stream reset"),
  TRY_TIMEOUT("UT", "local reset"),
  PROTOCOL_ERROR("UPE", "protocol error"),
  OVERFLOW("UO", "overflow");

  private final String flag;
  private final String reason;

  AttemptFailure(String flag, String reason) {
    this.flag = flag;
    this.reason = reason;
  }

  String flag() {
    return flag;
  }

  boolean isOfConnecting() {
    return this == CONNECT || this == CONNECT_TIMEOUT;
  }

  String detail() {
    return "upstream_reset_before_response_started{" + reason.replace(' ', '_') + "}";
  }

  String body(boolean retried) {
    return "upstream connect error or disconnect/reset before headers. "
        + (retried ? "retried and the latest reset reason: " : "reset reason: ")
        + reason;
  }
}
