package io.inmesh.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.TreeMap;

/**
 * Calls of the shop's visitors, since their start or between two moments.
 *
 * @param millis how long
 * @param versions calls that each version answered
 * @param instances calls that each instance answered
 * @param lastFailure "" if none
 */
record Counts(
    long millis,
    long calls,
    long failed,
    Map<String, Long> versions,
    Map<String, Long> instances,
    String lastFailure) {

  static final Counts NONE = new Counts(0, 0, 0, Map.of(), Map.of(), "");

  Counts {
    versions = Map.copyOf(versions);
    instances = Map.copyOf(instances);
  }

  /** Reads a line that the storefront's Load prints. */
  static Counts parse(ObjectMapper json, String line) {
    try {
      JsonNode counts = json.readTree(line);
      return new Counts(
          counts.path("millis").asLong(),
          counts.path("calls").asLong(),
          counts.path("failed").asLong(),
          map(counts.path("versions")),
          map(counts.path("instances")),
          counts.path("lastFailure").asText(""));
    } catch (JsonProcessingException e) {
      throw new StoryException("the visitors print what is no count: " + line, e);
    }
  }

  Counts since(Counts before) {
    return new Counts(
        millis - before.millis,
        calls - before.calls,
        failed - before.failed,
        difference(versions, before.versions),
        difference(instances, before.instances),
        lastFailure);
  }

  long version(String version) {
    return versions.getOrDefault(version, 0L);
  }

  /** A version's part of the answered calls, in percent. */
  double share(String version) {
    long answered = calls - failed;
    return answered == 0 ? 0 : 100.0 * version(version) / answered;
  }

  private static Map<String, Long> map(JsonNode object) {
    Map<String, Long> map = new TreeMap<>();
    object.properties().forEach(entry -> map.put(entry.getKey(), entry.getValue().asLong()));
    return map;
  }

  private static Map<String, Long> difference(Map<String, Long> later, Map<String, Long> before) {
    Map<String, Long> difference = new TreeMap<>(later);
    difference.replaceAll((name, count) -> count - before.getOrDefault(name, 0L));
    return difference;
  }
}
