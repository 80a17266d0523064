package io.inmesh.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.engine.balance.ClusterState;
import io.inmesh.engine.balance.EndpointState;
import io.inmesh.engine.model.CircuitBreakers;
import io.inmesh.engine.model.CircuitBreakers.RetryBudget;
import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.ConnectionLimits;
import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.FaultPolicy;
import io.inmesh.engine.model.HeaderMutations;
import io.inmesh.engine.model.LbPolicy;
import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.engine.model.Mirror;
import io.inmesh.engine.model.OutlierDetection;
import io.inmesh.engine.model.PathRewrite;
import io.inmesh.engine.model.Percentage;
import io.inmesh.engine.model.RetryCondition;
import io.inmesh.engine.model.RetryPolicy;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.model.RouteAction;
import io.inmesh.engine.model.RouteMatch;
import io.inmesh.engine.model.StringMatcher;
import io.inmesh.engine.model.WeightedCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every sequence of three outcomes, on every kind of route, closed by "another thread" at every
 * point where the call asks for the time, draws, or tells its observer. The schedule is that
 * thread's turn: it runs to its end there, so that each interleaving happens, and happens again.
 * What these points do not separate is {@link OutboundCallConcurrencyTest}'s.
 */
class CallScheduleTest {
  private static final int LENGTH = 3;
  private static final List<String> CLUSTERS = List.of("v1", "copies", "empty");

  /** What a call may meet on its way. */
  enum Kind {
    RETRIES,
    BUDGET,
    ONE_CONNECTION,
    MIRRORS,
    FAULTS,
    DIRECT_RESPONSE,
    NO_CLUSTER,
    NO_ENDPOINT,
    PASSTHROUGH,
    TIMEOUTS,
    OUTLIERS
  }

  /** What the library may tell, or ask. */
  private enum Outcome {
    CONNECTED,
    CONNECT_FAILED,
    CONNECT_TIMED_OUT,
    RESET,
    STREAM_REFUSED,
    TIMED_OUT,
    OVERFLOWED,
    SERVER_ERROR,
    OK,
    BROKEN_RESPONSE,
    ENTER,
    TRIES_AGAIN,
    WAITED,
    TIME_PASSES
  }

  /** Where another thread may come in between. */
  private final class Points implements RandomGenerator, OutboundObserver {
    private Random random = new Random(0);
    private @Nullable OutboundCall call;
    private int seen;
    private int closeAt;

    /** The test's own looks are no points. */
    private boolean looking;

    private void pass() {
      OutboundCall now = call;
      if (now == null || looking) {
        return;
      }
      seen++;
      if (seen == closeAt) {
        now.close();
      }
      check();
    }

    @Override
    public long nextLong() {
      pass();
      return random.nextLong();
    }

    @Override
    public void attempted(OutboundCall call, Endpoint endpoint) {
      pass();
    }

    @Override
    public void connected(OutboundCall call) {
      pass();
      throw new IllegalStateException("a broken observer");
    }

    @Override
    public void responded(OutboundCall call, int status) {
      pass();
    }

    @Override
    public void answered(OutboundCall call, Step.LocalReply reply) {
      pass();
    }

    @Override
    public void ended(OutboundCall call) {
      pass();
    }
  }

  private final Points points = new Points();
  private long nanos;
  private OutboundPipeline pipeline = pipeline(Kind.RETRIES);

  private OutboundPipeline pipeline(Kind kind) {
    MeshSnapshot snapshot = TestMesh.of(List.of(route(kind)), cluster(kind), copies(), empty());
    return new OutboundPipeline(() -> snapshot, points, this::time, points);
  }

  private long time() {
    points.pass();
    return nanos;
  }

  private static Cluster cluster(Kind kind) {
    LbPolicy policy =
        kind == Kind.PASSTHROUGH ? new LbPolicy.Passthrough() : LbPolicy.LEAST_REQUEST;
    long connections = kind == Kind.ONE_CONNECTION ? 1 : 1_000_000;
    RetryBudget budget = kind == Kind.BUDGET ? new RetryBudget(50, 1) : null;
    OutlierDetection detection =
        kind != Kind.OUTLIERS
            ? null
            : new OutlierDetection(
                1,
                1,
                1,
                true,
                Duration.ofMillis(1),
                Duration.ofMillis(2),
                Duration.ofMillis(9),
                50,
                true);
    return new Cluster(
        "v1",
        policy,
        TestMesh.cluster("v1", 2).groups(),
        ConnectionLimits.DEFAULT,
        new CircuitBreakers(connections, 1, 2, 2, budget),
        detection,
        0);
  }

  private static Cluster copies() {
    return TestMesh.cluster("copies", 1);
  }

  private static Cluster empty() {
    return TestMesh.cluster("empty", 0);
  }

