package io.inmesh.policy.analysis;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which workloads run, as a control server knows it.
 *
 * @param known false: nobody can say, and any host of the mesh's domain may be served
 */
public record Registry(boolean known, List<Workload> workloads) {

  /** There is no control server to ask. */
  public static final Registry UNKNOWN = new Registry(false, List.of());

  public Registry {
    workloads = List.copyOf(workloads);
  }

  /**
   * A process with an agent.
   *
   * @param host the full name of the service that it serves; "" = none
   * @param ports the service ports that it serves
   */
  public record Workload(
      String name, String namespace, Map<String, String> labels, String host, Set<Integer> ports) {
    public Workload {
      labels = Map.copyOf(labels);
      ports = Set.copyOf(ports);
    }

    boolean has(Map<String, String> selector) {
      return labels.entrySet().containsAll(selector.entrySet());
    }
  }
}
