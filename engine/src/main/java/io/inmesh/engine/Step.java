package io.inmesh.engine;

import io.inmesh.engine.model.Endpoint;
import java.time.Duration;
import java.util.List;

/** What is to be done next about a call. */
public sealed interface Step {
  /** Leave the call alone: the mesh has nothing to say about it. */
  record Untouched() implements Step {
    public static final Untouched INSTANCE = new Untouched();
  }

  /**
   * Wait, then tell {@link OutboundCall#waited}.
   *
   * @param why for people: a fault's delay or a retry's back-off
   */
  record Wait(Duration duration, String why) implements Step {}

  /**
   * Try this endpoint.
   *
   * @param connectTimeout bounds the TCP connect; zero: no bound
   * @param responseTimeout bounds the wait for the response's head, counted from now; zero: no
   *     bound. {@link OutboundCall#timeLeft} says what is left of it once there is a connection.
   */
  record Attempt(
      Endpoint endpoint, RequestHead head, Duration connectTimeout, Duration responseTimeout)
      implements Step {}

  /**
   * Answer the application without an endpoint: no socket is opened.
   *
   * @param flag Envoy's response flags, comma-separated: {@code NR}, {@code URX,UF}; {@code -} if
   *     there are none
   * @param detail Envoy's response code details
   * @param body may be empty; for HEAD, 204 and 304 the library sends none
   * @param headers all but {@code content-length}, {@code date} and {@code server}
   */
  record LocalReply(int status, String flag, String detail, String body, List<HeaderValue> headers)
      implements Step {
    public LocalReply {
      headers = List.copyOf(headers);
    }
  }

  /**
   * Hand the last outcome on to the application: a response, with {@link
   * OutboundCall#responseEdits}, or its own exception if the call is none of the mesh's.
   */
  record Deliver() implements Step {
    public static final Deliver INSTANCE = new Deliver();
  }
}
