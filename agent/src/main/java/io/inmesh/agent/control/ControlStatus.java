package io.inmesh.agent.control;

import java.util.Map;

/**
 * How the control client is doing, for the status page.
 *
 * @param link {@code connecting}, {@code live} or {@code down}
 * @param server the control server in use or tried last
 * @param lastError why the link went down last; empty if it never did
 * @param versions the version in force by type's short name
 * @param hosts how many hosts are subscribed to
 */
public record ControlStatus(
    String link, String server, String lastError, Map<String, String> versions, int hosts) {
  public ControlStatus {
    versions = Map.copyOf(versions);
  }
}
