package io.inmesh.policy;

import java.util.Map;

/**
 * One endpoint: a resource of its own, or a member of {@link ServiceEntry#endpoints}.
 *
 * @param address an IP address, or a name that each caller resolves
 * @param ports by the name of the service's port: where this endpoint listens for it. A port that
 *     is missing is the service port's target port.
 * @param weight its share among the endpoints, at least 1
 * @param locality where it is, {@code region/zone/subzone}, from the left; "" = not said
 * @see <a href="https://istio.io/latest/docs/reference/config/networking/workload-entry/">Istio's
 *     reference</a>
 */
public record WorkloadEntry(
    String address,
    Map<String, Integer> ports,
    Map<String, String> labels,
    int weight,
    String locality)
    implements PolicySpec {

  public WorkloadEntry {
    ports = Map.copyOf(ports);
    labels = Map.copyOf(labels);
  }

  /** An endpoint of which nobody says where it is. */
  public WorkloadEntry(
      String address, Map<String, Integer> ports, Map<String, String> labels, int weight) {
    this(address, ports, labels, weight, "");
  }
}
