package io.inmesh.cli.api;

import java.util.List;

/**
 * What came of a deletion.
 *
 * @param found whether there was such a resource
 * @param warnings what others will miss
 */
public record Deleted(boolean found, List<String> warnings) {

  public Deleted {
    warnings = List.copyOf(warnings);
  }
}
