package io.inmesh.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/** The REST side as a test sees it. */
public final class RestClient {
  public static final String APPLY = "application/apply-patch+yaml";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final int port;

  public RestClient(int port) {
    this.port = port;
  }

  /** An answer. */
  public record Answer(int code, String body, List<String> warnings) {
    public JsonNode json() {
      try {
        return MAPPER.readTree(body);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  public static String path(String plural, String name) {
    return "/apis/networking.istio.io/v1/namespaces/default/"
        + plural
        + (name.isEmpty() ? "" : "/" + name);
  }

  public Answer get(String path) {
    return send("GET", path, "", "");
  }

  public Answer delete(String path) {
    return send("DELETE", path, "", "");
  }

  public Answer apply(String plural, String name, String yaml) {
    return send("PATCH", path(plural, name), APPLY, yaml);
  }

  public Answer send(String method, String path, String contentType, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!contentType.isEmpty()) {
      request.header("Content-Type", contentType);
    }
    return send(request.build());
  }

  public Answer send(HttpRequest request) {
    try {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      return new Answer(
          response.statusCode(), response.body(), response.headers().allValues("Warning"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public HttpClient http() {
    return client;
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }
}
