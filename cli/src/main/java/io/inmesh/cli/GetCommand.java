package io.inmesh.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inmesh.cli.api.ControlServer;
import io.inmesh.cli.api.ResourceId;
import io.inmesh.cli.terminal.TextTable;
import io.inmesh.policy.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code meshctl get}. */
@Command(
    name = "get",
    description = "Shows policy resources.",
    footer = {
      "",
      "Examples: meshctl get all    meshctl get vs orders -o yaml    meshctl get vs --watch"
    })
final class GetCommand implements Callable<Integer> {

  private final Shell shell;
  private final GlobalOptions global;
  private final ResourcePrinter printer;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "KIND [NAME...]",
      arity = "1..*",
      completionCandidates = KindCandidates.class,
      description =
          "virtualservices (vs), destinationrules (dr), serviceentries (se), workloadentries (we),"
              + " several with commas, or all; then names, if not every one.")
  private List<String> words = List.of();

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "Show every namespace.")
  private boolean allNamespaces;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "wide|yaml|json|name",
      description = "The form.")
  private OutputFormat format = OutputFormat.TABLE;

  @Option(
      names = {"-w", "--watch"},
      description = "Show the changes of one kind as they happen; with -o json one event per line.")
  private boolean watch;

  GetCommand(Shell shell, GlobalOptions global, ResourcePrinter printer) {
    this.shell = shell;
    this.global = global;
    this.printer = printer;
  }

  @Override
  public Integer call() {
    Selection selection = Selection.of(spec, words);
    if (allNamespaces && !selection.names().isEmpty()) {
      throw Usage.error(spec, "a name is of one namespace: use -n, not -A.");
    }
    ControlServer server = global.server();
    if (watch) {
      return watch(server, selection);
    }
    boolean complete = true;
    List<ObjectNode> lists = new ArrayList<>();
    for (Kind kind : selection.kinds()) {
      if (selection.names().isEmpty()) {
        lists.add(server.list(kind, namespace()));
      } else {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        complete &= find(server, kind, selection.names(), list.putArray("items"));
        lists.add(list);
      }
    }
    show(selection, lists);
    return complete ? Meshctl.DONE : Meshctl.FAILED;
  }

  private boolean find(ControlServer server, Kind kind, List<String> names, ArrayNode found) {
    for (String name : names) {
      Optional<ObjectNode> resource = server.find(new ResourceId(kind, global.namespace(), name));
      if (resource.isPresent()) {
        found.add(resource.get());
      } else {
        ErrorReport.error(shell, notFound(kind, name, global.namespace()));
      }
    }
    return found.size() == names.size();
  }

  static String notFound(Kind kind, String name, String namespace) {
    return String.format(
        "there is no %s '%s' in namespace %s; `meshctl get %s -A` shows those that exist.",
        kind.kind(), name, namespace, kind.shortName());
  }

  private void show(Selection selection, List<ObjectNode> lists) {
    switch (format) {
      case TABLE, WIDE -> tables(selection, lists);
      case YAML, JSON -> document(selection, lists);
      case NAME -> {
        for (int i = 0; i < lists.size(); i++) {
          for (JsonNode resource : lists.get(i).path("items")) {
            String name = resource.path("metadata").path("name").asText();
            shell
                .out()
                .println(
                    new ResourceId(selection.kinds().get(i), global.namespace(), name)
                        .qualifiedName());
          }
        }
      }
    }
  }

  private void tables(Selection selection, List<ObjectNode> lists) {
    boolean several = selection.kinds().size() > 1;
    ResourceTables tables =
        new ResourceTables(
            format == OutputFormat.WIDE, allNamespaces, several, shell.clock().instant());
    boolean first = true;
    for (int i = 0; i < lists.size(); i++) {
      Kind kind = selection.kinds().get(i);
      TextTable table = tables.table(kind);
      lists.get(i).path("items").forEach(resource -> table.row(tables.row(kind, resource)));
      if (!table.isEmpty()) {
        if (!first) {
          shell.out().println();
        }
        printer.print(table);
        first = false;
      }
    }
    if (first && selection.names().isEmpty()) {
      String what = several ? "resources" : selection.kinds().get(0).plural();
      shell
          .err()
          .println(
              allNamespaces
                  ? "There are no " + what + "."
                  : "There are no " + what + " in namespace " + global.namespace() + ".");
    }
  }

  /** One resource as itself, a kind as the server's list, several kinds as one list. */
  private void document(Selection selection, List<ObjectNode> lists) {
    if (lists.size() == 1) {
      JsonNode items = lists.get(0).path("items");
      if (selection.names().isEmpty()) {
        printer.print(lists.get(0), format);
        return;
      }
      if (selection.names().size() == 1) {
        items.forEach(resource -> printer.print(resource, format));
        return;
      }
    }
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    all.put("apiVersion", "v1").put("kind", "List").putObject("metadata");
    ArrayNode items = all.putArray("items");
    lists.forEach(list -> list.path("items").forEach(items::add));
    printer.print(all, format);
  }

  private int watch(ControlServer server, Selection selection) {
    if (selection.kinds().size() != 1 || selection.names().size() > 1) {
      throw Usage.error(spec, "--watch takes one kind and at most one name.");
    }
    Kind kind = selection.kinds().get(0);
    new ResourceWatch(shell, printer, kind, format, allNamespaces, selection.names())
        .run(server, namespace());
    return Meshctl.FAILED;
  }

  /** "" for all, as the client has it. */
  private String namespace() {
    return allNamespaces ? "" : global.namespace();
  }
}
