package io.inmesh.engine.balance;

import io.inmesh.engine.model.CircuitBreakers;
import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.EndpointGroup;
import io.inmesh.engine.model.LbPolicy;
import io.inmesh.engine.model.OutlierDetection;
import io.inmesh.engine.resilience.CircuitUsage;
import io.inmesh.engine.resilience.ConnectionGate;
import io.inmesh.engine.resilience.EndpointHealth;
import io.inmesh.engine.resilience.OutlierDetector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A cluster with what is going on in it: which endpoint has how many calls and how it does, what is
 * under way altogether, and whose turn it is. Any thread; a pick takes no lock.
 *
 * <p>The next snapshot's one takes all that over, by address: an endpoint that stays keeps its
 * count and its ejection, and one that left is forgotten as soon as its last call ends. From then
 * on calls under way may still use this one. Endpoints are taken over when somebody asks for them,
 * so that a snapshot of many large clusters is not paid for by the one call that sees it first.
 *
 * <p>Picks go through a {@link Rotation}, which the first pick makes, and the first one after an
 * ejection or a return makes anew. Meanwhile others use the old one, as Envoy's workers do until
 * its main thread's update reaches them.
 */
public final class ClusterLoad {
  private record Address(String address, int port) {
    static Address of(Endpoint endpoint) {
      return new Address(endpoint.address(), endpoint.port());
    }
  }

  private final Cluster cluster;
  private final RandomGenerator random;
  private final CircuitUsage usage;
  private final ConnectionGate connections;
  private final Turns turns;
  private final @Nullable OutlierDetector detector;
  private final LongSupplier nanoTime;
  private final long since;
  private final AtomicBoolean rebuilding = new AtomicBoolean();

  /** Null until somebody asks; written under the lock on this. */
  private volatile @Nullable Map<Address, EndpointLoad> endpoints;

  private volatile @Nullable Rotation rotation;

  // Under the lock on this.
  private @Nullable ClusterLoad before;
  private boolean superseded;

  /**
   * @param before the same cluster in the snapshot before; null if it is new
   * @param random must be safe for the threads that pick
   * @param nanoTime as {@code System.nanoTime}
   */
  public ClusterLoad(
      Cluster cluster,
      @Nullable ClusterLoad before,
      RandomGenerator random,
      LongSupplier nanoTime) {
    this.cluster = cluster;
    this.random = random;
    this.nanoTime = nanoTime;
    this.since = nanoTime.getAsLong();
    this.usage = before == null ? new CircuitUsage() : before.usage;
    this.connections =
        before == null ? new ConnectionGate(cluster.circuitBreakers()) : before.connections;
    this.turns = before == null ? new Turns(random) : before.turns;
    this.detector = detector(cluster.outlierDetection(), before, nanoTime);
    this.before = before == null ? null : before.handOver();
    if (before != null) {
      connections.advance(cluster.circuitBreakers());
    }
    if (slowStart() != null) {
      // When an endpoint came must be noted when it comes.
      endpoints();
    }
  }

  public Cluster cluster() {
    return cluster;
  }

  /**
   * Chooses an endpoint.
   *
   * @return null if none is available, and for a cluster that passes calls through
   */
  public @Nullable EndpointLoad pick(Pick pick) {
    return endpoints().isEmpty() ? null : rotation().pick(pick, random);
  }

  /** True if the cluster has this endpoint. */
  public boolean has(String address, int port) {
    return endpoints().containsKey(new Address(address, port));
  }

  /** False: as many requests as allowed are under way (Envoy: max_requests; UO). */
  public boolean beginRequest() {
    return usage.beginRequest(limits());
  }

  /** Ends what {@link #beginRequest} began. */
  public void endRequest() {
    usage.endRequest();
  }

  /**
   * False: as many retries as allowed are under way (Envoy: max_retries, or the retry budget), and
   * the outcome that there is stands.
   */
  public boolean beginRetry() {
    return usage.beginRetry(limits());
  }

  /** Ends what {@link #beginRetry} began. */
  public void endRetry() {
    usage.endRetry();
  }

  /** Lets attempts onto connections (Envoy: max_connections, max_pending_requests). */
  public ConnectionGate connections() {
    return connections;
  }

  /** How it is now, for people; the counts are not of one instant. */
  public ClusterState state() {
    Map<Address, EndpointLoad> all = endpoints();
    if (detector != null) {
      detector.sweepIfDue();
    }
    return new ClusterState(
        usage.requests(),
        usage.retries(),
        connections.connections(),
        connections.waiting(),
        all.values().stream().map(load -> load.state(warmUp(load))).toList(),
        all.isEmpty() ? List.of() : priorityStates());
  }

  private List<ClusterState.PriorityState> priorityStates() {
    PriorityShares shares = new RotationBuilder(cluster, priorities(), turns, nanoTime).shares();
    int[] numbers =
        cluster.groups().stream().mapToInt(EndpointGroup::priority).distinct().sorted().toArray();
    List<ClusterState.PriorityState> states = new ArrayList<>();
    for (int i = 0; i < numbers.length; i++) {
      states.add(new ClusterState.PriorityState(numbers[i], shares.percent(i), shares.panics(i)));
    }
    return states;
  }

  private double warmUp(EndpointLoad load) {
    LbPolicy policy = cluster.lbPolicy();
    LbPolicy.SlowStart slowStart =
        policy instanceof LbPolicy.RoundRobin roundRobin
            ? roundRobin.slowStart()
            : policy instanceof LbPolicy.LeastRequest leastRequest
                ? leastRequest.slowStart()
                : null;
    WarmUp warmUp = WarmUp.of(slowStart, new EndpointLoad[] {load}, nanoTime);
    return warmUp == null ? 1 : warmUp.share(load);
  }

