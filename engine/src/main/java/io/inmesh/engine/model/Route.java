package io.inmesh.engine.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rule of a virtual host.
 *
 * @param cors null: none
 * @param origin for people
 */
public record Route(
    String name,
    RouteMatch match,
    RouteAction action,
    HeaderMutations requestHeaders,
    HeaderMutations responseHeaders,
    FaultPolicy fault,
    @Nullable CorsPolicy cors,
    RouteOrigin origin) {

  /** A route of which nobody said where it comes from. */
  public Route(
      String name,
      RouteMatch match,
      RouteAction action,
      HeaderMutations requestHeaders,
      HeaderMutations responseHeaders,
      FaultPolicy fault,
      @Nullable CorsPolicy cors) {
    this(name, match, action, requestHeaders, responseHeaders, fault, cors, RouteOrigin.UNKNOWN);
  }

  /** A route that forwards, and changes nothing. */
  public Route(
      String name, RouteMatch match, List<WeightedCluster> clusters, RetryPolicy retryPolicy) {
    this(
        name,
        match,
        new RouteAction.Forward(clusters, retryPolicy),
        HeaderMutations.NONE,
        HeaderMutations.NONE,
        FaultPolicy.NONE,
        null);
  }
}
