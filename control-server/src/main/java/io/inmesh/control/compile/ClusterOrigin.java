package io.inmesh.control.compile;

import io.inmesh.control.registry.ServiceEndpoint;
import java.util.List;
import java.util.Map;

/**
 * What a cluster stands for, for people.
 *
 * @param subset empty: the whole host
 * @param labels that the subset's endpoints have
 * @param rules the DestinationRules that count, as {@code namespace/name}; several merge
 * @param endpoints with where each comes from
 * @param missing why there is no such cluster; empty: there is
 */
public record ClusterOrigin(
    String host,
    int port,
    String subset,
    Map<String, String> labels,
    List<String> rules,
    List<ServiceEndpoint> endpoints,
    String missing) {
  public ClusterOrigin {
    labels = Map.copyOf(labels);
    rules = List.copyOf(rules);
    endpoints = List.copyOf(endpoints);
  }
}
