package io.inmesh.cli;

import io.inmesh.cli.api.ControlServer;
import io.inmesh.cli.api.ResourceId;
import io.inmesh.policy.Kind;
import io.inmesh.policy.PolicyProblem;
import io.inmesh.policy.PolicyResource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code meshctl delete}. */
@Command(
    name = "delete",
    description = "Deletes policy resources, by name or those that files hold.",
    footer = {"", "Examples: meshctl delete vs orders    meshctl delete -f examples/canary/"})
final class DeleteCommand implements Callable<Integer> {

  private final Shell shell;
  private final GlobalOptions global;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "KIND NAME...",
      arity = "0..*",
      completionCandidates = KindCandidates.class,
      description = "A kind and names, as in `vs orders` or `vs/orders`.")
  private List<String> words = List.of();

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE|DIR|-",
      description = "Delete what a file, the files of a folder, or standard input (-) names.")
  private List<String> files = List.of();

  @Option(
      names = {"-R", "--recursive"},
      description = "Look into the folders of a folder too.")
  private boolean recursive;

  @Option(names = "--dry-run", description = "Only say what would be deleted.")
  private boolean dryRun;

  @Option(names = "--ignore-not-found", description = "A resource that does not exist is no error.")
  private boolean ignoreNotFound;

  DeleteCommand(Shell shell, GlobalOptions global) {
    this.shell = shell;
    this.global = global;
  }

  @Override
  public Integer call() {
    if (words.isEmpty() == files.isEmpty()) {
      throw Usage.error(spec, "name either a kind and resources, or files by -f.");
    }
    List<ResourceId> wanted = words.isEmpty() ? ofFiles() : ofWords();
    ControlServer server = global.server();
    boolean complete = true;
    for (ResourceId id : wanted) {
      if (server.delete(id, dryRun)) {
        shell.out().println(id.qualifiedName() + " deleted" + (dryRun ? " (dry run)" : ""));
      } else if (!ignoreNotFound) {
        ErrorReport.error(shell, GetCommand.notFound(id.kind(), id.name(), id.namespace()));
        complete = false;
      }
    }
    return complete ? Meshctl.DONE : Meshctl.FAILED;
  }

  private List<ResourceId> ofWords() {
    Selection selection = Selection.of(spec, words);
    if (selection.names().isEmpty()) {
      throw Usage.error(spec, "which " + words.get(0) + "? Name them.");
    }
    List<ResourceId> ids = new ArrayList<>();
    for (Kind kind : selection.kinds()) {
      selection.names().forEach(name -> ids.add(new ResourceId(kind, global.namespace(), name)));
    }
    return ids;
  }

  /** The last first: what refers to others goes before them. */
  private List<ResourceId> ofFiles() {
    PolicyFiles read = PolicyFiles.read(files, recursive, shell.in());
    List<PolicyProblem> errors = read.errors();
    if (!errors.isEmpty()) {
      errors.forEach(problem -> ErrorReport.error(shell, problem.toString()));
      throw new UnusableFileException(
          "nothing is deleted. To delete by name: meshctl delete KIND NAME.");
    }
    List<ResourceId> ids = new ArrayList<>();
    for (PolicyFiles.Document document : read.documents()) {
      PolicyResource resource = document.resource();
      ResourceId id =
          new ResourceId(
              resource.kind(),
              resource.metadata().namespaceOr(global.namespace()),
              resource.metadata().name());
      if (!ids.contains(id)) {
        ids.add(id);
      }
    }
    Collections.reverse(ids);
    return ids;
  }
}
