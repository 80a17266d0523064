package io.inmesh.control;

import io.inmesh.control.api.MeshView;
import io.inmesh.control.compile.MeshState;
import io.inmesh.control.push.MeshLoop;
import io.inmesh.control.registry.AgentStatus;
import io.inmesh.control.registry.ServiceRegistry;
import io.inmesh.policy.PolicyResource;
import io.inmesh.policy.analysis.Finding;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What the REST side shows of the loop. */
record RunningMesh(MeshLoop loop) implements MeshView {
  @Override
  public List<AgentStatus> agents() {
    return loop.agents();
  }

  @Override
  public ServiceRegistry services() {
    return loop.state().services();
  }

  @Override
  public List<String> hosts() {
    MeshState state = loop.state();
    Set<String> hosts = new TreeSet<>(state.services().hosts());
    hosts.addAll(state.policies().namedHosts());
    return List.copyOf(hosts);
  }

  @Override
  public List<Finding> analyze(List<PolicyResource> overlay) {
    return new MeshAnalysis(loop).of(loop.policies(), overlay).findings();
  }

  @Override
  public boolean hasPolicy(String host) {
    MeshState state = loop.state();
    return state.services().entryHosts().contains(host) || state.policies().covers(host);
  }
}
