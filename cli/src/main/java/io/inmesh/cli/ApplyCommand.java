package io.inmesh.cli;

import io.inmesh.cli.PolicyFiles.Document;
import io.inmesh.cli.api.ControlServer;
import io.inmesh.cli.api.RefusedException;
import io.inmesh.cli.api.ResourceId;
import io.inmesh.cli.api.Written;
import io.inmesh.policy.Kind;
import io.inmesh.policy.PolicyProblem;
import io.inmesh.policy.PolicyResource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code meshctl apply}: all of the files, or nothing where one holds an error. */
@Command(
    name = "apply",
    description = {
      "Applies policy from files, folders or standard input.",
      "",
      "If one document has an error, nothing is applied. What others refer to goes first:",
      "service entries, workload entries, destination rules, then virtual services."
    })
final class ApplyCommand implements Callable<Integer> {

  private static final List<Kind> ORDER =
      List.of(
          Kind.SERVICE_ENTRY,
          Kind.WORKLOAD_ENTRY,
          Kind.DESTINATION_RULE,
          Kind.VIRTUAL_SERVICE,
          Kind.SIDECAR);

  enum DryRun {
    server,
    client
  }

  /** A document and where it goes. */
  private record Step(Document document, ResourceId id) {

    String subject() {
      return document.source() + ": " + document.resource().displayName() + ": ";
    }
  }

  private final Shell shell;
  private final GlobalOptions global;

  /** The warnings that need not be told again. */
  private final Set<String> told = new HashSet<>();

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE|DIR|-",
      required = true,
      description = "A file, a folder (its .yaml, .yml and .json files) or - for standard input.")
  private List<String> files = List.of();

  @Option(
      names = {"-R", "--recursive"},
      description = "Look into the folders of a folder too.")
  private boolean recursive;

  @Option(
      names = "--dry-run",
      paramLabel = "server|client",
      arity = "0..1",
      fallbackValue = "server",
      description =
          "Only say what would be done: checked by the server (the default), or without one.")
  private @Nullable DryRun dryRun;

  ApplyCommand(Shell shell, GlobalOptions global) {
    this.shell = shell;
    this.global = global;
  }

  @Override
  public Integer call() {
    PolicyFiles read = PolicyFiles.read(files, recursive, shell.in());
    if (!tell(read)) {
      return Meshctl.FAILED;
    }
    read.warnings().forEach(warning -> told.add(asTheServerSays(warning)));
    List<Step> steps = steps(read.documents());
    if (steps.isEmpty()) {
      ErrorReport.error(shell, "there is no policy in " + String.join(", ", files) + ".");
      return Meshctl.FAILED;
    }
    if (dryRun == DryRun.client) {
      steps.forEach(step -> shell.out().println(step.id().qualifiedName() + " valid (dry run)"));
      return Meshctl.DONE;
    }
    ControlServer server = global.server();
    if (dryRun == DryRun.server || steps.size() > 1) {
      if (!check(server, steps)) {
        return Meshctl.FAILED;
      }
    }
    return dryRun == DryRun.server || send(server, steps) ? Meshctl.DONE : Meshctl.FAILED;
  }

  /** Tells what the parser found; whether it is good enough to go on. */
  private boolean tell(PolicyFiles read) {
    List<String> twice = twice(read);
    for (PolicyProblem problem : read.problems()) {
      if (problem.isError()) {
        ErrorReport.error(shell, problem.toString());
      } else if (twice.isEmpty() || !problem.path().equals("metadata.name")) {
        ErrorReport.warning(shell, problem.toString());
      }
    }
    twice.forEach(error -> ErrorReport.error(shell, error));
    int errors = read.errors().size() + twice.size();
    if (errors > 0) {
      shell.err().println(counted(errors, "error") + "; nothing is applied.");
    }
    return errors == 0;
  }

  /** The resources that are there more than once: which one is meant, nobody can tell. */
  private List<String> twice(PolicyFiles read) {
    List<String> errors = new ArrayList<>();
    Map<ResourceId, Document> places = new HashMap<>();
    for (Document document : read.documents()) {
      PolicyResource resource = document.resource();
      String namespace = resource.metadata().namespaceOr(global.namespace());
      ResourceId id = new ResourceId(resource.kind(), namespace, resource.metadata().name());
      Document first = places.putIfAbsent(id, document);
      if (first != null) {
        errors.add(
            document.at("")
                + ": "
                + resource.displayName()
                + ": is there twice, first at "
                + first.at("")
                + "; remove one");
      }
    }
    return errors;
  }

  private List<Step> steps(List<Document> documents) {
    List<Step> steps = new ArrayList<>();
    for (Document document : documents) {
      PolicyResource resource = document.resource();
      Optional<String> named = global.namedNamespace();
      String namespace = resource.metadata().namespaceOr(global.namespace());
      if (named.isPresent() && !named.get().equals(namespace)) {
        throw new UnusableFileException(
            document.source()
                + ": "
                + resource.displayName()
                + " is of namespace "
                + namespace
                + ", not of -n "
                + named.get()
                + "; nothing is applied.");
      }
      String version = resource.apiVersion().replaceFirst(".*/", "");
      String name = resource.metadata().name();
      steps.add(new Step(document, new ResourceId(resource.kind(), version, namespace, name)));
    }
    steps.sort(Comparator.comparingInt(step -> ORDER.indexOf(step.id().kind())));
    return steps;
  }

  /** Asks the server about every document, so that a later one's error stops the first already. */
  private boolean check(ControlServer server, List<Step> steps) {
    int refusals = 0;
    Set<String> warnings = new LinkedHashSet<>();
    for (Step step : steps) {
      try {
        Written written = server.apply(step.id(), step.document().resource().json(), true);
        written.warnings().forEach(warning -> warnings.add(step.subject() + warning));
        if (dryRun == DryRun.server) {
          shell.out().println(outcome(step, written) + " (dry run)");
        }
      } catch (RefusedException e) {
        ErrorReport.refusal(shell, step.subject(), e);
        refusals++;
      }
    }
    if (dryRun == DryRun.server) {
      warnings.forEach(this::warn);
    }
    if (refusals > 0) {
      shell.err().println(counted(refusals, "refusal") + "; nothing is applied.");
    }
    return refusals == 0;
  }

  private boolean send(ControlServer server, List<Step> steps) {
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      try {
        Written written = server.apply(step.id(), step.document().resource().json(), false);
        shell.out().println(outcome(step, written));
        written.warnings().forEach(warning -> warn(step.subject() + warning));
      } catch (RefusedException e) {
        ErrorReport.refusal(shell, step.subject(), e);
        shell.err().println(counted(i, "document") + " of " + steps.size() + " applied.");
        return false;
      }
    }
    return true;
  }

  /** The server says again what meshctl's own parser found, without the line. */
  private void warn(String warning) {
    if (!told.contains(ascii(warning))) {
      ErrorReport.warning(shell, warning);
    }
  }

  private static String asTheServerSays(PolicyProblem problem) {
    return ascii(
        problem.source()
            + ": "
            + problem.resource()
            + ": "
            + (problem.path().isEmpty() ? "" : problem.path() + ": ")
            + problem.message());
  }

  /** As a header carries it. */
  private static String ascii(String text) {
    return text.replaceAll("[\\x00-\\x1f\\x7f]", " ").replaceAll("[^\\x20-\\x7e]", "?");
  }

  private static String outcome(Step step, Written written) {
    return step.id().qualifiedName() + " " + written.outcome();
  }

  private static String counted(int count, String noun) {
    return (count == 0 ? "No" : String.valueOf(count)) + " " + noun + (count == 1 ? "" : "s");
  }
}
