package io.inmesh.engine;

import io.inmesh.engine.balance.ClusterLoad;
import io.inmesh.engine.balance.ClusterState;
import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.engine.route.RequestPath;
import io.inmesh.engine.route.RoutePlan;
import io.inmesh.engine.route.RouteTrial;
import io.inmesh.engine.route.VirtualHostTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides about outbound calls: the one way from a request to a {@link Step}. Any thread; readers
 * take no lock.
 *
 * <p>One call goes through: host by authority, spelling of the path, route by match, cluster by
 * weight, changes to the request; then the {@link OutboundCall} itself does faults, CORS, endpoint
 * by load, timeouts and retries. The order stands in {@link #begin}.
 */
public final class OutboundPipeline {
  private static final HeaderEdits FIRST_ATTEMPT =
      HeaderEdits.NONE.with(OutboundCall.ATTEMPT_COUNT, "1");
  private static final RequestHead NO_HEAD = new RequestHead("", "", HeaderEdits.NONE);

  /** Envoy: max_request_headers_kb. */
  private static final long MAX_HEAD_SIZE = 60 * 1024;

  private final Supplier<MeshSnapshot> snapshots;
  private final CallTools tools;

  /** All calls that are left alone: it holds nothing, and nothing that is told changes it. */
  private final OutboundCall untouched;

  // Written under the lock on this, read by anybody.
  private volatile MeshState state;

  /**
   * Decides by the snapshot that is current when a call begins.
   *
   * @param snapshots one volatile read per call
   * @param random must be safe for the threads that drive calls
   * @param nanoTime as {@link System#nanoTime}; for timeouts and outlier detection
   * @param observer watches, and cannot change anything
   */
  public OutboundPipeline(
      Supplier<MeshSnapshot> snapshots,
      RandomGenerator random,
      LongSupplier nanoTime,
      OutboundObserver observer) {
    this.snapshots = snapshots;
    this.tools = new CallTools(random, nanoTime, observer);
    this.untouched = unrouted(false);
    this.state = new MeshState(MeshSnapshot.EMPTY, null, tools);
  }

  /** Begins a call; the answer's {@link OutboundCall#step} says what to do first. */
  public OutboundCall begin(RequestView view) {
    MeshState now = current();
    // A host that we do not know has no policy: leave the call alone.
    VirtualHostTable host = now.host(view.authority());
    if (host == null) {
      return untouched;
    }
    boolean grpc = Grpc.isGrpc(view.header("content-type"));
    if (view.headerCount() > OutboundCall.MAX_HEADERS) {
      return tooLarge(grpc, "http1.too_many_headers");
    }
    if (view.headSize() > MAX_HEAD_SIZE) {
      return tooLarge(grpc, "http1.headers_too_large");
    }
    // What is matched is what is sent, whatever its spelling was.
    String target = RequestPath.normalized(view.path());
    if (target == null) {
      OutboundCall refused = unrouted(grpc);
      refused.refuse(400, "", "path_normalization_failed", "");
      return refused;
    }
    // First match wins; none is an answer of its own (Envoy: NR).
    OutboundRequest request = new OutboundRequest(view, target);
    RoutePlan plan = host.find(request);
    if (plan == null) {
      OutboundCall refused = unrouted(grpc);
      refused.refuse(404, "NR", "route_not_found", "");
      return refused;
    }
    // The cluster is drawn once and kept for every attempt.
    RoutePlan.Destination drawn = plan.draw(tools.random());
    OutboundCall call = prepared(now, request, plan, drawn, grpc);
    start(call);
    return call;
  }

  /** Nobody has the call yet who could close it. */
  private static void start(OutboundCall call) {
    try {
      call.begin();
    } catch (RuntimeException | Error e) {
      call.close();
      throw e;
    }
  }

  private OutboundCall tooLarge(boolean grpc, String why) {
    OutboundCall refused = unrouted(grpc);
    refused.refuse(431, "DPE", why, "Request Header Fields Too Large");
    return refused;
  }

  /**
   * What {@link #begin} would make of a call, and why, without one being made: it goes the same way
   * up to the draw of a cluster, and prepares a call for each cluster that could be drawn. For
   * people; it takes its time.
   */
  public Explanation explain(RequestView view) {
    MeshState now = current();
    VirtualHostTable host = now.host(view.authority());
    if (host == null) {
      return Explanation.ofUnrouted(Explanation.Outcome.UNTOUCHED, "", List.of());
    }
    if (view.headerCount() > OutboundCall.MAX_HEADERS || view.headSize() > MAX_HEAD_SIZE) {
      return Explanation.ofUnrouted(Explanation.Outcome.TOO_LARGE, "", List.of());
    }
    String target = RequestPath.normalized(view.path());
    if (target == null) {
      return Explanation.ofUnrouted(Explanation.Outcome.PATH_REFUSED, "", List.of());
    }
    OutboundRequest request = new OutboundRequest(view, target);
    List<RouteTrial> trials = host.explain(request);
    if (trials == null) {
      return Explanation.ofUnrouted(Explanation.Outcome.NO_VIRTUAL_HOST, target, List.of());
    }
    RoutePlan plan = host.find(request);
    if (plan == null) {
      return Explanation.ofUnrouted(Explanation.Outcome.NO_ROUTE, target, trials);
    }
    boolean grpc = Grpc.isGrpc(view.header("content-type"));
    List<OutboundCall> calls = new ArrayList<>();
    for (RoutePlan.Destination each : plan.destinations()) {
      calls.add(prepared(now, request, plan, each, grpc));
    }
    if (calls.isEmpty()) {
      calls.add(prepared(now, request, plan, null, grpc));
    }
    return new Explainer(now, target, plan, trials).explain(calls);
  }

  private OutboundCall unrouted(boolean grpc) {
    return new OutboundCall(tools, null, null, null, NO_HEAD, CallExtras.NONE, grpc);
  }

  private OutboundCall prepared(
      MeshState now,
      OutboundRequest request,
      RoutePlan plan,
      RoutePlan.@Nullable Destination drawn,
      boolean grpc) {
    if (plan.changesNothing() && !grpc && !request.view().mayHaveControlHeaders()) {
      HeaderEdits edits = plan.attemptCount() ? FIRST_ATTEMPT : HeaderEdits.NONE;
      RequestHead head = new RequestHead(request.target(), request.host(), edits);
      return new OutboundCall(tools, now, plan, drawn, head, CallExtras.NONE, false);
    }
    ClusterLoad cluster = drawn == null ? null : now.cluster(drawn.cluster());
    String statName = cluster == null ? "" : cluster.cluster().statName();
    CallPreparation preparation = new CallPreparation(request, plan, drawn, statName);
    RequestHead head = preparation.head();
    CallExtras extras = preparation.extras(grpc, tools.random());
    return new OutboundCall(tools, now, plan, drawn, head, extras, grpc);
  }

  /**
   * True if the endpoint is one that a new call could be sent to now: a kept-alive connection to
   * another is stale.
   */
  public boolean serves(String cluster, String address, int port) {
    ClusterLoad load = current().cluster(cluster);
    return load != null && load.has(address, port);
  }

  /** How a cluster's endpoints do now, for people; null if there is no such cluster. */
  public @Nullable ClusterState state(String cluster) {
    ClusterLoad load = current().cluster(cluster);
    return load == null ? null : load.state();
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
      state = new MeshState(snapshot, state, tools);
    }
    return state;
  }
}
