package io.inmesh.engine.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A named group of endpoints that routes send calls to.
 *
 * @param panicThreshold percent; with fewer endpoints available, all are used (Envoy:
 *     healthy_panic_threshold; Istio sets 0)
 * @param outlierDetection null: off
 * @param statName what {@code %UPSTREAM_CLUSTER%} and metrics call it (Envoy: alt_stat_name)
 */
public record Cluster(
    String name,
    LbPolicy lbPolicy,
    List<EndpointGroup> groups,
    ConnectionLimits connection,
    CircuitBreakers circuitBreakers,
    @Nullable OutlierDetection outlierDetection,
    double panicThreshold,
    String statName) {
  public Cluster {
    groups = List.copyOf(groups);
  }

  /** A cluster that is called by its name everywhere. */
  public Cluster(
      String name,
      LbPolicy lbPolicy,
      List<EndpointGroup> groups,
      ConnectionLimits connection,
      CircuitBreakers circuitBreakers,
      @Nullable OutlierDetection outlierDetection,
      double panicThreshold) {
    this(
        name,
        lbPolicy,
        groups,
        connection,
        circuitBreakers,
        outlierDetection,
        panicThreshold,
        name);
  }

  /** A cluster of one locality without limits; {@code connectTimeout} bounds one TCP connect. */
  public Cluster(
      String name, LbPolicy lbPolicy, Duration connectTimeout, List<Endpoint> endpoints) {
    this(
        name,
        lbPolicy,
        endpoints.isEmpty()
            ? List.of()
            : List.of(new EndpointGroup(Locality.UNKNOWN, 0, 0, endpoints)),
        new ConnectionLimits(connectTimeout, Duration.ofHours(1), Duration.ZERO, 0, false),
        CircuitBreakers.UNLIMITED,
        null,
        0);
  }

  /** All endpoints, whatever their group, in order. */
  public List<Endpoint> endpoints() {
    List<Endpoint> all = new ArrayList<>();
    groups.forEach(group -> all.addAll(group.endpoints()));
    return all;
  }
}
