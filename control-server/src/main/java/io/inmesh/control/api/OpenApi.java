package io.inmesh.control.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inmesh.policy.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The OpenAPI document: every path that is served, made from the kinds that there are.
 *
 * @see <a href="https://spec.openapis.org/oas/v3.0.3">OpenAPI 3.0.3</a>
 */
public final class OpenApi {
  private static final List<String> WRITE_ERRORS =
      List.of("400", "403", "409", "413", "415", "422");

  /** The document as JSON. */
  public static byte[] document(String version) {
    ObjectNode document = Json.object().put("openapi", "3.0.3");
    document
        .putObject("info")
        .put("title", "Inmesh control server")
        .put("description", "Policy with the conventions of Kubernetes; agents and services.")
        .put("version", version);
    ObjectNode paths = document.putObject("paths");
    for (Kind kind : Kind.values()) {
      policy(paths, kind);
    }
    inmesh(paths);
    analyze(paths);
    explain(paths);
    plain(paths);
    schemas(document.putObject("components").putObject("schemas"));
    return Json.bytes(document);
  }

  private static void policy(ObjectNode paths, Kind kind) {
    String root = "/apis/" + kind.group() + "/{version}/";
    String all = root + kind.plural();
    String collection = root + "namespaces/{namespace}/" + kind.plural();
    String item = collection + "/{name}";
    String title = kind.kind();

    ObjectNode everywhere = path(paths, all, List.of("version"), kind);
    list(everywhere, "list" + title + "ForAllNamespaces");

    ObjectNode many = path(paths, collection, List.of("version", "namespace"), kind);
    list(many, "list" + title);
    ObjectNode create =
        operation(many, "post", "create" + title, "Creates it; 409 if there is one");
    query(create, "dryRun", "All = check only");
    body(create, "application/json", "application/yaml");
    ok(create, "201", "Resource");
    errors(create, WRITE_ERRORS);

    ObjectNode one = path(paths, item, List.of("version", "namespace", "name"), kind);
    ObjectNode get = operation(one, "get", "get" + title, "One object");
    ok(get, "200", "Resource");
    errors(get, List.of("404"));
    ObjectNode replace =
        operation(
            one, "put", "replace" + title, "Replaces it; 409 if its resourceVersion is stale");
    query(replace, "dryRun", "All = check only");
    body(replace, "application/json", "application/yaml");
    ok(replace, "200", "Resource");
    errors(replace, WRITE_ERRORS);
    errors(replace, List.of("404"));
    ObjectNode apply =
        operation(one, "patch", "apply" + title, "Server-side apply: creates or replaces it");
    query(apply, "dryRun", "All = check only");
    body(apply, "application/apply-patch+yaml");
    ok(apply, "200", "Resource");
    ok(apply, "201", "Resource");
    errors(apply, WRITE_ERRORS);
    ObjectNode delete = operation(one, "delete", "delete" + title, "Deletes it");
    query(delete, "dryRun", "All = check only");
    ok(delete, "200", "Status");
    errors(delete, List.of("404", "409"));
  }

  private static void list(ObjectNode path, String id) {
    ObjectNode list =
        operation(path, "get", id, "A list; with watch=true, changes as lines of JSON");
    query(list, "watch", "true = stream {\"type\", \"object\"} lines");
    query(list, "resourceVersion", "with watch: changes after this version; 410 if compacted");
    query(list, "timeoutSeconds", "with watch: end after so long");
    query(list, "allowWatchBookmarks", "with watch: true = send BOOKMARK events");
    ok(list, "200", "ResourceList");
    errors(list, List.of("400", "410"));
  }

  private static void inmesh(ObjectNode paths) {
    simple(paths, "/inmesh/v1/agents", "listAgents", "The agents, with their sync state", "Items");
    simple(paths, "/inmesh/v1/services", "listServices", "Services and their endpoints", "Items");
    ObjectNode agent = path(paths, "/inmesh/v1/agents/{name}", List.of("name"), null);
    ObjectNode get = operation(agent, "get", "getAgent", "One agent");
    ok(get, "200", "Agent");
    errors(get, List.of("404"));
    ObjectNode settings = path(paths, "/inmesh/v1/agents/{name}/settings", List.of("name"), null);
    ObjectNode read = operation(settings, "get", "getAgentSettings", "The agent's settings");
    ok(read, "200", "AgentSettings");
    errors(read, List.of("404"));
    ObjectNode put =
        operation(settings, "put", "setAgentSettings", "The kill switch: inert lets calls pass");
    content(
        put.putObject("requestBody").put("required", true), "AgentSettings", "application/json");
    ok(put, "200", "AgentSettings");
    errors(put, List.of("400", "403", "404", "409"));
  }

  private static void analyze(ObjectNode paths) {
    ObjectNode post =
        operation(
            path(paths, "/inmesh/v1/analyze", List.of(), null),
            "post",
            "analyze",
            "Findings about the policy there is, and about the documents in the body over it");
    query(post, "namespace", "of documents that name none; default");
    ObjectNode body = post.putObject("requestBody").put("required", false);
    content(body, "Resource", "application/json", "application/yaml");
    ok(post, "200", "Findings");
    errors(post, List.of("400", "403", "413"));
  }

