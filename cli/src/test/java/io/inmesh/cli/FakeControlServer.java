package io.inmesh.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inmesh.cli.api.ControlServer;
import io.inmesh.cli.api.Deleted;
import io.inmesh.cli.api.RefusedException;
import io.inmesh.cli.api.ResourceId;
import io.inmesh.cli.api.UnreachableException;
import io.inmesh.cli.api.WatchEvent;
import io.inmesh.cli.api.Written;
import io.inmesh.policy.Kind;
import java.net.ConnectException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A control server in memory that can be down, refuse a name, and warn. */
final class FakeControlServer implements ControlServer {

  private final ObjectMapper json = new ObjectMapper();
  private final Map<ResourceId, ObjectNode> resources = new LinkedHashMap<>();
  final List<JsonNode> agents = new ArrayList<>();
  final List<JsonNode> services = new ArrayList<>();
  final List<JsonNode> findings = new ArrayList<>();
  List<ObjectNode> analyzed = List.of();
  final List<WatchEvent> changes = new ArrayList<>();

  /** Every write, as {@code apply VirtualService/orders}, dry runs marked. */
  final List<String> writes = new ArrayList<>();

  final List<String> warnings = new ArrayList<>();
  final List<ObjectNode> questions = new ArrayList<>();
  String explanation = "{\"explanations\":[]}";
  boolean down;
  @Nullable String refusedName;
  private int revision;

  @Override
  public URI address() {
    return URI.create("http://fake:1");
  }

  @Override
  public ObjectNode list(Kind kind, String namespace) {
    checkUp();
    ObjectNode list = json.createObjectNode();
    list.put("kind", kind.kind() + "List");
    list.putObject("metadata").put("resourceVersion", String.valueOf(revision));
    ArrayNode items = list.putArray("items");
    resources.forEach(
        (id, resource) -> {
          if (id.kind() == kind && (namespace.isEmpty() || namespace.equals(id.namespace()))) {
            items.add(resource);
          }
        });
    return list;
  }

  @Override
  public Optional<ObjectNode> find(ResourceId id) {
    checkUp();
    return Optional.ofNullable(resources.get(key(id))).map(ObjectNode::deepCopy);
  }

  @Override
  public Written apply(ResourceId id, ObjectNode document, boolean dryRun) {
    Optional<ObjectNode> before = find(id);
    writes.add("apply " + id.kind() + "/" + id.name() + (dryRun ? " (dry run)" : ""));
    if (id.name().equals(refusedName)) {
      throw new RefusedException(
          422,
          "VirtualService/" + id.name() + " is invalid",
          List.of(new RefusedException.Cause("spec.http[0].route", "has no destination")));
    }
    ObjectNode stored = document.deepCopy();
    stored
        .withObject("/metadata")
        .put("namespace", id.namespace())
        .put("creationTimestamp", "2026-01-01T00:00:00Z")
        .put("resourceVersion", String.valueOf(revision + 1));
    if (!dryRun) {
      revision++;
      resources.put(key(id), stored);
    }
    return new Written(before, stored, warnings);
  }

  @Override
  public Deleted delete(ResourceId id, boolean dryRun) {
    checkUp();
    writes.add("delete " + id.kind() + "/" + id.name() + (dryRun ? " (dry run)" : ""));
    boolean found = dryRun ? resources.containsKey(key(id)) : resources.remove(key(id)) != null;
    return new Deleted(found, found ? warnings : List.of());
  }

  /** Tells the changes that a test laid ready, once, and then ends. */
  @Override
  public void watch(
      Kind kind, String namespace, String resourceVersion, Consumer<WatchEvent> events) {
    List<WatchEvent> told = List.copyOf(changes);
    changes.clear();
    told.forEach(events);
  }

  /** Tells the findings that a test laid ready. */
  @Override
  public List<JsonNode> analyze(List<ObjectNode> documents) {
    checkUp();
    analyzed = List.copyOf(documents);
    return findings;
  }

  @Override
  public List<JsonNode> agents() {
    checkUp();
    return agents;
  }

  @Override
  public Optional<JsonNode> agent(String name) {
    return agents().stream().filter(agent -> agent.path("name").asText().equals(name)).findFirst();
  }

  @Override
  public void setInert(String agent, boolean inert) {
    if (agent(agent).isEmpty()) {
      throw new RefusedException(404, "no such agent", List.of());
    }
    if (agent(agent).get().path("state").asText().equals("gone")) {
      throw new RefusedException(409, "gone", List.of());
    }
    writes.add("inert " + agent + " " + inert);
  }

  @Override
  public List<JsonNode> services() {
    checkUp();
    return services;
  }

  @Override
  public JsonNode explain(ObjectNode question) {
    checkUp();
    questions.add(question);
    return parse(explanation);
  }

  @Override
  public JsonNode version() {
    checkUp();
    return parse("{\"version\":\"9.9\"}");
  }

  JsonNode parse(String text) {
    try {
      return json.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static ResourceId key(ResourceId id) {
    return new ResourceId(id.kind(), id.namespace(), id.name());
  }

  private void checkUp() {
    if (down) {
      throw new UnreachableException(
          address(), "the connection is refused", new ConnectException());
    }
  }
}
