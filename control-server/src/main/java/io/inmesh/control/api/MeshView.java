package io.inmesh.control.api;

import io.inmesh.control.registry.AgentStatus;
import io.inmesh.control.registry.ServiceRegistry;
import io.inmesh.policy.PolicyResource;
import io.inmesh.policy.analysis.Finding;
import java.util.List;

/** What operators can see of the running mesh. Any thread. */
public interface MeshView {
  /** Every agent known, by name. */
  List<AgentStatus> agents();

  /** The services now. */
  ServiceRegistry services();

  /** Every host that policy names or defines, and every host that agents serve, in order. */
  List<String> hosts();

  /**
   * What is wrong or surprising about the policy there is, among what runs.
   *
   * @param overlay resources that are taken to replace and add to it, with their namespaces
   */
  List<Finding> analyze(List<PolicyResource> overlay);

  /** Whether policy names or defines a host: only then do agents route its calls. */
  boolean hasPolicy(String host);
}
