package io.inmesh.xds;

import java.util.Optional;

/**
 * The xDS resource types that an agent subscribes to, in the order in which a server pushes them.
 */
public enum ResourceType {
  /** What the control server tells an agent about itself; our own type. */
  SETTINGS("SETTINGS", "type.googleapis.com/inmesh.v1.AgentSettings"),
  CLUSTER("CDS", "type.googleapis.com/envoy.config.cluster.v3.Cluster"),
  ENDPOINT("EDS", "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment"),
  LISTENER("LDS", "type.googleapis.com/envoy.config.listener.v3.Listener"),
  ROUTE("RDS", "type.googleapis.com/envoy.config.route.v3.RouteConfiguration");

  private final String shortName;
  private final String typeUrl;

  ResourceType(String shortName, String typeUrl) {
    this.shortName = shortName;
    this.typeUrl = typeUrl;
  }

  /** The type with this URL; empty if we know none. */
  public static Optional<ResourceType> of(String typeUrl) {
    for (ResourceType type : values()) {
      if (type.typeUrl.equals(typeUrl)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The name that operators know: {@code LDS}, {@code RDS}, ... */
  public String shortName() {
    return shortName;
  }

  public String typeUrl() {
    return typeUrl;
  }

  /**
   * True where a response holds every subscribed resource that exists, so that a missing one does
   * not.
   */
  public boolean fullState() {
    return this == LISTENER || this == CLUSTER;
  }
}
