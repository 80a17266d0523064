package io.inmesh.agent;

import com.sun.net.httpserver.HttpServer;
import io.inmesh.agent.config.AgentConfig;
import io.inmesh.agent.control.AgentReport;
import io.inmesh.agent.control.ControlClient;
import io.inmesh.engine.OutboundPipeline;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** The setting {@code admin.port}: this agent's status as JSON, on loopback only. */
final class StatusPage {

  /** Starts the page; a port that is taken is reported, nothing more. */
  static void start(
      int port,
      AgentConfig config,
      AgentLog log,
      Supplier<AgentReport> report,
      ControlClient control,
      OutboundPipeline pipeline) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      server.createContext(
          "/",
          exchange -> {
            byte[] body =
                StatusJson.of(config, report.get(), control.status(), control.snapshot(), pipeline)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
              out.write(body);
            }
          });
      // Its thread inherits what the calling thread has: daemon, no context class loader.
      server.start();
    } catch (IOException e) {
      log.warn("admin.port=" + port + ": the status page cannot listen there: " + e.getMessage());
    }
  }

  private StatusPage() {}
}
