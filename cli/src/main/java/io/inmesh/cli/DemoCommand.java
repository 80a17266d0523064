package io.inmesh.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.inmesh.cli.demo.CommandRunner;
import io.inmesh.cli.demo.Demo;
import io.inmesh.cli.terminal.Palette;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code meshctl demo}. */
@Command(
    name = "demo",
    description = {
      "Shows a canary release with real processes, on free ports, and checks each step.",
      "",
      "Exit code 0 says that every step was seen to hold. Ctrl-C ends it all."
    })
final class DemoCommand implements Callable<Integer> {

  private final Shell shell;
  private final ObjectMapper json;

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--keep", description = "Leave it running, with hints what to try by hand.")
  private boolean keep;

  @Option(
      names = "--java",
      paramLabel = "PATH",
      description = "The java for the demo's processes (else the one that runs meshctl).")
  private Path java = Path.of(System.getProperty("java.home"), "bin", "java");

  DemoCommand(Shell shell, ObjectMapper json) {
    this.shell = shell;
    this.json = json;
  }

  @Override
  public Integer call() {
    if (!Files.isExecutable(java)) {
      throw Usage.error(spec, "--java " + java + " cannot be run.");
    }
    Path home = Path.of(System.getProperty("inmesh.home", "."));
    boolean live = shell.terminal() && shell.palette().coloured();
    Demo demo = new Demo(this::run, json, shell.out(), shell.palette(), live);
    return demo.run(home.toAbsolutePath().normalize(), java, keep) ? Meshctl.DONE : Meshctl.FAILED;
  }

  /** Another command of meshctl, on the same code as from a terminal. */
  private CommandRunner.Ran run(String server, List<String> args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Map<String, String> environment = new HashMap<>(shell.environment());
    environment.put("MESHCTL_SERVER", server);
    Shell captured =
        new Shell(
            shell.in(),
            new PrintWriter(out),
            new PrintWriter(err),
            false,
            shell.palette(),
            new Palette(shell.palette().coloured()),
            environment,
            shell.clock(),
            shell.servers());
    int code = Meshctl.run(captured, json, args);
    captured.out().flush();
    captured.err().flush();
    return new CommandRunner.Ran(code, out.toString(), err.toString());
  }
}
