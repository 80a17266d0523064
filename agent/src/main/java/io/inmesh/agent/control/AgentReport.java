package io.inmesh.agent.control;

import io.inmesh.agent.config.PortMapping;
import java.util.List;

/**
 * What this process says about itself beyond its settings, at one moment.
 *
 * @param ports the ports that are served now
 * @param suppressedErrors failures inside hooks that the application did not see
 */
public record AgentReport(
    String agentVersion,
    long pid,
    String javaVersion,
    String javaVendor,
    List<PortMapping> ports,
    List<Hook> hooks,
    long suppressedErrors,
    boolean inert) {
  public AgentReport {
    ports = List.copyOf(ports);
    hooks = List.copyOf(hooks);
  }

  /**
   * A hook group's status.
   *
   * @param state {@code active}, {@code pending}, {@code inactive} or {@code failed}
   */
  public record Hook(
      String name, String state, String reason, String library, String version, long uses) {}
}
