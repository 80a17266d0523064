package io.inmesh.policy;

import io.inmesh.policy.PolicyProblem.Severity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tells which names in a resource point nowhere, and which resources claim the same host: what
 * {@code istioctl analyze} reports as IST0101 and IST0109. These are warnings: the other resource
 * may come later.
 *
 * <p>A resource without a namespace counts as one of {@code default}.
 */
public final class ReferenceCheck {

  private static final String DEFAULT_NAMESPACE = "default";

  /** Comparing with every known host takes a while; nobody reads more suggestions. */
  private static final int MAX_SEARCHES = 10;

  private static final int MAX_WARNINGS = 20;

  private final List<PolicyResource> others;
  private final PolicyResource applied;
  private final String namespace;
  private final Set<String> hosts;
  private final List<String> wildcards;
  private final Map<String, VirtualService> virtualServices = new HashMap<>();
  private final Map<String, String> suggestions = new HashMap<>();
  private final Map<String, Set<String>> subsets = new HashMap<>();
  private final List<PolicyProblem> warnings = new ArrayList<>();

  private ReferenceCheck(
      Collection<PolicyResource> all, PolicyResource applied, Set<String> knownHosts) {
    this.applied = applied;
    this.namespace = namespace(applied);
    this.others = all.stream().filter(other -> !isSame(other, applied)).toList();
    this.hosts = new TreeSet<>(knownHosts);
    for (PolicyResource other : others) {
      if (other.spec() instanceof ServiceEntry entry) {
        entry.hosts().forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
      } else if (other.spec() instanceof VirtualService service) {
        virtualServices.put(namespace(other) + "/" + other.metadata().name(), service);
      }
    }
    this.wildcards = hosts.stream().filter(host -> host.startsWith("*")).toList();
  }

  /**
   * The warnings about one resource, without source and position.
   *
   * @param all the policy there is; whether the applied resource, or an older form of it, is among
   *     it makes no difference
   * @param knownHosts full names of services that are known otherwise, from registered agents say;
   *     the hosts of the ServiceEntries in {@code all} count anyway
   */
  public static List<PolicyProblem> warnings(
      Collection<PolicyResource> all, PolicyResource applied, Set<String> knownHosts) {
    ReferenceCheck check = new ReferenceCheck(all, applied, knownHosts);
    if (applied.spec() instanceof VirtualService service) {
      check.destinations(service);
      check.conflicts(service);
    } else if (applied.spec() instanceof DestinationRule rule) {
      check.ruleHost(rule);
    }
    return List.copyOf(check.warnings);
  }

  private void destinations(VirtualService service) {
    for (int i = 0; i < service.http().size(); i++) {
      HttpRoute rule = service.http().get(i);
      String path = "spec.http[" + i + "]";
      for (int j = 0; j < rule.route().size(); j++) {
        destination(path + ".route[" + j + "].destination", rule.route().get(j).destination());
      }
      for (Mirror mirror : rule.mirrors()) {
        destination(path + ".mirror", mirror.destination());
      }
      if (rule.delegate() != null && !rule.delegate().name().isEmpty()) {
        delegate(path + ".delegate", rule.delegate());
      }
    }
  }

  private void destination(String path, Destination destination) {
    String host = Hosts.fqdn(destination.host(), namespace);
    if (!isKnown(host)) {
      warn(path + ".host", "referenced host not found: " + unknownHost(destination.host(), host));
    }
    if (destination.subset() != null) {
      subset(path + ".subset", destination.host(), host, destination.subset());
    }
  }

  private void delegate(String path, Delegate delegate) {
    String wanted = delegate.namespace() == null ? namespace : delegate.namespace();
    String name = wanted + "/" + delegate.name();
    VirtualService child = virtualServices.get(name);
    if (child == null) {
      warn(
          path,
          "referenced VirtualService not found: "
              + Quoting.quote(name)
              + "; until there is one, the rule has no effect");
    } else if (!child.isDelegate()) {
      warn(
          path,
          "the VirtualService "
              + name
              + " has hosts of its own, and so it is no delegate; remove its hosts. Until then the"
              + " rule has no effect");
    }
  }

