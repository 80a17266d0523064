package io.inmesh.cli;

import io.inmesh.cli.api.ControlServer;
import io.inmesh.cli.api.Deleted;
import io.inmesh.cli.api.ResourceId;
import io.inmesh.policy.Kind;
import io.inmesh.policy.PolicyParser;
import io.inmesh.policy.PolicyProblem;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
    footer = {
      "",
      "Examples: meshctl delete vs orders    meshctl delete vs/orders dr/orders",
      "          meshctl delete -f examples/canary/"
    })
final class DeleteCommand implements Callable<Integer> {

  private final Shell shell;
  private final GlobalOptions global;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "KIND NAME...|KIND/NAME...",
      arity = "0..*",
      completionCandidates = KindCandidates.class,
      description = "A kind and names, as in `vs orders`, or `vs/orders dr/orders`.")
  private List<String> words = List.of();

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE|DIR|-",
      description =
          "Delete what a file, the files of a folder, or standard input (-) names; only kind and"
              + " name have to be right there.")
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
    Set<String> warnings = new LinkedHashSet<>();
    for (ResourceId id : wanted) {
      Deleted deleted = server.delete(id, dryRun);
      if (deleted.found()) {
        shell.out().println(id.qualifiedName() + " deleted" + (dryRun ? " (dry run)" : ""));
        warnings.addAll(deleted.warnings());
      } else if (!ignoreNotFound) {
        ErrorReport.error(shell, GetCommand.notFound(id.kind(), id.name(), id.namespace()));
        complete = false;
      }
    }
    warnings.forEach(warning -> ErrorReport.warning(shell, warning));
    return complete ? Meshctl.DONE : Meshctl.FAILED;
  }

  /** A route goes before the rules that it refers to, in whatever order they are named. */
  private List<ResourceId> ofWords() {
    Selection selection = Selection.of(spec, words);
    if (!selection.namesResources()) {
      throw Usage.error(spec, "which " + words.get(0) + "? Name them.");
    }
    Set<ResourceId> ids = new LinkedHashSet<>();
    for (Selection.Part part : selection.parts()) {
      part.names().forEach(name -> ids.add(new ResourceId(part.kind(), global.namespace(), name)));
    }
    return referrersFirst(ids);
  }

  /** What a file names goes, even where the rest of it has errors. */
  private List<ResourceId> ofFiles() {
    Set<ResourceId> ids = new LinkedHashSet<>();
    PolicyFiles.texts(files, recursive, shell.in())
        .forEach(
            (source, text) -> {
              List<ResourceHead> heads =
                  ResourceHead.read(text).orElseThrow(() -> unreadable(source, text));
              heads.forEach(head -> ids.add(id(source, head)));
            });
    if (ids.isEmpty()) {
      throw new UnusableFileException("there is no policy in " + String.join(", ", files) + ".");
    }
    return referrersFirst(ids);
  }

  private ResourceId id(String source, ResourceHead head) {
    Kind kind =
        Arrays.stream(Kind.values())
            .filter(each -> each.kind().equals(head.kind()))
            .findFirst()
            .orElse(null);
    if (kind == null || head.name().isEmpty()) {
      throw new UnusableFileException(
          source
              + ":"
              + head.line()
              + ": "
              + (kind == null
                  ? "kind '" + head.kind() + "' is no policy"
                  : "metadata.name is missing")
              + "; nothing is deleted. To delete by name: meshctl delete KIND NAME.");
    }
    return new ResourceId(
        kind, head.namespace().isEmpty() ? global.namespace() : head.namespace(), head.name());
  }

  private static UnusableFileException unreadable(String source, byte[] text) {
    String reason =
        PolicyParser.parse(source, text).errors().stream()
            .map(PolicyProblem::toString)
            .findFirst()
            .orElse(source + ": is neither YAML nor JSON");
    return new UnusableFileException(reason + "; nothing is deleted.");
  }

  private static List<ResourceId> referrersFirst(Set<ResourceId> ids) {
    return ids.stream().sorted(Comparator.comparing(ResourceId::kind)).toList();
  }
}
