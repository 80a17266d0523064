package io.inmesh.cli.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inmesh.policy.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A control server behind its REST API. The paths and bodies are Kubernetes's:
 * https://kubernetes.io/docs/reference/using-api/api-concepts/
 */
public final class HttpControlServer implements ControlServer {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
  private static final String JSON = "application/json";
  private static final String APPLY = "application/apply-patch+yaml";

  private final URI address;
  private final ObjectMapper json;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  public HttpControlServer(URI address, ObjectMapper json) {
    this.address = address;
    this.json = json;
  }

  @Override
  public URI address() {
    return address;
  }

  @Override
  public ObjectNode list(Kind kind, String namespace) {
    return object(ok(send("GET", collection(kind, namespace), null, null)));
  }

  @Override
  public Optional<ObjectNode> find(ResourceId id) {
    HttpResponse<String> response = send("GET", path(id), null, null);
    return response.statusCode() == 404 ? Optional.empty() : Optional.of(object(ok(response)));
  }

  @Override
  public Written apply(ResourceId id, ObjectNode document, boolean dryRun) {
    String path = path(id) + (dryRun ? "?dryRun=All" : "");
    HttpResponse<String> response = ok(send("PATCH", path, APPLY, document));
    return new Written(
        response.statusCode() == 201, object(response), WarningHeaders.texts(response.headers()));
  }

  @Override
  public boolean delete(ResourceId id, boolean dryRun) {
    HttpResponse<String> response =
        send("DELETE", path(id) + (dryRun ? "?dryRun=All" : ""), null, null);
    if (response.statusCode() == 404) {
      return false;
    }
    ok(response);
    return true;
  }

  @Override
  public void watch(
      Kind kind, String namespace, String resourceVersion, Consumer<WatchEvent> events) {
    String path =
        collection(kind, namespace) + "?watch=true&resourceVersion=" + encoded(resourceVersion);
    HttpRequest request = HttpRequest.newBuilder(uri(path)).build();
    HttpResponse<Stream<String>> response = exchange(request, BodyHandlers.ofLines());
    try (Stream<String> lines = response.body()) {
      if (response.statusCode() != 200) {
        throw refused(response.statusCode(), String.join("\n", lines.toList()));
      }
      for (Iterator<String> line = lines.iterator(); line.hasNext(); ) {
        tell(parse(line.next()), events);
      }
    } catch (UncheckedIOException e) {
      throw new UnreachableException(address, "the watch broke off", e);
    }
  }

  @Override
  public List<JsonNode> agents() {
    return items("/inmesh/v1/agents");
  }

  @Override
  public Optional<JsonNode> agent(String name) {
    HttpResponse<String> response = send("GET", "/inmesh/v1/agents/" + encoded(name), null, null);
    return response.statusCode() == 404
        ? Optional.empty()
        : Optional.of(parse(ok(response).body()));
  }

  @Override
  public void setInert(String agent, boolean inert) {
    ObjectNode settings = json.createObjectNode().put("inert", inert);
    ok(send("PUT", "/inmesh/v1/agents/" + encoded(agent) + "/settings", JSON, settings));
  }

  @Override
  public List<JsonNode> services() {
    return items("/inmesh/v1/services");
  }

  @Override
  public JsonNode version() {
    return parse(ok(send("GET", "/version", null, null)).body());
  }

  private List<JsonNode> items(String path) {
    List<JsonNode> items = new ArrayList<>();
    parse(ok(send("GET", path, null, null)).body()).path("items").forEach(items::add);
    return items;
  }

  private static void tell(JsonNode event, Consumer<WatchEvent> events) {
    JsonNode object = event.path("object");
    switch (event.path("type").asText()) {
      case "ADDED", "MODIFIED", "DELETED" ->
          events.accept(new WatchEvent(event.path("type").asText(), (ObjectNode) object));
      case "ERROR" -> throw refusal(object.path("code").asInt(500), object);
      default -> {
        // BOOKMARK moves the version on and changes nothing.
      }
    }
  }

  private HttpResponse<String> send(
      String method, String path, @Nullable String contentType, @Nullable JsonNode body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .timeout(ANSWER_TIMEOUT)
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(body.toString(), StandardCharsets.UTF_8));
    if (contentType != null) {
      request.header("Content-Type", contentType);
    }
    return exchange(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  private <T> HttpResponse<T> exchange(HttpRequest request, BodyHandler<T> bodies) {
    try {
      return http.send(request, bodies);
    } catch (ConnectException e) {
      throw new UnreachableException(address, "the connection is refused", e);
    } catch (HttpTimeoutException e) {
      throw new UnreachableException(
          address, "no answer within " + ANSWER_TIMEOUT.toSeconds() + " s", e);
    } catch (IOException e) {
      throw new UnreachableException(address, String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnreachableException(address, "interrupted", e);
    }
  }

  private HttpResponse<String> ok(HttpResponse<String> response) {
    if (response.statusCode() / 100 != 2) {
      throw refused(response.statusCode(), response.body());
    }
    return response;
  }

  private RefusedException refused(int code, String body) {
    try {
      return refusal(code, json.readTree(body));
    } catch (JsonProcessingException e) {
      return new RefusedException(code, "HTTP " + code + ": " + body.strip(), List.of());
    }
  }

  private static RefusedException refusal(int code, JsonNode status) {
    List<RefusedException.Cause> causes = new ArrayList<>();
    for (JsonNode cause : status.path("details").path("causes")) {
      causes.add(
          new RefusedException.Cause(
              cause.path("field").asText(""), cause.path("message").asText("")));
    }
    return new RefusedException(code, status.path("message").asText("HTTP " + code), causes);
  }

  private ObjectNode object(HttpResponse<String> response) {
    return parse(response.body()) instanceof ObjectNode object ? object : json.createObjectNode();
  }

  private JsonNode parse(String body) {
    try {
      return json.readTree(body);
    } catch (JsonProcessingException e) {
      throw new UnreachableException(
          address, "what answers there is not an Inmesh control server (it sends no JSON)", e);
    }
  }

  private URI uri(String path) {
    String base = address.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }

  private static String path(ResourceId id) {
    return collection(id.kind(), id.version(), id.namespace()) + "/" + encoded(id.name());
  }

  private static String collection(Kind kind, String namespace) {
    return collection(kind, kind.versions().get(0), namespace);
  }

  private static String collection(Kind kind, String version, String namespace) {
    String base = "/apis/" + kind.group() + "/" + version + "/";
    return namespace.isEmpty()
        ? base + kind.plural()
        : base + "namespaces/" + encoded(namespace) + "/" + kind.plural();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
