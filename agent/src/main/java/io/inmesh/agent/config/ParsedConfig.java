package io.inmesh.agent.config;

import java.util.List;

/**
 * What came of reading the settings.
 *
 * @param config complete and valid, with defaults in place of what was wrong
 * @param problems one sentence for each unknown or bad setting, for the operator
 */
public record ParsedConfig(AgentConfig config, List<String> problems) {

  /** Copies what could change. */
  public ParsedConfig {
    problems = List.copyOf(problems);
  }
}
