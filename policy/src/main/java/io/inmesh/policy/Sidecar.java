package io.inmesh.policy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What workloads of a namespace may know of the mesh, and what becomes of calls to hosts that they
 * do not know. One with a selector goes before one without; of several, the oldest counts; one
 * without a selector in the root namespace is for all namespaces that have none.
 *
 * @param workloadSelector the labels that a workload must have, all of them; empty = every workload
 *     of the namespace
 * @param egress which hosts are known, by port; the one without a port, if there is one, is last
 *     and for every port that has none of its own. Empty = every host
 * @param outboundTrafficPolicy null = the mesh's
 * @see <a href="https://istio.io/latest/docs/reference/config/networking/sidecar/">Istio's
 *     reference</a>
 */
public record Sidecar(
    Map<String, String> workloadSelector,
    List<Egress> egress,
    @Nullable OutboundTrafficPolicy outboundTrafficPolicy)
    implements PolicySpec {

  public Sidecar {
    workloadSelector = Map.copyOf(workloadSelector);
    egress = List.copyOf(egress);
  }

  /** What becomes of calls to hosts that are not known. */
  public enum OutboundTrafficPolicy {
    /** They pass untouched. */
    ALLOW_ANY,
    /** They fail: 502. */
    REGISTRY_ONLY
  }

  /**
   * Which hosts are known.
   *
   * @param port the service port that is called; 0 = every port without an entry of its own
   * @param hosts never empty
   */
  public record Egress(int port, List<HostSelector> hosts) {
    public Egress {
      hosts = List.copyOf(hosts);
    }
  }

  /**
   * Hosts of a namespace, {@code namespace/dnsName} in policy.
   *
   * @param namespace the name of one; {@code *} = all, {@code .} = the Sidecar's own, {@code ~} =
   *     none
   * @param dnsName a full name, {@code *.suffix}, or {@code *}
   */
  public record HostSelector(String namespace, String dnsName) {

    /**
     * Whether a service is known.
     *
     * @param host its full name, in lower case
     * @param serviceNamespace where it is
     * @param ownNamespace where the Sidecar is
     */
    public boolean selects(String host, String serviceNamespace, String ownNamespace) {
      boolean inNamespace =
          switch (namespace) {
            case "*" -> true;
            case "." -> serviceNamespace.equals(ownNamespace);
            case "~" -> false;
            default -> serviceNamespace.equals(namespace);
          };
      return inNamespace && Hosts.matches(dnsName, host);
    }
  }
}
