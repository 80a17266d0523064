package io.inmesh.cli;

import io.inmesh.cli.demo.OpenStorefront;
import io.inmesh.cli.demo.StoryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code meshctl storefront}. */
@Command(
    name = "storefront",
    description = {
      "Runs a small shop of five services in the foreground, for policy to be tried on.",
      "",
      "shop asks orders (v1, v2, v3); orders v2 and v3 ask payments. Each is a plain JVM with the",
      "agent, known to the control server, and to nobody else. Ctrl-C ends them."
    },
    footer = {"", "What to do with it: examples/README.md"})
final class StorefrontCommand implements Callable<Integer> {

  private static final int LAST_PORT = 65_535;

  private final Shell shell;
  private final GlobalOptions global;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The shop's port on 127.0.0.1 (default: 9080); 0 takes a free one.")
  private int port = 9080;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the logs go (default: .inmesh/storefront).")
  private Path data = Path.of(".inmesh", "storefront");

  @Option(
      names = "--java",
      paramLabel = "PATH",
      description = "The java for the services (else the one that runs meshctl).")
  private Path java = Path.of(System.getProperty("java.home"), "bin", "java");

  StorefrontCommand(Shell shell, GlobalOptions global) {
    this.shell = shell;
    this.global = global;
  }

  @Override
  public Integer call() {
    if (!Files.isExecutable(java)) {
      throw Usage.error(spec, "--java " + java + " cannot be run.");
    }
    if (port < 0 || port > LAST_PORT) {
      throw Usage.error(spec, "--port takes 0 to " + LAST_PORT + ", not " + port + ".");
    }
    Path home = Path.of(System.getProperty("inmesh.home", ".")).toAbsolutePath().normalize();
    try {
      new OpenStorefront(global.server(), global.namespace(), shell.out(), shell.palette())
          .run(home, java, data, port);
      return Meshctl.DONE;
    } catch (StoryException e) {
      ErrorReport.error(shell, e.getMessage());
      return Meshctl.FAILED;
    }
  }
}
