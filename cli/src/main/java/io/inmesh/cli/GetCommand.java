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
      paramLabel = "KIND [NAME...]|KIND/NAME...",
      arity = "1..*",
      completionCandidates = KindCandidates.class,
      description =
          "virtualservices (vs), destinationrules (dr), serviceentries (se), workloadentries (we),"
              + " several with commas, or all; then names, if not every one; or"
              + " `vs/orders dr/orders`.")
  private List<String> words = List.of();

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "Show every namespace.")
  private boolean allNamespaces;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "table|wide|yaml|json|name",
      description = "The form.")
  private OutputFormat format = OutputFormat.table;

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
    if (allNamespaces && selection.namesResources()) {
      throw Usage.error(spec, "a name is of one namespace: use -n, not -A.");
    }
    ControlServer server = global.server();
    if (watch) {
      return watch(server, selection);
    }
    boolean complete = true;
    List<ObjectNode> lists = new ArrayList<>();
    for (Selection.Part part : selection.parts()) {
      if (part.names().isEmpty()) {
        lists.add(server.list(part.kind(), namespace()));
      } else {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        complete &= find(server, part.kind(), part.names(), list.putArray("items"));
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
      case table, wide -> tables(selection, lists);
      case yaml, json -> document(selection, lists);
      case name -> {
        for (int i = 0; i < lists.size(); i++) {
          for (JsonNode resource : lists.get(i).path("items")) {
            String name = resource.path("metadata").path("name").asText();
            shell
                .out()
                .println(
                    new ResourceId(selection.parts().get(i).kind(), global.namespace(), name)
                        .qualifiedName());
          }
        }
      }
    }
  }

  private void tables(Selection selection, List<ObjectNode> lists) {
    boolean several = selection.parts().size() > 1;
    ResourceTables tables =
        new ResourceTables(
            format == OutputFormat.wide, allNamespaces, several, shell.clock().instant());
    boolean first = true;
    for (int i = 0; i < lists.size(); i++) {
      Kind kind = selection.parts().get(i).kind();
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
    if (first && !selection.namesResources()) {
      String what = several ? "resources" : selection.parts().get(0).kind().plural();
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
      if (!selection.namesResources()) {
        printer.print(lists.get(0), format);
        return;
      }
      if (selection.parts().get(0).names().size() == 1) {
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
    Selection.Part part = selection.parts().get(0);
    if (selection.parts().size() != 1 || part.names().size() > 1) {
      throw Usage.error(spec, "--watch takes one kind and at most one name.");
    }
    new ResourceWatch(shell, printer, part.kind(), format, allNamespaces, part.names())
        .run(server, namespace());
    return Meshctl.FAILED;
  }

  /** "" for all, as the client has it. */
  private String namespace() {
    return allNamespaces ? "" : global.namespace();
  }
}
