package io.inmesh.storefront;

import com.sun.net.httpserver.HttpExchange;
import io.inmesh.storefront.JsonHttpServer.Answer;
import java.io.IOException;
import java.util.Set;

/**
 * The orders service. Answers any request with who served it and what it saw:
 *
 * <pre>{@code
 * {"service":"orders","version":"v1","instance":"orders-9081","method":"GET","path":"/","host":"orders:8080"}
 * }</pre>
 *
 * <p>Arguments, or the environment ({@code PORT}, {@code VERSION}, ...): {@code --port 9081} (0 = a
 * free one), {@code --host 127.0.0.1}, {@code --version v1}, {@code --instance NAME}, {@code
 * --until-stdin-closes}.
 */
public final class Orders {

  private static final Set<String> KNOWN =
      Set.of("port", "host", "version", "instance", "until-stdin-closes");

  private Orders() {}

  public static void main(String[] args) throws IOException {
    AppSettings settings = AppSettings.of(args, System.getenv(), KNOWN);
    if (settings.isSet("until-stdin-closes")) {
      StandardInput.endWithIt();
    }
    int port = settings.number("port", 9081);
    String version = settings.text("version", "v1");
    String instance = settings.text("instance", "orders-" + port);
    JsonHttpServer.serve(
        "orders " + version,
        settings.text("host", "127.0.0.1"),
        port,
        exchange -> new Answer(200, describe(exchange, version, instance)));
  }

  private static String describe(HttpExchange exchange, String version, String instance) {
    String host = exchange.getRequestHeaders().getFirst("Host");
    return String.format(
        "{\"service\":\"orders\",\"version\":%s,\"instance\":%s,\"method\":%s,\"path\":%s,\"host\":%s}",
        JsonHttpServer.quoted(version),
        JsonHttpServer.quoted(instance),
        JsonHttpServer.quoted(exchange.getRequestMethod()),
        JsonHttpServer.quoted(exchange.getRequestURI().toString()),
        JsonHttpServer.quoted(host == null ? "" : host));
  }
}
