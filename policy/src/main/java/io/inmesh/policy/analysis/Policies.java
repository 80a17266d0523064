package io.inmesh.policy.analysis;

import io.inmesh.policy.Delegate;
import io.inmesh.policy.Destination;
import io.inmesh.policy.DestinationRule;
import io.inmesh.policy.Hosts;
import io.inmesh.policy.HttpRoute;
import io.inmesh.policy.Kind;
import io.inmesh.policy.Mirror;
import io.inmesh.policy.PolicyResource;
import io.inmesh.policy.RouteDestination;
import io.inmesh.policy.Sidecar;
import io.inmesh.policy.VirtualService;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Every resource, found by what refers to it. The oldest comes first everywhere. */
final class Policies {

  private final Map<ResourceRef, Subject> all = new LinkedHashMap<>();
  private final Map<String, List<Subject>> virtualServices = new HashMap<>();
  private final Map<String, List<Subject>> rules = new HashMap<>();
  private final List<Subject> wildcardRules = new ArrayList<>();
  private final Map<String, List<Subject>> sidecars = new HashMap<>();
  private final Set<ResourceRef> delegatedTo = new HashSet<>();
  private final Set<String> routedSubsets = new HashSet<>();
  private final Map<String, Set<String>> subsets = new HashMap<>();

  /**
   * @param resources the oldest first; of two that have one name, the last counts, in the place of
   *     the first
   */
  Policies(Collection<PolicyResource> resources) {
    for (PolicyResource resource : resources) {
      Subject subject = Subject.of(resource);
      all.put(subject.ref(), subject);
    }
    for (Subject subject : all.values()) {
      if (subject.spec() instanceof VirtualService service) {
        add(service, subject);
      } else if (subject.spec() instanceof DestinationRule rule) {
        String host = subject.fqdn(rule.host());
        add(rules, host, subject);
        if (host.startsWith("*")) {
          wildcardRules.add(subject);
        }
      } else if (subject.spec() instanceof Sidecar) {
        add(sidecars, subject.namespace(), subject);
      }
    }
  }

  private void add(VirtualService service, Subject subject) {
    if (service.appliesToMesh()) {
      service.hosts().stream()
          .map(subject::fqdn)
          .distinct()
          .forEach(host -> add(virtualServices, host, subject));
    }
    for (HttpRoute route : service.http()) {
      route.route().stream()
          .map(RouteDestination::destination)
          .forEach(destination -> addSubset(destination, subject));
      route.mirrors().stream()
          .map(Mirror::destination)
          .forEach(destination -> addSubset(destination, subject));
      if (route.delegate() != null && !service.isDelegate()) {
        delegatedTo.add(target(route.delegate(), subject));
      }
    }
  }

  private void addSubset(Destination destination, Subject subject) {
    if (destination.subset() != null) {
      routedSubsets.add(subject.fqdn(destination.host()) + "|" + destination.subset());
    }
  }

  private static void add(Map<String, List<Subject>> map, String key, Subject subject) {
    map.computeIfAbsent(key, unused -> new ArrayList<>()).add(subject);
  }

  static ResourceRef target(Delegate delegate, Subject root) {
    String namespace = delegate.namespace() == null ? root.namespace() : delegate.namespace();
    return new ResourceRef(Kind.VIRTUAL_SERVICE, namespace, delegate.name());
  }

  Collection<Subject> all() {
    return all.values();
  }

  @Nullable Subject find(ResourceRef ref) {
    return all.get(ref);
  }

  /** The VirtualServices of the mesh that name just this host, which may be a wildcard. */
  List<Subject> virtualServices(String host) {
    return virtualServices.getOrDefault(host, List.of());
  }

  /** Whether a VirtualService delegates to one. */
  boolean isDelegatedTo(ResourceRef ref) {
    return delegatedTo.contains(ref);
  }

  /** Whether a VirtualService sends or mirrors calls to a subset. */
  boolean isRouted(String host, String subset) {
    return routedSubsets.contains(host + "|" + subset);
  }

  /** The DestinationRules that name just this host, which may be a wildcard. */
  List<Subject> rulesOn(String host) {
    return rules.getOrDefault(host, List.of());
  }

  /** The DestinationRules on a host, or on a wildcard over it. */
  List<Subject> rulesOver(String host) {
    List<Subject> found = new ArrayList<>(rulesOn(host));
    for (Subject rule : wildcardRules) {
      String pattern = rule.fqdn(((DestinationRule) rule.spec()).host());
      if (!pattern.equals(host) && Hosts.matches(pattern, host)) {
        found.add(rule);
      }
    }
    return found;
  }

  /** The names of the subsets that a host has, whoever sees them. */
  Set<String> subsets(String host) {
    return subsets.computeIfAbsent(
        host,
        unused -> {
          Set<String> names = new TreeSet<>();
          rulesOver(host)
              .forEach(
                  rule ->
                      ((DestinationRule) rule.spec())
                          .subsets()
                          .forEach(subset -> names.add(subset.name())));
          return names;
        });
  }

  List<Subject> sidecars(String namespace) {
    return sidecars.getOrDefault(namespace, List.of());
  }

  /** Every host that a DestinationRule names, wildcards too. */
  Set<String> ruleHosts() {
    return rules.keySet();
  }
}
