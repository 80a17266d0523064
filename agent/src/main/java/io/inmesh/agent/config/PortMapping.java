package io.inmesh.agent.config;

/**
 * One port of the service that this process serves.
 *
 * @param service the port that callers use in the mesh address, 1 to 65535
 * @param target the port that this process listens on, 1 to 65535
 */
public record PortMapping(int service, int target) {

  /** Refuses numbers that are no ports. */
  public PortMapping {
    if (service < 1 || service > 65535 || target < 1 || target > 65535) {
      throw new IllegalArgumentException("a port is 1 to 65535: " + service + ":" + target);
    }
  }
}
