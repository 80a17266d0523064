package io.inmesh.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A forked control server on a free port of loopback, which keeps its port when restarted. */
final class ControlServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  private final Path data;
  private Jvm jvm;
  private int port;

  /** An answer of the REST API. */
  record Answer(int status, JsonNode body) {}

  ControlServer(Path data) {
    this.data = data;
    jvm = fork(data, 0);
    port = readPort(jvm);
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** SIGKILL: nothing is said to anybody, nothing is flushed. */
  void kill() {
    jvm.kill();
  }

  /** Starts it again, with the same data on the same port. */
  void restart() {
    jvm = fork(data, port);
    port = readPort(jvm);
  }

  JsonNode get(String path) {
    Answer answer = send("GET", path, "", "application/json");
    if (answer.status != 200) {
      throw new AssertionError("GET " + path + ": " + answer);
    }
    return answer.body;
  }

  Answer send(String method, String path, String body, String contentType) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", contentType)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<byte[]> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), JSON.readTree(response.body()));
    } catch (IOException e) {
      throw new AssertionError(method + " " + path + " failed: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Runs {@code meshctl} against it. */
  Jvm.Result meshctl(String... arguments) {
    return Jvm.ofThisJvm()
        .environment("MESHCTL_SERVER", url())
        .jar(Jars.cli(), List.of(arguments))
        .run();
  }

  String stderr() {
    return jvm.stderr();
  }

  @Override
  public void close() {
    jvm.close();
  }

  private static Jvm fork(Path data, int port) {
    return Jvm.ofThisJvm()
        .jar(
            Jars.controlServer(),
            List.of("server", "--listen", "127.0.0.1:" + port, "--data", data.toString()))
        .start();
  }

  private static int readPort(Jvm jvm) {
    try {
      return Integer.parseInt(jvm.awaitLine("listening on http://[^:]+:(\\d+)").group(1));
    } catch (AssertionError e) {
      jvm.close();
      throw e;
    }
  }
}
