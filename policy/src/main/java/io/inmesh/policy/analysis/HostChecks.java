package io.inmesh.policy.analysis;

import io.inmesh.policy.HttpMatch;
import io.inmesh.policy.HttpRoute;
import io.inmesh.policy.MessageCode;
import io.inmesh.policy.Quoting;
import io.inmesh.policy.VirtualService;
import java.util.List;

/** Whether the hosts that a VirtualService claims are its own. */
final class HostChecks {

  /** Nobody reads more. */
  private static final int MAX_RIVALS = 10;

  private final Policies policies;
  private final Services services;
  private final Report report;

  HostChecks(Policies policies, Services services, Report report) {
    this.policies = policies;
    this.services = services;
    this.report = report;
  }

  void check(Subject subject, VirtualService service) {
    if (service.isDelegate()) {
      if (!policies.isDelegatedTo(subject.ref())) {
        report.add(
            MessageCode.INEFFECTIVE_POLICY,
            "spec.hosts",
            "the policy has no impact: it has no hosts, and no VirtualService delegates to it",
            "name its hosts, or delegate to it from another VirtualService");
      }
      return;
    }
    if (!service.appliesToMesh()) {
      return;
    }
    for (int i = 0; i < service.hosts().size(); i++) {
      String written = service.hosts().get(i);
      String host = subject.fqdn(written);
      rivals(subject, host, "spec.hosts[" + i + "]");
      typo(subject, written, host, "spec.hosts[" + i + "]");
    }
  }

  private void rivals(Subject subject, String host, String path) {
    int told = 0;
    boolean older = true;
    for (Subject rival : policies.virtualServices(host)) {
      if (rival.ref().equals(subject.ref())) {
        older = false;
      } else if (told < MAX_RIVALS && meet(subject, rival)) {
        told++;
        conflict(older ? rival : subject, older ? subject : rival, host, path);
      }
    }
  }

  /** Whether some namespace sees both. */
  private static boolean meet(Subject a, Subject b) {
    return isSeenWhere(a, b) || isSeenWhere(b, a);
  }

  /** Whether one is seen from any of the namespaces that the other is exported to. */
  private static boolean isSeenWhere(Subject a, Subject b) {
    List<String> seenBy = ((VirtualService) a.spec()).exportTo();
    List<String> exportTo = ((VirtualService) b.spec()).exportTo();
    if (exportTo.isEmpty() || exportTo.contains("*")) {
      return true;
    }
    return exportTo.stream()
        .map(name -> name.equals(".") ? b.namespace() : name)
        .anyMatch(namespace -> a.isSeenFrom(namespace, seenBy));
  }

  private void conflict(Subject older, Subject younger, String host, String path) {
    VirtualService owner = (VirtualService) older.spec();
    report.add(
        MessageCode.CONFLICTING_HOSTS,
        path,
        "the VirtualServices "
            + older.ref().qualifiedName()
            + " and "
            + younger.ref().qualifiedName()
            + " define the same host "
            + host
            + "; they do not merge: "
            + older.ref().qualifiedName()
            + " is the older one and owns the host"
            + (isForEveryCaller(owner)
                ? ", and the rules of " + younger.ref().qualifiedName() + " are never used"
                : " for the callers and ports that its rules are for"),
        "put the routes into one resource");
  }

  /** A VirtualService without a rule for a caller leaves the host to the next one. */
  private static boolean isForEveryCaller(VirtualService service) {
    for (HttpRoute rule : service.http()) {
      if (rule.match().isEmpty() || rule.match().stream().anyMatch(HostChecks::isForEveryCaller)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isForEveryCaller(HttpMatch match) {
    return match.port() == 0
        && match.sourceLabels().isEmpty()
        && match.sourceNamespace().isEmpty()
        && match.appliesToMesh();
  }

  /** A host of its own may be meant; one that is nearly a service's rarely is. */
  private void typo(Subject subject, String written, String host, String path) {
    if (host.startsWith("*") || services.mayHave(host)) {
      return;
    }
    services
        .names()
        .nearest(host, subject.namespace())
        // A name that goes on where another ends, as orders-v2, is on purpose.
        .filter(name -> !name.startsWith(written) && !written.startsWith(name))
        .ifPresent(
            name ->
                report.add(
                    MessageCode.VIRTUAL_HOST_UNKNOWN,
                    path,
                    "no service has the host " + HostNames.shown(written, host),
                    "did you mean " + Quoting.quote(name) + "?"));
  }
}
