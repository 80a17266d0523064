package io.inmesh.benchmarks.spring;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A program: a web service with one page of its own, and one that it gets from another service.
 * Prints {@code ready nanos=N port=P} on the clock of {@link System#nanoTime()} once it serves.
 */
@SpringBootApplication
@RestController
public class SpringService {

  private final URI downstream;

  public SpringService(@Value("${downstream}") URI downstream) {
    this.downstream = downstream;
  }

  public static void main(String[] arguments) {
    SpringApplication application = new SpringApplication(SpringService.class);
    application.setDefaultProperties(
        Map.of("server.port", "0", "server.address", "127.0.0.1", "spring.main.banner-mode", "off"));
    application.run(arguments);
  }

  @EventListener
  void ready(ApplicationReadyEvent event) {
    int port =
        ((ServletWebServerApplicationContext) event.getApplicationContext())
            .getWebServer()
            .getPort();
    System.out.println("ready nanos=" + System.nanoTime() + " port=" + port);
  }

  @GetMapping("/")
  Map<String, String> own() {
    return Map.of("status", "open");
  }

  @GetMapping("/orders")
  String orders() throws IOException {
    HttpURLConnection connection = (HttpURLConnection) downstream.toURL().openConnection();
    try (InputStream body = connection.getInputStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
