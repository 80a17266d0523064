package io.inmesh.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inmesh.cli.terminal.TextTable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code meshctl agents}: who is in the mesh, what each was sent, and what its hooks do. */
@Command(
    name = "agents",
    description = {
      "Shows the agents: the JVMs of the mesh.",
      "",
      "LDS, RDS, CDS and EDS say whether an agent has what the control server wants it to have:",
      "SYNCED, STALE (sent, not yet acknowledged), NACKED (refused; `agents NAME` says why) or",
      "- (the agent asked for none of it).",
      "",
      "Agents that are gone are remembered for five minutes, and shown by --all."
    })
final class AgentsCommand implements Callable<Integer> {

  private final Shell shell;
  private final GlobalOptions global;
  private final ResourcePrinter printer;

  @Parameters(paramLabel = "NAME", arity = "0..1", description = "Show this agent in detail.")
  private @Nullable String name;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "table|wide|yaml|json|name",
      description = "The form.")
  private OutputFormat format = OutputFormat.table;

  @Option(
      names = {"-A", "--all"},
      description = "Show the agents that are gone too.")
  private boolean all;

  private AgentsCommand(Shell shell, GlobalOptions global, ResourcePrinter printer) {
    this.shell = shell;
    this.global = global;
    this.printer = printer;
  }

  /** The command with its own verbs. */
  static CommandLine commandLine(Shell shell, GlobalOptions global, ResourcePrinter printer) {
    return new CommandLine(new AgentsCommand(shell, global, printer))
        .addSubcommand("disable", new AgentSwitchCommand(shell, global, true))
        .addSubcommand("enable", new AgentSwitchCommand(shell, global, false));
  }

  @Override
  public Integer call() {
    return name == null ? list() : details(name);
  }

  private int list() {
    List<JsonNode> known = global.server().agents().stream().filter(this::inNamespace).toList();
    List<JsonNode> agents = known.stream().filter(agent -> all || !isGone(agent)).toList();
    switch (format) {
      case table, wide -> table(agents, known.size() - agents.size());
      case yaml, json -> {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        ArrayNode items = list.putArray("items");
        agents.forEach(items::add);
        printer.print(list, format);
      }
      case name -> agents.forEach(agent -> shell.out().println(agent.path("name").asText()));
    }
    return Meshctl.DONE;
  }

  private boolean inNamespace(JsonNode agent) {
    return global
        .namedNamespace()
        .map(namespace -> namespace.equals(agent.path("namespace").asText()))
        .orElse(true);
  }

  static boolean isGone(JsonNode agent) {
    return agent.path("state").asText().equals("gone");
  }

  private void table(List<JsonNode> agents, int hidden) {
    AgentTables tables = new AgentTables(shell.clock().instant());
    TextTable table = tables.list(agents, format == OutputFormat.wide);
    if (table.isEmpty()) {
      shell
          .err()
          .println(
              "There are no agents. Start a JVM with -javaagent:agent/target/inmesh-agent.jar");
    } else {
      printer.print(table);
    }
    if (hidden > 0) {
      shell.err().println(hidden + (hidden == 1 ? " is" : " are") + " gone; --all shows them too.");
    }
  }

  private int details(String wanted) {
    Optional<JsonNode> agent = global.server().agent(wanted);
    if (agent.isEmpty()) {
      ErrorReport.error(
          shell, "there is no agent '" + wanted + "'; `meshctl agents` lists those that exist.");
      return Meshctl.FAILED;
    }
    switch (format) {
      case table, wide ->
          new AgentTables(shell.clock().instant()).details(agent.get(), shell, printer);
      case yaml, json -> printer.print(agent.get(), format);
      case name -> shell.out().println(agent.get().path("name").asText());
    }
    return Meshctl.DONE;
  }
}
