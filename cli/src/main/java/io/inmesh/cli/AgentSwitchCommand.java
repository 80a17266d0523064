package io.inmesh.cli;

import io.inmesh.cli.api.RefusedException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code meshctl agents disable|enable}: the kill switch of an agent. */
@Command(
    description = {
      "Turns all hooks of agents off (disable) or on again (enable), at run time.",
      "",
      "A disabled agent leaves every call of its application as it would be without an agent,",
      "until it is enabled or restarted."
    })
final class AgentSwitchCommand implements Callable<Integer> {

  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  private final Shell shell;
  private final GlobalOptions global;
  private final boolean inert;

  @Parameters(paramLabel = "NAME", arity = "1..*", description = "The agents.")
  private List<String> names = List.of();

  AgentSwitchCommand(Shell shell, GlobalOptions global, boolean inert) {
    this.shell = shell;
    this.global = global;
    this.inert = inert;
  }

  @Override
  public Integer call() {
    boolean complete = true;
    for (String name : names) {
      try {
        global.server().setInert(name, inert);
        shell.out().println("agent/" + name + (inert ? " disabled" : " enabled"));
      } catch (RefusedException e) {
        ErrorReport.error(
            shell,
            switch (e.code()) {
              case NOT_FOUND ->
                  "there is no agent '" + name + "'; `meshctl agents` lists those that exist.";
              case CONFLICT ->
                  "the agent '"
                      + name
                      + "' is gone: its process has ended, or lost its connection.";
              default -> throw e;
            });
        complete = false;
      }
    }
    return complete ? Meshctl.DONE : Meshctl.FAILED;
  }
}