  private void subset(String path, String written, String host, String subset) {
    Set<String> known = subsets.computeIfAbsent(host, this::subsetsOf);
    if (!known.contains(subset)) {
      warn(
          path,
          "referenced host+subset in destinationrule not found: "
              + Quoting.quote(written + "+" + subset)
              + NearestName.hint(subset, known)
              + (known.isEmpty()
                  ? "; no DestinationRule has subsets for this host"
                  : " (subsets of this host: " + Quoting.list(known) + ")")
              + "; until there is one, calls that are sent there fail with 503");
    }
  }

  private Set<String> subsetsOf(String host) {
    Set<String> known = new TreeSet<>();
    for (PolicyResource other : others) {
      if (other.spec() instanceof DestinationRule rule
          && Hosts.matches(Hosts.fqdn(rule.host(), namespace(other)), host)) {
        rule.subsets().forEach(one -> known.add(one.name()));
      }
    }
    return known;
  }

  private void conflicts(VirtualService service) {
    Set<String> own = new TreeSet<>();
    service.hosts().forEach(host -> own.add(Hosts.fqdn(host, namespace)));
    for (PolicyResource other : others) {
      if (other.spec() instanceof VirtualService rival) {
        for (String written : rival.hosts()) {
          String host = Hosts.fqdn(written, namespace(other));
          if (own.contains(host)) {
            conflict(other, host);
          }
        }
      }
    }
  }

  private void conflict(PolicyResource other, String host) {
    warn(
        "spec.hosts",
        "the VirtualServices "
            + namespace(other)
            + "/"
            + other.metadata().name()
            + " and "
            + namespace
            + "/"
            + applied.metadata().name()
            + " define the same host "
            + host
            + "; they do not merge, and only the older one takes effect: put the routes into one"
            + " resource");
  }

  private void ruleHost(DestinationRule rule) {
    String host = Hosts.fqdn(rule.host(), namespace);
    if (!host.startsWith("*") && !isKnown(host)) {
      warn("spec.host", "referenced host not found: " + unknownHost(rule.host(), host));
    }
  }

  private boolean isKnown(String host) {
    return hosts.contains(host)
        || wildcards.stream().anyMatch(wildcard -> Hosts.matches(wildcard, host));
  }

  private String unknownHost(String written, String host) {
    return Quoting.quote(written)
        + (written.equals(host) ? "" : " (" + host + ")")
        + suggestions.computeIfAbsent(host, this::suggestion);
  }

  /** {@code orders.shop} is a full name to Istio, and rarely meant as one. */
  private String suggestion(String host) {
    String remedy = "start a service of this name, or apply a ServiceEntry for it";
    String completed = host + "." + Hosts.CLUSTER_DOMAIN;
    String hint =
        hosts.contains(completed)
            ? "; did you mean \"" + completed + "\"? (a name with a dot is not completed)"
            : suggestions.size() < MAX_SEARCHES ? nearest(host) : "";
    return hint.isEmpty() ? "; " + remedy : hint + " If not, " + remedy;
  }

  /** Short names are compared with short names: the long end that all share would hide the rest. */
  private String nearest(String host) {
    String end = "." + namespace + "." + Hosts.CLUSTER_DOMAIN;
    if (!host.endsWith(end)) {
      return NearestName.hint(host, hosts);
    }
    List<String> neighbours =
        hosts.stream()
            .filter(known -> known.endsWith(end))
            .map(known -> known.substring(0, known.length() - end.length()))
            .toList();
    return NearestName.hint(host.substring(0, host.length() - end.length()), neighbours);
  }

  private void warn(String path, String message) {
    if (warnings.size() < MAX_WARNINGS) {
      warnings.add(
          new PolicyProblem(Severity.WARNING, "", 0, 0, applied.displayName(), path, message));
    }
  }

  private static boolean isSame(PolicyResource a, PolicyResource b) {
    return a.kind() == b.kind()
        && a.metadata().name().equals(b.metadata().name())
        && namespace(a).equals(namespace(b));
  }

  private static String namespace(PolicyResource resource) {
    return resource.metadata().namespaceOr(DEFAULT_NAMESPACE);
  }
}