  private static Route route(Kind kind) {
    Duration perTry = kind == Kind.TIMEOUTS ? Duration.ofMillis(3) : Duration.ZERO;
    RetryPolicy retries =
        new RetryPolicy(
            Set.of(RetryCondition.SERVER_ERROR, RetryCondition.CONNECT_FAILURE),
            Set.of(),
            2,
            perTry,
            RetryPolicy.DEFAULT_BACK_OFF,
            RetryPolicy.DEFAULT_BACK_OFF,
            5);
    String to =
        switch (kind) {
          case NO_CLUSTER -> "nowhere";
          case NO_ENDPOINT -> "empty";
          default -> "v1";
        };
    RouteAction forward =
        new RouteAction.Forward(
            List.of(new WeightedCluster(to, 1)),
            PathRewrite.None.INSTANCE,
            "",
            kind == Kind.TIMEOUTS ? Duration.ofMillis(5) : Duration.ZERO,
            Duration.ZERO,
            retries,
            List.of(),
            kind != Kind.MIRRORS
                ? List.of()
                : List.of(
                    new Mirror("copies", Percentage.ALL),
                    new Mirror("v1", new Percentage(500_000)),
                    new Mirror("empty", Percentage.ALL)));
    Percentage half = new Percentage(500_000);
    FaultPolicy fault =
        kind == Kind.FAULTS
            ? new FaultPolicy(
                new FaultPolicy.Delay(half, Duration.ofMillis(1)),
                new FaultPolicy.Abort(half, 503, -1))
            : FaultPolicy.NONE;
    return new Route(
        "only",
        new RouteMatch(new StringMatcher.Prefix("/", false), List.of(), List.of()),
        kind == Kind.DIRECT_RESPONSE ? new RouteAction.DirectResponse(200, "hello") : forward,
        HeaderMutations.NONE,
        HeaderMutations.NONE,
        fault,
        null);
  }

  @ParameterizedTest
  @EnumSource
  void close_atEveryPointOfEverySequence_nothingStaysHeld(Kind kind) {
    pipeline = pipeline(kind);
    int runs = 0;
    Outcome[] all = Outcome.values();
    for (int sequence = 0; sequence < Math.pow(all.length, LENGTH); sequence++) {
      List<Outcome> outcomes = new ArrayList<>();
      for (int i = 0, rest = sequence; i < LENGTH; i++, rest /= all.length) {
        outcomes.add(all[rest % all.length]);
      }
      int toClose = run(outcomes, sequence, Integer.MAX_VALUE);
      for (int point = 1; point <= toClose; point++) {
        run(outcomes, sequence, point);
      }
      runs += toClose;
    }
    // Even a call that is answered at once has its end to be closed at.
    assertThat(runs).isGreaterThan((int) Math.pow(all.length, LENGTH));
  }

  /** Returns how many points there were after the call's begin. */
  private int run(List<Outcome> outcomes, int seed, int closeAt) {
    points.random = new Random(seed);
    points.call = null;
    OutboundCall call = pipeline.begin(TestMesh.get(TestMesh.AUTHORITY, "/"));
    points.call = call;
    points.seen = 0;
    points.closeAt = closeAt;
    outcomes.forEach(outcome -> tell(call, outcome));
    call.close();
    call.mirrors().forEach(MirrorCall::close);
    call.mirrors().forEach(MirrorCall::close);
    assertNothingHeld(outcomes + ", closed at " + closeAt);
    return points.seen;
  }

  private void tell(OutboundCall call, Outcome outcome) {
    switch (outcome) {
      case CONNECTED -> call.connected();
      case CONNECT_FAILED -> call.connectFailed();
      case CONNECT_TIMED_OUT -> call.connectTimedOut();
      case RESET -> call.reset(true);
      case STREAM_REFUSED -> call.streamReset(true);
      case TIMED_OUT -> call.timedOut();
      case OVERFLOWED -> call.overflowed();
      case SERVER_ERROR -> call.responded(TestMesh.response(503));
      case OK -> call.responded(TestMesh.response(200));
      case BROKEN_RESPONSE -> breaks(call);
      case ENTER -> call.enter(() -> {});
      case TRIES_AGAIN -> call.triesAgain();
      case WAITED -> call.waited();
      case TIME_PASSES -> nanos += 4_000_000;
    }
  }

  /** A library's view may throw; its adaptation gives the call up then. */
  private static void breaks(OutboundCall call) {
    ResponseView broken =
        new ResponseView() {
          @Override
          public int status() {
            throw new IllegalStateException("no status");
          }

          @Override
          public List<String> header(String lowerCaseName) {
            throw new IllegalStateException("no headers");
          }
        };
    boolean thrown = false;
    try {
      call.responded(broken);
    } catch (IllegalStateException e) {
      thrown = true;
    }
    assertThat(thrown || !(call.step() instanceof Step.Attempt)).isTrue();
  }

  /** A port that is none: whatever breaks there, the call is not left half begun. */
  @Test
  void begin_throws_nothingStaysHeld() {
    Cluster passthrough = cluster(Kind.PASSTHROUGH);
    Scenario scenario = new Scenario().cluster(passthrough).rewriteHost("orders:none");

    assertThatThrownBy(() -> scenario.begin(FakeCall.get("/")))
        .isInstanceOf(NumberFormatException.class);

    assertThat(requireNonNull(scenario.pipeline().state("v1")).requests()).isZero();
  }

  private void assertNothingHeld(String how) {
    for (String cluster : CLUSTERS) {
      ClusterState state = state(cluster);
      long active = state.endpoints().stream().mapToLong(EndpointState::active).sum();
      if (state.requests() + state.retries() + state.connections() + state.waiting() + active > 0) {
        throw new AssertionError(how + ": still held of " + cluster + ": " + state);
      }
    }
  }

  /** One call with its copies holds that much at most, and never less than nothing. */
  private void check() {
    for (String cluster : CLUSTERS) {
      ClusterState state = state(cluster);
      boolean broken =
          state.endpoints().stream().anyMatch(endpoint -> outside(endpoint.active(), 2))
              || outside(state.requests(), 2)
              || outside(state.retries(), 1)
              || outside(state.connections(), 1)
              || outside(state.waiting(), 1);
      if (broken) {
        throw new AssertionError("one call holds of " + cluster + ": " + state);
      }
    }
  }

  private ClusterState state(String cluster) {
    points.looking = true;
    try {
      return requireNonNull(pipeline.state(cluster));
    } finally {
      points.looking = false;
    }
  }

  private static boolean outside(long count, long most) {
    return count < 0 || count > most;
  }
}
