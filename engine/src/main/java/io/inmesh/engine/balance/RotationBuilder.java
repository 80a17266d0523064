package io.inmesh.engine.balance;

import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.LbPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Makes a cluster's rotation of the endpoints that are available now. The order is Envoy's: a
 * priority, then in it a locality where they have weights, then an endpoint; a priority in panic
 * uses all its endpoints and no localities. A hashing load balancer has one ring or table for each
 * priority, in which a locality's weight is shared out among its endpoints.
 */
final class RotationBuilder {
  /** 1.4 times as many as are available could take a locality's calls. */
  private static final double OVERPROVISIONING = 1.4;

  /** The endpoints of one locality and priority. */
  record Group(int weight, List<EndpointLoad> endpoints) {
    List<EndpointLoad> available() {
      return endpoints.stream().filter(EndpointLoad::available).toList();
    }
  }

  private final Cluster cluster;
  private final List<List<Group>> priorities;
  private final Turns turns;
  private final LongSupplier nanoTime;

  /**
   * @param priorities their groups, the first priority first
   */
  RotationBuilder(
      Cluster cluster, List<List<Group>> priorities, Turns turns, LongSupplier nanoTime) {
    this.cluster = cluster;
    this.priorities = priorities;
    this.turns = turns;
    this.nanoTime = nanoTime;
  }

  /** How calls are shared out among the priorities now. */
  PriorityShares shares() {
    int count = priorities.size();
    int[] available = new int[count];
    int[] all = new int[count];
    for (int i = 0; i < count; i++) {
      all[i] = all(priorities.get(i)).size();
      available[i] = available(priorities.get(i)).size();
    }
    return new PriorityShares(available, all, cluster.panicThreshold());
  }

  Rotation build(int version) {
    int count = priorities.size();
    PriorityShares shares = shares();
    LoadBalancer[] balancers = new LoadBalancer[count];
    EndpointLoad[][] endpoints = new EndpointLoad[count][];
    for (int i = 0; i < count; i++) {
      // Who gets no calls needs no table.
      boolean used = shares.percent(i) > 0;
      boolean panic = shares.panics(i);
      balancers[i] = used ? balancer(i, panic) : LoadBalancer.NONE;
      List<EndpointLoad> usable = used ? usable(priorities.get(i), panic) : List.of();
      endpoints[i] = usable.toArray(EndpointLoad[]::new);
    }
    return new Rotation(version, cluster.lbPolicy(), shares, balancers, endpoints);
  }

  private LoadBalancer balancer(int priority, boolean panic) {
    LbPolicy policy = cluster.lbPolicy();
    if (policy instanceof LbPolicy.Passthrough) {
      // Such calls go where the application connects to.
      return LoadBalancer.NONE;
    }
    if (policy instanceof LbPolicy.RingHash ringHash) {
      List<HashedEndpoint> endpoints = hashed(priority, panic);
      return endpoints.isEmpty() ? LoadBalancer.NONE : new RingHash(endpoints, ringHash);
    }
    if (policy instanceof LbPolicy.Maglev maglev) {
      List<HashedEndpoint> endpoints = hashed(priority, panic);
      return endpoints.isEmpty() ? LoadBalancer.NONE : new Maglev(endpoints, maglev.tableSize());
    }
    return drawn(priority, panic);
  }

  private LoadBalancer drawn(int priority, boolean panic) {
    List<Group> groups = priorities.get(priority);
    if (panic) {
      return flat(all(groups), priority, Turns.ENDPOINTS);
    }
    List<LoadBalancer> localities = new ArrayList<>();
    List<Double> weights = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      List<EndpointLoad> available = groups.get(i).available();
      if (groups.get(i).weight() > 0 && !available.isEmpty()) {
        localities.add(flat(available, priority, i));
        double part = OVERPROVISIONING * available.size() / groups.get(i).endpoints().size();
        weights.add(groups.get(i).weight() * Math.min(1, part));
      }
    }
    // Without weights, and where only localities of weight 0 are left, they do not count.
    return localities.isEmpty()
        ? flat(available(groups), priority, Turns.ENDPOINTS)
        : new ByLocality(
            localities.toArray(LoadBalancer[]::new),
            new Schedule(
                weights.stream().mapToDouble(w -> w).toArray(),
                turns.of(priority, Turns.LOCALITIES)));
  }

  /** Those that could be picked; localities of weight 0 only where nobody else is left. */
  private static List<EndpointLoad> usable(List<Group> groups, boolean panic) {
    if (panic) {
      return all(groups);
    }
    List<EndpointLoad> weighted =
        available(groups.stream().filter(group -> group.weight() > 0).toList());
    return weighted.isEmpty() ? available(groups) : weighted;
  }

  private LoadBalancer flat(List<EndpointLoad> list, int priority, int group) {
    EndpointLoad[] endpoints = list.toArray(EndpointLoad[]::new);
    if (endpoints.length == 0) {
      return LoadBalancer.NONE;
    }
    LbPolicy policy = cluster.lbPolicy();
    if (policy instanceof LbPolicy.RoundRobin roundRobin) {
      WarmUp warmUp = WarmUp.of(roundRobin.slowStart(), endpoints, nanoTime);
      return new RoundRobin(endpoints, turns.of(priority, group), warmUp);
    }
    if (policy instanceof LbPolicy.LeastRequest leastRequest) {
      WarmUp warmUp = WarmUp.of(leastRequest.slowStart(), endpoints, nanoTime);
      return new LeastRequest(endpoints, turns.of(priority, group), warmUp);
    }
    return new RandomChoice(endpoints);
  }

  /** Envoy looks at which localities have weights, not at how much of each is available. */
  private List<HashedEndpoint> hashed(int priority, boolean panic) {
    List<Group> groups = priorities.get(priority);
    long weights = groups.stream().mapToLong(Group::weight).sum();
    List<HashedEndpoint> hashed = new ArrayList<>();
    if (weights == 0) {
      share(panic ? all(groups) : available(groups), 1, hashed);
      return hashed;
    }
    for (Group group : groups) {
      if (group.weight() > 0) {
        List<EndpointLoad> endpoints = panic ? group.endpoints() : group.available();
        share(endpoints, (double) group.weight() / weights, hashed);
      }
    }
    return hashed;
  }

  private static void share(
      List<EndpointLoad> endpoints, double whole, List<HashedEndpoint> hashed) {
    long sum = endpoints.stream().mapToLong(load -> load.endpoint().weight()).sum();
    for (EndpointLoad load : endpoints) {
      hashed.add(new HashedEndpoint(load, load.endpoint().weight() * whole / sum));
    }
  }

  private static List<EndpointLoad> all(List<Group> groups) {
    return groups.stream().flatMap(group -> group.endpoints().stream()).toList();
  }

  private static List<EndpointLoad> available(List<Group> groups) {
    return all(groups).stream().filter(EndpointLoad::available).toList();
  }
}
