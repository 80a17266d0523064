package io.inmesh.engine;

import io.inmesh.engine.Explanation.Copy;
import io.inmesh.engine.Explanation.HashedBy;
import io.inmesh.engine.Explanation.Load;
import io.inmesh.engine.Explanation.Outcome;
import io.inmesh.engine.Explanation.Way;
import io.inmesh.engine.balance.ClusterLoad;
import io.inmesh.engine.balance.EndpointLoad;
import io.inmesh.engine.balance.Pick;
import io.inmesh.engine.model.LbPolicy;
import io.inmesh.engine.model.Mirror;
import io.inmesh.engine.model.RouteAction;
import io.inmesh.engine.model.RouteAction.Forward;
import io.inmesh.engine.route.RoutePlan;
import io.inmesh.engine.route.RouteTrial;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at calls that {@link OutboundPipeline} has prepared and that never begin. One for each
 * explanation.
 */
final class Explainer {
  private final MeshState mesh;
  private final String target;
  private final RoutePlan plan;
  private final List<RouteTrial> trials;

  Explainer(MeshState mesh, String target, RoutePlan plan, List<RouteTrial> trials) {
    this.mesh = mesh;
    this.target = target;
    this.plan = plan;
    this.trials = trials;
  }

  /**
   * @param calls one prepared for each destination of the route; where it has none, one
   */
  Explanation explain(List<OutboundCall> calls) {
    List<Way> ways = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      ways.add(way(plan.destinations().isEmpty() ? -1 : i, calls.get(i)));
    }
    CallExtras extras = calls.get(0).extras();
    return new Explanation(
        outcome(extras),
        target,
        trials,
        plan.route(),
        ways,
        mirrors(plan.forward()),
        extras.corsOrigin(),
        extras.preflight());
  }

  /** In the order in which {@link OutboundCall} goes through them once there was no fault. */
  private Outcome outcome(CallExtras extras) {
    RouteAction action = plan.route().action();
    if (action instanceof RouteAction.DirectResponse) {
      return Outcome.DIRECT_RESPONSE;
    }
    if (action instanceof RouteAction.Redirect) {
      return Outcome.REDIRECT;
    }
    if (extras.preflight() != null) {
      return Outcome.PREFLIGHT;
    }
    boolean any = plan.destinations().size() == 1 || totalWeight() > 0;
    return any ? Outcome.FORWARD : Outcome.NO_DESTINATION;
  }

  private Way way(int destination, OutboundCall call) {
    int weight = destination < 0 ? 0 : plan.destinations().get(destination).weight();
    boolean only = plan.destinations().size() == 1;
    ClusterLoad load = call.load();
    return new Way(
        destination,
        only ? 1 : weight,
        only ? 1 : totalWeight(),
        call.cluster(),
        call.head(),
        call.extras().location(),
        call.timeout(),
        call.perTryTimeout(),
        call.retryPolicy(),
        load == null ? null : load(load),
        load == null ? null : hashedBy(load, call.extras()));
  }

  private long totalWeight() {
    return plan.destinations().stream().mapToLong(RoutePlan.Destination::weight).sum();
  }

  private static Load load(ClusterLoad load) {
    return new Load(load.cluster(), load.state());
  }

  private @Nullable HashedBy hashedBy(ClusterLoad load, CallExtras extras) {
    LbPolicy policy = load.cluster().lbPolicy();
    if (!(policy instanceof LbPolicy.RingHash) && !(policy instanceof LbPolicy.Maglev)) {
      return null;
    }
    // A key that is made for this call alone leads nowhere that another call would go to.
    boolean lasting = extras.hasKey() && extras.cookie() == null;
    EndpointLoad picked = lasting ? load.pick(new Pick(List.of(), 0, true, extras.key())) : null;
    return new HashedBy(
        extras.hasKey(), extras.key(), extras.cookie(), picked == null ? null : picked.endpoint());
  }

  private List<Copy> mirrors(@Nullable Forward forward) {
    List<Copy> copies = new ArrayList<>();
    if (forward != null) {
      for (Mirror mirror : forward.mirrors()) {
        ClusterLoad load = mesh.cluster(mirror.cluster());
        copies.add(new Copy(mirror, load == null ? null : load(load)));
      }
    }
    return copies;
  }
}
