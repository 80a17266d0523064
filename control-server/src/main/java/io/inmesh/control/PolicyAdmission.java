package io.inmesh.control;

import io.inmesh.control.api.Admission;
import io.inmesh.control.compile.AgentCheck;
import io.inmesh.control.push.MeshLoop;
import io.inmesh.control.registry.StoredPolicy;
import io.inmesh.policy.Kind;
import io.inmesh.policy.MessageCode;
import io.inmesh.policy.PolicyProblem;
import io.inmesh.policy.PolicyResource;
import io.inmesh.policy.VirtualService;
import io.inmesh.policy.analysis.Analysis;
import io.inmesh.policy.analysis.Finding;
import io.inmesh.policy.analysis.ResourceRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Refuses what agents would reject; warns of what {@code meshctl analyze} would tell of it. */
record PolicyAdmission(MeshLoop loop) implements Admission {
  /** Nobody reads more. */
  private static final int MAX_BROKEN = 20;

  @Override
  public List<PolicyProblem> review(PolicyResource candidate) {
    Collection<StoredPolicy> policies = loop.policies();
    List<PolicyProblem> problems =
        new ArrayList<>(AgentCheck.problems(policies, loop.state().services(), candidate));
    Analysis after = analysis().of(policies, List.of(candidate));
    ResourceRef ref = ResourceRef.of(candidate);
    after.warnings(ref).forEach(finding -> problems.add(finding.warning()));
    find(policies, ref).ifPresent(old -> problems.addAll(brokenBy(policies, old, after)));
    return problems;
  }

  @Override
  public List<PolicyProblem> reviewDelete(Kind kind, String namespace, String name) {
    Collection<StoredPolicy> policies = loop.policies();
    Optional<StoredPolicy> old = find(policies, new ResourceRef(kind, namespace, name));
    if (old.isEmpty()) {
      return List.of();
    }
    List<StoredPolicy> rest = new ArrayList<>(policies);
    rest.remove(old.get());
    return brokenBy(policies, old.get(), analysis().of(rest, List.of()));
  }

  private MeshAnalysis analysis() {
    return new MeshAnalysis(loop);
  }

  private static Optional<StoredPolicy> find(Collection<StoredPolicy> policies, ResourceRef ref) {
    return policies.stream()
        .filter(each -> ResourceRef.of(each.resource()).equals(ref))
        .findFirst();
  }

  /** What the other resources can refer to now, and could not if one were replaced or deleted. */
  private List<PolicyProblem> brokenBy(
      Collection<StoredPolicy> policies, StoredPolicy old, Analysis after) {
    if (old.spec() instanceof VirtualService service && !service.isDelegate()) {
      return List.of(); // nothing refers to one
    }
    Analysis before = analysis().of(policies, List.of());
    List<PolicyProblem> broken = new ArrayList<>();
    for (StoredPolicy other : policies) {
      ResourceRef ref = ResourceRef.of(other.resource());
      if (broken.size() >= MAX_BROKEN) {
        break;
      }
      if (other.spec() instanceof VirtualService && !other.equals(old)) {
        List<Finding> missing = missing(after, ref);
        if (!missing.isEmpty()) {
          Set<String> already =
              missing(before, ref).stream().map(Finding::path).collect(Collectors.toSet());
          missing.stream()
              .filter(each -> !already.contains(each.path()))
              .forEach(each -> broken.add(each.warning()));
        }
      }
    }
    return broken;
  }

  private static List<Finding> missing(Analysis analysis, ResourceRef referrer) {
    return analysis.findings(referrer).stream()
        .filter(finding -> finding.code() == MessageCode.REFERENCED_RESOURCE_NOT_FOUND)
        .toList();
  }
}
