package io.inmesh.control.registry;

import java.time.Instant;
import java.util.Map;

/**
 * An agent as operators see it.
 *
 * @param state whether it is there: "connected", "draining" or "gone"
 * @param sync by xDS type: {@code LDS}, {@code RDS}, {@code CDS}, {@code EDS}
 */
public record AgentStatus(
    AgentReport report, String state, Instant connectedAt, Map<String, Sync> sync) {
  public AgentStatus {
    sync = Map.copyOf(sync);
  }

  /**
   * What became of what was sent of one type.
   *
   * @param state {@code SYNCED}, {@code STALE} (sent, not answered yet), {@code NACKED} or {@code
   *     NOT_SENT}
   * @param version of the newest response, "" when there was none
   * @param resources how many the agent has, or was sent
   * @param error why the agent rejected the newest response; "" when it did not
   */
  public record Sync(String state, String version, int resources, String error) {}
}
