package io.inmesh.policy;

import java.util.List;

/**
 * How calls to hosts are routed: the first route that matches takes the call; none means 404.
 *
 * @param hosts as written (short names are short); {@link Hosts#fqdn} completes them. Empty: other
 *     VirtualServices delegate to this one
 * @param gateways where the routes count; {@link #MESH} is every workload of the mesh, and the only
 *     one when the policy names none
 * @param exportTo the namespaces whose calls are routed so: names, {@code .} for the resource's
 *     own, {@code *} for all; empty = all
 * @see <a href="https://istio.io/latest/docs/reference/config/networking/virtual-service/">Istio's
 *     reference</a>
 */
public record VirtualService(
    List<String> hosts, List<String> gateways, List<HttpRoute> http, List<String> exportTo)
    implements PolicySpec {

  /** The gateway that stands for every workload of the mesh. */
  public static final String MESH = "mesh";

  public VirtualService {
    hosts = List.copyOf(hosts);
    gateways = List.copyOf(gateways);
    http = List.copyOf(http);
    exportTo = List.copyOf(exportTo);
  }

  /** A service that every namespace sees. */
  public VirtualService(List<String> hosts, List<String> gateways, List<HttpRoute> http) {
    this(hosts, gateways, http, List.of());
  }

  /** Whether calls inside of the mesh are routed so. */
  public boolean appliesToMesh() {
    return gateways.contains(MESH);
  }

  /** Whether this is for other VirtualServices to delegate to. */
  public boolean isDelegate() {
    return hosts.isEmpty();
  }
}
