package io.inmesh.agent.packaged;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Serves and calls itself a few times, and prints what the server and the client saw. */
final class Fetch {
  public static void main(String[] arguments) throws IOException {
    List<Integer> sockets = new ArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          sockets.add(exchange.getRemoteAddress().getPort());
          byte[] body = exchange.getRequestMethod().getBytes(StandardCharsets.US_ASCII);
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    URL url = new URL("http://127.0.0.1:" + server.getAddress().getPort() + "/a?b=c");
    for (int i = 0; i < 4; i++) {
      HttpURLConnection connection = (HttpURLConnection) url.openConnection();
      if (i == 2) {
        connection.setDoOutput(true);
        connection.getOutputStream().write(1);
      }
      System.out.println(
          connection.getResponseCode()
              + " "
              + new String(connection.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
              + " "
              + connection.getClass().getName());
    }
    System.out.println("connections: " + sockets.stream().distinct().count());
    server.stop(0);
  }

  private Fetch() {}
}
