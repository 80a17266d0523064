package io.inmesh.cli.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What came of a write.
 *
 * @param created whether the resource is new
 * @param resource as it is stored now, or would be after a dry run
 * @param warnings what its author should know
 */
public record Written(boolean created, ObjectNode resource, List<String> warnings) {

  public Written {
    warnings = List.copyOf(warnings);
  }
}
