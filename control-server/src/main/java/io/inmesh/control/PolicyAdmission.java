package io.inmesh.control;

import io.inmesh.control.api.Admission;
import io.inmesh.control.compile.AgentCheck;
import io.inmesh.control.push.MeshLoop;
import io.inmesh.control.registry.ServiceRegistry;
import io.inmesh.control.registry.StoredPolicy;
import io.inmesh.policy.Kind;
import io.inmesh.policy.PolicyProblem;
import io.inmesh.policy.PolicyResource;
import io.inmesh.policy.ReferenceCheck;
import io.inmesh.policy.VirtualService;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Refuses what agents would reject; warns of names that point nowhere. */
record PolicyAdmission(MeshLoop loop) implements Admission {
  /** Nobody reads more. */
  private static final int MAX_BROKEN = 20;

  @Override
  public List<PolicyProblem> review(PolicyResource candidate) {
    Collection<StoredPolicy> policies = loop.policies();
    ServiceRegistry services = loop.state().services();
    List<PolicyProblem> problems =
        new ArrayList<>(AgentCheck.problems(policies, services, candidate));
    problems.addAll(
        ReferenceCheck.warnings(
            policies.stream().map(StoredPolicy::resource).toList(), candidate, services.hosts()));
    String namespace = candidate.metadata().namespaceOr("");
    find(policies, candidate.kind(), namespace, candidate.metadata().name())
        .ifPresent(
            old ->
                problems.addAll(
                    brokenBy(policies, old, Optional.of(new StoredPolicy(candidate, 0)))));
    return problems;
  }

  @Override
  public List<PolicyProblem> reviewDelete(Kind kind, String namespace, String name) {
    Collection<StoredPolicy> policies = loop.policies();
    return find(policies, kind, namespace, name)
        .map(old -> brokenBy(policies, old, Optional.empty()))
        .orElse(List.of());
  }

  private static Optional<StoredPolicy> find(
      Collection<StoredPolicy> policies, Kind kind, String namespace, String name) {
    return policies.stream()
        .filter(each -> each.resource().kind() == kind)
        .filter(each -> each.namespace().equals(namespace) && each.name().equals(name))
        .findFirst();
  }

  /** What the other resources can refer to now, and could not if one were replaced or deleted. */
  private List<PolicyProblem> brokenBy(
      Collection<StoredPolicy> policies, StoredPolicy old, Optional<StoredPolicy> replacement) {
    if (old.spec() instanceof VirtualService) {
      return List.of(); // nothing refers to one
    }
    List<StoredPolicy> after = new ArrayList<>(policies);
    after.remove(old);
    replacement.ifPresent(after::add);
    References now = References.of(policies, loop.state().services());
    References then = References.of(after, loop.state().services());
    List<PolicyProblem> broken = new ArrayList<>();
    for (StoredPolicy other : policies) {
      if (broken.size() >= MAX_BROKEN) {
        break;
      }
      if (other.spec() instanceof VirtualService) {
        List<PolicyProblem> missing = then.missing(other);
        if (!missing.isEmpty()) {
          Set<String> already =
              now.missing(other).stream().map(PolicyProblem::path).collect(Collectors.toSet());
          missing.stream().filter(each -> !already.contains(each.path())).forEach(broken::add);
        }
      }
    }
    return broken;
  }

  /** What resources can refer to. */
  private record References(List<PolicyResource> policies, Set<String> hosts) {
    static References of(Collection<StoredPolicy> policies, ServiceRegistry services) {
      return new References(
          policies.stream().map(StoredPolicy::resource).toList(),
          services.withPolicies(policies).hosts());
    }

    List<PolicyProblem> missing(StoredPolicy referrer) {
      return ReferenceCheck.warnings(policies, referrer.resource(), hosts);
    }
  }
}
