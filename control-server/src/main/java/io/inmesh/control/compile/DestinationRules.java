package io.inmesh.control.compile;

import io.inmesh.control.compile.PolicyIndex.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * DestinationRules by the namespace that they are in, merged as istiod merges them.
 *
 * <p>Rules on one host become one when they are exported alike, or when the younger one is exported
 * to all that the older names; others stay apart, and of those the last one counts. What clients of
 * the rules' own namespace get is merged apart from what others get, since not all of it is for
 * both.
 */
final class DestinationRules {
  private final Map<String, Map<String, List<Rule>>> own = new HashMap<>();
  private final Map<String, Map<String, List<Rule>>> exported = new HashMap<>();

  /** Those of the root namespace that are for its own clients only. */
  private final Map<String, List<Rule>> rootOwn = new HashMap<>();

  private final Set<String> hosts = new TreeSet<>();

  /**
   * Adds a rule: those with a workload selector first, then the oldest first.
   *
   * @param host in full
   */
  void add(String host, Rule rule) {
    hosts.add(host);
    String namespace = rule.namespace();
    if (PolicyIndex.isVisible(rule.exportTo(), namespace, namespace)) {
      merge(own.computeIfAbsent(namespace, unused -> new HashMap<>()), host, rule);
    }
    boolean isPrivate =
        rule.exportTo().equals(Set.of(".")) || rule.exportTo().equals(Set.of(namespace));
    if (!isPrivate) {
      merge(exported.computeIfAbsent(namespace, unused -> new HashMap<>()), host, rule);
    } else if (namespace.equals(PolicyIndex.ROOT_NAMESPACE)) {
      merge(rootOwn, host, rule);
    }
  }

  private static void merge(Map<String, List<Rule>> byHost, String host, Rule younger) {
    List<Rule> rules = byHost.computeIfAbsent(host, unused -> new ArrayList<>());
    boolean apart = true;
    for (int i = 0; i < rules.size(); i++) {
      Rule older = rules.get(i);
      boolean alike = younger.exportTo().equals(older.exportTo());
      boolean wider =
          !older.exportTo().isEmpty() && younger.exportTo().containsAll(older.exportTo());
      boolean bothSelect = younger.selects() && older.selects();
      boolean sameSelector = younger.workloadSelector().equals(older.workloadSelector());
      if ((!alike && !wider) || (bothSelect && !sameSelector)) {
        apart = true;
        continue;
      }
      apart = !alike && !sameSelector;
      rules.set(i, older.mergeYounger(younger));
    }
    if (apart) {
      rules.add(younger);
    }
  }

  /** What counts for a client that calls a host of a service. */
  Optional<Rule> find(String host, Client client, String serviceNamespace) {
    List<Rule> first = PolicyIndex.bestMatch(ownOf(client), host);
    if (first != null) {
      return forClient(first, client);
    }
    for (String namespace : List.of(serviceNamespace, PolicyIndex.ROOT_NAMESPACE)) {
      List<Rule> theirs = exported(PolicyIndex.bestMatch(exportedBy(namespace), host), client);
      if (!theirs.isEmpty()) {
        return forClient(theirs, client);
      }
    }
    return Optional.empty();
  }

  /** Whether one that this client sees names just this host. */
  boolean names(String host, Client client, String serviceNamespace) {
    return ownOf(client).containsKey(host)
        || !exported(exportedBy(serviceNamespace).get(host), client).isEmpty();
  }

  /** Every host that is named. */
  Set<String> hosts() {
    return hosts;
  }

  private Map<String, List<Rule>> ownOf(Client client) {
    return client.namespace().equals(PolicyIndex.ROOT_NAMESPACE)
        ? rootOwn
        : own.getOrDefault(client.namespace(), Map.of());
  }

  private Map<String, List<Rule>> exportedBy(String namespace) {
    return exported.getOrDefault(namespace, Map.of());
  }

  private static List<Rule> exported(@Nullable List<Rule> rules, Client client) {
    return rules == null
        ? List.of()
        : rules.stream()
            .filter(
                rule ->
                    rule.exportTo().isEmpty()
                        || rule.exportTo().contains("*")
                        || rule.exportTo().contains(client.namespace()))
            .toList();
  }

  /** One that selects the client goes before one for everybody, of which the last counts. */
  private static Optional<Rule> forClient(List<Rule> rules, Client client) {
    Rule found = null;
    for (Rule rule : rules) {
      if (!rule.selects()) {
        found = rule;
      } else if (rule.namespace().equals(client.namespace())
          && client.has(rule.workloadSelector())) {
        return Optional.of(rule);
      }
    }
    return Optional.ofNullable(found);
  }
}
