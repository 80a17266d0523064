package io.inmesh.policy;

/**
 * One of the places that a route sends its calls to.
 *
 * @param weight its share, relative to the sum over the route, at least 0. The destination of a
 *     route that has only one gets every call whatever its weight.
 * @param headers changes for the calls that go there
 */
public record RouteDestination(Destination destination, int weight, HeaderOperations headers) {

  /** A destination that changes no header. */
  public RouteDestination(Destination destination, int weight) {
    this(destination, weight, HeaderOperations.NONE);
  }
}
