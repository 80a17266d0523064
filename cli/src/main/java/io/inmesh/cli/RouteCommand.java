package io.inmesh.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code meshctl route}: questions about where calls go. */
@Command(
    name = "route",
    synopsisSubcommandLabel = "explain",
    description = "Tells where calls go, and why.")
final class RouteCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  private RouteCommand() {}

  /** The command with its own verbs. */
  static CommandLine commandLine(Shell shell, GlobalOptions global, ResourcePrinter printer) {
    return new CommandLine(new RouteCommand())
        .addSubcommand(new RouteExplainCommand(shell, global, printer));
  }

  @Override
  public Integer call() {
    throw Usage.error(
        Objects.requireNonNull(spec), "what about routes? There is `meshctl route explain`.");
  }
}
