package io.inmesh.policy.analysis;

import io.inmesh.policy.Hosts;
import io.inmesh.policy.NearestName;
import io.inmesh.policy.Quoting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What to say of a host that no service has. */
final class HostNames {

  /** Comparing with every known host takes a while; nobody reads more suggestions. */
  private static final int MAX_SEARCHES = 50;

  private static final String REMEDY =
      "start a service of this name, or apply a ServiceEntry for it";

  private final Set<String> hosts;
  private final Map<String, Optional<String>> nearest = new HashMap<>();

  /**
   * @param hosts of all services
   */
  HostNames(Set<String> hosts) {
    this.hosts = hosts;
  }

  /** {@code "orders" (orders.shop.svc.cluster.local)}. */
  static String shown(String written, String host) {
    return Quoting.quote(written) + (written.equals(host) ? "" : " (" + host + ")");
  }

  /**
   * What was probably meant, and what to do if it was not. {@code orders.shop} is a full name to
   * Istio, and rarely meant as one.
   */
  String remedy(String host, String namespace) {
    String completed = host + "." + Hosts.CLUSTER_DOMAIN;
    if (hosts.contains(completed)) {
      return "did you mean "
          + Quoting.quote(completed)
          + "? (a name with a dot is not completed) If not, "
          + REMEDY;
    }
    int dot = host.indexOf('.');
    String remedy =
        dot >= 0 && dot == host.lastIndexOf('.')
            ? REMEDY + " (a name with a dot is not completed; of the mesh it is " + completed + ")"
            : REMEDY;
    return nearest(host, namespace)
        .map(name -> "did you mean " + Quoting.quote(name) + "? If not, " + remedy)
        .orElse(remedy);
  }

  /** A service's host that is nearly this one: short, if both are of the namespace. */
  Optional<String> nearest(String host, String namespace) {
    Optional<String> known = nearest.get(host);
    if (known != null) {
      return known;
    }
    if (nearest.size() >= MAX_SEARCHES) {
      return Optional.empty();
    }
    Optional<String> found = search(host, namespace);
    nearest.put(host, found);
    return found;
  }

  /**
   * First labels are compared where the rest is the same: a long end would hide that they differ.
   */
  private Optional<String> search(String host, String namespace) {
    int dot = host.indexOf('.');
    String rest = dot < 0 ? "" : host.substring(dot);
    List<String> neighbours =
        hosts.stream()
            .filter(
                known ->
                    known.endsWith(rest) && known.indexOf('.') == known.length() - rest.length())
            .map(known -> known.substring(0, known.length() - rest.length()))
            .toList();
    boolean isShort = rest.equals("." + namespace + "." + Hosts.CLUSTER_DOMAIN);
    return NearestName.of(host.substring(0, host.length() - rest.length()), neighbours)
        .map(name -> isShort ? name : name + rest)
        .or(
            () ->
                NearestName.of(
                    host, hosts.stream().filter(known -> !known.endsWith(rest)).toList()));
  }
}
