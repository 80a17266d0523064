package io.inmesh.engine.model;

/** How a cluster chooses among its endpoints (Envoy: Cluster.lb_policy). */
public enum LbPolicy {
  LEAST_REQUEST,
  ROUND_ROBIN
}
