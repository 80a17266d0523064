package io.inmesh.control.compile;

import io.inmesh.control.registry.StoredPolicy;
import io.inmesh.policy.DestinationRule;
import io.inmesh.policy.Hosts;
import io.inmesh.policy.Subset;
import io.inmesh.policy.TrafficPolicy;
import io.inmesh.policy.VirtualService;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which policy counts for which host. Immutable.
 *
 * <p>As Istio does it: the oldest VirtualService that names a host owns it, an exact name going
 * before a wildcard; a DestinationRule is looked for in the client's namespace first, then in the
 * service's, within each the exact host before the longest wildcard; rules of one namespace on one
 * host merge.
 */
public final class PolicyIndex {
  /** No policy. */
  public static final PolicyIndex EMPTY = new PolicyIndex(List.of());

  private final Map<String, StoredPolicy> owners = new HashMap<>();
  private final Map<String, Map<String, Rule>> rulesByNamespace = new HashMap<>();
  private final List<StoredPolicy> all;

  /**
   * @param policies of any kind; each with its namespace
   */
  public PolicyIndex(Collection<StoredPolicy> policies) {
    all = policies.stream().sorted(StoredPolicy.BY_AGE).toList();
    for (StoredPolicy policy : all) {
      if (policy.spec() instanceof VirtualService service) {
        for (String host : service.hosts()) {
          owners.putIfAbsent(fqdn(host, policy), policy);
        }
      } else if (policy.spec() instanceof DestinationRule rule) {
        rulesByNamespace
            .computeIfAbsent(policy.namespace(), unused -> new HashMap<>())
            .merge(fqdn(rule.host(), policy), Rule.of(rule), Rule::mergeYounger);
      }
    }
  }

  /**
   * What DestinationRules say about a host.
   *
   * @param subsets by name
   */
  record Rule(TrafficPolicy trafficPolicy, Map<String, Subset> subsets) {
    static final Rule NONE = new Rule(TrafficPolicy.NONE, Map.of());

    static Rule of(DestinationRule rule) {
      Map<String, Subset> subsets = new LinkedHashMap<>();
      rule.subsets().forEach(subset -> subsets.putIfAbsent(subset.name(), subset));
      return new Rule(rule.trafficPolicy(), subsets);
    }

    Rule mergeYounger(Rule younger) {
      Map<String, Subset> merged = new LinkedHashMap<>(younger.subsets);
      merged.putAll(subsets);
      boolean silent = trafficPolicy.equals(TrafficPolicy.NONE);
      return new Rule(silent ? younger.trafficPolicy : trafficPolicy, merged);
    }
  }

  private static String fqdn(String host, StoredPolicy policy) {
    return Hosts.fqdn(host, policy.namespace()).toLowerCase(Locale.ROOT);
  }

  /** Every resource, the oldest first. */
  public List<StoredPolicy> all() {
    return all;
  }

  /** The VirtualService that owns a host. */
  Optional<StoredPolicy> virtualService(String host) {
    return Optional.ofNullable(bestMatch(owners, host));
  }

  /** What DestinationRules say about a host to a client. */
  Optional<Rule> rule(String host, String clientNamespace, String serviceNamespace) {
    Rule own = bestMatch(rulesByNamespace.getOrDefault(clientNamespace, Map.of()), host);
    return Optional.ofNullable(
        own != null
            ? own
            : bestMatch(rulesByNamespace.getOrDefault(serviceNamespace, Map.of()), host));
  }

  /** Whether a resource that this client sees names just this host. */
  boolean names(String host, String clientNamespace, String serviceNamespace) {
    return owners.containsKey(host)
        || rulesByNamespace.getOrDefault(clientNamespace, Map.of()).containsKey(host)
        || rulesByNamespace.getOrDefault(serviceNamespace, Map.of()).containsKey(host);
  }

  /** Whether a resource that this client sees names this host or a wildcard over it. */
  boolean covers(String host, String clientNamespace, String serviceNamespace) {
    return virtualService(host).isPresent()
        || rule(host, clientNamespace, serviceNamespace).isPresent();
  }

  /** Every host that is named in full, in order. */
  public Set<String> namedHosts() {
    Set<String> hosts = new TreeSet<>(owners.keySet());
    rulesByNamespace.values().forEach(rules -> hosts.addAll(rules.keySet()));
    hosts.removeIf(host -> host.startsWith("*"));
    return hosts;
  }

  /** Whether any resource names a host or a wildcard over it. */
  public boolean covers(String host) {
    return virtualService(host).isPresent()
        || rulesByNamespace.values().stream().anyMatch(rules -> bestMatch(rules, host) != null);
  }

  /** The value of the exact host, else of the longest wildcard over it. */
  static <T> @Nullable T bestMatch(Map<String, T> byHost, String host) {
    T exact = byHost.get(host);
    if (exact != null) {
      return exact;
    }
    for (String wildcard : wildcards(host)) {
      T value = byHost.get(wildcard);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /** {@code a.b.c} -> {@code *.b.c}, {@code *.c}, {@code *}. */
  static List<String> wildcards(String host) {
    List<String> wildcards = new ArrayList<>();
    for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
      wildcards.add("*" + host.substring(dot));
    }
    wildcards.add("*");
    return wildcards;
  }
}
