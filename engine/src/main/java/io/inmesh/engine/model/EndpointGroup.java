package io.inmesh.engine.model;

import java.util.List;

/**
 * Endpoints of one locality and priority (Envoy: LocalityLbEndpoints).
 *
 * @param priority 0 is used first
 * @param weight of the locality among those of its priority; 0: by its endpoints
 */
public record EndpointGroup(Locality locality, int priority, int weight, List<Endpoint> endpoints) {
  public EndpointGroup {
    endpoints = List.copyOf(endpoints);
  }
}
