package io.inmesh.control;

import io.inmesh.control.compile.MeshState;
import io.inmesh.control.push.MeshLoop;
import io.inmesh.control.registry.AgentReport;
import io.inmesh.control.registry.AgentReport.PortMapping;
import io.inmesh.control.registry.StoredPolicy;
import io.inmesh.policy.PolicyResource;
import io.inmesh.policy.analysis.Analysis;
import io.inmesh.policy.analysis.Registry;
import io.inmesh.policy.analysis.Registry.Workload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Analyses of policy among the agents that this server knows. */
record MeshAnalysis(MeshLoop loop) {

  /** Of this policy, and of resources that replace and add to it. */
  Analysis of(Collection<StoredPolicy> policies, List<PolicyResource> more) {
    List<PolicyResource> resources = new ArrayList<>();
    policies.stream()
        .sorted(StoredPolicy.BY_AGE)
        .map(StoredPolicy::resource)
        .forEach(resources::add);
    resources.addAll(more);
    return Analysis.of(resources, registry(loop.state()));
  }

  private static Registry registry(MeshState state) {
    List<Workload> workloads =
        state.services().agents().stream().map(MeshAnalysis::workload).toList();
    return new Registry(!state.settling(), workloads);
  }

  private static Workload workload(AgentReport agent) {
    return new Workload(
        agent.instance(),
        agent.namespace(),
        agent.labels(),
        agent.host(),
        agent.ports().stream().map(PortMapping::service).collect(Collectors.toSet()));
  }
}
