package io.inmesh.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code meshctl server}, in the list of verbs. The launcher starts the control server itself,
 * without a JVM in between, so that signals reach it.
 */
@Command(
    name = "server",
    description = {"Runs a control server in the foreground: REST, xDS and metrics on one port."})
final class ServerCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  // For help and completion: the control server itself reads them.

  @SuppressWarnings("unused") // Picocli writes it.
  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Where to listen (default: 127.0.0.1:15010); port 0 takes a free one.")
  private @Nullable String listen;

  @SuppressWarnings("unused") // Picocli writes it.
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where policy is kept (default: .inmesh/server).")
  private @Nullable Path data;

  @SuppressWarnings("unused") // Picocli writes it.
  @Option(
      names = "--allow-plaintext-off-loopback",
      description = "Listen on an address that other machines reach, without TLS.")
  private boolean allowOffLoopback;

  @Override
  public Integer call() {
    throw Usage.error(
        spec,
        "`server` must be the first word, as in `meshctl server --listen 127.0.0.1:15010`;"
            + " it takes none of the options before it.");
  }
}
