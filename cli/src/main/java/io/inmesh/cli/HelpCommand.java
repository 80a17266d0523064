package io.inmesh.cli;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code meshctl help [VERB]}; Picocli's own has a {@code -h} that clashes with the inherited. */
@Command(name = "help", description = "Shows the help of a verb, or all verbs.")
final class HelpCommand implements Callable<Integer> {

  private final Shell shell;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "VERB", arity = "0..*", description = "As in `help agents disable`.")
  private List<String> verbs = List.of();

  HelpCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    CommandLine command = Objects.requireNonNull(spec).root().commandLine();
    for (String verb : verbs) {
      CommandLine next = command.getSubcommands().get(verb);
      if (next == null) {
        throw Usage.error(spec, "there is no verb '" + verb + "'; `meshctl help` lists them.");
      }
      command = next;
    }
    command.usage(shell.out());
    return Meshctl.DONE;
  }
}
