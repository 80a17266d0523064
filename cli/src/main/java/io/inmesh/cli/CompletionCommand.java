package io.inmesh.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code meshctl completion}: a script that completes words in a shell. */
@Command(
    name = "completion",
    description = {
      "Prints a script that completes meshctl's verbs and options.",
      "",
      "In ~/.bashrc:  source <(meshctl completion bash)",
      "In ~/.zshrc:   source <(meshctl completion zsh)"
    })
final class CompletionCommand implements Callable<Integer> {

  /** The shells; bash's script serves zsh too, once that has loaded what bash has built in. */
  enum Target {
    bash,
    zsh
  }

  private final Shell shell;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "bash|zsh", description = "The shell.")
  private @Nullable Target target;

  CompletionCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    CommandSpec root = Objects.requireNonNull(spec).root();
    if (target == Target.zsh) {
      shell.out().println("autoload -Uz compinit bashcompinit && compinit && bashcompinit");
    }
    shell.out().print(AutoComplete.bash(root.name(), root.commandLine()));
    return Meshctl.DONE;
  }
}
