package io.inmesh.control.compile;

import io.inmesh.control.registry.StoredPolicy;
import io.inmesh.policy.Delegate;
import io.inmesh.policy.DestinationRule;
import io.inmesh.policy.Hosts;
import io.inmesh.policy.HttpMatch;
import io.inmesh.policy.HttpRoute;
import io.inmesh.policy.LoadBalancer;
import io.inmesh.policy.Sidecar;
import io.inmesh.policy.Subset;
import io.inmesh.policy.TrafficPolicy;
import io.inmesh.policy.VirtualService;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which policy counts for which host and for whom. Immutable.
 *
 * <p>As Istio does it: the oldest VirtualService that names a host owns it, an exact name going
 * before a wildcard; a DestinationRule is looked for in the client's namespace first, then in the
 * service's, then in the root namespace, within each the exact host before the longest wildcard.
 */
public final class PolicyIndex {
  /** No policy. */
  public static final PolicyIndex EMPTY = new PolicyIndex(List.of());

  /** What is said there is for every namespace that says nothing itself; Istio's default. */
  static final String ROOT_NAMESPACE = "istio-system";

  private final Map<String, List<StoredPolicy>> virtualServices = new HashMap<>();
  private final Map<String, StoredPolicy> delegates = new HashMap<>();
  private final DestinationRules destinationRules = new DestinationRules();
  private final Map<String, List<StoredPolicy>> sidecars = new HashMap<>();
  private final Set<String> labels = new HashSet<>();
  private final boolean usesPlaces;
  private final List<StoredPolicy> all;

  /**
   * @param policies of any kind; each with its namespace
   */
  public PolicyIndex(Collection<StoredPolicy> policies) {
    all = policies.stream().sorted(StoredPolicy.BY_AGE).toList();
    boolean places = false;
    List<StoredPolicy> rules = new ArrayList<>();
    int selective = 0;
    for (StoredPolicy policy : all) {
      if (policy.spec() instanceof VirtualService service) {
        add(service, policy);
      } else if (policy.spec() instanceof DestinationRule rule) {
        labels.addAll(rule.workloadSelector().keySet());
        rules.add(rule.workloadSelector().isEmpty() ? rules.size() : selective++, policy);
      } else if (policy.spec() instanceof Sidecar sidecar) {
        labels.addAll(sidecar.workloadSelector().keySet());
        sidecars.computeIfAbsent(policy.namespace(), unused -> new ArrayList<>()).add(policy);
      }
    }
    for (StoredPolicy policy : rules) {
      places |= add((DestinationRule) policy.spec(), policy);
    }
    usesPlaces = places;
  }

  private void add(VirtualService service, StoredPolicy policy) {
    for (HttpRoute route : service.http()) {
      route.match().stream()
          .map(HttpMatch::sourceLabels)
          .forEach(each -> labels.addAll(each.keySet()));
    }
    if (service.isDelegate()) {
      delegates.putIfAbsent(policy.namespace() + "/" + policy.name(), policy);
      return;
    }
    if (service.appliesToMesh()) {
      for (String host : hosts(policy)) {
        virtualServices.computeIfAbsent(host, unused -> new ArrayList<>()).add(policy);
      }
    }
  }

  /** Whether the places of callers and endpoints matter to the rule. */
  private boolean add(DestinationRule rule, StoredPolicy policy) {
    destinationRules.add(fqdn(rule.host(), policy), Rule.of(rule, policy));
    boolean places = usesPlaces(rule.trafficPolicy());
    for (Subset subset : rule.subsets()) {
      places |= subset.trafficPolicy() != null && usesPlaces(subset.trafficPolicy());
    }
    return places;
  }

  private boolean usesPlaces(TrafficPolicy policy) {
    boolean places = policy.outlierDetection() != null;
    LoadBalancer balancer = policy.loadBalancer();
    if (balancer != null && balancer.locality() != null) {
      places = true;
      for (String label : balancer.locality().failoverPriority()) {
        labels.add(Localities.key(label));
      }
    }
    for (TrafficPolicy port : policy.ports().values()) {
      places |= usesPlaces(port);
    }
    return places;
  }

