package io.inmesh.control.registry;

import io.inmesh.control.registry.AgentReport.PortMapping;
import io.inmesh.policy.ServiceEntry;
import io.inmesh.policy.ServicePort;
import io.inmesh.policy.WorkloadEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
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
 * Every service and endpoint at one moment. Immutable.
 *
 * <p>A service is a host with a {@link ServiceEntry}, or the host that a connected agent serves, or
 * both: then their endpoints add up.
 */
public final class ServiceRegistry {
  /** No service at all. */
  public static final ServiceRegistry EMPTY = new ServiceRegistry(List.of(), List.of());

  private static final Comparator<ServiceEndpoint> IN_ORDER =
      Comparator.comparing(ServiceEndpoint::address).thenComparingInt(ServiceEndpoint::port);

  private final Map<String, List<StoredPolicy>> entriesByHost = new HashMap<>();
  private final Map<String, List<StoredPolicy>> workloadsByNamespace = new HashMap<>();
  private final Map<String, List<AgentReport>> agentsByHost = new HashMap<>();
  private final Map<String, List<AgentReport>> agentsByNamespace = new HashMap<>();
  private final List<AgentReport> agents;

  /**
   * @param policies resources of any kind; those that define services are used
   * @param agents whose endpoints count
   */
  public ServiceRegistry(Collection<StoredPolicy> policies, Collection<AgentReport> agents) {
    policies.stream()
        .sorted(StoredPolicy.BY_AGE)
        .forEach(
            policy -> {
              if (policy.spec() instanceof ServiceEntry entry) {
                entry
                    .hosts()
                    .forEach(host -> add(entriesByHost, host.toLowerCase(Locale.ROOT), policy));
              } else if (policy.spec() instanceof WorkloadEntry) {
                add(workloadsByNamespace, policy.namespace(), policy);
              }
            });
    this.agents = List.copyOf(agents);
    for (AgentReport agent : agents) {
      add(agentsByNamespace, agent.namespace(), agent);
      if (!agent.service().isEmpty()) {
        add(agentsByHost, agent.host(), agent);
      }
    }
  }

  private static <T> void add(Map<String, List<T>> map, String key, T value) {
    map.computeIfAbsent(key, unused -> new ArrayList<>()).add(value);
  }

  /** The agents whose endpoints count. */
  public List<AgentReport> agents() {
    return agents;
  }

  /** The same agents under other policy. */
  public ServiceRegistry withPolicies(Collection<StoredPolicy> policies) {
    return new ServiceRegistry(policies, agents);
  }

  /** The hosts of all services, in order. */
  public Set<String> hosts() {
    Set<String> hosts = new TreeSet<>(entriesByHost.keySet());
    hosts.addAll(agentsByHost.keySet());
    return hosts;
  }

  /** The hosts that a ServiceEntry defines. */
  public Set<String> entryHosts() {
    return entriesByHost.keySet();
  }

  /** The ServiceEntry that defines a host for a client: of its own namespace, else the oldest. */
  public Optional<StoredPolicy> entry(String host, String clientNamespace) {
    List<StoredPolicy> entries = entriesByHost.getOrDefault(host, List.of());
    return entries.stream()
        .filter(entry -> entry.namespace().equals(clientNamespace))
        .findFirst()
        .or(() -> entries.stream().findFirst());
  }

  /** The ports of a service that clients can call, ascending; empty when nobody says. */
  public Set<Integer> ports(String host, String clientNamespace) {
    Set<Integer> ports = new TreeSet<>();
    Optional<StoredPolicy> entry = entry(host, clientNamespace);
    if (entry.isPresent()) {
      spec(entry.get()).ports().forEach(port -> ports.add(port.number()));
    } else {
      for (AgentReport agent : agentsByHost.getOrDefault(host, List.of())) {
        agent.ports().forEach(port -> ports.add(port.service()));
      }
    }
    return ports;
  }

  /** Whether agents may be, or become, endpoints of a service. */
  public boolean maySpring(String host, String clientNamespace) {
    return entry(host, clientNamespace)
        .map(entry -> spec(entry).workloadSelector() != null)
        .orElse(true);
  }

  /** The endpoints of a service for one of its ports, in a stable order, each once. */
  public List<ServiceEndpoint> endpoints(String host, int port, String clientNamespace) {
    Map<String, ServiceEndpoint> found = new LinkedHashMap<>();
    for (AgentReport agent : agentsByHost.getOrDefault(host, List.of())) {
      Integer target = target(agent, port);
      if (target != null) {
        put(found, ofAgent(agent, target));
      }
    }
    entry(host, clientNamespace)
        .ifPresent(entry -> entryEndpoints(entry, port).forEach(each -> put(found, each)));
    List<ServiceEndpoint> sorted = new ArrayList<>(found.values());
    sorted.sort(IN_ORDER);
    return sorted;
  }

  private List<ServiceEndpoint> entryEndpoints(StoredPolicy policy, int number) {
    ServiceEntry entry = spec(policy);
    Optional<ServicePort> port =
        entry.ports().stream().filter(each -> each.number() == number).findFirst();
    if (port.isEmpty()) {
      return List.of();
    }
    List<ServiceEndpoint> found = new ArrayList<>();
    String self = "ServiceEntry/" + policy.namespace() + "/" + policy.name();
    entry.endpoints().forEach(each -> found.add(ofWorkload(each, port.get(), self)));
    Map<String, String> selector = entry.workloadSelector();
    if (selector == null) {
      return found;
    }
    for (AgentReport agent : agentsByNamespace.getOrDefault(policy.namespace(), List.of())) {
      if (agent.labels().entrySet().containsAll(selector.entrySet())) {
        Integer target = target(agent, number);
        found.add(ofAgent(agent, target == null ? port.get().targetPort() : target));
      }
    }
    for (StoredPolicy other : workloadsByNamespace.getOrDefault(policy.namespace(), List.of())) {
      if (other.spec() instanceof WorkloadEntry workload
          && workload.labels().entrySet().containsAll(selector.entrySet())) {
        String source = "WorkloadEntry/" + other.namespace() + "/" + other.name();
        found.add(ofWorkload(workload, port.get(), source));
      }
    }
    return found;
  }

  /** The first to name an address and port counts: agents know best. */
  private static void put(Map<String, ServiceEndpoint> found, ServiceEndpoint endpoint) {
    found.putIfAbsent(endpoint.address() + "|" + endpoint.port(), endpoint);
  }

  private static @Nullable Integer target(AgentReport agent, int port) {
    for (PortMapping mapping : agent.ports()) {
      if (mapping.service() == port) {
        return mapping.target();
      }
    }
    return null;
  }

  private static ServiceEndpoint ofAgent(AgentReport agent, int target) {
    return new ServiceEndpoint(
        agent.address(), target, 1, agent.labels(), "agent/" + agent.instance());
  }

  private static ServiceEndpoint ofWorkload(
      WorkloadEntry workload, ServicePort port, String source) {
    int target = workload.ports().getOrDefault(port.name(), port.targetPort());
    Map<String, String> labels = new LinkedHashMap<>(workload.labels());
    if (!workload.locality().isEmpty()) {
      // Istio's label for the same, which the field goes before.
      labels.put("topology.istio.io/locality", workload.locality());
    }
    return new ServiceEndpoint(
        workload.address(), target, Math.max(1, workload.weight()), labels, source);
  }

  private static ServiceEntry spec(StoredPolicy policy) {
    return (ServiceEntry) policy.spec();
  }
}
