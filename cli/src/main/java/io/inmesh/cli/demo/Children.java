package io.inmesh.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;

/**
 * The processes that the demo or the storefront consists of. None outlives it: they are ended on
 * {@link #close}, when the JVM ends, and each ends by itself when its standard input, a pipe held
 * here, breaks.
 */
final class Children implements AutoCloseable {

  private static final int END_SECONDS = 3;

  private final Path logs;
  private final Runnable afterInterrupt;
  private final ConcurrentLinkedDeque<Process> running = new ConcurrentLinkedDeque<>();
  private volatile boolean interrupted;
  private final Thread hook = new Thread(this::interrupted, "demo-children");

  /**
   * None yet.
   *
   * @param logs a folder for what they print
   * @param afterInterrupt what is left to do when the user ended them
   */
  Children(Path logs, Runnable afterInterrupt) {
    this.logs = logs;
    this.afterInterrupt = afterInterrupt;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Starts a process whose output goes to its log. */
  Process start(String name, List<String> command) {
    return start(name, command, ProcessBuilder.Redirect.to(log(name).toFile()));
  }

  /** Starts a process whose standard output the caller reads. */
  Process startReading(String name, List<String> command) {
    return start(name, command, ProcessBuilder.Redirect.PIPE);
  }

  private Process start(String name, List<String> command, ProcessBuilder.Redirect output) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(output);
      if (output.equals(ProcessBuilder.Redirect.PIPE)) {
        builder.redirectError(log(name).toFile());
      } else {
        builder.redirectErrorStream(true);
      }
      // Settings of the user's own mesh are not the story's.
      builder.environment().keySet().removeIf(variable -> variable.startsWith("INMESH_"));
      Process process = builder.start();
      running.push(process);
      return process;
    } catch (IOException e) {
      throw new StoryException("cannot start " + name + ": " + e.getMessage(), e);
    }
  }

  /** The end of a child's log, for a report of what went wrong. */
  String logTail(String name, int lines) {
    try {
      List<String> all = Files.readAllLines(log(name));
      return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  Path log(String name) {
    return logs.resolve(name + ".log");
  }

  /** Ends the children in order, the last first, by force where asking does not help. */
  @Override
  public void close() {
    running.forEach(Process::destroy);
    try {
      for (Process process : running) {
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running.forEach(Process::destroyForcibly);
    }
    running.clear();
  }

  /** Whether the user ended them. */
  boolean isInterrupted() {
    return interrupted;
  }

  /** The JVM ends while children run: the user's Ctrl-C. */
  private void interrupted() {
    if (running.isEmpty()) {
      return;
    }
    interrupted = true;
    close();
    afterInterrupt.run();
  }
}
