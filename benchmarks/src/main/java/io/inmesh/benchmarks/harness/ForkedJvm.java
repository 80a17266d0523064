package io.inmesh.benchmarks.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A JVM that a benchmark starts, commands line by line over its standard input, and ends. It runs
 * on the JDK that runs the benchmark. To be used by one thread.
 */
public final class ForkedJvm implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final String name;
  private final Process process;
  private final long startedAtNanos;
  private final Path errors;
  private final Writer input;
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

  /**
   * Starts a JVM.
   *
   * @param name for messages and for the file that its standard error goes to
   * @param arguments what follows {@code java} on the command line
   */
  public static ForkedJvm start(Project project, String name, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    try {
      Path errors = project.scratch("logs").resolve(name.replaceAll("[^a-z0-9]+", "-") + ".stderr");
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
      // Settings of the shell must not reach one variant and not another.
      builder.environment().keySet().removeIf(key -> key.startsWith("INMESH_"));
      builder.environment().remove("JAVA_TOOL_OPTIONS");
      long startedAtNanos = System.nanoTime();
      return new ForkedJvm(name, builder.start(), startedAtNanos, errors);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name + ": " + command, e);
    }
  }

  private ForkedJvm(String name, Process process, long startedAtNanos, Path errors) {
    this.name = name;
    this.process = process;
    this.startedAtNanos = startedAtNanos;
    this.errors = errors;
    this.input = process.outputWriter(StandardCharsets.UTF_8);
    Thread reader = new Thread(this::readLines, "output of " + name);
    reader.setDaemon(true);
    reader.start();
  }

  public String name() {
    return name;
  }

  public long pid() {
    return process.pid();
  }

  /**
   * When the process was asked for, on the clock of {@link System#nanoTime()}. On Linux that clock
   * is CLOCK_MONOTONIC, which all processes of a machine share; a forked JVM's own readings may be
   * compared with this one.
   */
  public long startedAtNanos() {
    return startedAtNanos;
  }

  /** Sends a command. */
  public void tell(String command) {
    try {
      input.write(command + "\n");
      input.flush();
    } catch (IOException e) {
      throw new IllegalStateException(name + " takes no command: " + lastErrors(), e);
    }
  }

  /** Sends a command and returns the reply that starts with the command's first word. */
  public Reply ask(String command) {
    tell(command);
    int space = command.indexOf(' ');
    return await(space < 0 ? command : command.substring(0, space));
  }

  /**
   * Waits for the next line that starts with the word, skipping others.
   *
   * @throws IllegalStateException where the process ends first, or stays silent for two minutes
   */
  public Reply await(String word) {
    return Reply.parse(awaitLine(word));
  }

  /** As {@link #await(String)}, for a line of any form. */
  public String awaitLine(String start) {
    while (true) {
      String line = nextLine(start);
      if (line.startsWith(start)) {
        return line;
      }
    }
  }

  private String nextLine(String start) {
    try {
      Optional<String> line = lines.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (line == null) {
        throw new IllegalStateException(
            name + " said no '" + start + "' within " + PATIENCE.toSeconds() + " s");
      }
      return line.orElseThrow(
          () ->
              new IllegalStateException(
                  name + " ended before it said '" + start + "': " + lastErrors()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + name, e);
    }
  }

  /** Waits until the process ends by itself and returns that moment, as {@code nanoTime}. */
  public long awaitEndNanos() {
    try {
      int status = process.waitFor();
      long endedAtNanos = System.nanoTime();
      if (status != 0) {
        throw new IllegalStateException(name + " ended with " + status + ": " + lastErrors());
      }
      return endedAtNanos;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + name, e);
    }
  }

  /** What the process wrote to standard error so far, in full. */
  public String errors() {
    try {
      return Files.readString(errors);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + errors, e);
    }
  }

  /** Ends the process, politely at first, and waits until it has gone. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private String lastErrors() {
    String all = errors();
    return all.isBlank() ? "(nothing on stderr)" : all.substring(Math.max(0, all.length() - 2000));
  }

  private void readLines() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      String line = reader.readLine();
      while (line != null) {
        lines.add(Optional.of(line));
        line = reader.readLine();
      }
    } catch (IOException e) {
      // The process was closed while we read: the same as its end.
    }
    lines.add(Optional.empty());
  }
}
