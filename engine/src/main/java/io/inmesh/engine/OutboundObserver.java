package io.inmesh.engine;

import io.inmesh.engine.model.Endpoint;

/**
 * Watches calls, for metrics, traces and explanations; never steers them. One instance serves all
 * calls, on their threads. What it throws goes to its own {@link #failed}: a broken observer must
 * not break a call.
 */
public interface OutboundObserver {
  /** Watches nothing. */
  OutboundObserver NONE = new OutboundObserver() {};

  /** An endpoint was chosen and is about to be tried. */
  default void attempted(OutboundCall call, Endpoint endpoint) {}

  /**
   * The endpoint of the current attempt was connected to, or a kept-alive connection to it is used.
   */
  default void connected(OutboundCall call) {}

  /** The response's status came from the endpoint. */
  default void responded(OutboundCall call, int status) {}

  /** The mesh answers by itself. */
  default void answered(OutboundCall call, Step.LocalReply reply) {}

  /** The call is over. */
  default void ended(OutboundCall call) {}

  /** One of the methods above threw this; the call went on. Must not throw. */
  default void failed(RuntimeException cause) {}
}
