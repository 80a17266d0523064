package io.inmesh.benchmarks.harness;

import java.util.List;

/** The command line arguments that put the agent into a measured JVM. */
public final class AgentArguments {

  /**
   * As a user would write them, with a data folder of the process's own.
   *
   * @param settings further settings, such as {@code service=web}
   */
  public static List<String> of(Project project, String controlUrl, String... settings) {
    String more = settings.length == 0 ? "" : ";" + String.join(";", settings);
    return List.of(
        "-javaagent:"
            + project.agentJar()
            + "=control="
            + controlUrl
            + ";data.dir="
            + project.fresh("agent")
            + more);
  }

  private AgentArguments() {}
}
