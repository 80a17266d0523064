package io.inmesh.benchmarks.startup;

import java.util.List;

/**
 * One way to start the measured program.
 *
 * @param name as the table shows it
 * @param agent the agent's arguments; empty without it
 * @param url what the program calls
 */
record Scenario(String name, List<String> agent, String url) {

  Scenario {
    agent = List.copyOf(agent);
  }
}
