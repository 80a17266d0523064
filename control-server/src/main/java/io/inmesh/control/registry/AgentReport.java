package io.inmesh.control.registry;

import io.inmesh.policy.Hosts;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What an agent says about its process.
 *
 * @param instance the agent's name, unique in the mesh
 * @param service the service that the process serves: "" for none, {@code orders}, {@code
 *     orders.shop} or a full name
 * @param address where others reach the process
 * @param draining whether its JVM has begun to shut down
 * @param hooks as reported, for people
 */
public record AgentReport(
    String instance,
    String namespace,
    String service,
    String address,
    List<PortMapping> ports,
    Map<String, String> labels,
    boolean draining,
    boolean inert,
    long suppressedErrors,
    String agentVersion,
    String java,
    long pid,
    List<Map<String, Object>> hooks) {
  public AgentReport {
    ports = List.copyOf(ports);
    labels = Map.copyOf(labels);
    hooks = List.copyOf(hooks);
  }

  /**
   * A port of the service and where this process serves it.
   *
   * @param service what clients call
   * @param target where the process listens
   */
  public record PortMapping(int service, int target) {}

  /** The full name of the service that is served; "" when none is. */
  public String host() {
    if (service.isEmpty()) {
      return "";
    }
    String name = service.toLowerCase(Locale.ROOT);
    int dot = name.indexOf('.');
    return dot > 0 && dot == name.lastIndexOf('.')
        ? name + "." + Hosts.CLUSTER_DOMAIN // NAME.NAMESPACE
        : Hosts.fqdn(name, namespace);
  }
}
