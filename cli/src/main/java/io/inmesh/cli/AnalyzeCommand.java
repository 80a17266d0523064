package io.inmesh.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.inmesh.cli.api.UnreachableException;
import io.inmesh.cli.terminal.TextTable;
import io.inmesh.cli.terminal.Tone;
import io.inmesh.policy.MessageCode;
import io.inmesh.policy.MessageLevel;
import io.inmesh.policy.analysis.Analysis;
import io.inmesh.policy.analysis.Finding;
import io.inmesh.policy.analysis.Registry;
import io.inmesh.policy.analysis.ResourceRef;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code meshctl analyze}, with the words of {@code istioctl analyze}. */
@Command(
    name = "analyze",
    description = {
      "Tells what is wrong or surprising about policy: the server's, files over it.",
      "",
      "  meshctl analyze                          the server's namespace default",
      "  meshctl analyze -A                       all of its namespaces",
      "  meshctl analyze a.yaml policy/           as if these were applied",
      "  meshctl analyze --use-server=false DIR   files alone",
      "  meshctl analyze -S \"IST0173=DestinationRule shop/*\"",
      "",
      "Codes that begin with IST are Istio's; -L lists all. The exit code is 79 when",
      "something is as bad as --failure-threshold, or worse. Folders are looked into",
      "with all their folders."
    })
final class AnalyzeCommand implements Callable<Integer> {

  enum Format {
    log,
    json,
    yaml
  }

