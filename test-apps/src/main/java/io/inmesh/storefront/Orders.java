package io.inmesh.storefront;

import com.sun.net.httpserver.HttpExchange;
import io.inmesh.storefront.JsonHttpServer.Answer;
import java.io.IOException;
import java.net.URI;
import java.util.Set;

/**
 * The orders service. Answers any request with who served it and what it saw:
 *
 * <pre>{@code
 * {"service":"orders","version":"v1","instance":"orders-9081","method":"GET","path":"/","host":"orders:8080"}
 * }</pre>
 *
 * <p>With {@code --payments} it asks that service, and says what came of it, good or bad, in a
 * member {@code payments}. It waits for it as long as its version's authors thought right.
 *
 * <p>Arguments, or the environment ({@code PORT}, {@code VERSION}, ...): {@code --port 9081} (0 = a
 * free one), {@code --host 127.0.0.1}, {@code --version v1}, {@code --instance NAME}, {@code
 * --payments http://payments:8080/} (none: payments are not asked), {@code
 * --payments-timeout-millis 10000}, {@code --log-requests}, {@code --until-stdin-closes}.
 */
public final class Orders {

  private static final Set<String> KNOWN =
      Set.of(
          "port",
          "host",
          "version",
          "instance",
          "payments",
          "payments-timeout-millis",
          "log-requests",
          "until-stdin-closes");
  private static final int PAYMENTS_TIMEOUT_MILLIS = 10_000;

  private Orders() {}

  public static void main(String[] args) throws IOException {
    AppSettings settings = AppSettings.of(args, System.getenv(), KNOWN);
    if (settings.isSet("until-stdin-closes")) {
      StandardInput.endWithIt();
    }
    int port = settings.number("port", 9081);
    Server server =
        new Server(
            "orders", settings.text("version", "v1"), settings.text("instance", "orders-" + port));
    String payments = settings.text("payments", "");
    int timeout = settings.number("payments-timeout-millis", PAYMENTS_TIMEOUT_MILLIS);
    JsonHttpServer.serve(
        "orders " + server.version(),
        settings.text("host", "127.0.0.1"),
        port,
        settings.isSet("log-requests"),
        exchange ->
            new Answer(
                200, "{" + server.saw(exchange) + payments(exchange, payments, timeout) + "}"));
  }

  private static String payments(HttpExchange exchange, String url, int timeoutMillis) {
    return url.isEmpty()
        ? ""
        : ",\"payments\":"
            + Dependency.ask("payments", URI.create(url), timeoutMillis, exchange).json();
  }
}
