package io.inmesh.golden.generated;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A request that is being made up, in the form of the recordings. */
final class Probe {
  private String method = "GET";
  private String authority;
  private String path = "/";
  private final ArrayNode headers = Json.array();
  private String body = "";
  private final ArrayNode steps = Json.array();
  private final ObjectNode by = Json.object();
  private final ObjectNode more = Json.object();

  Probe(String authority) {
    this.authority = authority;
  }

  Probe method(String method) {
    this.method = method;
    return this;
  }

  Probe authority(String authority) {
    this.authority = authority;
    return this;
  }

  Probe path(String path) {
    this.path = path;
    return this;
  }

  String path() {
    return path;
  }

  Probe header(String name, String value) {
    headers.add(Json.array(name, value));
    return this;
  }

  Probe body(String body) {
    this.body = body;
    return this;
  }

  /** What the backends do with the next attempt. */
  Probe step(ObjectNode step) {
    steps.add(step);
    return this;
  }

  /** What one instance does with its next attempt. */
  Probe stepOf(String instance, ObjectNode step) {
    by.withArray(instance).add(step);
    return this;
  }

  Probe set(String field, Object value) {
    more.setAll(Json.object(field, value));
    return this;
  }

  /** So many calls one after the other, whose outcome is chance. */
  Probe byLot(int calls) {
    return set("repeat", calls).set("random", true);
  }

  ObjectNode json() {
    ObjectNode json =
        Json.object("method", method, "authority", authority, "path", path, "headers", headers);
    if (!body.isEmpty()) {
      json.put("body", body);
    }
    @Nullable ObjectNode echo = echo();
    if (echo != null) {
      json.set("echo", echo);
    }
    json.setAll(more);
    return json;
  }

  private @Nullable ObjectNode echo() {
    ObjectNode echo = Json.object();
    if (!steps.isEmpty()) {
      echo.set("steps", steps);
    }
    if (!by.isEmpty()) {
      echo.set("by", by);
    }
    return echo.isEmpty() ? null : echo;
  }
}