  private static void explain(ObjectNode paths) {
    ObjectNode explain = path(paths, "/inmesh/v1/explain", List.of(), null);
    ObjectNode post =
        operation(
            explain,
            "post",
            "explainRoute",
            "What would become of a call and why, by policy or as a live agent has it");
    content(
        post.putObject("requestBody").put("required", true), "RouteQuestion", "application/json");
    ok(post, "200", "RouteAnswer");
    errors(post, List.of("400", "404", "409", "504"));
  }

  private static void plain(ObjectNode paths) {
    text(paths, "/healthz", "getHealth", "ok while the process lives");
    text(paths, "/readyz", "getReadiness", "ok when it serves; 503 before and while stopping");
    text(paths, "/metrics", "getMetrics", "Metrics in Prometheus' text format");
    simple(paths, "/version", "getVersion", "The server's version", "Version");
    simple(paths, "/openapi.json", "getOpenApi", "This document", "Object");
  }

  private static void simple(
      ObjectNode paths, String path, String id, String summary, String schema) {
    ok(operation(path(paths, path, List.of(), null), "get", id, summary), "200", schema);
  }

  private static void text(ObjectNode paths, String path, String id, String summary) {
    ObjectNode get = operation(path(paths, path, List.of(), null), "get", id, summary);
    get.withObject("/responses")
        .putObject("200")
        .put("description", summary)
        .putObject("content")
        .putObject("text/plain")
        .putObject("schema")
        .put("type", "string");
  }

  private static ObjectNode path(
      ObjectNode paths, String path, List<String> parameters, @Nullable Kind kind) {
    ObjectNode node = paths.putObject(path);
    ArrayNode list = node.putArray("parameters");
    for (String name : parameters) {
      ObjectNode parameter = list.addObject().put("name", name).put("in", "path");
      ObjectNode schema = parameter.put("required", true).putObject("schema").put("type", "string");
      if (kind != null && name.equals("version")) {
        kind.versions().forEach(schema.putArray("enum")::add);
      }
    }
    return node;
  }

  private static ObjectNode operation(ObjectNode path, String method, String id, String summary) {
    ObjectNode operation = path.putObject(method).put("operationId", id).put("summary", summary);
    operation.putObject("responses");
    return operation;
  }

  private static void query(ObjectNode operation, String name, String description) {
    operation
        .withArray("/parameters")
        .addObject()
        .put("name", name)
        .put("in", "query")
        .put("description", description)
        .putObject("schema")
        .put("type", "string");
  }

  private static void body(ObjectNode operation, String... types) {
    content(operation.putObject("requestBody").put("required", true), "Resource", types);
  }

  private static void ok(ObjectNode operation, String code, String schema) {
    ObjectNode response =
        operation.withObject("/responses").putObject(code).put("description", "done");
    content(response, schema, "application/json");
  }

  private static void errors(ObjectNode operation, List<String> codes) {
    for (String code : codes) {
      ObjectNode response =
          operation.withObject("/responses").putObject(code).put("description", "refused");
      content(response, "Status", "application/json");
    }
  }

  private static void content(ObjectNode node, String schema, String... types) {
    ObjectNode content = node.putObject("content");
    for (String type : types) {
      content.putObject(type).putObject("schema").put("$ref", "#/components/schemas/" + schema);
    }
  }

  private static void schemas(ObjectNode schemas) {
    schema(schemas, "Object");
    schema(schemas, "Version", "version");
    schema(schemas, "AgentSettings").putObject("inert").put("type", "boolean");
    schema(schemas, "Resource", "apiVersion", "kind").putObject("metadata").put("type", "object");
    schemas.withObject("/Resource/properties").putObject("spec").put("type", "object");
    schema(schemas, "ResourceList", "apiVersion", "kind")
        .putObject("items")
        .put("type", "array")
        .putObject("items")
        .put("$ref", "#/components/schemas/Resource");
    schema(schemas, "Items")
        .putObject("items")
        .put("type", "array")
        .putObject("items")
        .put("type", "object");
    ObjectNode finding =
        schema(
            schemas,
            "Finding",
            "code",
            "name",
            "level",
            "origin",
            "path",
            "message",
            "remedy",
            "documentationUrl");
    finding.putObject("resource").put("type", "object");
    schema(schemas, "Findings")
        .putObject("items")
        .put("type", "array")
        .putObject("items")
        .put("$ref", "#/components/schemas/Finding");
    schema(schemas, "RouteQuestion", "method", "url", "from", "namespace", "agent")
        .putObject("headers")
        .put("type", "array")
        .putObject("items")
        .put("type", "object")
        .put("description", "name and value");
    ObjectNode answer = schema(schemas, "RouteAnswer");
    answer.putObject("request").put("type", "object");
    answer
        .putObject("explanations")
        .put("type", "array")
        .putObject("items")
        .put("type", "object")
        .put("description", "one for each kind of client that policy tells apart; docs/explain.md");
    schema(schemas, "Agent", "name", "namespace", "service", "agentVersion", "java", "state");
    schema(schemas, "Status", "kind", "apiVersion", "status", "message", "reason")
        .putObject("code")
        .put("type", "integer");
  }

  private static ObjectNode schema(ObjectNode schemas, String name, String... strings) {
    ObjectNode properties = schemas.putObject(name).put("type", "object").putObject("properties");
    for (String property : strings) {
      properties.putObject(property).put("type", "string");
    }
    return properties;
  }

  private OpenApi() {}
}
