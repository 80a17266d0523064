package io.inmesh.storefront;

import com.sun.net.httpserver.HttpExchange;
import io.inmesh.storefront.JsonHttpServer.Answer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.Set;

/**
 * The shop's front end: asks the orders service for each request that it gets, by the plain
 * HttpURLConnection of the JDK and a plain URL, and wraps what it answers:
 *
 * <pre>{@code
 * {"service":"shop","orders":{"service":"orders","version":"v1",...}}
 * }</pre>
 *
 * <p>An answer of orders that is not 200, and a call that fails, is a 502 with the reason. A header
 * {@code x-user} is passed on.
 *
 * <p>Arguments, or the environment: {@code --port 9080} (0 = a free one), {@code --host 127.0.0.1},
 * {@code --orders http://orders:8080/} ({@code ORDERS}), {@code --until-stdin-closes}.
 */
public final class Shop {

  private static final Set<String> KNOWN = Set.of("port", "host", "orders", "until-stdin-closes");
  private static final int CONNECT_TIMEOUT_MILLIS = 2_000;
  private static final int READ_TIMEOUT_MILLIS = 5_000;

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
        exchange -> serve(exchange, orders));
  }

  private static Answer serve(HttpExchange exchange, String orders) {
    try {
      HttpURLConnection call = (HttpURLConnection) new URL(orders).openConnection();
      call.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
      call.setReadTimeout(READ_TIMEOUT_MILLIS);
      String user = exchange.getRequestHeaders().getFirst("x-user");
      if (user != null) {
        call.setRequestProperty("x-user", user);
      }
      int status = call.getResponseCode();
      String body = HttpBodies.read(call);
      return status == 200
          ? new Answer(200, "{\"service\":\"shop\",\"orders\":" + body.strip() + "}")
          : failure("orders answered " + status + ": " + body.strip());
    } catch (IOException e) {
      return failure(e.toString());
    }
  }

  private static Answer failure(String reason) {
    return new Answer(
        502, "{\"service\":\"shop\",\"error\":" + JsonHttpServer.quoted(reason) + "}");
  }
}
