package io.inmesh.engine.balance;

import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.LbPolicy;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whom a cluster's calls can go to, until an endpoint is ejected or returns: a load balancer over
 * the available endpoints of each priority. Immutable but for whose turn it is; any thread.
 */
final class Rotation {
  private final int version;
  private final boolean hashing;
  private final PriorityShares shares;
  private final LoadBalancer[] priorities;
  private final EndpointLoad[][] endpoints;

  /**
   * @param version of the detector that said who is available
   * @param endpoints that the priorities' load balancers choose from
   */
  Rotation(
      int version,
      LbPolicy policy,
      PriorityShares shares,
      LoadBalancer[] priorities,
      EndpointLoad[][] endpoints) {
    this.version = version;
    this.hashing = policy instanceof LbPolicy.RingHash || policy instanceof LbPolicy.Maglev;
    this.shares = shares;
    this.priorities = priorities;
    this.endpoints = endpoints;
  }

  int version() {
    return version;
  }

  /**
   * Chooses an endpoint, avoiding those tried before (Envoy's previous_hosts predicate): it picks
   * again up to {@code again} times. Envoy would then take what came last; with two endpoints of
   * which one is dead that fails calls for nothing, so here any other endpoint comes first.
   *
   * <p>A hashing load balancer keeps to its key, or to one draw; the others draw each time.
   */
  @Nullable EndpointLoad pick(Pick pick, RandomGenerator random) {
    long key = hashing && pick.hasKey() ? pick.key() : draw(random);
    EndpointLoad picked = balancer(key).pick(random, key, 0);
    if (picked == null || pick.again() == 0 || !isIn(pick.tried(), picked)) {
      return picked;
    }
    for (int attempt = 1; attempt <= pick.again(); attempt++) {
      key = hashing ? key : draw(random);
      EndpointLoad next = balancer(key).pick(random, key, attempt);
      if (next == null || !isIn(pick.tried(), next)) {
        return next;
      }
      picked = next;
    }
    return another(pick.tried(), hashing ? key : random.nextLong(), picked);
  }

  private EndpointLoad another(List<Endpoint> tried, long start, EndpointLoad otherwise) {
    for (EndpointLoad[] some : endpoints) {
      for (int i = 0; i < some.length; i++) {
        int from = (int) Long.remainderUnsigned(start, some.length);
        EndpointLoad load = some[(from + i) % some.length];
        if (!isIn(tried, load)) {
          return load;
        }
      }
    }
    return otherwise;
  }

  private LoadBalancer balancer(long key) {
    return priorities.length == 1 ? priorities[0] : priorities[shares.priority(key)];
  }

  /** Nothing would look at it where there is one priority and no hashing. */
  private long draw(RandomGenerator random) {
    return hashing || priorities.length > 1 ? random.nextLong() : 0;
  }

  private static boolean isIn(List<Endpoint> tried, EndpointLoad picked) {
    for (int i = 0; i < tried.size(); i++) {
      if (tried.get(i).port() == picked.endpoint().port()
          && tried.get(i).address().equals(picked.endpoint().address())) {
        return true;
      }
    }
    return false;
  }
}