  private final Shell shell;
  private final GlobalOptions global;
  private final ResourcePrinter printer;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "FILE|DIR|-",
      arity = "0..*",
      description = "Policy to look at as if it were applied; - is standard input.")
  private List<String> positional = List.of();

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE|DIR|-",
      description = "The same, as `apply` has it.")
  private List<String> named = List.of();

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "Show what is found in all namespaces of the server.")
  private boolean allNamespaces;

  @Option(
      names = {"--use-server", "-k", "--use-kube"},
      paramLabel = "true|false",
      arity = "1",
      description = "Ask the control server (the default), or look at the files alone.")
  private boolean useServer = true;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "log|json|yaml",
      description = "The form; log is one line for each.")
  private Format format = Format.log;

  @Option(
      names = "--failure-threshold",
      paramLabel = "Error|Warning|Info",
      description = "From which level on the exit code is 79 (else Error).")
  private MessageLevel failureThreshold = MessageLevel.ERROR;

  @Option(
      names = "--output-threshold",
      paramLabel = "Error|Warning|Info",
      description = "From which level on findings are shown (else Info: all).")
  private MessageLevel outputThreshold = MessageLevel.INFO;

  @Option(
      names = {"-S", "--suppress"},
      paramLabel = "CODE=NAME",
      description = {
        "Leave out a code for a resource: IST0101=orders, or \"IST0101=VirtualService shop/*\".",
        "Can be repeated."
      })
  private List<String> suppress = List.of();

  @Option(
      names = {"-L", "--list-codes", "--list-analyzers"},
      description = "List the codes, and do nothing else.")
  private boolean listCodes;

  AnalyzeCommand(Shell shell, GlobalOptions global, ResourcePrinter printer) {
    this.shell = shell;
    this.global = global;
    this.printer = printer;
  }

  @Override
  public Integer call() {
    if (listCodes) {
      list();
      return Meshctl.DONE;
    }
    List<String> files = Stream.concat(positional.stream(), named.stream()).toList();
    if (!useServer && files.isEmpty()) {
      throw Usage.error(
          spec, "without a server there is nothing to analyze; name a file, a folder, or -.");
    }
    List<Suppression> suppressions = suppressions();
    AnalyzedFiles read = AnalyzedFiles.read(files, global.namespace(), shell.in());
    read.notes().forEach(note -> shell.err().println("Note: " + note));
    Optional<List<Finding>> found = findings(read);
    if (found.isEmpty()) {
      return Meshctl.FAILED;
    }
    List<Finding> counting =
        found.get().stream()
            .filter(finding -> suppressions.stream().noneMatch(each -> each.covers(finding)))
            .toList();
    print(
        counting.stream().filter(each -> each.level().atLeast(outputThreshold)).toList(),
        target(files));
    boolean bad = counting.stream().anyMatch(each -> each.level().atLeast(failureThreshold));
    return bad ? Meshctl.FOUND_ISSUES : Meshctl.DONE;
  }

  /**
   * What is found, of files and of the namespaces that are asked for; empty when nobody answers.
   */
  private Optional<List<Finding>> findings(AnalyzedFiles read) {
    List<Finding> found = new ArrayList<>(read.refused());
    if (useServer) {
      try {
        found.addAll(ofServer(global.server().analyze(read.documents()), read));
      } catch (UnreachableException e) {
        ErrorReport.failed(shell, e);
        shell.err().println("Without one, `meshctl analyze --use-server=false` looks at files.");
        return Optional.empty();
      }
    } else {
      found.addAll(Analysis.of(read.resources(), Registry.UNKNOWN).findings());
    }
    return Optional.of(found.stream().map(read::located).sorted(Finding.IN_ORDER).toList());
  }

  private List<Finding> ofServer(List<JsonNode> answer, AnalyzedFiles read) {
    List<Finding> known = answer.stream().flatMap(json -> Finding.of(json).stream()).toList();
    int unknown = answer.size() - known.size();
    if (unknown > 0) {
      ErrorReport.warning(
          shell,
          "the server tells "
              + unknown
              + " more, of codes that this meshctl does not know; use the server's version.");
    }
    return known.stream().filter(finding -> isAskedFor(finding, read)).toList();
  }

  private boolean isAskedFor(Finding finding, AnalyzedFiles read) {
    ResourceRef resource = finding.resource();
    return allNamespaces
        || resource == null
        || read.holds(resource)
        || resource.namespace().equals(global.namespace());
  }

  private List<Suppression> suppressions() {
    List<Suppression> parsed = new ArrayList<>();
    for (String text : suppress) {
      Suppression suppression =
          Suppression.of(text)
              .orElseThrow(
                  () ->
                      Usage.error(
                          spec, "'" + text + "' is no CODE=NAME; one looks like IST0101=orders."));
      if (MessageCode.of(suppression.code()).isEmpty()) {
        ErrorReport.warning(
            shell, "there is no code " + suppression.code() + "; it suppresses nothing.");
      }
      parsed.add(suppression);
    }
    return parsed;
  }

  private void print(List<Finding> findings, String target) {
    if (format == Format.log) {
      findings.forEach(finding -> shell.out().println(line(finding)));
      shell.err().println(summary(findings, " when analyzing " + target + "."));
      return;
    }
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    findings.forEach(finding -> list.add(finding.json()));
    printer.print(list, format == Format.yaml ? OutputFormat.yaml : OutputFormat.json);
  }

  private String line(Finding finding) {
    Tone tone =
        switch (finding.level()) {
          case ERROR -> Tone.BAD;
          case WARNING -> Tone.CAUTION;
          case INFO -> Tone.PLAIN;
        };
    return shell.palette().paint(tone, finding.level().title()) + " " + finding.afterLevel();
  }

  private String summary(List<Finding> findings, String what) {
    if (findings.isEmpty()) {
      return shell.errorPalette().paint(Tone.GOOD, "\u2714") + " No issues found" + what;
    }
    String counts =
        Arrays.stream(MessageLevel.values())
            .map(level -> counted(findings, level))
            .filter(count -> !count.isEmpty())
            .collect(Collectors.joining(", "));
    return counts + what + " docs/analyze.md tells what each code means.";
  }

  private static String counted(List<Finding> findings, MessageLevel level) {
    long count = findings.stream().filter(finding -> finding.level() == level).count();
    String noun =
        switch (level) {
          case ERROR -> count == 1 ? "error" : "errors";
          case WARNING -> count == 1 ? "warning" : "warnings";
          case INFO -> "info";
        };
    return count == 0 ? "" : count + " " + noun;
  }

  private String target(List<String> files) {
    String namespace = allNamespaces ? "all namespaces" : "namespace " + global.namespace();
    String names = String.join(", ", files);
    return !useServer ? names : files.isEmpty() ? namespace : namespace + " with " + names;
  }

  private void list() {
    TextTable table = new TextTable("CODE", "LEVEL", "NAME", "TELLS THAT");
    for (MessageCode code : MessageCode.values()) {
      table.row(code.id(), code.level().title(), code.title(), code.description());
    }
    printer.print(table);
  }
}
