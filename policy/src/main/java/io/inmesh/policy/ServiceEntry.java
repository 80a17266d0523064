package io.inmesh.policy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A service that is known by name and by its endpoints.
 *
 * @param hosts as written: Istio does not complete them
 * @param ports unique by number and by name; without any, nothing can be called
 * @param endpoints empty when there is a workload selector, or when the service has none yet
 * @param workloadSelector the labels that a {@link WorkloadEntry} or an agent of the same namespace
 *     must have to be an endpoint; null = the endpoints are listed
 * @see <a href="https://istio.io/latest/docs/reference/config/networking/service-entry/">Istio's
 *     reference</a>
 */
public record ServiceEntry(
    List<String> hosts,
    List<ServicePort> ports,
    Resolution resolution,
    Location location,
    List<WorkloadEntry> endpoints,
    @Nullable Map<String, String> workloadSelector)
    implements PolicySpec {

  /** How the endpoints' addresses are found. */
  public enum Resolution {
    /** They are written down. */
    STATIC
  }

  /** Whether the endpoints are members of the mesh. */
  public enum Location {
    MESH_EXTERNAL,
    MESH_INTERNAL
  }

  public ServiceEntry {
    hosts = List.copyOf(hosts);
    ports = List.copyOf(ports);
    endpoints = List.copyOf(endpoints);
    workloadSelector = workloadSelector == null ? null : Map.copyOf(workloadSelector);
  }
}
