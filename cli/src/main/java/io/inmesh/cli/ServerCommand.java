package io.inmesh.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/**
 * {@code meshctl server}, in the list of verbs. The launcher starts the control server itself,
 * without a JVM in between, so that signals reach it.
 */
@Command(
    name = "server",
    description = {
      "Runs a control server in the foreground.",
      "",
      "`meshctl server --help` tells its options."
    })
final class ServerCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Unmatched private List<String> arguments = List.of();

  @Override
  public Integer call() {
    throw Usage.error(
        spec, "`server` must be the first word: meshctl server " + String.join(" ", arguments));
  }
}
