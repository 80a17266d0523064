package io.inmesh.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inmesh.cli.api.ControlServer;
import io.inmesh.cli.api.RefusedException;
import io.inmesh.cli.api.WatchEvent;
import io.inmesh.cli.terminal.TextTable;
import io.inmesh.policy.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code meshctl get KIND --watch}: what there is, then each change, until the server ends it. A
 * watch that the server ends is taken up again where it stood.
 */
final class ResourceWatch {

  private static final int GONE = 410;

  private final Shell shell;
  private final ResourcePrinter printer;
  private final Kind kind;
  private final OutputFormat format;
  private final boolean namespaces;
  private final List<String> names;

  /** Versions by namespace and name, to tell what a new list changes. */
  private final Map<String, String> seen = new HashMap<>();

  private boolean headed;

  ResourceWatch(
      Shell shell,
      ResourcePrinter printer,
      Kind kind,
      OutputFormat format,
      boolean namespaces,
      List<String> names) {
    this.shell = shell;
    this.printer = printer;
    this.kind = kind;
    this.format = format;
    this.namespaces = namespaces;
    this.names = names;
  }

  /** Returns only when a watch ends without having told anything new. */
  void run(ControlServer server, String namespace) {
    boolean progress = true;
    while (progress) {
      int before = seen.size();
      ObjectNode list = server.list(kind, namespace);
      List<WatchEvent> known = new ArrayList<>();
      for (JsonNode resource : list.path("items")) {
        if (resource instanceof ObjectNode object && !isSeen(object)) {
          known.add(new WatchEvent("ADDED", object));
        }
      }
      show(known);
      int[] told = {seen.size() - before};
      try {
        server.watch(
            kind,
            namespace,
            list.path("metadata").path("resourceVersion").asText(),
            event -> {
              told[0]++;
              show(List.of(event));
            });
      } catch (RefusedException e) {
        if (e.code() != GONE) {
          throw e;
        }
      }
      progress = told[0] > 0;
    }
    ErrorReport.error(shell, "the control server ended the watch.");
  }

  private boolean isSeen(ObjectNode resource) {
    return version(resource).equals(seen.get(key(resource)));
  }

  private void show(List<WatchEvent> events) {
    List<WatchEvent> wanted =
        events.stream()
            .filter(event -> names.isEmpty() || names.contains(name(event.object())))
            .toList();
    wanted.forEach(event -> seen.put(key(event.object()), version(event.object())));
    switch (format) {
      case json ->
          wanted.forEach(
              event ->
                  printer.printLine(
                      JsonNodeFactory.instance
                          .objectNode()
                          .put("type", event.type())
                          .set("object", event.object())));
      case yaml ->
          wanted.forEach(
              event -> {
                shell.out().println("---");
                printer.print(event.object(), format);
              });
      case name -> wanted.forEach(event -> shell.out().println(name(event.object())));
      case table, wide -> rows(wanted);
    }
    shell.out().flush();
  }

  private void rows(List<WatchEvent> events) {
    ResourceTables tables =
        new ResourceTables(format == OutputFormat.wide, namespaces, false, shell.clock().instant());
    List<String> headings = new ArrayList<>(List.of("EVENT"));
    headings.addAll(tables.headings(kind));
    TextTable table = new TextTable(headings);
    for (WatchEvent event : events) {
      // As wide as the widest, for the rows to come.
      List<String> row = new ArrayList<>(List.of(String.format("%-8s", event.type())));
      row.addAll(List.of(tables.row(kind, event.object())));
      table.row(row.toArray(String[]::new));
    }
    List<String> lines = printer.lines(table);
    lines.subList(headed ? 1 : 0, lines.size()).forEach(shell.out()::println);
    headed = true;
  }

  private static String name(JsonNode resource) {
    return resource.path("metadata").path("name").asText();
  }

  private static String key(JsonNode resource) {
    return resource.path("metadata").path("namespace").asText() + "/" + name(resource);
  }

  private static String version(JsonNode resource) {
    return resource.path("metadata").path("resourceVersion").asText();
  }
}
