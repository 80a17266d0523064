package io.inmesh.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.inmesh.cli.terminal.Ages;
import io.inmesh.cli.terminal.TextTable;
import io.inmesh.cli.terminal.TextTable.Cell;
import io.inmesh.cli.terminal.Tone;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What {@code agents} shows. */
record AgentTables(Instant now) {

  private static final List<String> TYPES = List.of("LDS", "RDS", "CDS", "EDS");

  /** A row per agent. */
  TextTable list(List<JsonNode> agents, boolean wide) {
    List<String> headings =
        new ArrayList<>(List.of("NAME", "NAMESPACE", "SERVICE", "VERSION", "ENDPOINTS"));
    headings.addAll(TYPES);
    headings.addAll(List.of("STATE", "AGE"));
    if (wide) {
      headings.addAll(List.of("HOOKS", "JAVA", "PID", "AGENT", "NACK"));
    }
    TextTable table = new TextTable(headings);
    for (JsonNode agent : agents) {
      List<Cell> row = new ArrayList<>();
      row.add(Cell.of(agent.path("name").asText()));
      row.add(Cell.of(agent.path("namespace").asText()));
      row.add(Cell.of(orDash(agent.path("service").asText())));
      row.add(Cell.of(orDash(agent.path("labels").path("version").asText())));
      row.add(Cell.of(orDash(endpoints(agent))));
      TYPES.forEach(type -> row.add(sync(agent.path("sync").path(type).path("state").asText())));
      row.add(state(agent));
      row.add(Cell.of(Ages.since(agent.path("connectedAt").asText(), now)));
      if (wide) {
        row.add(Cell.of(hooks(agent.path("hooks"))));
        row.add(Cell.of(agent.path("java").asText()));
        row.add(Cell.of(agent.path("pid").asText()));
        row.add(Cell.of(agent.path("agentVersion").asText()));
        row.add(Cell.of(orDash(nack(agent))));
      }
      table.row(row);
    }
    return table;
  }

  /** Everything about one agent. */
  void details(JsonNode agent, Shell shell, ResourcePrinter printer) {
    TextTable facts = new TextTable("Name:", agent.path("name").asText());
    facts.row("Namespace:", agent.path("namespace").asText());
    facts.row("Service:", orDash(agent.path("service").asText()));
    facts.row("Labels:", ResourceTables.pairs(agent.path("labels")));
    facts.row("Endpoints:", orDash(endpoints(agent)));
    facts.row(List.of(Cell.of("State:"), state(agent)));
    facts.row("Connected:", agent.path("connectedAt").asText());
    facts.row("Java:", agent.path("java").asText());
    facts.row("Process:", agent.path("pid").asText());
    facts.row("Agent:", agent.path("agentVersion").asText());
    facts.row("Suppressed errors:", agent.path("suppressedErrors").asText("0"));
    printer.print(facts);

    shell.out().println();
    TextTable sync = new TextTable("TYPE", "STATE", "RESOURCES", "VERSION", "REFUSED BECAUSE");
    for (String type : TYPES) {
      JsonNode state = agent.path("sync").path(type);
      sync.row(
          List.of(
              Cell.of(type),
              sync(state.path("state").asText()),
              Cell.of(state.path("resources").asText("0")),
              Cell.of(orDash(state.path("version").asText())),
              new Cell(state.path("error").asText(""), Tone.BAD)));
    }
    printer.print(sync);

    shell.out().println();
    TextTable hooks = new TextTable("HOOK", "STATE", "LIBRARY", "VERSION", "USES", "REASON");
    for (JsonNode hook : agent.path("hooks")) {
      String state = hook.path("state").asText();
      hooks.row(
          List.of(
              Cell.of(hook.path("name").asText()),
              new Cell(state, toneOfHook(state)),
              Cell.of(orDash(hook.path("library").asText())),
              Cell.of(orDash(hook.path("version").asText())),
              Cell.of(hook.path("uses").asText("0")),
              Cell.of(hook.path("reason").asText(""))));
    }
    printer.print(hooks);
  }

  private static Cell sync(String state) {
    return switch (state) {
      case "SYNCED" -> new Cell(state, Tone.GOOD);
      case "NACKED" -> new Cell(state, Tone.BAD);
      case "STALE" -> new Cell(state, Tone.CAUTION);
      case "", "NOT_SENT" -> new Cell("-", Tone.DIM);
      default -> Cell.of(state);
    };
  }

  private static Cell state(JsonNode agent) {
    if (agent.path("inert").asBoolean()) {
      return new Cell("disabled", Tone.CAUTION);
    }
    String state = agent.path("state").asText();
    return new Cell(state, state.equals("connected") ? Tone.PLAIN : Tone.CAUTION);
  }

  private static Tone toneOfHook(String state) {
    return switch (state) {
      case "active" -> Tone.GOOD;
      case "failed" -> Tone.BAD;
      default -> Tone.DIM;
    };
  }

  /** {@code 127.0.0.1:9081}, with the service port in front where it is another. */
  private static String endpoints(JsonNode agent) {
    if (agent.path("service").asText().isEmpty()) {
      return "";
    }
    String address = agent.path("address").asText();
    return items(agent.path("ports"))
        .map(
            port -> {
              int service = port.path("service").asInt();
              int target = port.path("target").asInt();
              return (service == target ? "" : service + "->") + address + ":" + target;
            })
        .collect(Collectors.joining(","));
  }

  private static String hooks(JsonNode hooks) {
    return orDash(
        items(hooks)
            .map(hook -> hook.path("name").asText() + "=" + hook.path("state").asText())
            .collect(Collectors.joining(",")));
  }

  private static String nack(JsonNode agent) {
    return TYPES.stream()
        .filter(type -> !agent.path("sync").path(type).path("error").asText("").isEmpty())
        .map(type -> type + ": " + agent.path("sync").path(type).path("error").asText())
        .collect(Collectors.joining("; "));
  }

  private static Stream<JsonNode> items(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static String orDash(String text) {
    return text.isEmpty() ? "-" : text;
  }
}
