package io.inmesh.engine;

import io.inmesh.engine.balance.ClusterLoad;
import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.model.RouteAction;
import io.inmesh.engine.model.WeightedCluster;
import io.inmesh.engine.route.RequestFields;
import io.inmesh.engine.route.VirtualHostTable;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides about outbound calls: the one way from a request to a {@link Step}. Any thread; readers
 * take no lock.
 *
 * <p>One call goes through: host by authority, route by match, cluster by weight, endpoint by load.
 * The order stands in {@link #begin}.
 */
public final class OutboundPipeline {
  private final Supplier<MeshSnapshot> snapshots;
  private final RandomGenerator random;
  private final LongSupplier nanoTime;
  private final OutboundObserver observer;

  // Written under the lock on this, read by anybody.
  private volatile MeshState state;

  /**
   * @param snapshots one volatile read per call
   * @param random must be safe for the threads that begin calls
   * @param nanoTime as {@code System.nanoTime}
   * @param observer watches, and cannot change anything
   */
  public OutboundPipeline(
      Supplier<MeshSnapshot> snapshots,
      RandomGenerator random,
      LongSupplier nanoTime,
      OutboundObserver observer) {
    this.snapshots = snapshots;
    this.random = random;
    this.nanoTime = nanoTime;
    this.observer = observer;
    this.state = new MeshState(MeshSnapshot.EMPTY, null, random, nanoTime);
  }

  /** Begins a call; the answer's {@link OutboundCall#step} says what to do first. */
  public OutboundCall begin(RequestView request) {
    MeshState now = current();
    // A host that we do not know has no policy: leave the call alone.
    VirtualHostTable host = now.host(request.authority());
    if (host == null) {
      return OutboundCall.untouched();
    }
    // First match wins; none is an answer of its own (Envoy: NR).
    Route route = host.find(new RequestSplit(request));
    if (route == null) {
      return OutboundCall.answered("", Step.LocalReply.NO_ROUTE, observer);
    }
    if (!(route.action() instanceof RouteAction.Forward forward)) {
      return OutboundCall.answered(route.name(), Step.LocalReply.NO_ROUTE, observer);
    }
    // The cluster is drawn once and kept for every attempt.
    String name = draw(forward.clusters());
    ClusterLoad cluster = name == null ? null : now.cluster(name);
    if (cluster == null) {
      return OutboundCall.answered(route.name(), Step.LocalReply.NO_CLUSTER, observer);
    }
    return OutboundCall.routed(route.name(), forward.retryPolicy(), cluster, observer);
  }

  /**
   * True if the endpoint is one that a new call could be sent to now: a kept-alive connection to
   * another is stale.
   */
  public boolean serves(String cluster, String address, int port) {
    ClusterLoad load = current().cluster(cluster);
    return load != null && load.has(address, port);
  }

  private MeshState current() {
    MeshSnapshot snapshot = snapshots.get();
    MeshState now = state;
    return now.isOf(snapshot) ? now : advance();
  }

  /**
   * Whoever sees a new snapshot first prepares it; the others wait, as they would have to do the
   * same work. The snapshot is read again under the lock, so that a slow thread cannot bring an old
   * one back.
   */
  private synchronized MeshState advance() {
    MeshSnapshot snapshot = snapshots.get();
    if (!state.isOf(snapshot)) {
      state = new MeshState(snapshot, state, random, nanoTime);
    }
    return state;
  }

  /** One cluster by weight; a single one gets all. Null if no cluster has a weight. */
  private @Nullable String draw(List<WeightedCluster> clusters) {
    int size = clusters.size();
    if (size == 1) {
      return clusters.get(0).cluster();
    }
    long total = 0;
    for (int i = 0; i < size; i++) {
      total += clusters.get(i).weight();
    }
    if (total <= 0) {
      return null;
    }
    long draw = random.nextLong(total);
    int drawn = 0;
    while (draw >= clusters.get(drawn).weight()) {
      draw -= clusters.get(drawn).weight();
      drawn++;
    }
    return clusters.get(drawn).cluster();
  }

  /** The request as route matching wants it: the path is split once, the query on demand. */
  private static final class RequestSplit implements RequestFields {
    private final RequestView request;
    private final String path;
    private @Nullable String query;

    RequestSplit(RequestView request) {
      this.request = request;
      String whole = request.path();
      int mark = whole.indexOf('?');
      path = mark < 0 ? whole : whole.substring(0, mark);
    }

    @Override
    public @Nullable String field(String pseudoHeader) {
      return switch (pseudoHeader) {
        case ":authority" -> request.authority();
        case ":method" -> request.method();
        case ":scheme" -> request.scheme();
        case ":path" -> request.path();
        default -> null;
      };
    }

    @Override
    public List<String> header(String name) {
      return request.header(name);
    }

    @Override
    public String path() {
      return path;
    }

    @Override
    public String query() {
      String known = query;
      if (known == null) {
        String whole = request.path();
        known = whole.length() == path.length() ? "" : whole.substring(path.length() + 1);
        query = known;
      }
      return known;
    }
  }
}