  /**
   * What DestinationRules say about a host.
   *
   * @param policy {@link TrafficPolicy#NONE}: nothing
   * @param subsets by name
   * @param names of the resources that are merged, the oldest first
   */
  record Rule(
      TrafficPolicy policy,
      Map<String, Subset> subsets,
      String namespace,
      Set<String> exportTo,
      Map<String, String> workloadSelector,
      List<String> names) {
    static final Rule NONE =
        new Rule(TrafficPolicy.NONE, Map.of(), "", Set.of(), Map.of(), List.of());

    static Rule of(DestinationRule rule, StoredPolicy resource) {
      Map<String, Subset> subsets = new LinkedHashMap<>();
      rule.subsets().forEach(subset -> subsets.putIfAbsent(subset.name(), subset));
      return new Rule(
          rule.trafficPolicy(),
          subsets,
          resource.namespace(),
          // What selects workloads is for those of its own namespace.
          rule.workloadSelector().isEmpty() ? Set.copyOf(rule.exportTo()) : Set.of("."),
          rule.workloadSelector(),
          List.of(resource.name()));
    }

    boolean selects() {
      return !workloadSelector.isEmpty();
    }

    Rule mergeYounger(Rule younger) {
      Map<String, Subset> merged = new LinkedHashMap<>(younger.subsets);
      merged.putAll(subsets);
      List<String> all = new ArrayList<>(names);
      all.addAll(younger.names);
      return new Rule(
          policy.equals(TrafficPolicy.NONE) ? younger.policy : policy,
          merged,
          namespace,
          exportTo,
          workloadSelector,
          all);
    }

    /** What counts for a subset (empty: the whole host) at a port. */
    TrafficPolicy policy(String subset, int port) {
      Subset part = subsets.get(subset);
      return policy.ofSubset(part == null ? null : part.trafficPolicy(), port);
    }
  }

  static String fqdn(String host, StoredPolicy policy) {
    return Hosts.fqdn(host, policy.namespace());
  }

  /** Every resource, the oldest first. */
  public List<StoredPolicy> all() {
    return all;
  }

  /** The client with only those of its labels that any policy looks at: what it has in common. */
  Client narrowed(Client client) {
    Map<String, String> kept = new HashMap<>();
    client
        .labels()
        .forEach(
            (key, value) -> {
              if (labels.contains(key) || (usesPlaces && Place.isMadeOf(key))) {
                kept.put(key, value);
              }
            });
    return new Client(client.namespace(), kept);
  }

  /**
   * The VirtualServices that a client sees and that name just this host, which may be a wildcard:
   * the first one that has rules for the client owns the host. Those that are only for the client's
   * namespace go before those that others export to it, and these before those for everybody.
   */
  List<StoredPolicy> virtualServices(String host, Client client) {
    return virtualServices(Set.of(host), client);
  }

  /** The same for several names of one host. */
  List<StoredPolicy> virtualServices(Set<String> hosts, Client client) {
    return hosts.stream()
        .flatMap(host -> virtualServices.getOrDefault(host, List.of()).stream())
        .distinct()
        .sorted(StoredPolicy.BY_AGE)
        .filter(
            policy ->
                isVisible(((VirtualService) policy.spec()).exportTo(), policy, client.namespace()))
        .sorted(Comparator.comparingInt(policy -> publicity(policy, client)))
        .toList();
  }

  /** The hosts that a VirtualService names, in full. */
  static Set<String> hosts(StoredPolicy service) {
    return ((VirtualService) service.spec())
        .hosts().stream().map(host -> fqdn(host, service)).collect(Collectors.toSet());
  }

  /** Of one that a client sees: 0, the client's namespace alone knows it; 2: everybody does. */
  private static int publicity(StoredPolicy policy, Client client) {
    Collection<String> exportTo = ((VirtualService) policy.spec()).exportTo();
    if (exportTo.isEmpty() || exportTo.contains("*")) {
      return 2;
    }
    return policy.namespace().equals(client.namespace()) ? 0 : 1;
  }

  /** The VirtualServices that name just this host, and that a client does not see. */
  List<StoredPolicy> hiddenVirtualServices(String host, Client client) {
    List<StoredPolicy> hidden = new ArrayList<>(virtualServices.getOrDefault(host, List.of()));
    hidden.removeAll(virtualServices(host, client));
    return hidden;
  }

