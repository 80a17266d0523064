package io.inmesh.cli.demo;

import java.util.List;

/** Runs a command of meshctl as a user would, and tells what came of it. */
public interface CommandRunner {

  /** What a command printed, and its exit code. */
  record Ran(int code, String out, String err) {}

  /**
   * Runs one command.
   *
   * @param server the control server's URL, as MESHCTL_SERVER
   */
  Ran run(String server, List<String> args);
}
