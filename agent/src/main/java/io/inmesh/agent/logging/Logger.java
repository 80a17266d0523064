package io.inmesh.agent.logging;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the libraries log goes to one sink, from level {@link Level#WARNING} on; without a sink it
 * is dropped. The composition root sets a sink when the agent's own level asks for it: what matters
 * to an operator is reported by the agent itself. Any thread.
 */
public final class Logger {
  private static volatile @Nullable BiConsumer<String, @Nullable Throwable> sink;

  private final String name;

  /** Where warnings of the libraries go. */
  public static void setSink(@Nullable BiConsumer<String, @Nullable Throwable> newSink) {
    sink = newSink;
  }

  /** A logger of this name. */
  public static Logger getLogger(String name) {
    return new Logger(name);
  }

  private Logger(String name) {
    this.name = name;
  }

  /** The name. */
  public String getName() {
    return name;
  }

  /** Whether {@link #log(Level, String)} would write. */
  public boolean isLoggable(Level level) {
    return sink != null && level.compareTo(Level.WARNING) >= 0;
  }

  /** Logs a message. */
  public void log(Level level, String message) {
    write(level, message, null);
  }

  /** Logs a message's pattern and its one parameter. */
  public void log(Level level, String message, @Nullable Object parameter) {
    write(level, message + " " + parameter, null);
  }

  /** Logs a message's pattern. */
  public void log(Level level, String message, Object @Nullable [] parameters) {
    write(level, message, null);
  }

  /** Logs a message with its cause. */
  public void log(Level level, String message, @Nullable Throwable cause) {
    write(level, message, cause);
  }

  /** Logs a record. */
  public void log(LogRecord entry) {
    write(entry.level(), entry.message(), entry.thrown());
  }

  /** Logs background. */
  public void fine(String message) {
    write(Level.FINE, message, null);
  }

  /** Logs background. */
  public void finer(String message) {
    write(Level.FINER, message, null);
  }

  /** Logs an ordinary event. */
  public void info(String message) {
    write(Level.INFO, message, null);
  }

  /** Logs something unexpected. */
  public void warning(String message) {
    write(Level.WARNING, message, null);
  }

  private void write(Level level, String message, @Nullable Throwable cause) {
    BiConsumer<String, @Nullable Throwable> to = sink;
    if (to != null && level.compareTo(Level.WARNING) >= 0) {
      to.accept(name + ": " + message, cause);
    }
  }
}