  /** The VirtualService that rules delegate to, if the delegating one sees it. */
  Optional<StoredPolicy> delegate(Delegate delegate, StoredPolicy root) {
    String namespace = delegate.namespace() == null ? root.namespace() : delegate.namespace();
    return Optional.ofNullable(delegates.get(namespace + "/" + delegate.name()))
        .filter(
            policy ->
                isVisible(((VirtualService) policy.spec()).exportTo(), policy, root.namespace()));
  }

  private static boolean isVisible(
      Collection<String> exportTo, StoredPolicy policy, String namespace) {
    return isVisible(exportTo, policy.namespace(), namespace);
  }

  static boolean isVisible(Collection<String> exportTo, String own, String namespace) {
    return exportTo.isEmpty()
        || exportTo.contains("*")
        || exportTo.contains(namespace)
        || (exportTo.contains(".") && own.equals(namespace));
  }

  /** What DestinationRules say about a host to a client. */
  Optional<Rule> rule(String host, Client client, String serviceNamespace) {
    return destinationRules.find(host, client, serviceNamespace);
  }

  /** What a client may know of the mesh: everything, unless a Sidecar says otherwise. */
  Scope scope(Client client) {
    List<StoredPolicy> own = sidecars.getOrDefault(client.namespace(), List.of());
    for (StoredPolicy policy : own) {
      Sidecar sidecar = (Sidecar) policy.spec();
      if (!sidecar.workloadSelector().isEmpty() && client.has(sidecar.workloadSelector())) {
        return new Scope(sidecar, policy.namespace());
      }
    }
    return unselective(own)
        .or(() -> unselective(sidecars.getOrDefault(ROOT_NAMESPACE, List.of())))
        .map(policy -> new Scope((Sidecar) policy.spec(), client.namespace()))
        .orElse(Scope.EVERYTHING);
  }

  private static Optional<StoredPolicy> unselective(List<StoredPolicy> sidecars) {
    return sidecars.stream()
        .filter(policy -> ((Sidecar) policy.spec()).workloadSelector().isEmpty())
        .findFirst();
  }

  /** Whether a resource that this client sees names just this host. */
  boolean names(String host, Client client, String serviceNamespace) {
    return !virtualServices(host, client).isEmpty()
        || destinationRules.names(host, client, serviceNamespace);
  }

  /** Whether a resource that this client sees names this host or a wildcard over it. */
  boolean covers(String host, Client client, String serviceNamespace) {
    if (rule(host, client, serviceNamespace).isPresent()) {
      return true;
    }
    return chain(host).stream().anyMatch(each -> !virtualServices(each, client).isEmpty());
  }

  /** Every host that is named in full, in order. */
  public Set<String> namedHosts() {
    Set<String> hosts = new TreeSet<>(virtualServices.keySet());
    hosts.addAll(destinationRules.hosts());
    hosts.removeIf(host -> host.startsWith("*"));
    return hosts;
  }

  /** Whether any resource names a host in full. */
  boolean names(String host) {
    return virtualServices.containsKey(host) || destinationRules.hosts().contains(host);
  }

  /** Whether any resource names a host or a wildcard over it. */
  public boolean covers(String host) {
    return bestMatch(virtualServices, host) != null
        || chain(host).stream().anyMatch(destinationRules.hosts()::contains);
  }

  /** The value of the exact host, else of the longest wildcard over it. */
  static <T> @Nullable T bestMatch(Map<String, T> byHost, String host) {
    for (String each : chain(host)) {
      T value = byHost.get(each);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /** The host itself and every wildcard over it, the most specific first. */
  static List<String> chain(String host) {
    List<String> chain = new ArrayList<>();
    chain.add(host);
    chain.addAll(wildcards(host));
    return chain;
  }

  /** {@code a.b.c} -> {@code *.b.c}, {@code *.c}, {@code *}; {@code *.b.c} -> the two others. */
  static List<String> wildcards(String host) {
    List<String> wildcards = new ArrayList<>();
    int from = host.startsWith("*.") ? 2 : 1; // nothing before a dot is no label
    for (int dot = host.indexOf('.', from); dot >= 0; dot = host.indexOf('.', dot + 1)) {
      wildcards.add("*" + host.substring(dot));
    }
    if (!host.equals("*")) {
      wildcards.add("*");
    }
    return wildcards;
  }
}
