package io.inmesh.engine;

import io.inmesh.engine.model.Endpoint;
import java.time.Duration;

/** What is to be done next about a call. */
public sealed interface Step {
  /** Leave the call alone: the mesh has nothing to say about it. */
  record Untouched() implements Step {
    public static final Untouched INSTANCE = new Untouched();
  }

  /** Try this endpoint; {@code connectTimeout} bounds the TCP connect. */
  record Attempt(Endpoint endpoint, Duration connectTimeout) implements Step {}

  /**
   * Answer the application without an endpoint.
   *
   * @param flag Envoy's response flag: {@code NR}, {@code UH}, {@code NC}
   * @param detail Envoy's response code details
   */
  record LocalReply(int status, String flag, String detail, String body) implements Step {
    static final LocalReply NO_ROUTE = new LocalReply(404, "NR", "route_not_found", "");
    static final LocalReply NO_CLUSTER = new LocalReply(503, "NC", "cluster_not_found", "");
    static final LocalReply NO_ENDPOINT =
        new LocalReply(503, "UH", "no_healthy_upstream", "no healthy upstream");
  }

  /** Hand the last outcome on to the application: a response, or its own exception. */
  record Deliver() implements Step {
    public static final Deliver INSTANCE = new Deliver();
  }
}
