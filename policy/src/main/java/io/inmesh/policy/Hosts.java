package io.inmesh.policy;

import java.util.Locale;

/** Names of services, as Istio completes and compares them. */
public final class Hosts {

  /** The domain of the services of a mesh. */
  public static final String CLUSTER_DOMAIN = "svc.cluster.local";

  /**
   * The full name of a host that a resource of a namespace names: a name without a dot is a service
   * of that namespace, {@code orders} -> {@code orders.default.svc.cluster.local}. A name with a
   * dot, a wildcard and an IP address stand for themselves. In lower case, without a final dot.
   */
  public static String fqdn(String host, String namespace) {
    String name = host.toLowerCase(Locale.ROOT);
    if (name.endsWith(".") && name.length() > 1) {
      name = name.substring(0, name.length() - 1);
    }
    if (name.startsWith("*") || name.indexOf('.') >= 0 || name.indexOf(':') >= 0) {
      return name;
    }
    return name + "." + namespace + "." + CLUSTER_DOMAIN;
  }

  /**
   * Whether a host, which may itself be a wildcard, is covered by a pattern: the same name, or
   * {@code *.example.com} for what ends in {@code .example.com}.
   */
  public static boolean matches(String pattern, String host) {
    if (!pattern.startsWith("*")) {
      return pattern.equalsIgnoreCase(host);
    }
    String suffix = pattern.substring(1);
    return host.length() >= pattern.length()
        && host.regionMatches(true, host.length() - suffix.length(), suffix, 0, suffix.length());
  }

  private Hosts() {}
}
