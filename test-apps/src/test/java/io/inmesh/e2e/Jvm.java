package io.inmesh.e2e;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A forked JVM: its streams are captured, and it never outlives {@link #close()}. */
final class Jvm implements AutoCloseable {
  /** How each line begins that the agent writes to stderr. */
  static final String AGENT_SAYS = "inmesh: ";

  private final String name;
  private final Process process;
  private final Output stdout;
  private final Output stderr;

  /** What a process that ended left behind. */
  record Result(int exitCode, String stdout, String stderr) {}

  /** Says what to fork. */
  static final class Builder {
    private final Path java;
    private final List<String> jvmArguments = new ArrayList<>();
    private final List<String> program = new ArrayList<>();
    private final Map<String, String> environment = new LinkedHashMap<>();

    private Builder(Path java) {
      this.java = java;
    }

    /** The packaged agent, with its arguments as after {@code -javaagent:jar=}. */
    Builder agent(String arguments) {
      String suffix = arguments.isEmpty() ? "" : "=" + arguments;
      return jvmArgument("-javaagent:" + Jars.agent() + suffix);
    }

    Builder jvmArgument(String argument) {
      jvmArguments.add(argument);
      return this;
    }

    Builder environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    /** A class of the test applications. */
    Builder main(String className, String... arguments) {
      program.add("-cp");
      program.add(Jars.TEST_APPS.toString());
      program.add(className);
      program.addAll(List.of(arguments));
      return this;
    }

    Builder jar(Path jar, List<String> arguments) {
      program.add("-jar");
      program.add(jar.toString());
      program.addAll(arguments);
      return this;
    }

    Jvm start() {
      List<String> command = new ArrayList<>();
      command.add(java.toString());
      // Two cores and many small JVMs: what a compiler thread saves, nobody here would notice.
      command.add("-XX:TieredStopAtLevel=1");
      command.add("-Xshare:auto");
      command.addAll(jvmArguments);
      command.addAll(program);
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().keySet().removeIf(key -> key.startsWith("INMESH_"));
      builder.environment().keySet().removeIf(key -> key.startsWith("JAVA_") || key.equals("_"));
      builder.environment().putAll(environment);
      try {
        return new Jvm(String.join(" ", program), builder.start());
      } catch (IOException e) {
        throw new UncheckedIOException("cannot start " + command, e);
      }
    }

    /** Starts it and waits for its end. */
    Result run() {
      try (Jvm jvm = start()) {
        return jvm.awaitExit();
      }
    }
  }

  private Jvm(String name, Process process) {
    this.name = name;
    this.process = process;
    this.stdout = new Output("stdout of " + name, process.getInputStream());
    this.stderr = new Output("stderr of " + name, process.getErrorStream());
  }

  static Builder of(Jdk jdk) {
    return new Builder(jdk.java());
  }

  /** On the JVM that runs the tests: for our own processes, whose JDK is not what is tested. */
  static Builder ofThisJvm() {
    return new Builder(Path.of(System.getProperty("java.home"), "bin", "java"));
  }

  /** Waits for a line on stdout in which the expression is found. */
  Matcher awaitLine(String expression) {
    return awaitLine(expression, 0);
  }

  /** Likewise, of what came after a position. */
  Matcher awaitLine(String expression, int from) {
    try {
      return stdout.awaitLine(Pattern.compile(expression), from, Duration.ofSeconds(60));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\nand stderr:\n" + stderr.text(), e);
    }
  }

  /** Waits for a line on stderr in which the expression is found. */
  Matcher awaitComplaint(String expression) {
    return stderr.awaitLine(Pattern.compile(expression), 0, Poll.PATIENCE);
  }

  /** Sends a line to stdin and waits for the one that the program answers. */
  String ask(String line) {
    int before = stdout.position();
    tell(line);
    return awaitLine("^(.*)$", before).group(1);
  }

  /** Sends a line to stdin. */
  void tell(String line) {
    try {
      OutputStream stdin = process.getOutputStream();
      stdin.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      stdin.flush();
    } catch (IOException e) {
      throw new AssertionError(
          name + " does not read its stdin any more; stderr:\n" + stderr.text(), e);
    }
  }

  String stdout() {
    return stdout.text();
  }

  String stderr() {
    return stderr.text();
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** SIGTERM, as a service manager stops a service. */
  void terminate() {
    // Process.destroy would close its standard input as well, and the program may end by that.
    process.toHandle().destroy();
  }

  /** SIGKILL, and waits until it is gone. */
  void kill() {
    process.destroyForcibly();
    awaitProcess();
  }

  Result awaitExit() {
    awaitProcess();
    String out = stdout.awaitEnd(Poll.PATIENCE);
    return new Result(process.exitValue(), out, stderr.awaitEnd(Poll.PATIENCE));
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitProcess() {
    try {
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        throw new AssertionError(
            name + " does not end; stdout:\n" + stdout.text() + "\nstderr:\n" + stderr.text());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
