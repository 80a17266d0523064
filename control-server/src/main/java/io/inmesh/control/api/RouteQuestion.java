package io.inmesh.control.api;

import java.util.List;

/**
 * What would become of a call?
 *
 * @param url absolute
 * @param service who calls, {@code shop} or {@code shop.namespace}; empty: the agent says it
 * @param namespace of a service that is named without one
 * @param agent the live agent to ask; empty: the answer is policy's
 */
public record RouteQuestion(
    String method,
    String url,
    List<Header> headers,
    String service,
    String namespace,
    String agent) {
  public RouteQuestion {
    headers = List.copyOf(headers);
  }

  /** A header of the call. */
  public record Header(String name, String value) {}
}
