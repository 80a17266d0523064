package io.inmesh.storefront;

import io.inmesh.storefront.JsonHttpServer.Answer;
import java.io.IOException;
import java.util.Set;

/**
 * The payments service, which orders asks whether an order is paid:
 *
 * <pre>{@code
 * {"service":"payments","version":"v1","instance":"payments-9091","method":"GET","path":"/","host":"payments:8080","state":"paid"}
 * }</pre>
 *
 * <p>Arguments, or the environment: {@code --port 9091} (0 = a free one), {@code --host 127.0.0.1},
 * {@code --version v1}, {@code --instance NAME}, {@code --log-requests}, {@code
 * --until-stdin-closes}.
 */
public final class Payments {

  private static final Set<String> KNOWN =
      Set.of("port", "host", "version", "instance", "log-requests", "until-stdin-closes");

  private Payments() {}

  public static void main(String[] args) throws IOException {
    AppSettings settings = AppSettings.of(args, System.getenv(), KNOWN);
    if (settings.isSet("until-stdin-closes")) {
      StandardInput.endWithIt();
    }
    int port = settings.number("port", 9091);
    Server server =
        new Server(
            "payments",
            settings.text("version", "v1"),
            settings.text("instance", "payments-" + port));
    JsonHttpServer.serve(
        "payments " + server.version(),
        settings.text("host", "127.0.0.1"),
        port,
        settings.isSet("log-requests"),
        exchange -> new Answer(200, "{" + server.saw(exchange) + ",\"state\":\"paid\"}"));
  }
}
