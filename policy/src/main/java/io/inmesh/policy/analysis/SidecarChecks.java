package io.inmesh.policy.analysis;

import io.inmesh.policy.Hosts;
import io.inmesh.policy.MessageCode;
import io.inmesh.policy.Quoting;
import io.inmesh.policy.Sidecar;
import io.inmesh.policy.Sidecar.HostSelector;
import io.inmesh.policy.analysis.Registry.Workload;
import java.util.List;
import java.util.Locale;

/** Whether a Sidecar is for somebody, for him alone, and lets through what there is. */
final class SidecarChecks {

  private final Policies policies;
  private final Services services;
  private final Report report;

  SidecarChecks(Policies policies, Services services, Report report) {
    this.policies = policies;
    this.services = services;
    this.report = report;
  }

  void check(Subject subject, Sidecar sidecar) {
    if (sidecar.workloadSelector().isEmpty()) {
      alone(subject);
    } else {
      selected(subject, sidecar);
    }
    for (int i = 0; i < sidecar.egress().size(); i++) {
      List<HostSelector> hosts = sidecar.egress().get(i).hosts();
      for (int j = 0; j < hosts.size(); j++) {
        egress(subject, hosts.get(j), "spec.egress[" + i + "].hosts[" + j + "]");
      }
    }
  }

  private void alone(Subject subject) {
    List<Subject> without =
        policies.sidecars(subject.namespace()).stream()
            .filter(each -> ((Sidecar) each.spec()).workloadSelector().isEmpty())
            .toList();
    if (without.size() > 1) {
      report.add(
          MessageCode.SIDECARS_WITHOUT_SELECTOR,
          "metadata.name",
          "the Sidecars ["
              + names(without)
              + "] in namespace "
              + Quoting.quote(subject.namespace())
              + " have no workload selector; the oldest, "
              + without.get(0).ref().name()
              + ", is the only one that counts",
          "remove the others, or give them selectors");
    }
  }

  private void selected(Subject subject, Sidecar sidecar) {
    Registry registry = services.registry();
    List<Workload> workloads =
        registry.workloads().stream()
            .filter(each -> each.namespace().equals(subject.namespace()))
            .filter(each -> each.has(sidecar.workloadSelector()))
            .toList();
    if (workloads.isEmpty() && registry.known()) {
      report.add(
          MessageCode.REFERENCED_RESOURCE_NOT_FOUND,
          "spec.workloadSelector",
          "referenced selector not found: "
              + Quoting.quote(DestinationRuleChecks.shown(sidecar.workloadSelector())),
          "no agent in the namespace " + subject.namespace() + " has these labels");
    }
    for (Subject other : policies.sidecars(subject.namespace())) {
      Sidecar theirs = (Sidecar) other.spec();
      if (other.ref().equals(subject.ref()) || theirs.workloadSelector().isEmpty()) {
        continue;
      }
      String both =
          workloads.stream()
              .filter(each -> each.has(theirs.workloadSelector()))
              .findFirst()
              .map(each -> "workload " + Quoting.quote(each.name()))
              .orElse(
                  theirs.workloadSelector().equals(sidecar.workloadSelector()) ? "workloads" : "");
      if (!both.isEmpty()) {
        List<Subject> inOrder = policies.sidecars(subject.namespace());
        boolean own = inOrder.indexOf(subject) < inOrder.indexOf(other);
        report.add(
            MessageCode.CONFLICTING_SIDECARS,
            "spec.workloadSelector",
            "the Sidecars ["
                + names(own ? List.of(subject, other) : List.of(other, subject))
                + "] in namespace "
                + Quoting.quote(subject.namespace())
                + " select the same "
                + both
                + "; the older one, "
                + (own ? subject : other).ref().name()
                + ", counts for it",
            "give them labels that no workload has together");
      }
    }
  }

  private static String names(List<Subject> sidecars) {
    return Quoting.list(sidecars.stream().map(each -> each.ref().name()).toList());
  }

  private void egress(Subject subject, HostSelector selector, String path) {
    String host = selector.dnsName().toLowerCase(Locale.ROOT);
    if (host.startsWith("*") || selector.namespace().equals("~")) {
      return;
    }
    String owner = services.namespaceOf(host);
    boolean elsewhere = !owner.isEmpty() && !selector.selects(host, owner, subject.namespace());
    boolean ofPolicy =
        policies.virtualServices(host).stream()
            .anyMatch(each -> selector.selects(host, each.namespace(), subject.namespace()));
    if (ofPolicy || (services.mayHave(host) && !elsewhere)) {
      return;
    }
    report.add(
        MessageCode.EGRESS_HOST_UNKNOWN,
        path,
        elsewhere
            ? "the host "
                + host
                + " is of the namespace "
                + owner
                + ", so that "
                + Quoting.quote(selector.namespace() + "/" + selector.dnsName())
                + " lets nothing through"
            : "no service has the host " + Quoting.quote(host),
        elsewhere
            ? "write " + Quoting.quote(owner + "/" + selector.dnsName())
            : host.indexOf('.') < 0
                ? "write it in full, as "
                    + Quoting.quote(host + "." + subject.namespace() + "." + Hosts.CLUSTER_DOMAIN)
                : services.names().remedy(host, subject.namespace()));
  }
}
