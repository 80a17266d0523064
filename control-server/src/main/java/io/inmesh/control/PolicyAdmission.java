package io.inmesh.control;

import io.inmesh.control.api.Admission;
import io.inmesh.control.compile.AgentCheck;
import io.inmesh.control.push.MeshLoop;
import io.inmesh.control.registry.StoredPolicy;
import io.inmesh.policy.PolicyProblem;
import io.inmesh.policy.PolicyResource;
import io.inmesh.policy.ReferenceCheck;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Refuses what agents would reject; warns of names that point nowhere. */
record PolicyAdmission(MeshLoop loop) implements Admission {
  @Override
  public List<PolicyProblem> review(PolicyResource candidate) {
    Collection<StoredPolicy> policies = loop.policies();
    var services = loop.state().services();
    List<PolicyProblem> problems =
        new ArrayList<>(AgentCheck.problems(policies, services, candidate));
    problems.addAll(
        ReferenceCheck.warnings(
            policies.stream().map(StoredPolicy::resource).toList(), candidate, services.hosts()));
    return problems;
  }
}
