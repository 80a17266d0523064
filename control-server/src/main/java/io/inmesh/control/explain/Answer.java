package io.inmesh.control.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inmesh.control.compile.Client;
import io.inmesh.control.compile.HostReport;
import io.inmesh.control.compile.MeshCompiler;
import io.inmesh.control.registry.StoredPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** One answer: policy's words and the engine's, put together. */
final class Answer {
  private final MeshCompiler compiler;
  private final Call call;
  private final Caller caller;
  private final HostReport host;
  private final List<String> notes = new ArrayList<>();

  Answer(MeshCompiler compiler, Call call, Caller caller) {
    this.compiler = compiler;
    this.call = call;
    this.caller = caller;
    this.host = compiler.report(caller.client(), call.authority());
  }

  Client client() {
    return caller.client();
  }

  /** Adds what a reader should know besides. */
  Answer note(String note) {
    notes.add(note);
    return this;
  }

  /** An answer that needs no engine: the agent leaves such calls alone. */
  ObjectNode untouched(String source, String reason) {
    ObjectNode host = JsonNodeFactory.instance.objectNode();
    host.put("authority", call.authority()).putArray("reasons").add(reason);
    ObjectNode answer = begin(source, "untouched");
    answer.set("host", host);
    return end(answer);
  }

  /**
   * The answer by what an engine says.
   *
   * @param source {@code policy} or {@code agent}
   * @param engine its report; taken apart
   */
  ObjectNode of(String source, ObjectNode engine) {
    String outcome = engine.path("outcome").asText();
    boolean refused = host.fate() == HostReport.Fate.REFUSED && outcome.equals("directResponse");
    ObjectNode answer = begin(source, refused ? "refused" : outcome);
    answer.set("host", host());
    if (engine.has("path")) {
      answer.set("path", engine.path("path"));
    }
    Rules rules = new Rules(engine.path("tried"));
    if (rules.areOf(host)) {
      if (!host.rules().isEmpty()) {
        answer.set("rules", rules.of(host.rules()));
        retries(engine);
      }
    } else if (rules.areOfPolicy()) {
      notes.add(
          "the agent has other rules than policy has now; they are shown as the agent has them");
      answer.set("rules", rules.ofEngine());
    }
    if (engine.path("route").path("retries").has("retryOn")
        && !engine.path("route").path("retries").has("source")) {
      ((ObjectNode) engine.path("route").path("retries")).put("source", "istioDefault");
    }
    Destinations destinations = new Destinations(compiler, caller.client());
    for (String each : List.of("destinations", "mirrors")) {
      destinations.complete(engine.path(each));
    }
    for (String each : List.of("route", "destinations", "mirrors")) {
      if (engine.has(each)) {
        answer.set(each, engine.path(each));
      }
    }
    return end(answer);
  }

  private ObjectNode begin(String source, String outcome) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("verdict", "").put("outcome", outcome).put("source", source);
    ObjectNode client = answer.putObject("client");
    client.put("service", caller.service()).put("namespace", caller.namespace());
    ObjectNode labels = client.putObject("labels");
    new TreeMap<>(caller.labels()).forEach(labels::put);
    ArrayNode instances = client.putArray("instances");
    caller.instances().forEach(instances::add);
    return answer;
  }

  private ObjectNode end(ObjectNode answer) {
    ArrayNode all = answer.putArray("notes");
    notes.forEach(all::add);
    String verdict = new Verdict(caller, answer).text();
    return answer.put(
        "verdict",
        call.method() + " " + call.url() + " from " + caller.name() + " \u2192 " + verdict);
  }

  private ObjectNode host() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("authority", call.authority());
    if (!host.host().isEmpty()) {
      node.put("name", host.host()).put("service", host.service());
    }
    node.put("port", host.port());
    StoredPolicy owner = host.owner();
    if (owner != null) {
      node.put("virtualService", name(owner));
    }
    ArrayNode others = node.putArray("otherVirtualServices");
    for (HostReport.Other other : host.others()) {
      others.addObject().put("name", name(other.policy())).put("reason", other.reason());
    }
    host.reasons().forEach(node.putArray("reasons")::add);
    return node;
  }

  /** Says where the retries of the rule that matched come from. */
  private void retries(JsonNode engine) {
    JsonNode retries = engine.path("route").path("retries");
    String place = engine.path("route").path("rule").asText();
    for (HostReport.Rule rule : host.rules()) {
      if (rule.place().equals(place) && retries instanceof ObjectNode node) {
        node.put(
            "source",
            switch (rule.retries()) {
              case WRITTEN -> "policy";
              case DEFAULT -> "istioDefault";
              case BY_METHOD -> "byMethod";
            });
      }
    }
  }

  private static String name(StoredPolicy policy) {
    return policy.namespace() + "/" + policy.name();
  }
}
