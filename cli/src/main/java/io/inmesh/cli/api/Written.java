package io.inmesh.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * What came of a write.
 *
 * @param before what it replaced; empty when the resource is new
 * @param resource as it is stored now, or would be after a dry run
 * @param warnings what its author should know
 */
public record Written(Optional<ObjectNode> before, ObjectNode resource, List<String> warnings) {

  public Written {
    warnings = List.copyOf(warnings);
  }

  /** {@code created}, {@code unchanged} or {@code configured}, as kubectl says it. */
  public String outcome() {
    if (before.isEmpty()) {
      return "created";
    }
    return content(before.get()).equals(content(resource)) ? "unchanged" : "configured";
  }

  private static List<JsonNode> content(ObjectNode resource) {
    JsonNode metadata = resource.path("metadata");
    return List.of(resource.path("spec"), metadata.path("labels"), metadata.path("annotations"));
  }
}
