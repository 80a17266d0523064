package io.inmesh.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Mixin;

/**
 * The command line {@code meshctl}. Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 79
 * issues found by {@code analyze}; errors go to standard error and say what to do next.
 */
@Command(
    name = "meshctl",
    mixinStandardHelpOptions = false,
    synopsisSubcommandLabel = "VERB",
    description = "Manages an Inmesh service mesh.",
    footer = {
      "",
      "Start with `meshctl demo`, or `meshctl server` in one terminal and",
      "`meshctl apply -f FILE` in another. `meshctl help VERB` tells more."
    })
public final class Meshctl {

  static final int DONE = 0;
  static final int FAILED = 1;

  /** As istioctl's: policy has findings that are bad enough. */
  static final int FOUND_ISSUES = 79;

  @SuppressWarnings("unused") // Picocli reads it.
  @Mixin
  private final GlobalOptions global;

  @SuppressWarnings("unused") // Picocli writes and reads it.
  @CommandLine.Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = CommandLine.ScopeType.INHERIT,
      description = "Show this help.")
  private boolean help;

  @SuppressWarnings("unused") // Picocli writes and reads it.
  @CommandLine.Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show meshctl's version; `meshctl version` shows the control server's too.")
  private boolean version;

  private Meshctl(GlobalOptions global) {
    this.global = global;
  }

  public static void main(String[] args) {
    ObjectMapper json = new ObjectMapper();
    StandardOutput stdout = new StandardOutput();
    Shell shell = Shell.ofProcess(json, stdout);
    int code = run(shell, json, List.of(args));
    shell.out().flush();
    String lost = stdout.failure();
    if (code == DONE && !lost.isEmpty()) {
      code = FAILED;
      // A reader that has enough, as head has, is told nothing.
      if (!lost.contains("pipe")) {
        ErrorReport.error(shell, "cannot write to standard output: " + lost + ".");
      }
    }
    shell.err().flush();
    System.exit(code);
  }

  /** Runs one command and returns its exit code. */
  static int run(Shell shell, ObjectMapper json, List<String> args) {
    CommandLine line = commandLine(shell, json);
    if (args.isEmpty()) {
      line.usage(shell.err());
      return CommandLine.ExitCode.USAGE;
    }
    return line.execute(args.toArray(String[]::new));
  }

  static CommandLine commandLine(Shell shell, ObjectMapper json) {
    GlobalOptions global = new GlobalOptions(shell);
    ResourcePrinter printer = new ResourcePrinter(json, shell);
    CommandLine line =
        new CommandLine(new Meshctl(global))
            .addSubcommand(new ServerCommand())
            .addSubcommand(new ApplyCommand(shell, global))
            .addSubcommand(new GetCommand(shell, global, printer))
            .addSubcommand(new DeleteCommand(shell, global))
            .addSubcommand(new AnalyzeCommand(shell, global, printer))
            .addSubcommand(AgentsCommand.commandLine(shell, global, printer))
            .addSubcommand(new ServicesCommand(shell, global, printer))
            .addSubcommand(RouteCommand.commandLine(shell, global, printer))
            .addSubcommand(new VersionCommand(shell, global, printer))
            .addSubcommand(new DemoCommand(shell, json))
            .addSubcommand(new StorefrontCommand(shell, global))
            .addSubcommand(new CompletionCommand(shell))
            .addSubcommand(new HelpCommand(shell));
    line.getCommandSpec()
        .versionProvider(() -> new String[] {"meshctl " + VersionCommand.clientVersion()});
    return line.setOut(shell.out())
        .setErr(shell.err())
        .setColorScheme(colours(shell))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((problem, args) -> ErrorReport.misused(shell, problem))
        .setExecutionExceptionHandler(
            (problem, command, parsed) -> ErrorReport.failed(shell, problem));
  }

  private static ColorScheme colours(Shell shell) {
    return CommandLine.Help.defaultColorScheme(shell.palette().coloured() ? Ansi.ON : Ansi.OFF);
  }
}
