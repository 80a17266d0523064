package io.inmesh.e2e;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A shell at the repository's root into which commands are typed, one after another. */
final class Bash implements AutoCloseable {
  private static final Duration LONGEST_COMMAND = Duration.ofSeconds(60);
  private static final String DONE = "-- done with ";

  private final Process process;
  private final Output output;

  /** What a command printed, on both streams, and its exit code. */
  record Ran(int exitCode, List<String> lines) {}

  /** Opens it, with the environment of these tests and these variables; mesh settings are gone. */
  Bash(Map<String, String> environment) {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "--noprofile", "--norc")
            .directory(Jars.ROOT.toFile())
            .redirectErrorStream(true);
    builder.environment().keySet().removeIf(Bash::isNotForTests);
    builder.environment().putAll(environment);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("these tests need bash", e);
    }
    output = new Output("the shell", process.getInputStream());
  }

  /** Whether a variable of the developer's environment would change what commands mean. */
  static boolean isNotForTests(String variable) {
    return variable.matches("(INMESH|MESHCTL|JAVA)_.*|(?i).*_proxy");
  }

  /** Types a command and waits for its end. */
  Ran run(String command) {
    int before = output.position();
    // What a command reads is not what is typed after it.
    type("{ " + command + "\n} </dev/null; printf '\\n" + DONE + "%s\\n' $?\n");
    Matcher done =
        output.awaitLine(Pattern.compile("^" + DONE + "(\\d+)$"), before, LONGEST_COMMAND);
    String text = output.text().substring(before);
    String printed = text.substring(0, text.indexOf("\n" + DONE)).stripTrailing();
    return new Ran(Integer.parseInt(done.group(1)), printed.lines().toList());
  }

  private void type(String text) {
    try {
      OutputStream stdin = process.getOutputStream();
      stdin.write(text.getBytes(StandardCharsets.UTF_8));
      stdin.flush();
    } catch (IOException e) {
      throw new AssertionError("the shell is gone; it said:\n" + output.text(), e);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