  private static @Nullable OutlierDetector detector(
      @Nullable OutlierDetection config, @Nullable ClusterLoad before, LongSupplier nanoTime) {
    if (config == null) {
      return null;
    }
    OutlierDetector kept = before == null ? null : before.detector;
    return kept == null ? new OutlierDetector(config, nanoTime) : kept;
  }

  private Map<Address, EndpointLoad> endpoints() {
    Map<Address, EndpointLoad> known = endpoints;
    return known == null ? takeOver() : known;
  }

  /**
   * Who follows has its endpoints from here, or from the one before if nobody asked here: there is
   * always one at most to look back at.
   */
  private synchronized @Nullable ClusterLoad handOver() {
    superseded = true;
    return endpoints == null ? before : this;
  }

  private synchronized Map<Address, EndpointLoad> takeOver() {
    Map<Address, EndpointLoad> known = endpoints;
    if (known != null) {
      return known;
    }
    ClusterLoad last = before;
    Map<Address, EndpointLoad> old = last == null ? Map.of() : last.endpoints();
    // Most new snapshots of a cluster have the endpoints that there were.
    known = last != null && hasThoseOf(last) ? old : loads(last);
    OutlierDetection detection = cluster.outlierDetection();
    if (detector != null && detection != null && !superseded) {
      if (isDetectorOf(last)) {
        forget(old, known);
      }
      detector.advance(detection, known.size());
    }
    before = null;
    endpoints = known;
    return known;
  }

  private boolean hasThoseOf(ClusterLoad last) {
    return isDetectorOf(last) && cluster.endpoints().equals(last.cluster.endpoints());
  }

  /** Not if detection was off for a while. */
  private boolean isDetectorOf(@Nullable ClusterLoad last) {
    return last != null && last.detector == detector;
  }

  private Map<Address, EndpointLoad> loads(@Nullable ClusterLoad last) {
    Map<Address, EndpointLoad> old = last == null ? Map.of() : last.endpoints();
    boolean known = isDetectorOf(last);
    List<Endpoint> all = cluster.endpoints();
    Map<Address, EndpointLoad> loads = new LinkedHashMap<>((int) (all.size() / 0.75) + 1);
    for (Endpoint endpoint : all) {
      // Of an address that is listed twice the first counts, as with Envoy.
      loads.computeIfAbsent(
          Address.of(endpoint), address -> load(endpoint, old.get(address), known));
    }
    return loads;
  }

  private static void forget(Map<Address, EndpointLoad> old, Map<Address, EndpointLoad> known) {
    old.forEach(
        (address, load) -> {
          EndpointHealth health = load.health();
          if (health != null && !known.containsKey(address)) {
            health.leave();
          }
        });
  }

  /**
   * @param known whether the detector knows who was kept
   */
  private EndpointLoad load(Endpoint endpoint, @Nullable EndpointLoad kept, boolean known) {
    EndpointHealth health = kept == null || !known ? null : kept.health();
    if (health == null && detector != null && !superseded) {
      // What only calls under way still see is not for the detector to know.
      health = detector.join();
    }
    return kept == null
        ? EndpointLoad.joined(endpoint, since, health)
        : kept.next(endpoint, health);
  }

  private Rotation build(int version) {
    return new RotationBuilder(cluster, priorities(), turns, nanoTime).build(version);
  }

  /** Each endpoint in the first of its groups; groups in order, the first priority first. */
  private List<List<RotationBuilder.Group>> priorities() {
    Set<EndpointLoad> seen = new HashSet<>();
    Map<Address, EndpointLoad> all = endpoints();
    Map<Integer, List<RotationBuilder.Group>> priorities = new TreeMap<>(Comparator.naturalOrder());
    for (EndpointGroup group : cluster.groups()) {
      List<EndpointLoad> loads = new ArrayList<>(group.endpoints().size());
      for (Endpoint endpoint : group.endpoints()) {
        EndpointLoad load = all.get(Address.of(endpoint));
        if (load != null && seen.add(load)) {
          loads.add(load);
        }
      }
      priorities
          .computeIfAbsent(group.priority(), priority -> new ArrayList<>())
          .add(new RotationBuilder.Group(group.weight(), loads));
    }
    return List.copyOf(priorities.values());
  }

  private Rotation rotation() {
    Rotation current = rotation;
    if (detector == null) {
      return current == null ? first(0) : current;
    }
    detector.sweepIfDue();
    // Read before the endpoints' states: a change in between shows as another version.
    int version = detector.version();
    if (current == null) {
      return first(version);
    }
    if (current.version() == version || !rebuilding.compareAndSet(false, true)) {
      return current;
    }
    try {
      Rotation next = build(detector.version());
      rotation = next;
      return next;
    } finally {
      rebuilding.set(false);
    }
  }

  /** There is nothing yet that others could use meanwhile: they wait. */
  private synchronized Rotation first(int version) {
    Rotation current = rotation;
    if (current == null) {
      current = build(version);
      rotation = current;
    }
    return current;
  }

  private LbPolicy.@Nullable SlowStart slowStart() {
    return cluster.lbPolicy() instanceof LbPolicy.RoundRobin roundRobin
        ? roundRobin.slowStart()
        : cluster.lbPolicy() instanceof LbPolicy.LeastRequest leastRequest
            ? leastRequest.slowStart()
            : null;
  }

  private CircuitBreakers limits() {
    return cluster.circuitBreakers();
  }
}
