package io.inmesh.control.push;

import java.util.Optional;

/** The types that are served, in the order in which changes are sent: make before break. */
enum XdsType {
  SETTINGS("SETTINGS", "type.googleapis.com/inmesh.v1.AgentSettings", true),
  CLUSTER("CDS", "type.googleapis.com/envoy.config.cluster.v3.Cluster", true),
  ENDPOINT("EDS", "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment", false),
  LISTENER("LDS", "type.googleapis.com/envoy.config.listener.v3.Listener", true),
  ROUTE("RDS", "type.googleapis.com/envoy.config.route.v3.RouteConfiguration", false);

  private final String shortName;
  private final String typeUrl;
  private final boolean whole;

  XdsType(String shortName, String typeUrl, boolean whole) {
    this.shortName = shortName;
    this.typeUrl = typeUrl;
    this.whole = whole;
  }

  static Optional<XdsType> of(String typeUrl) {
    for (XdsType type : values()) {
      if (type.typeUrl.equals(typeUrl)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** As operators call it: {@code LDS}. */
  String shortName() {
    return shortName;
  }

  String typeUrl() {
    return typeUrl;
  }

  /** Whether a response holds every resource that is subscribed to, so that a gap means "none". */
  boolean whole() {
    return whole;
  }
}
