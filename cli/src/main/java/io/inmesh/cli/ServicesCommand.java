package io.inmesh.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inmesh.cli.terminal.TextTable;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code meshctl services}: what can be called, and where it runs. */
@Command(
    name = "services",
    description = {
      "Shows the services and their endpoints, from agents, service entries and workload entries.",
      "",
      "POLICY says whether a policy names the service; calls to one without are left untouched."
    })
final class ServicesCommand implements Callable<Integer> {

  private final Shell shell;
  private final GlobalOptions global;
  private final ResourcePrinter printer;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      description = "Show this service only: `orders`, `orders.shop` or the whole host.")
  private @Nullable String name;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "table|wide|yaml|json|name",
      description = "The form; wide names each endpoint's source.")
  private OutputFormat format = OutputFormat.table;

  ServicesCommand(Shell shell, GlobalOptions global, ResourcePrinter printer) {
    this.shell = shell;
    this.global = global;
    this.printer = printer;
  }

  @Override
  public Integer call() {
    List<JsonNode> services =
        global.server().services().stream()
            .filter(
                service ->
                    global
                        .namedNamespace()
                        .map(named -> named.equals(service.path("namespace").asText()))
                        .orElse(true))
            .filter(service -> isNamed(service.path("host").asText()))
            .toList();
    if (name != null && services.isEmpty()) {
      ErrorReport.error(
          shell, "there is no service '" + name + "'; `meshctl services` lists those that exist.");
      return Meshctl.FAILED;
    }
    switch (format) {
      case table, wide -> table(services);
      case yaml, json -> {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        ArrayNode items = list.putArray("items");
        services.forEach(items::add);
        printer.print(list, format);
      }
      case name -> services.forEach(service -> shell.out().println(service.path("host").asText()));
    }
    return Meshctl.DONE;
  }

  private boolean isNamed(String host) {
    return name == null || host.equals(name) || host.startsWith(name + ".");
  }

  private void table(List<JsonNode> services) {
    if (services.isEmpty()) {
      shell
          .err()
          .println("There are no services: no agent has one set, and no ServiceEntry defines one.");
      return;
    }
    TextTable table =
        format == OutputFormat.wide
            ? new TextTable("HOST", "PORTS", "POLICY", "ENDPOINT", "LABELS", "SOURCE")
            : new TextTable("HOST", "PORTS", "POLICY", "ENDPOINTS");
    for (JsonNode service : services) {
      String host = service.path("host").asText();
      String ports = texts(service.path("ports"));
      String policy = service.path("policy").asBoolean() ? "yes" : "no";
      JsonNode endpoints = service.path("endpoints");
      if (format == OutputFormat.table) {
        table.row(host, ports, policy, texts(endpoints));
      } else if (endpoints.isEmpty()) {
        table.row(host, ports, policy, "<none>");
      }
      if (format == OutputFormat.wide) {
        for (JsonNode endpoint : endpoints) {
          table.row(
              host,
              ports,
              policy,
              text(endpoint),
              ResourceTables.pairs(endpoint.path("labels")),
              endpoint.path("source").asText());
        }
      }
    }
    printer.print(table);
  }

  private static String texts(JsonNode list) {
    String texts =
        StreamSupport.stream(list.spliterator(), false)
            .map(ServicesCommand::text)
            .collect(Collectors.joining(","));
    return texts.isEmpty() ? "<none>" : texts;
  }

  /** A port is a number, or an object with one; an endpoint has an address and a port. */
  private static String text(JsonNode item) {
    if (item.has("address")) {
      return item.path("address").asText() + ":" + item.path("port").asText();
    }
    return item.isObject() ? item.path("number").asText(item.path("port").asText()) : item.asText();
  }
}
