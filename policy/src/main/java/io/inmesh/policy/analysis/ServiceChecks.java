package io.inmesh.policy.analysis;

import io.inmesh.policy.MessageCode;
import io.inmesh.policy.Quoting;
import io.inmesh.policy.ServiceEntry;
import io.inmesh.policy.ServicePort;
import io.inmesh.policy.WorkloadEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Whether services have workloads, and workloads services. */
final class ServiceChecks {

  private final Services services;
  private final Report report;

  ServiceChecks(Services services, Report report) {
    this.services = services;
    this.report = report;
  }

  void check(Subject subject, ServiceEntry entry) {
    for (int i = 0; i < entry.hosts().size(); i++) {
      sameHost(subject, entry.hosts().get(i), "spec.hosts[" + i + "]");
    }
    if (entry.workloadSelector() == null) {
      empty(entry);
    }
    Map<Map<String, Integer>, Integer> places = new HashMap<>();
    for (int i = 0; i < entry.endpoints().size(); i++) {
      Integer first = places.putIfAbsent(addresses(entry.endpoints().get(i), entry), i);
      if (first != null && !entry.ports().isEmpty()) {
        report.add(
            MessageCode.ENDPOINT_TWICE,
            "spec.endpoints[" + i + "]",
            Quoting.quote(entry.endpoints().get(i).address())
                + " with the same ports is there before, at endpoints["
                + first
                + "], and counts once",
            "give it its own address or ports, or remove it");
      }
    }
    Map<String, String> selector = entry.workloadSelector();
    if (selector != null
        && services.registry().known()
        && services.selected(subject.namespace(), entry).isEmpty()) {
      report.add(
          MessageCode.NO_MATCHING_WORKLOADS,
          "spec.workloadSelector",
          "no matching workloads for this resource with the following labels: "
              + DestinationRuleChecks.shown(selector),
          "apply a WorkloadEntry, or start an agent, with these labels in the namespace "
              + subject.namespace());
    }
  }

  private void empty(ServiceEntry entry) {
    for (String written : entry.hosts()) {
      String host = written.toLowerCase(Locale.ROOT);
      if (services.endpointsAreKnown(host) && services.endpoints(host).isEmpty()) {
        report.add(
            MessageCode.HOST_WITHOUT_ENDPOINTS,
            "spec.endpoints",
            Quoting.quote(written) + " has no endpoint: calls to it get 503",
            "list endpoints, or select workloads");
        return;
      }
    }
  }

  private static Map<String, Integer> addresses(WorkloadEntry endpoint, ServiceEntry entry) {
    Map<String, Integer> addresses = new TreeMap<>();
    for (ServicePort port : entry.ports()) {
      int target = endpoint.ports().getOrDefault(port.name(), port.targetPort());
      addresses.put(endpoint.address() + " " + port.name(), target);
    }
    return addresses;
  }

  private void sameHost(Subject subject, String host, String path) {
    List<Subject> entries = services.entries(host);
    Subject oldest = entries.get(0);
    if (oldest.ref().equals(subject.ref())) {
      return;
    }
    Subject counts =
        entries.stream()
            .filter(entry -> entry.namespace().equals(subject.namespace()))
            .findFirst()
            .orElse(oldest);
    boolean elsewhere = counts.ref().equals(subject.ref());
    report.add(
        MessageCode.ENTRIES_ON_ONE_HOST,
        path,
        "the older ServiceEntry "
            + (elsewhere ? oldest : counts).ref().qualifiedName()
            + " defines the host "
            + host
            + " too; their endpoints do not add up: "
            + (elsewhere
                ? "this one counts for callers in the namespace " + subject.namespace() + " only"
                : "this one does not count"),
        "put them into one resource");
  }

  void check(Subject subject, WorkloadEntry workload) {
    List<ServiceEntry> entries = new ArrayList<>();
    for (Subject other : services.entriesIn(subject.namespace())) {
      if (other.spec() instanceof ServiceEntry entry
          && entry.workloadSelector() != null
          && workload.labels().entrySet().containsAll(entry.workloadSelector().entrySet())) {
        entries.add(entry);
      }
    }
    if (entries.isEmpty()) {
      report.add(
          MessageCode.WORKLOAD_UNUSED,
          "spec.labels",
          "no ServiceEntry in the namespace "
              + subject.namespace()
              + " selects this workload, and so nobody calls it (labels: "
              + DestinationRuleChecks.shown(workload.labels())
              + ")",
          "apply one with a workloadSelector that these labels meet");
      return;
    }
    Set<String> known = new TreeSet<>();
    entries.forEach(entry -> entry.ports().forEach(port -> known.add(port.name())));
    for (String name : new TreeSet<>(workload.ports().keySet())) {
      if (!known.contains(name)) {
        report.add(
            MessageCode.WORKLOAD_PORT_UNKNOWN,
            "spec.ports." + name,
            "no ServiceEntry that selects this workload has a port named " + Quoting.quote(name),
            "their ports are named " + Quoting.list(known));
      }
    }
  }
}
