package io.inmesh.policy;

/** Names of services, as Istio completes them. */
public final class Hosts {

  /** The domain of the services of a mesh. */
  public static final String CLUSTER_DOMAIN = "svc.cluster.local";

  /**
   * The full name of a host that a resource of a namespace names: a name without a dot is a service
   * of that namespace, {@code orders} -> {@code orders.default.svc.cluster.local}. A name with a
   * dot, a wildcard and an IP address stand for themselves.
   */
  public static String fqdn(String host, String namespace) {
    if (host.equals("*") || host.indexOf('.') >= 0 || host.indexOf(':') >= 0) {
      return host;
    }
    return host + "." + namespace + "." + CLUSTER_DOMAIN;
  }

  private Hosts() {}
}
