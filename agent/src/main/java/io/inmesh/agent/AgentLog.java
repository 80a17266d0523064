package io.inmesh.agent;

import io.inmesh.agent.config.LogLevel;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the agent says to the operator: lines on the process's standard error, each beginning with
 * {@code inmesh:}.
 *
 * <p>It uses no logging framework, because each belongs to the application, and not {@code
 * System.err}, which an application may replace by a stream that calls back into hooked code. Any
 * thread may call; nothing is ever thrown.
 */
public final class AgentLog {
  /** Keys beyond this many are no longer remembered, and their messages dropped. */
  private static final int MAX_KEYS = 1000;

  private final LogLevel level;
  private final PrintStream out;
  private final Set<String> reported = ConcurrentHashMap.newKeySet();

  /** A log on the process's real standard error. */
  public static AgentLog toStandardError(LogLevel level) {
    return new AgentLog(level, new FileOutputStream(FileDescriptor.err));
  }

  /** A log on any stream, in the platform's encoding. */
  public AgentLog(LogLevel level, OutputStream out) {
    this.level = level;
    this.out = new PrintStream(out, true);
  }

  /** Something an operator should act on: what is wrong, where, and what to do. */
  public void warn(String message) {
    write(LogLevel.WARN, message);
  }

  /** Something that changed, in normal operation. */
  public void info(String message) {
    write(LogLevel.INFO, message);
  }

  /** Background for whoever looks for a cause. */
  public void debug(String message) {
    write(LogLevel.DEBUG, message);
  }

  /** Whether {@link #debug} writes, for messages that cost something to build. */
  public boolean debugging() {
    return level.covers(LogLevel.DEBUG);
  }

  /**
   * Warns once for the life of the process under this key; the stack trace, if there is a cause,
   * comes at level debug only.
   */
  public void warnOnce(String key, String message, @Nullable Throwable cause) {
    if (reported.size() >= MAX_KEYS || !reported.add(key)) {
      return;
    }
    warn(cause == null ? message : message + " (" + cause + ")");
    if (cause != null && debugging()) {
      StringWriter trace = new StringWriter();
      cause.printStackTrace(new PrintWriter(trace, true));
      debug(trace.toString().stripTrailing());
    }
  }

  private void write(LogLevel messageLevel, String message) {
    if (level.covers(messageLevel)) {
      // One print, so that lines of several threads do not mix; PrintStream never throws.
      out.print("inmesh: " + message + System.lineSeparator());
      out.flush();
    }
  }
}
