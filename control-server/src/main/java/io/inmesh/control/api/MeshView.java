package io.inmesh.control.api;

import io.inmesh.control.registry.AgentStatus;
import io.inmesh.control.registry.ServiceRegistry;
import java.util.List;

/** What operators can see of the running mesh. Any thread. */
public interface MeshView {
  /** Every agent known, by name. */
  List<AgentStatus> agents();

  /** The services now. */
  ServiceRegistry services();

  /** Every host that policy names or defines, and every host that agents serve, in order. */
  List<String> hosts();

  /** Whether policy names or defines a host: only then do agents route its calls. */
  boolean hasPolicy(String host);
}
