package io.inmesh.agent.config;

/** How much the agent says on standard error, from nothing to everything. */
public enum LogLevel {
  /** Nothing at all. */
  OFF,
  /** What an operator should act on; the default, silent in a healthy run. */
  WARN,
  /** Also what changes: connections, hooks, new policy. */
  INFO,
  /** Also each decision's background. */
  DEBUG;

  /** Whether a message of level {@code other} is to be written at this level. */
  public boolean covers(LogLevel other) {
    return this != OFF && compareTo(other) >= 0;
  }
}
