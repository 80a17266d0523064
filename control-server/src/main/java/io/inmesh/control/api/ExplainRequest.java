package io.inmesh.control.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads the body of {@code POST /inmesh/v1/explain}. */
final class ExplainRequest {
  private static final Set<String> FIELDS =
      Set.of("method", "url", "headers", "from", "namespace", "agent");

  static RouteQuestion read(byte[] body) {
    JsonNode json;
    try {
      json = Json.MAPPER.readTree(body);
    } catch (IOException e) {
      throw ApiException.badRequest("the body is no JSON: " + e.getMessage());
    }
    if (!json.isObject()) {
      throw ApiException.badRequest("the body must be a JSON object");
    }
    json.fieldNames()
        .forEachRemaining(
            name -> {
              if (!FIELDS.contains(name)) {
                throw ApiException.badRequest(
                    name
                        + ": unknown field (supported here: agent, from, headers, method,"
                        + " namespace, url)");
              }
            });
    String from = text(json, "from", "");
    String agent = text(json, "agent", "");
    if (from.isEmpty() && agent.isEmpty()) {
      throw ApiException.badRequest("from: is missing; name the service that calls, or an agent");
    }
    String url = text(json, "url", "");
    if (url.isEmpty()) {
      throw ApiException.badRequest("url: is missing; one looks like http://orders:8080/");
    }
    return new RouteQuestion(
        text(json, "method", "GET"),
        url,
        headers(json.path("headers")),
        from,
        text(json, "namespace", "default"),
        agent);
  }

  private static List<RouteQuestion.Header> headers(JsonNode json) {
    if (!json.isMissingNode() && !json.isArray()) {
      throw ApiException.badRequest("headers: must be a list of {\"name\", \"value\"}");
    }
    List<RouteQuestion.Header> headers = new ArrayList<>();
    for (JsonNode header : json) {
      String name = text(header, "name", "");
      if (name.isEmpty()) {
        throw ApiException.badRequest("headers[" + headers.size() + "].name: is missing");
      }
      headers.add(new RouteQuestion.Header(name, text(header, "value", "")));
    }
    return headers;
  }

  private static String text(JsonNode json, String field, String otherwise) {
    JsonNode value = json.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    if (!value.isTextual()) {
      throw ApiException.badRequest(field + ": must be a text");
    }
    return value.asText();
  }

  private ExplainRequest() {}
}
