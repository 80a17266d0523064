package io.inmesh.policy.analysis;

import io.inmesh.policy.DestinationRule;
import io.inmesh.policy.MessageLevel;
import io.inmesh.policy.PolicyParser;
import io.inmesh.policy.PolicyProblem;
import io.inmesh.policy.PolicyResource;
import io.inmesh.policy.ServiceEntry;
import io.inmesh.policy.Sidecar;
import io.inmesh.policy.VirtualService;
import io.inmesh.policy.WorkloadEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Looks at all policy, and at what runs, and tells what is wrong or surprising: what {@code meshctl
 * analyze} shows and, as far as it is about the resource that is being applied, {@code meshctl
 * apply} warns of.
 *
 * <p>Used by one thread at a time.
 */
public final class Analysis {

  private static final Pattern CONTINUES = Pattern.compile("(is|has|names|switches|selects) ");

  private final Policies policies;
  private final Services services;

  private Analysis(Policies policies, Services services) {
    this.policies = policies;
    this.services = services;
  }

  /**
   * Makes ready to look at all of this.
   *
   * @param resources sound resources of any kind, the oldest first; of two that have one name, the
   *     last counts, in the place of the first
   */
  public static Analysis of(Collection<PolicyResource> resources, Registry registry) {
    Policies policies = new Policies(resources);
    return new Analysis(policies, new Services(policies, registry));
  }

  /** Everything, about each resource by itself and among the others; in order of weight. */
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    for (Subject subject : policies.all()) {
      findings.addAll(ofItself(subject));
      findings.addAll(check(subject));
    }
    return findings.stream().distinct().sorted(Finding.IN_ORDER).toList();
  }

  /** What the others say about one resource, which is among them; none when it is not. */
  public List<Finding> findings(ResourceRef ref) {
    Subject subject = policies.find(ref);
    return subject == null ? List.of() : check(subject);
  }

  /**
   * What of {@link #findings(ResourceRef)} is worth a warning when the resource is applied: without
   * what is only good to know, and what mostly settles when the rest is applied or started.
   */
  public List<Finding> warnings(ResourceRef ref) {
    return findings(ref).stream()
        .filter(finding -> finding.level() != MessageLevel.INFO && !finding.code().maySettle())
        .toList();
  }

  /** What the parser says of a resource that it accepts. */
  private static List<Finding> ofItself(Subject subject) {
    List<Finding> findings = new ArrayList<>();
    String text = subject.resource().json().toString();
    for (PolicyProblem problem : PolicyParser.parse("", text).warnings()) {
      findings.add(
          new Finding(problem.code(), subject.ref(), problem.path(), "", sentence(problem), ""));
    }
    return findings;
  }

  /** The parser's messages go on from the field's name: {@code spec.a.percent: is deprecated}. */
  private static String sentence(PolicyProblem problem) {
    String field = problem.path().replaceFirst("^.*\\.", "").replaceFirst("\\[\\d+]$", "");
    return CONTINUES.matcher(problem.message()).lookingAt() && !field.isEmpty()
        ? "\"" + field + "\" " + problem.message()
        : problem.message();
  }

  private List<Finding> check(Subject subject) {
    Report report = new Report(subject);
    if (subject.spec() instanceof VirtualService service) {
      new DestinationChecks(policies, services, report).check(subject, service);
      new HostChecks(policies, services, report).check(subject, service);
      new RuleChecks(policies, services, report).check(subject, service);
      new RetryChecks(report).check(service);
    } else if (subject.spec() instanceof DestinationRule rule) {
      new DestinationRuleChecks(policies, services, report).check(subject, rule);
      new TrafficPolicyChecks(services, report).check(subject, rule);
    } else if (subject.spec() instanceof ServiceEntry entry) {
      new ServiceChecks(services, report).check(subject, entry);
    } else if (subject.spec() instanceof WorkloadEntry workload) {
      new ServiceChecks(services, report).check(subject, workload);
    } else if (subject.spec() instanceof Sidecar sidecar) {
      new SidecarChecks(policies, services, report).check(subject, sidecar);
    }
    return report.findings();
  }
}
