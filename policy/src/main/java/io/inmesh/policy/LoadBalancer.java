package io.inmesh.policy;

/** How one endpoint is chosen among many. */
public record LoadBalancer(Simple simple) {

  /** The algorithms without parameters. */
  public enum Simple {
    /** One after the other. */
    ROUND_ROBIN,
    /** The less loaded of two picked at random; Istio's default. */
    LEAST_REQUEST
  }
}
