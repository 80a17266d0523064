package io.inmesh.storefront;

import com.sun.net.httpserver.HttpExchange;

/**
 * Who answers: an instance of a version of a service.
 *
 * @param service as {@code orders}
 * @param version as {@code v1}
 * @param instance a name of its own
 */
record Server(String service, String version, String instance) {

  /**
   * What was asked of whom, as the members of a JSON object without its braces:
   *
   * <pre>{@code
   * "service":"orders","version":"v1","instance":"orders-9081","method":"GET","path":"/","host":"orders:8080"
   * }</pre>
   */
  String saw(HttpExchange exchange) {
    String host = exchange.getRequestHeaders().getFirst("Host");
    return String.format(
        "\"service\":%s,\"version\":%s,\"instance\":%s,\"method\":%s,\"path\":%s,\"host\":%s",
        JsonHttpServer.quoted(service),
        JsonHttpServer.quoted(version),
        JsonHttpServer.quoted(instance),
        JsonHttpServer.quoted(exchange.getRequestMethod()),
        JsonHttpServer.quoted(exchange.getRequestURI().toString()),
        JsonHttpServer.quoted(host == null ? "" : host));
  }
}
