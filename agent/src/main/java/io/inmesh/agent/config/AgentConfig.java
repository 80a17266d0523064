package io.inmesh.agent.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * This process's own settings, complete and valid.
 *
 * @param controls control servers in order of preference, {@code http} or {@code https} with host
 *     and port; never empty
 * @param service the service that this process serves, {@code orders} or {@code orders.shop};
 *     {@code ""} = none
 * @param namespace the namespace of this process
 * @param serviceAccount the service account of this process
 * @param labels labels of this process's endpoints
 * @param ports the ports on which the service is served; empty = every port the process listens on,
 *     as itself
 * @param address the address at which others reach this process
 * @param dataDir where the last good configuration is kept
 * @param startupWait the longest that the first call to a host waits for its configuration
 * @param enabled whether the agent does anything at all
 * @param logLevel how much is said on standard error
 * @param adminPort the loopback port of the status page; empty = none
 * @param instance the name of this process in the mesh, fresh for each process
 */
public record AgentConfig(
    List<URI> controls,
    String service,
    String namespace,
    String serviceAccount,
    Map<String, String> labels,
    List<PortMapping> ports,
    String address,
    Path dataDir,
    Duration startupWait,
    boolean enabled,
    LogLevel logLevel,
    OptionalInt adminPort,
    String instance) {

  /** Copies what could change. */
  public AgentConfig {
    controls = List.copyOf(controls);
    labels = Map.copyOf(labels);
    ports = List.copyOf(ports);
  }
}
