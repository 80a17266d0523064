package io.inmesh.cli.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inmesh.policy.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A control server behind its REST API. The paths and bodies are Kubernetes's:
 * https://kubernetes.io/docs/reference/using-api/api-concepts/
 *
 * <p>On HttpURLConnection, because it is ready 150 ms before java.net.http, which sets up TLS
 * first. It knows no PATCH, hence the create and replace in {@link #apply}.
 */
public final class HttpControlServer implements ControlServer {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
  private static final String STATUS = "Status";
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int WRITE_ATTEMPTS = 5;

  /**
   * An answer.
   *
   * @param asked for messages: {@code GET /version}
   */
  private record Answer(String asked, int status, String body, List<String> warnings) {}

  private final URI address;
  private final ObjectMapper json;

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
    return object(ok(send("GET", collection(kind, namespace), null)), kind.kind() + "List");
  }

  @Override
  public Optional<ObjectNode> find(ResourceId id) {
    Answer response = send("GET", path(id), null);
    return isNotFound(response)
        ? Optional.empty()
        : Optional.of(object(ok(response), id.kind().kind()));
  }

  /**
   * Creates the resource, or replaces the version that it sees. When another writer comes in
   * between it looks again, a few times.
   */
  @Override
  public Written apply(ResourceId id, ObjectNode document, boolean dryRun) {
    for (int attempt = 1; ; attempt++) {
      Optional<ObjectNode> before = find(id);
      Answer answer = write(id, document, before, dryRun);
      boolean versioned = document.path("metadata").has("resourceVersion");
      if (answer.status() != CONFLICT || versioned || attempt == WRITE_ATTEMPTS) {
        return new Written(before, object(ok(answer), id.kind().kind()), answer.warnings());
      }
    }
  }

  private Answer write(
      ResourceId id, ObjectNode document, Optional<ObjectNode> before, boolean dryRun) {
    String query = dryRun ? "?dryRun=All" : "";
    if (before.isEmpty()) {
      return send("POST", collection(id.kind(), id.version(), id.namespace()) + query, document);
    }
    ObjectNode replacement = document.deepCopy();
    if (!replacement.path("metadata").has("resourceVersion")) {
      replacement
          .withObject("/metadata")
          .set("resourceVersion", before.get().path("metadata").path("resourceVersion"));
    }
    return send("PUT", path(id) + query, replacement);
  }

  @Override
  public Deleted delete(ResourceId id, boolean dryRun) {
    Answer response = send("DELETE", path(id) + (dryRun ? "?dryRun=All" : ""), null);
    if (isNotFound(response)) {
      return new Deleted(false, List.of());
    }
    object(ok(response), STATUS);
    return new Deleted(true, response.warnings());
  }

  @Override
  public void watch(
      Kind kind, String namespace, String resourceVersion, Consumer<WatchEvent> events) {
    String path =
        collection(kind, namespace) + "?watch=true&resourceVersion=" + encoded(resourceVersion);
    HttpURLConnection call = open("GET", path, Duration.ZERO);
    try {
      if (call.getResponseCode() != 200) {
        throw refused(new Answer("GET " + path, call.getResponseCode(), body(call), List.of()));
      }
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(call.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          tell(parse("GET " + path, line), events);
        }
      }
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  @Override
  public List<JsonNode> agents() {
    return items("/inmesh/v1/agents");
  }

  @Override
  public Optional<JsonNode> agent(String name) {
    Answer response = send("GET", "/inmesh/v1/agents/" + encoded(name), null);
    return isNotFound(response) ? Optional.empty() : Optional.of(parse(ok(response)));
  }

  @Override
  public void setInert(String agent, boolean inert) {
    ObjectNode settings = json.createObjectNode().put("inert", inert);
    ok(send("PUT", "/inmesh/v1/agents/" + encoded(agent) + "/settings", settings));
  }

  @Override
  public List<JsonNode> analyze(List<ObjectNode> documents) {
    String text = documents.stream().map(JsonNode::toString).collect(Collectors.joining("\n---\n"));
    return items(ok(send("POST", "/inmesh/v1/analyze", "application/yaml", text)));
  }

  @Override
  public List<JsonNode> services() {
    return items("/inmesh/v1/services");
  }

  @Override
  public JsonNode explain(ObjectNode question) {
    Answer answer = ok(send("POST", "/inmesh/v1/explain", question));
    JsonNode explained = parse(answer);
    if (!explained.path("explanations").isArray()) {
      throw stranger(answer, "no explanation");
    }
    return explained;
  }

  @Override
  public JsonNode version() {
    Answer answer = ok(send("GET", "/version", null));
    JsonNode version = parse(answer);
    if (!version.path("name").asText().equals("inmesh-control-server")) {
      throw stranger(answer, "another program's version");
    }
    return version;
  }

  private List<JsonNode> items(String path) {
    return items(ok(send("GET", path, null)));
  }

  private List<JsonNode> items(Answer answer) {
    List<JsonNode> items = new ArrayList<>();
    JsonNode list = parse(answer).path("items");
    if (!list.isArray()) {
      throw stranger(answer, "no list");
    }
    list.forEach(items::add);
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

  private Answer send(String method, String path, @Nullable JsonNode body) {
    return send(method, path, "application/json", body == null ? null : body.toString());
  }

  private Answer send(String method, String path, String type, @Nullable String body) {
    HttpURLConnection call = open(method, path, ANSWER_TIMEOUT);
    try {
      if (body != null) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        call.setRequestProperty("Content-Type", type);
        call.setDoOutput(true);
        call.setFixedLengthStreamingMode(bytes.length);
        try (OutputStream out = call.getOutputStream()) {
          out.write(bytes);
        }
      }
      return new Answer(
          method + " " + path, call.getResponseCode(), body(call), WarningHeaders.of(call));
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private HttpURLConnection open(String method, String path, Duration answerTimeout) {
    try {
      HttpURLConnection call = (HttpURLConnection) uri(path).toURL().openConnection(Proxy.NO_PROXY);
      call.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
      call.setReadTimeout((int) answerTimeout.toMillis());
      call.setInstanceFollowRedirects(false);
      call.setRequestMethod(method);
      call.setRequestProperty("Accept", "application/json");
      return call;
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /** Read to its end, so that the connection serves the next request. */
  private static String body(HttpURLConnection call) throws IOException {
    boolean failed = call.getResponseCode() >= 400;
    try (InputStream body = failed ? call.getErrorStream() : call.getInputStream()) {
      return body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private UnreachableException unreachable(IOException cause) {
    String reason = String.valueOf(cause.getMessage());
    if (cause instanceof ConnectException) {
      reason = "the connection is refused";
    } else if (cause instanceof SocketTimeoutException) {
      reason = "no answer in time";
    } else if (cause instanceof UnknownHostException) {
      reason = "there is no host of this name";
    }
    return new UnreachableException(address, reason, cause);
  }

  private Answer ok(Answer answer) {
    if (answer.status() / 100 != 2) {
      throw refused(answer);
    }
    return answer;
  }

  /** Whether the control server says so; any web server says 404 to a path that it has not. */
  private boolean isNotFound(Answer answer) {
    if (answer.status() != NOT_FOUND) {
      return false;
    }
    object(answer, STATUS);
    return true;
  }

  private RefusedException refused(Answer answer) {
    return refusal(answer.status(), object(answer, STATUS));
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

  private ObjectNode object(Answer answer, String kind) {
    if (parse(answer) instanceof ObjectNode object && object.path("kind").asText().equals(kind)) {
      return object;
    }
    throw stranger(answer, "no " + kind);
  }

  private JsonNode parse(Answer answer) {
    return parse(answer.asked() + " got HTTP " + answer.status(), answer.body());
  }

  private JsonNode parse(String asked, String body) {
    try {
      return json.readTree(body);
    } catch (JsonProcessingException e) {
      throw UnreachableException.stranger(address, asked + " and no JSON");
    }
  }

  private UnreachableException stranger(Answer answer, String what) {
    return UnreachableException.stranger(
        address, answer.asked() + " got HTTP " + answer.status() + " and " + what);
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
