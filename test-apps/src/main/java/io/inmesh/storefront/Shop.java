package io.inmesh.storefront;

import com.sun.net.httpserver.HttpExchange;
import io.inmesh.storefront.Dependency.Outcome;
import io.inmesh.storefront.Dependency.Reply;
import io.inmesh.storefront.JsonHttpServer.Answer;
import java.io.IOException;
import java.net.URI;
import java.util.Set;

/**
 * The shop's front end: asks the orders service for each request that it gets, by a plain URL with
 * the request's own path, and wraps what it answers:
 *
 * <pre>{@code
 * {"service":"shop","orders":
 *   {"service":"orders","version":"v1",...}}
 * }</pre>
 *
 * <p>It waits three seconds for orders, and asks a second time when they pass. When that is in vain
 * too, and for an answer that is not 200, it answers 502 with the reason.
 *
 * <p>Arguments, or the environment: {@code --port 9080} (0 = a free one), {@code --host 127.0.0.1},
 * {@code --orders http://orders:8080/} ({@code ORDERS}), {@code --log-requests}, {@code
 * --until-stdin-closes}.
 */
public final class Shop {

  private static final Set<String> KNOWN =
      Set.of("port", "host", "orders", "log-requests", "until-stdin-closes");
  private static final int ORDERS_TIMEOUT_MILLIS = 3_000;

  private Shop() {}

  public static void main(String[] args) throws IOException {
    AppSettings settings = AppSettings.of(args, System.getenv(), KNOWN);
    if (settings.isSet("until-stdin-closes")) {
      StandardInput.endWithIt();
    }
    String orders = settings.text("orders", "http://orders:8080/");
    JsonHttpServer.serve(
        "shop",
        settings.text("host", "127.0.0.1"),
        settings.number("port", 9080),
        settings.isSet("log-requests"),
        exchange ->
            serve(exchange, URI.create(orders + exchange.getRequestURI().toString().substring(1))));
  }

  private static Answer serve(HttpExchange visitor, URI orders) {
    Reply reply = Dependency.ask("orders", orders, ORDERS_TIMEOUT_MILLIS, visitor);
    if (reply.outcome() == Outcome.OUT_OF_TIME) {
      reply = Dependency.ask("orders", orders, ORDERS_TIMEOUT_MILLIS, visitor);
    }
    return new Answer(
        reply.outcome() == Outcome.SERVED ? 200 : 502,
        "{\"service\":\"shop\",\"orders\":" + reply.json() + "}");
  }
}
