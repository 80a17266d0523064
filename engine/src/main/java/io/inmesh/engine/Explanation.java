package io.inmesh.engine;

import io.inmesh.engine.balance.ClusterState;
import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.Mirror;
import io.inmesh.engine.model.RetryPolicy;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.route.RouteTrial;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a call would come to and why, told by the machine that decides about calls, without one
 * being made: no chance is drawn, nothing is counted, no endpoint is held.
 *
 * @param path path and query as they are matched; empty if they are refused, or nobody looked
 * @param trials the routes that were tried, in order; the last one is the one that matched, if any
 *     did
 * @param route the one that matched; null if none did
 * @param ways one for each destination of the route; where it has none, one without a cluster
 * @param mirrors what else gets a copy
 * @param corsOrigin the Origin that the route's CORS rules allow; null: none
 * @param preflight the headers that answer a CORS preflight instead of a service; null: it is none
 */
public record Explanation(
    Outcome outcome,
    String path,
    List<RouteTrial> trials,
    @Nullable Route route,
    List<Way> ways,
    List<Copy> mirrors,
    @Nullable String corsOrigin,
    @Nullable List<HeaderValue> preflight) {
  public Explanation {
    trials = List.copyOf(trials);
    ways = List.copyOf(ways);
    mirrors = List.copyOf(mirrors);
  }

  /** What becomes of the call, faults aside. */
  public enum Outcome {
    /** The host is none of the mesh's. */
    UNTOUCHED,
    /** 431 (DPE): the request has too many headers, or its head is too large. */
    TOO_LARGE,
    /** 400: the path cannot be normalized. */
    PATH_REFUSED,
    /** 404 (NR): no virtual host is for the authority. */
    NO_VIRTUAL_HOST,
    /** 404 (NR): no route matches. */
    NO_ROUTE,
    /** The route's redirect. */
    REDIRECT,
    /** The route's own answer. */
    DIRECT_RESPONSE,
    /** 200: the answer to a CORS preflight. */
    PREFLIGHT,
    /** 503 (NC): the route has destinations, and none of them has a weight. */
    NO_DESTINATION,
    /** It goes to one of the ways. */
    FORWARD
  }

  /**
   * One of the ways that a call can take.
   *
   * @param destination index among the route's clusters; -1: the route has none
   * @param weight of {@code totalWeight}
   * @param cluster empty: the route has none
   * @param head what the first attempt sends
   * @param location of a redirect; empty: none
   * @param timeout for the whole call; zero: none
   * @param perTryTimeout zero: none that could end before the call's
   * @param load null: there is no such cluster (503, NC)
   */
  public record Way(
      int destination,
      int weight,
      long totalWeight,
      String cluster,
      RequestHead head,
      String location,
      Duration timeout,
      Duration perTryTimeout,
      RetryPolicy retries,
      @Nullable Load load,
      @Nullable HashedBy key) {}

  /** A cluster and how it does now. */
  public record Load(Cluster cluster, ClusterState state) {}

  /**
   * What chooses the endpoint in a cluster that hashes.
   *
   * @param present false: the request has nothing of what is hashed, and chance chooses
   * @param cookie a Set-Cookie that would be made; its value is another one for each call
   * @param endpoint where the key leads; null: chance chooses, or no endpoint is there
   */
  public record HashedBy(
      boolean present, long value, @Nullable String cookie, @Nullable Endpoint endpoint) {}

  /**
   * A copy that is sent along.
   *
   * @param load null: there is no such cluster, and no copy
   */
  public record Copy(Mirror mirror, @Nullable Load load) {}

  static Explanation ofUnrouted(Outcome outcome, String path, List<RouteTrial> trials) {
    return new Explanation(outcome, path, trials, null, List.of(), List.of(), null, null);
  }
}
