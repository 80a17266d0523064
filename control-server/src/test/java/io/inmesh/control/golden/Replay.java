package io.inmesh.control.golden;

import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.golden.Backends;
import io.inmesh.golden.Backends.Received;
import io.inmesh.golden.Comparison;
import io.inmesh.golden.Comparison.Result;
import io.inmesh.golden.Finding;
import io.inmesh.golden.GoldenCall;
import io.inmesh.golden.GoldenCase;
import io.inmesh.golden.GoldenCase.Request;
import io.inmesh.golden.Outcome;
import io.inmesh.golden.Sight;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One case, from its policy to what differs. */
final class Replay {
  /** How often a case with chance in it is played: our own share of the noise is small then. */
  private static final int PASSES = 10;

  /** Copies of calls may take longer than the calls. */
  private static final Duration LAST_COPIES = Duration.ofMinutes(1);

  /** The engine tells everything, and the clock is ours. */
  private static final Sight SIGHT = new Sight(true, true, 0.0005, Duration.ZERO);

  private final GoldenCase golden;

  Replay(GoldenCase golden) {
    this.golden = golden;
  }

  /** What differs; empty when all agrees. */
  List<Finding> findings() {
    GoldenMesh mesh = new GoldenMesh(golden.policy());
    if (golden.isRefused()) {
      return mesh.problems().isEmpty()
          ? List.of(Finding.whole("the policy is taken; istiod or Envoy refused it: " + refusal()))
          : List.of();
    }
    if (!mesh.problems().isEmpty()) {
      return mesh.problems().stream().map(Finding::whole).toList();
    }
    return findings(mesh.snapshot(golden.client(), targets()));
  }

  /** What the case's client calls. */
  Set<String> targets() {
    Set<String> targets = new LinkedHashSet<>();
    for (int i = 0; i < golden.requests().size(); i++) {
      targets.add(call(i, 0).target());
    }
    return targets;
  }

  /** What differs when the client's agent knows this. */
  List<Finding> findings(MeshSnapshot snapshot) {
    List<List<List<Result>>> byRequest = new ArrayList<>();
    golden.requests().forEach(request -> byRequest.add(new ArrayList<>()));
    List<Finding> findings = new ArrayList<>();
    for (int pass = 0; pass < (golden.hasChance() ? PASSES : 1); pass++) {
      play(snapshot, pass, byRequest).forEach(leak -> findings.add(Finding.whole(leak)));
    }
    findings.addAll(Comparison.findings(golden, SIGHT, byRequest));
    return findings;
  }

  private String refusal() {
    return Objects.toString(golden.rejected(), "") + Objects.toString(golden.nack(), "");
  }

  /** Returns what is still held when all is over. */
  private List<String> play(MeshSnapshot snapshot, int pass, List<List<List<Result>>> byRequest) {
    VirtualTime time = new VirtualTime();
    Backends backends = new Backends();
    Random random = new Random(golden.name().hashCode() * 31L + pass);
    CallDriver driver = new CallDriver(snapshot, time, backends, random);
    for (int i = 0; i < golden.requests().size(); i++) {
      Request request = golden.requests().get(i);
      time.pass(Duration.ofMillis(request.waitMs()));
      byRequest.get(i).add(results(i, request, time, backends, driver));
    }
    time.pass(LAST_COPIES);
    return driver.leaks();
  }

  private List<Result> results(
      int index, Request request, VirtualTime time, Backends backends, CallDriver driver) {
    int count = request.count();
    List<@Nullable Outcome> outcomes = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      outcomes.add(null);
    }
    if (request.concurrent() > 0) {
      for (int n = 0; n < count; n++) {
        int turn = n;
        time.after(
            Duration.ofMillis(request.staggerMs() * n),
            () -> driver.start(call(index, turn), o -> outcomes.set(turn, o)));
      }
      time.runUntil(() -> !outcomes.contains(null));
    } else {
      for (int n = 0; n < count; n++) {
        int turn = n;
        driver.start(call(index, n), o -> outcomes.set(turn, o));
        time.runUntil(() -> outcomes.get(turn) != null);
        time.pass(Duration.ofMillis(request.everyMs()));
      }
    }
    List<Result> results = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      List<Received> received = backends.received(call(index, n).id());
      results.add(
          new Result(
              Objects.requireNonNull(outcomes.get(n)),
              received.stream().filter(each -> !golden.isMirror(each.instance())).toList(),
              received.stream().filter(each -> golden.isMirror(each.instance())).toList()));
    }
    return results;
  }

  private GoldenCall call(int index, int turn) {
    return GoldenCall.of(golden, "", index, turn);
  }
}
