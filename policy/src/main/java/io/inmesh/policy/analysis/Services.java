package io.inmesh.policy.analysis;

import io.inmesh.policy.Hosts;
import io.inmesh.policy.ServiceEntry;
import io.inmesh.policy.WorkloadEntry;
import io.inmesh.policy.analysis.Registry.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The services that there are: those of ServiceEntries and those that agents serve. Where several
 * ServiceEntries define a host, all of them count here: which one does, depends on the caller.
 */
final class Services {

  private final Registry registry;
  private final Map<String, List<Subject>> entries = new HashMap<>();
  private final Map<String, List<Subject>> workloadEntries = new HashMap<>();
  private final Map<String, List<Workload>> agents = new HashMap<>();
  private final Map<String, List<Map<String, String>>> endpoints = new HashMap<>();
  private final Set<String> hosts = new TreeSet<>();
  private final List<String> wildcards;
  private final Map<String, List<Subject>> entriesByNamespace = new HashMap<>();
  private final HostNames names;

  Services(Policies policies, Registry registry) {
    this.registry = registry;
    for (Subject subject : policies.all()) {
      if (subject.spec() instanceof ServiceEntry entry) {
        entry.hosts().forEach(host -> add(entries, host.toLowerCase(Locale.ROOT), subject));
        add(entriesByNamespace, subject.namespace(), subject);
      } else if (subject.spec() instanceof WorkloadEntry) {
        add(workloadEntries, subject.namespace(), subject);
      }
    }
    for (Workload workload : registry.workloads()) {
      if (!workload.host().isEmpty()) {
        add(agents, workload.host(), workload);
      }
    }
    hosts.addAll(entries.keySet());
    hosts.addAll(agents.keySet());
    wildcards = hosts.stream().filter(host -> host.startsWith("*")).toList();
    names = new HostNames(hosts);
  }

  private static <T> void add(Map<String, List<T>> map, String key, T value) {
    map.computeIfAbsent(key, unused -> new ArrayList<>()).add(value);
  }

  Registry registry() {
    return registry;
  }

  /** The hosts of all services, in order; wildcards too. */
  Set<String> hosts() {
    return hosts;
  }

  /** The service that a host is of: itself, or a wildcard that a ServiceEntry defines. */
  Optional<String> serviceOf(String host) {
    return hosts.contains(host)
        ? Optional.of(host)
        : wildcards.stream().filter(wildcard -> Hosts.matches(wildcard, host)).findFirst();
  }

  /** Whether a service has this host, or could have it for all that is known. */
  boolean mayHave(String host) {
    return serviceOf(host).isPresent()
        || (!registry.known() && host.endsWith("." + Hosts.CLUSTER_DOMAIN));
  }

  /** The ServiceEntries that define a host, the oldest first. */
  List<Subject> entries(String host) {
    return entries.getOrDefault(host.toLowerCase(Locale.ROOT), List.of());
  }

  /** What to say of hosts that no service has. */
  HostNames names() {
    return names;
  }

  /** The ServiceEntries of a namespace. */
  List<Subject> entriesIn(String namespace) {
    return entriesByNamespace.getOrDefault(namespace, List.of());
  }

  /** The WorkloadEntries of a namespace. */
  List<Subject> workloadEntries(String namespace) {
    return workloadEntries.getOrDefault(namespace, List.of());
  }

  /** The service ports of a host, ascending; empty = nobody says. */
  Set<Integer> ports(String host) {
    Set<Integer> ports = new TreeSet<>();
    serviceOf(host)
        .ifPresent(
            service -> {
              for (Subject entry : entries(service)) {
                ((ServiceEntry) entry.spec()).ports().forEach(port -> ports.add(port.number()));
              }
              if (ports.isEmpty()) {
                agents.getOrDefault(service, List.of()).forEach(each -> ports.addAll(each.ports()));
              }
            });
    return ports;
  }

  /** Whether {@link #endpoints} are all that there are. */
  boolean endpointsAreKnown(String host) {
    Optional<String> service = serviceOf(host);
    return service.isPresent()
        && (registry.known()
            || entries(service.get()).stream()
                .map(entry -> (ServiceEntry) entry.spec())
                .allMatch(entry -> listsItsEndpoints(entry, host)));
  }

  /** An entry for a name of the mesh may do no more than say the ports of what agents serve. */
  private static boolean listsItsEndpoints(ServiceEntry entry, String host) {
    return entry.workloadSelector() == null
        && (!entry.endpoints().isEmpty() || !host.endsWith("." + Hosts.CLUSTER_DOMAIN));
  }

  /** The labels of each endpoint of a host, or of all hosts under a wildcard. */
  List<Map<String, String>> endpoints(String host) {
    return endpoints.computeIfAbsent(
        host,
        unused -> {
          List<Map<String, String>> found = new ArrayList<>();
          if (host.startsWith("*")) {
            hosts.stream()
                .filter(service -> Hosts.matches(host, service))
                .forEach(service -> addEndpoints(service, found));
          } else {
            serviceOf(host).ifPresent(service -> addEndpoints(service, found));
          }
          return found;
        });
  }

  private void addEndpoints(String service, List<Map<String, String>> found) {
    agents.getOrDefault(service, List.of()).forEach(agent -> found.add(agent.labels()));
    for (Subject subject : entries(service)) {
      ServiceEntry entry = (ServiceEntry) subject.spec();
      entry.endpoints().forEach(endpoint -> found.add(endpoint.labels()));
      found.addAll(selected(subject.namespace(), entry));
    }
  }

  /** The labels of each WorkloadEntry and agent that a ServiceEntry selects. */
  List<Map<String, String>> selected(String namespace, ServiceEntry entry) {
    Map<String, String> selector = entry.workloadSelector();
    List<Map<String, String>> found = new ArrayList<>();
    if (selector == null) {
      return found;
    }
    for (Subject other : workloadEntries(namespace)) {
      Map<String, String> labels = ((WorkloadEntry) other.spec()).labels();
      if (labels.entrySet().containsAll(selector.entrySet())) {
        found.add(labels);
      }
    }
    for (Workload workload : registry.workloads()) {
      if (workload.namespace().equals(namespace) && workload.has(selector)) {
        found.add(workload.labels());
      }
    }
    return found;
  }

  /** The namespace of a service: of its ServiceEntry, else as its name says; "" = nobody says. */
  String namespaceOf(String host) {
    Optional<Subject> entry =
        serviceOf(host).flatMap(service -> entries(service).stream().findFirst());
    String suffix = "." + Hosts.CLUSTER_DOMAIN;
    if (entry.isPresent() || !host.endsWith(suffix)) {
      return entry.map(Subject::namespace).orElse("");
    }
    String name = host.substring(0, host.length() - suffix.length());
    return name.substring(name.indexOf('.') + 1);
  }
}
