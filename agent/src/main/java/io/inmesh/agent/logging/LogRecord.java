package io.inmesh.agent.logging;

import org.jspecify.annotations.Nullable;

/** One message of a library, made and logged by one thread. */
public final class LogRecord {
  private final Level level;
  private final String message;
  private @Nullable Throwable thrown;

  /** A message without cause. */
  public LogRecord(Level level, String message) {
    this.level = level;
    this.message = message;
  }

  Level level() {
    return level;
  }

  String message() {
    return message;
  }

  @Nullable Throwable thrown() {
    return thrown;
  }

  /** Not kept: the message is shown without its source. */
  public void setLoggerName(String name) {}

  /** Not kept. */
  public void setSourceClassName(String name) {}

  /** Not kept. */
  public void setSourceMethodName(String name) {}

  /** Not kept: the libraries' own messages with parameters are shown as their patterns. */
  public void setParameters(Object[] parameters) {}

  /** Sets the cause. */
  public void setThrown(@Nullable Throwable cause) {
    this.thrown = cause;
  }
}
