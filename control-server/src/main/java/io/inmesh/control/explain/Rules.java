package io.inmesh.control.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inmesh.control.compile.HostReport;
import io.inmesh.control.registry.StoredPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the VirtualService that counts, each with what became of it: those that were not for
 * the client, which never reach an engine, and those that the engine tried.
 */
final class Rules {
  private final JsonNode tried;

  /**
   * @param tried the routes that the engine tried, as its report has them
   */
  Rules(JsonNode tried) {
    this.tried = tried;
  }

  /** False if the engine tried a route that policy does not have: it is of another time. */
  boolean areOf(HostReport host) {
    StoredPolicy owner = host.owner();
    String config =
        owner == null ? "" : "/" + owner.namespace() + "/virtual-service/" + owner.name();
    for (JsonNode trial : tried) {
      if (trial.has("config")
          && (owner == null
              || !trial.path("config").asText().endsWith(config)
              || host.rules().stream().noneMatch(rule -> has(rule, trial)))) {
        return false;
      }
    }
    return true;
  }

  private static boolean has(HostReport.Rule rule, JsonNode trial) {
    return rule.place().equals(trial.path("rule").asText())
        && trial.path("match").asInt(-1) < Math.max(1, rule.matches().size());
  }

  /** Whether any of them is a VirtualService's. */
  boolean areOfPolicy() {
    for (JsonNode trial : tried) {
      if (trial.has("config")) {
        return true;
      }
    }
    return false;
  }

  ArrayNode of(List<HostReport.Rule> rules) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (HostReport.Rule rule : rules) {
      ObjectNode node = all.addObject().put("rule", rule.place());
      if (!rule.name().isEmpty()) {
        node.put("name", rule.name());
      }
      if (!rule.dropped().isEmpty()) {
        node.put("result", "dropped").put("reason", rule.dropped());
        continue;
      }
      if (rule.matches().isEmpty()) {
        JsonNode trial = trial(rule.place(), -1);
        node.put("result", trial == null ? "notReached" : "matched").put("everyRequest", true);
        continue;
      }
      ArrayNode matches = JsonNodeFactory.instance.arrayNode();
      rule.matches().forEach(match -> matches.add(match(rule, match)));
      node.put("result", result(matches));
      node.set("matches", matches);
    }
    return all;
  }

  private ObjectNode match(HostReport.Rule rule, HostReport.Match match) {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("match", match.index());
    if (!match.name().isEmpty()) {
      node.put("name", match.name());
    }
    HostReport.Misfit misfit = match.notForClient();
    if (misfit != null) {
      node.put("result", "notForClient");
      node.putArray("conditions")
          .addObject()
          .put("field", misfit.field())
          .put("wanted", misfit.wanted())
          .put("holds", false)
          .putArray("found")
          .add(misfit.found());
      return node;
    }
    JsonNode trial = trial(rule.place(), match.index());
    if (trial == null) {
      return node.put("result", "notReached");
    }
    node.put("result", trial.path("matches").asBoolean() ? "matched" : "mismatch");
    node.set("conditions", trial.path("conditions"));
    return node;
  }

  /**
   * What the engine says of a match. One that has two routes, as its retries depend on the method,
   * was tried twice; the second one asks no more than policy does.
   */
  private @Nullable JsonNode trial(String place, int match) {
    JsonNode found = null;
    for (JsonNode trial : tried) {
      boolean same =
          trial.path("rule").asText().equals(place) && trial.path("match").asInt(-1) == match;
      if (same) {
        found = trial;
      }
    }
    return found;
  }

  private static String result(ArrayNode matches) {
    boolean reached = false;
    for (JsonNode match : matches) {
      String result = match.path("result").asText();
      if (result.equals("matched")) {
        return result;
      }
      reached |= result.equals("mismatch");
    }
    boolean notForClient = true;
    for (JsonNode match : matches) {
      notForClient &= match.path("result").asText().equals("notForClient");
    }
    return notForClient ? "notForClient" : reached ? "mismatch" : "notReached";
  }

  /** Rules that policy does not know any more, as the engine has them. */
  ArrayNode ofEngine() {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (JsonNode trial : tried) {
      ObjectNode node = all.addObject().put("rule", trial.path("rule").asText());
      node.put("name", trial.path("name").asText());
      String result = trial.path("matches").asBoolean() ? "matched" : "mismatch";
      node.put("result", result);
      ObjectNode match = node.putArray("matches").addObject();
      match.put("match", trial.path("match").asInt(0)).put("result", result);
      match.set("conditions", trial.path("conditions"));
    }
    return all;
  }
}
