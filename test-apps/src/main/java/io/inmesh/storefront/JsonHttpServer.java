package io.inmesh.storefront;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** A small HTTP server that answers every request with a JSON text. */
final class JsonHttpServer {

  private static final int THREADS = 16;
  private static final int DRAIN_SECONDS = 1;

  /** Answers one request; called from several threads at once. */
  interface Handler {
    Answer answer(HttpExchange exchange) throws IOException;
  }

  record Answer(int status, String json) {}

  private JsonHttpServer() {}

  /**
   * Serves on an address until the JVM ends; says where on standard output. A JVM that is told to
   * end finishes the requests that it has.
   *
   * @param log whether each request is told on standard output: {@code GET / host=orders:8080 200}
   */
  static void serve(String name, String host, int port, boolean log, Handler handler)
      throws IOException {
    // Head and body leave in two packets: without this a kept-alive client waits 40 ms for the
    // delayed ACK of the first. Read once, when the server's classes are loaded.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    HttpServer server = HttpServer.create(new InetSocketAddress(host, port), 0);
    server.setExecutor(
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              Thread thread = new Thread(task, name + "-request");
              thread.setDaemon(true);
              return thread;
            }));
    server.createContext("/", exchange -> handle(exchange, log, handler));
    server.start();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> server.stop(DRAIN_SECONDS), name + "-shutdown"));
    System.out.println(name + " listening on http://" + host + ":" + server.getAddress().getPort());
  }

  /** A text as a JSON string, quotes included. */
  static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  private static void handle(HttpExchange exchange, boolean log, Handler handler)
      throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      Answer answer = handler.answer(exchange);
      if (log) {
        log(exchange, answer);
      }
      byte[] body = (answer.json() + "\n").getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(answer.status(), head ? -1 : body.length);
      if (!head) {
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(body);
        }
      }
    }
  }

  private static void log(HttpExchange exchange, Answer answer) {
    System.out.println(
        exchange.getRequestMethod()
            + " "
            + exchange.getRequestURI()
            + " host="
            + exchange.getRequestHeaders().getFirst("Host")
            + " "
            + answer.status());
  }
}
