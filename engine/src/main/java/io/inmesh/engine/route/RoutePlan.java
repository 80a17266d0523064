package io.inmesh.engine.route;

import io.inmesh.engine.model.PathRewrite;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.model.RouteAction;
import io.inmesh.engine.model.WeightedCluster;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A route, prepared for calls: templates are parsed, weights added up, and what most routes do not
 * do is known beforehand. Immutable, any thread.
 */
public final class RoutePlan {
  private final Route route;
  private final RouteAction.@Nullable Forward forward;
  private final HeaderPlan requestHeaders;
  private final HeaderPlan responseHeaders;
  private final List<Destination> destinations;
  private final long totalWeight;
  private final boolean attemptCount;
  private final List<String> headersForResponse;
  private final boolean changesNothing;

  /**
   * One of the clusters that a route sends calls to.
   *
   * @param hostRewrite what Host becomes; empty: it stays
   */
  public record Destination(
      String cluster,
      int weight,
      HeaderPlan requestHeaders,
      HeaderPlan responseHeaders,
      String hostRewrite) {
    static Destination of(WeightedCluster cluster) {
      return new Destination(
          cluster.cluster(),
          cluster.weight(),
          HeaderPlan.of(cluster.requestHeaders()),
          HeaderPlan.of(cluster.responseHeaders()),
          cluster.hostRewrite());
    }

    boolean changesNothing() {
      return requestHeaders.isEmpty() && responseHeaders.isEmpty() && hostRewrite.isEmpty();
    }
  }

  RoutePlan(Route route, boolean attemptCount) {
    this.route = route;
    this.forward = route.action() instanceof RouteAction.Forward f ? f : null;
    this.requestHeaders = HeaderPlan.of(route.requestHeaders());
    this.responseHeaders = HeaderPlan.of(route.responseHeaders());
    this.attemptCount = attemptCount;
    List<Destination> prepared = new ArrayList<>();
    long total = 0;
    if (forward != null) {
      for (WeightedCluster cluster : forward.clusters()) {
        prepared.add(Destination.of(cluster));
        total += cluster.weight();
      }
    }
    this.destinations = List.copyOf(prepared);
    this.totalWeight = total;
    Set<String> names = new LinkedHashSet<>();
    addRead(responseHeaders, names);
    prepared.forEach(destination -> addRead(destination.responseHeaders(), names));
    this.headersForResponse = List.copyOf(names);
    this.changesNothing = changesNothing(route, prepared);
  }

  private static boolean changesNothing(Route route, List<Destination> destinations) {
    return route.action() instanceof RouteAction.Forward f
        && f.pathRewrite() instanceof PathRewrite.None
        && f.hostRewrite().isEmpty()
        && f.hashPolicies().isEmpty()
        && route.cors() == null
        && HeaderPlan.of(route.requestHeaders()).isEmpty()
        && HeaderPlan.of(route.responseHeaders()).isEmpty()
        && destinations.stream().allMatch(Destination::changesNothing);
  }

  private static void addRead(HeaderPlan plan, Set<String> names) {
    plan.entries().forEach(entry -> names.addAll(entry.template().requestHeaders()));
  }

  /** What policy says. */
  public Route route() {
    return route;
  }

  /** The route's action if it forwards, else null. */
  public RouteAction.@Nullable Forward forward() {
    return forward;
  }

  public HeaderPlan requestHeaders() {
    return requestHeaders;
  }

  public HeaderPlan responseHeaders() {
    return responseHeaders;
  }

  /**
   * True if it forwards requests and responses as they are; an attempt's number, timeouts, faults
   * and copies aside.
   */
  public boolean changesNothing() {
    return changesNothing;
  }

  /** True if calls may get an answer of the route's own, before anything is sent. */
  public boolean answersItself() {
    return forward == null || route.fault().abort() != null;
  }

  /** True if attempts carry their number. */
  public boolean attemptCount() {
    return attemptCount;
  }

  /** Headers of the request that templates for the response read; mostly none. */
  public List<String> headersForResponse() {
    return headersForResponse;
  }

  /** Where it sends calls, those of no weight included. */
  public List<Destination> destinations() {
    return destinations;
  }

  /** One destination by weight; a single one gets all. Null if none has a weight. */
  public @Nullable Destination draw(RandomGenerator random) {
    if (destinations.size() == 1) {
      return destinations.get(0);
    }
    if (totalWeight <= 0) {
      return null;
    }
    long draw = random.nextLong(totalWeight);
    int drawn = 0;
    while (draw >= destinations.get(drawn).weight()) {
      draw -= destinations.get(drawn).weight();
      drawn++;
    }
    return destinations.get(drawn);
  }
}
