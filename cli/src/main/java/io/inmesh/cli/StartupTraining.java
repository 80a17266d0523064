package io.inmesh.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.inmesh.cli.api.HttpControlServer;
import io.inmesh.cli.terminal.Palette;
import io.inmesh.policy.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * Runs the everyday verbs once against a canned server, so that the classes that they need are
 * loaded when the JVM writes its class-data sharing archive at exit. The launcher runs this once
 * per Java version; a JVM with the archive starts in a third of the time.
 */
final class StartupTraining {

  private static final String RESOURCE =
      """
      {"apiVersion":"networking.istio.io/v1","kind":"VirtualService",
       "metadata":{"name":"orders","namespace":"default"},
       "spec":{"hosts":["orders"],"http":[{"route":[
         {"destination":{"host":"orders","subset":"v1"},"weight":90},
         {"destination":{"host":"orders","subset":"v2"},"weight":10}]}]}}
      """;
  private static final String YAML =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata:
        name: orders
      spec:
        host: orders
        subsets:
          - name: v1
            labels:
              version: v1
      """;

  private StartupTraining() {}

  public static void main(String[] args) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            byte[] body =
                answer(exchange.getRequestURI().getPath()).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Warning", "299 - \"a warning\"");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
    URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    try {
      run(address, "get", "all");
      run(address, "get", "vs", "orders", "-o", "yaml");
      run(address, "get", "vs", "-o", "json");
      run(address, "agents");
      run(address, "services");
      run(address, "version");
      run(address, "apply", "-f", "-");
      run(address, "analyze", "--use-server=false", "-");
      run(address, "no-such-verb");
      run(address, "help", "get");
      run(URI.create("http://127.0.0.1:1"), "get", "vs");
    } finally {
      // The server's thread would keep the JVM, whatever happened.
      server.stop(0);
    }
  }

  private static String answer(String path) {
    if (path.endsWith("/version")) {
      return "{\"name\":\"inmesh-control-server\",\"version\":\"0\"}";
    }
    for (Kind kind : Kind.values()) {
      String resource = RESOURCE.replace("VirtualService", kind.kind());
      if (path.endsWith("/" + kind.plural() + "/orders")) {
        return resource;
      }
      if (path.endsWith("/" + kind.plural())) {
        return "{\"kind\":\"" + kind + "List\",\"metadata\":{},\"items\":[" + resource + "]}";
      }
    }
    return "{\"items\":[" + RESOURCE + "]}";
  }

  private static void run(URI address, String... args) {
    ObjectMapper json = new ObjectMapper();
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Shell shell =
        new Shell(
            new ByteArrayInputStream((YAML + "---\n" + RESOURCE).getBytes(StandardCharsets.UTF_8)),
            nowhere,
            nowhere,
            false,
            new Palette(true),
            new Palette(true),
            Map.of("MESHCTL_SERVER", address.toString()),
            InstantSource.system(),
            at -> new HttpControlServer(at, json));
    Meshctl.run(shell, json, List.of(args));
  }
}
