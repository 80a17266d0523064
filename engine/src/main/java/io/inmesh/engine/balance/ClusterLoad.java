package io.inmesh.engine.balance;

import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.LbPolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A cluster with what is going on in it: which endpoint has how many calls, and whose turn it is.
 * Immutable but for those counters; any thread. The next snapshot's one takes the counters over, so
 * an endpoint that stays keeps its count, and one that left is forgotten as soon as its last call
 * ends.
 */
public final class ClusterLoad {
  private record Address(String address, int port) {}

  private final Cluster cluster;
  private final Map<Address, AtomicInteger> counters = new HashMap<>();
  private final AtomicInteger position;
  private final EndpointLoad[] loads;
  private final @Nullable LoadBalancer balancer;

  /**
   * @param before the same cluster in the snapshot before; null if it is new
   * @param random for the first position of a round robin
   */
  public ClusterLoad(Cluster cluster, @Nullable ClusterLoad before, RandomGenerator random) {
    this.cluster = cluster;
    this.position = before == null ? new AtomicInteger(random.nextInt(1 << 20)) : before.position;
    List<Endpoint> endpoints = cluster.endpoints();
    loads = new EndpointLoad[endpoints.size()];
    for (int i = 0; i < loads.length; i++) {
      Address address = new Address(endpoints.get(i).address(), endpoints.get(i).port());
      // An address that is listed twice is one endpoint: one counter.
      AtomicInteger counter =
          counters.computeIfAbsent(
              address,
              a -> {
                AtomicInteger kept = before == null ? null : before.counters.get(a);
                return kept == null ? new AtomicInteger() : kept;
              });
      loads[i] = new EndpointLoad(endpoints.get(i), counter);
    }
    this.balancer =
        loads.length == 0
            ? null
            : cluster.lbPolicy() instanceof LbPolicy.RoundRobin
                ? new RoundRobin(loads, position)
                : new LeastRequest(loads);
  }

  public Cluster cluster() {
    return cluster;
  }

  /**
   * Chooses an endpoint, avoiding those tried before (Envoy's previous_hosts predicate): it picks
   * again up to {@code again} times. Envoy would then take what came last; with two endpoints of
   * which one is dead that fails calls for nothing, so here any other endpoint comes first.
   *
   * @return null if the cluster has no endpoint
   */
  public @Nullable EndpointLoad pick(RandomGenerator random, List<Endpoint> tried, int again) {
    if (balancer == null) {
      return null;
    }
    EndpointLoad picked = balancer.pick(random);
    for (int i = 0; i < again && !tried.isEmpty() && isIn(tried, picked.endpoint()); i++) {
      picked = balancer.pick(random);
    }
    return again > 0 && isIn(tried, picked.endpoint()) ? another(random, tried, picked) : picked;
  }

  private EndpointLoad another(
      RandomGenerator random, List<Endpoint> tried, EndpointLoad otherwise) {
    int start = random.nextInt(loads.length);
    for (int i = 0; i < loads.length; i++) {
      EndpointLoad load = loads[(start + i) % loads.length];
      if (!isIn(tried, load.endpoint())) {
        return load;
      }
    }
    return otherwise;
  }

  /** True if the cluster has this endpoint. */
  public boolean has(String address, int port) {
    return counters.containsKey(new Address(address, port));
  }

  private static boolean isIn(List<Endpoint> tried, Endpoint endpoint) {
    for (Endpoint other : tried) {
      if (other.port() == endpoint.port() && other.address().equals(endpoint.address())) {
        return true;
      }
    }
    return false;
  }
}
