package io.inmesh.engine.model;

/**
 * Where in policy a route comes from, for people; it decides nothing.
 *
 * @param config the resource, as istiod names it: {@code
 *     /apis/networking.istio.io/v1/namespaces/shop/virtual-service/orders}; empty: not known
 * @param rule where in the resource's spec: {@code http[1]}; behind a rule that delegates, {@code
 *     http[1] > shop/orders-v2 http[0]}; empty: not known
 * @param match index of the match in the rule; -1: the rule has none, or it is not known
 */
public record RouteOrigin(String config, String rule, int match) {
  /** Nobody said. */
  public static final RouteOrigin UNKNOWN = new RouteOrigin("", "", -1);
}
