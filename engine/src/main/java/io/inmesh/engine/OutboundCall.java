package io.inmesh.engine;

import io.inmesh.engine.balance.ClusterLoad;
import io.inmesh.engine.balance.EndpointLoad;
import io.inmesh.engine.balance.Pick;
import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.FaultPolicy;
import io.inmesh.engine.model.LbPolicy;
import io.inmesh.engine.model.Mirror;
import io.inmesh.engine.model.RetryPolicy;
import io.inmesh.engine.model.RouteAction;
import io.inmesh.engine.model.RouteAction.Forward;
import io.inmesh.engine.resilience.ConnectionGate;
import io.inmesh.engine.route.RoutePlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of the application, as a small state machine that every library drives: look at {@link
 * #step}, do it, tell the outcome, do what comes back, and {@link #close} at the end.
 *
 * <p>An attempt holds its endpoint's active request and its cluster's request from the moment it is
 * chosen until its failure, or until the end; a retry holds its cluster's retry until its outcome.
 * An outcome that is told when there is no attempt changes nothing. Not thread-safe, except that
 * any thread may close it, at any time and more than once; the first time counts.
 *
 * <p>A response that was handed over is never tried again. The route's timeout runs from the first
 * attempt, over all attempts and back-offs, to the end of the response; that of a try from its
 * connection to its response's head (Envoy: timeout, per_try_timeout).
 */
public final class OutboundCall extends HeldResources implements AutoCloseable {
  /** How many headers a request or a response may have (Envoy: max_headers_count). */
  public static final int MAX_HEADERS = 100;

  static final String FAULT = "fault_filter_abort";

  static final String ATTEMPT_COUNT = "x-envoy-attempt-count";

  private final CallTools tools;
  private final @Nullable MeshState mesh;
  private final @Nullable RoutePlan plan;
  private final RoutePlan.@Nullable Destination destination;
  private final RequestHead head;
  private final CallExtras extras;
  private final boolean grpc;

  private Step step = Step.Untouched.INSTANCE;
  private String flags = "";
  private String detail = "";
  private int attempts;

  /** How often the library sent the call again by itself. */
  private int resent;

  private boolean repeatable = true;
  private boolean reachedRouter;

  /** When the route's time is over, on the engine's clock; 0: never. */
  private long deadline;

  /** When the current try's time is over; 0: it has none of its own. */
  private long tryDeadline;

  private List<Endpoint> tried = List.of();
  private @Nullable List<MirrorCall> mirrors;

  OutboundCall(
      CallTools tools,
      @Nullable MeshState mesh,
      @Nullable RoutePlan plan,
      RoutePlan.@Nullable Destination destination,
      RequestHead head,
      CallExtras extras,
      boolean grpc) {
    super(mesh == null || destination == null ? null : mesh.cluster(destination.cluster()));
    this.tools = tools;
    this.mesh = mesh;
    this.plan = plan;
    this.destination = destination;
    this.head = head;
    this.extras = extras;
    this.grpc = grpc;
  }

  /** What is to be done now. */
  public Step step() {
    return step;
  }

  /** The wait that {@link Step.Wait} asked for is over. */
  public Step waited() {
    if (step instanceof Step.Wait && plan != null) {
      return attempts == 0 ? afterDelay(plan) : afterBackOff();
    }
    return step;
  }

  /** The current attempt has a connection. */
  public void connected() {
    if (step instanceof Step.Attempt) {
      long perTry = perTryNanos();
      tryDeadline = perTry == 0 ? 0 : later(perTry);
      EndpointLoad load = heldEndpoint();
      if (load != null) {
        load.connected();
      }
    }
    watch(o -> o.connected(this));
  }

  /**
   * The endpoint could not be connected to: refused or unreachable. A closed call still answers,
   * but holds nothing any more: HttpURLConnection finishes a dead kept-alive connection before it
   * dials anew.
   *
   * @return a {@link Step.Wait} before the next attempt, or a {@link Step.LocalReply} (503, UF)
   */
  public Step connectFailed() {
    return failed(AttemptFailure.CONNECT, false);
  }

  /** The endpoint could not be connected to in time; otherwise as {@link #connectFailed}. */
  public Step connectTimedOut() {
    return failed(AttemptFailure.CONNECT_TIMEOUT, false);
  }

  /**
   * The connection was lost before a response began.
   *
   * @param requestSent false if nothing of the request was written
   */
  public Step reset(boolean requestSent) {
    return failed(AttemptFailure.CONNECTION_LOST, requestSent);
  }

  /**
   * The endpoint reset the stream of a multiplexed connection before a response began.
   *
   * @param refused true if it said that it did not look at the request (REFUSED_STREAM)
   */
  public Step streamReset(boolean refused) {
    return failed(refused ? AttemptFailure.REFUSED_STREAM : AttemptFailure.STREAM_RESET, true);
  }

  /** Whether the current attempt may use a connection. */
  public enum Entry {
    /** Now. */
    ADMITTED,
    /** As soon as its turn is told. */
    WAITS,
    /** Too many wait already: {@link #overflowed} says what comes of it. */
    OVERFLOW
  }

  /** True if {@link #enter} has to be asked; what most clusters spare their calls. */
  public boolean isConnectionLimited() {
    return cluster != null && cluster.connections().isLimited();
  }

  /**
   * Asks for a connection for the current attempt, within the cluster's limits; to be asked before
   * a connection is looked for. It is given back with the attempt.
   *
   * @param turn run at most once if the answer is to wait, on another call's thread: it must not
   *     block. The attempt may be over by then; while it waits, {@link #timedOut} may be told
   */
  public Entry enter(Runnable turn) {
    if (cluster == null || !(step instanceof Step.Attempt attempt)) {
      return Entry.ADMITTED;
    }
    ConnectionGate.Pass entered = cluster.connections().enter(attempt.endpoint(), turn);
    if (entered == null) {
      return Entry.OVERFLOW;
    }
    holdConnection(entered);
    return entered.wasQueued() ? Entry.WAITS : Entry.ADMITTED;
  }

  /**
   * What came in place of a response is none: not HTTP, or with more headers than {@link
   * #MAX_HEADERS}.
   *
   * @return a {@link Step.Wait} before the next attempt, or a {@link Step.LocalReply} (502, UPE)
   */
  public Step malformed() {
    return failed(AttemptFailure.PROTOCOL_ERROR, true);
  }

  /** The library's pool has no room for the attempt: a limit of connections or of waiting calls. */
  public Step overflowed() {
    return step instanceof Step.Attempt ? overflow(attempts > 1) : step;
  }

  /**
   * {@link #timeLeft} has passed without a response. Whether it was the try's time or the route's
   * is for the engine's clock to say.
   */
  public Step timedOut() {
    if (!(step instanceof Step.Attempt)) {
      return step;
    }
    if (tryDeadline == 0 || isOver()) {
      EndpointLoad load = heldEndpoint();
      if (load != null) {
        load.timedOut();
      }
      return routeTimedOut();
    }
    return failed(AttemptFailure.TRY_TIMEOUT, true);
  }

  /**
   * The current attempt's response has begun.
   *
   * @return {@link Step.Deliver}; a {@link Step.Wait} if it is dropped for another attempt
   */
  public Step responded(ResponseView response) {
    if (!(step instanceof Step.Attempt)) {
      return step;
    }
    int grpcStatus = grpc ? Grpc.status(response) : -1;
    EndpointLoad load = heldEndpoint();
    if (load != null) {
      load.responded(grpcStatus < 0 ? response.status() : Grpc.toHttp(grpcStatus));
    }
    watch(o -> o.responded(this, response.status()));
    releaseRetry();
    if (mayRetry(RetryRules.retries(retryPolicy(), response))) {
      return backOff();
    }
    detail = "via_upstream";
    tryDeadline = 0;
    step = Step.Deliver.INSTANCE;
    return step;
  }

  /**
   * The library lost the attempt's connection and tries again by itself, whatever policy says, as
   * HttpURLConnection does once: that goes to another endpoint where there is one. It is no retry
   * of ours and uses none up, and it is not held against the endpoint: kept-alive connections end.
   *
   * @return an {@link Step.Attempt} or {@link Step.LocalReply}; what there was if the call has no
   *     attempt
   */
  public Step triesAgain() {
    if (cluster != null && step instanceof Step.Attempt lost) {
      releaseAttempt();
      avoid(lost.endpoint());
      attempts--;
      resent++;
      return attempt(cluster);
    }
    return step;
  }

  /** The request's body cannot be sent again: from now on the first outcome stands. */
  public void notRepeatable() {
    repeatable = false;
  }

  /**
   * How long the library may still wait: for the response's head, and once that was delivered for
   * its end.
   *
   * @return zero: as long as it likes; never less than a nanosecond otherwise
   */
  public Duration timeLeft() {
    long end = nearest();
    return end == 0
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(1, end - tools.nanoTime().getAsLong()));
  }

  /** What changes about the headers of the response that is delivered. */
  public HeaderEdits responseEdits(ResponseView response) {
    return plan == null
        ? HeaderEdits.NONE
        : ResponseEditing.edits(this, plan, destination, extras, reachedRouter, response);
  }

  /**
   * Copies to send along with the first attempt; drawn once, empty before and for a call that is
   * answered locally. The caller closes them.
   */
  public List<MirrorCall> mirrors() {
    List<MirrorCall> known = mirrors;
    return known == null ? List.of() : known;
  }

  /** Envoy's response flags in the order in which they came, comma-separated; {@code -}: none. */
  public String flags() {
    return flags.isEmpty() ? "-" : flags;
  }

  /** Envoy's response code details; empty before there is an outcome. */
  public String detail() {
    return detail;
  }

  /** How many attempts were made so far, those that a library made by itself not counted. */
  public int attempts() {
    return attempts;
  }

  /** The cluster that was drawn; empty if none was. */
  public String cluster() {
    return destination == null ? "" : destination.cluster();
  }

  /** The route that matched; empty if none did, or if it has no name. */
  public String routeName() {
    return plan == null ? "" : plan.route().name();
  }

  /**
   * The drawn cluster, for a library's pool to count its connections and waiting calls with; null
   * if there is none.
   */
  public @Nullable ClusterLoad load() {
    return cluster;
  }

  /** What statistics call the cluster; empty if none was drawn. */
  String statName() {
    return cluster == null ? cluster() : cluster.cluster().statName();
  }

  /** The endpoint that is held; null if none is. */
  @Nullable Endpoint endpoint() {
    EndpointLoad load = heldEndpoint();
    return load == null ? null : load.endpoint();
  }

  /** What the first attempt sends, but for what depends on the time. */
  RequestHead head() {
    return head;
  }

  CallExtras extras() {
    return extras;
  }

  /** A try's own timeout; zero if it has none, or none that could end before the route's. */
  Duration perTryTimeout() {
    return Duration.ofNanos(perTryNanos());
  }

  /** The call is over, however it ended. */
  @Override
  public void close() {
    if (releaseForGood()) {
      watch(o -> o.ended(this));
    }
  }

  /** First the faults, then what the route does. */
  void begin() {
    if (plan == null) {
      return;
    }
    FaultPolicy.Delay delay = plan.route().fault().delay();
    if (delay != null && delay.share().draw(tools.random())) {
      flag("DI");
      step = new Step.Wait(delay.duration(), "fault delay");
    } else {
      afterDelay(plan);
    }
  }

  /** Ends a call that was not routed. */
  void refuse(int status, String flag, String why, String body) {
    if (!flag.isEmpty()) {
      flag(flag);
    }
    List<HeaderValue> headers =
        body.isEmpty() ? List.of() : List.of(new HeaderValue("content-type", "text/plain"));
    answer(new Step.LocalReply(status, flags(), why, body, headers), null);
  }

  private Step afterDelay(RoutePlan route) {
    FaultPolicy.Abort abort = route.route().fault().abort();
    if (abort != null && abort.share().draw(tools.random())) {
      flag("FI");
      boolean plain = abort.grpcStatus() < 0;
      return reply(
          plain ? abort.httpStatus() : 200,
          FAULT,
          "fault filter abort",
          List.of(),
          plain ? null : abort.grpcStatus());
    }
    RouteAction action = route.route().action();
    if (action instanceof RouteAction.DirectResponse direct) {
      return reply(direct.status(), "direct_response", direct.body(), location(), null);
    }
    if (action instanceof RouteAction.Redirect redirect) {
      return reply(redirect.status(), "direct_response", "", location(), null);
    }
    if (extras.preflight() != null) {
      return answer(
          new Step.LocalReply(200, flags(), "cors_response", "", extras.preflight()), null);
    }
    reachedRouter = true;
    ClusterLoad drawn = cluster;
    if (drawn == null) {
      flag("NC");
      return reply(503, "cluster_not_found", "", List.of(), null);
    }
    Duration timeout = timeout();
    deadline = timeout.isZero() ? 0 : later(timeout.toNanos());
    return attempt(drawn);
  }

  private List<HeaderValue> location() {
    return extras.location().isEmpty()
        ? List.of()
        : List.of(new HeaderValue("location", extras.location()));
  }

  private Step afterBackOff() {
    ClusterLoad again = cluster;
    if (again == null) {
      return step;
    }
    return isOver() ? routeTimedOut() : attempt(again);
  }

  private Step attempt(ClusterLoad load) {
    boolean passThrough = load.cluster().lbPolicy() instanceof LbPolicy.Passthrough;
    EndpointLoad picked = passThrough ? null : load.pick(pick());
    if (picked == null && !passThrough) {
      flag("UH");
      return reply(503, "no_healthy_upstream", "no healthy upstream", List.of(), null);
    }
    if (!load.beginRequest()) {
      return overflow(attempts > 0);
    }
    attempts++;
    holdAttempt(load, picked);
    Endpoint endpoint = picked == null ? asCalled() : picked.endpoint();
    long perTry = perTryNanos();
    tryDeadline = perTry == 0 ? 0 : later(perTry);
    step =
        new Step.Attempt(
            endpoint,
            attemptHead(),
            connectTimeout(load),
            nearest() == 0 ? Duration.ZERO : timeLeft());
    if (attempts == 1 && mirrors == null) {
      mirrors = drawMirrors();
    }
    watch(o -> o.attempted(this, endpoint));
    return step;
  }

  private Pick pick() {
    return tried.isEmpty() && !extras.hasKey()
        ? Pick.ANY
        : new Pick(tried, retryPolicy().hostSelectionAttempts(), extras.hasKey(), extras.key());
  }

  /** Where the application itself would connect to. */
  private Endpoint asCalled() {
    String host = head.authority();
    int colon = host.lastIndexOf(':');
    boolean hasPort = colon > host.lastIndexOf(']');
    return new Endpoint(
        hasPort ? host.substring(0, colon) : host,
        hasPort ? Integer.parseInt(host.substring(colon + 1)) : 80,
        1);
  }

  /** The head with what depends on the attempt. */
  private RequestHead attemptHead() {
    long end = nearest();
    int sent = attempts + resent;
    boolean numbered = sent > 1 && plan != null && plan.attemptCount();
    if (end == 0 && !numbered) {
      return head;
    }
    HeaderEdits edits = head.edits();
    if (numbered) {
      edits = edits.with(ATTEMPT_COUNT, String.valueOf(sent));
    }
    if (end != 0) {
      // As Envoy, which takes the whole milliseconds that passed from what there was.
      long millis = (timeLeft().toNanos() + 999_999) / 1_000_000;
      edits = edits.with("x-envoy-expected-rq-timeout-ms", String.valueOf(millis));
      if (grpc) {
        edits = edits.with("grpc-timeout", Grpc.timeout(millis));
      }
    }
    return new RequestHead(head.path(), head.authority(), edits);
  }

  private Duration connectTimeout(ClusterLoad load) {
    Duration connect = load.cluster().connection().connect();
    if (deadline == 0) {
      return connect;
    }
    Duration left = Duration.ofNanos(Math.max(1, deadline - tools.nanoTime().getAsLong()));
    return connect.isZero() || left.compareTo(connect) < 0 ? left : connect;
  }

  private Step failed(AttemptFailure failure, boolean requestSent) {
    if (!(step instanceof Step.Attempt)) {
      return step instanceof Step.Untouched ? Step.Deliver.INSTANCE : step;
    }
    EndpointLoad load = heldEndpoint();
    if (load != null) {
      tell(load, failure);
    }
    releaseRetry();
    if (isOver()) {
      return routeTimedOut();
    }
    if (mayRetry(RetryRules.retries(retryPolicy(), failure, requestSent))) {
      return backOff();
    }
    flag(failure.flag());
    if (failure == AttemptFailure.TRY_TIMEOUT) {
      return reply(504, "upstream_per_try_timeout", "upstream request timeout", List.of(), null);
    }
    int status = failure == AttemptFailure.PROTOCOL_ERROR ? 502 : 503;
    return reply(status, failure.detail(), failure.body(attempts > 1), List.of(), null);
  }

  private static void tell(EndpointLoad load, AttemptFailure failure) {
    switch (failure) {
      case CONNECT, CONNECT_TIMEOUT -> load.connectFailed();
      case CONNECTION_LOST, STREAM_RESET, REFUSED_STREAM, PROTOCOL_ERROR -> load.reset();
      case TRY_TIMEOUT -> load.timedOut();
      case OVERFLOW -> {
        // None of the endpoint's making.
      }
    }
  }

  private Step routeTimedOut() {
    flag("UT");
    return reply(504, "response_timeout", "upstream request timeout", List.of(), null);
  }

  private Step overflow(boolean retried) {
    flag("UO");
    return reply(
        503,
        AttemptFailure.OVERFLOW.detail(),
        AttemptFailure.OVERFLOW.body(retried),
        List.of(new HeaderValue("x-envoy-overloaded", "true")),
        null);
  }

  /** True if an outcome that would be retried may be: then the cluster's retry is held. */
  private boolean mayRetry(boolean wouldRetry) {
    if (!wouldRetry || !repeatable || cluster == null) {
      return false;
    }
    if (attempts > retryPolicy().retries()) {
      flag("URX");
      return false;
    }
    if (!holdRetry(cluster)) {
      flag("UO");
      return false;
    }
    return true;
  }

  private Step backOff() {
    if (step instanceof Step.Attempt last) {
      avoid(last.endpoint());
    }
    releaseAttempt();
    tryDeadline = 0;
    Duration wait = RetryRules.backOff(retryPolicy(), attempts, tools.random());
    if (deadline != 0) {
      Duration left = timeLeft();
      wait = left.compareTo(wait) < 0 ? left : wait;
    }
    step = new Step.Wait(wait, "back-off");
    return step;
  }

  /** Remembers a failed endpoint; most calls never need a list of their own. */
  private void avoid(Endpoint endpoint) {
    if (tried.isEmpty()) {
      tried = new ArrayList<>(2);
    }
    tried.add(endpoint);
  }

  private List<MirrorCall> drawMirrors() {
    Forward forward = plan == null ? null : plan.forward();
    if (forward == null || mesh == null || forward.mirrors().isEmpty()) {
      return List.of();
    }
    List<MirrorCall> drawn = new ArrayList<>();
    for (Mirror mirror : forward.mirrors()) {
      ClusterLoad load =
          mirror.share().draw(tools.random()) ? mesh.cluster(mirror.cluster()) : null;
      EndpointLoad picked = load == null ? null : load.pick(Pick.ANY);
      if (load != null && picked != null && load.beginRequest()) {
        picked.acquire();
        drawn.add(new MirrorCall(load, picked, head, timeout()));
      }
    }
    return drawn;
  }

  /** The route's timeout; of a gRPC call what it asks for, within bounds. */
  Duration timeout() {
    Forward forward = plan == null ? null : plan.forward();
    if (forward == null) {
      return Duration.ZERO;
    }
    Duration limit = forward.grpcTimeoutLimit();
    if (!grpc || limit == null) {
      return forward.timeout();
    }
    Duration asked = extras.grpcTimeout();
    boolean bounded = !limit.isZero() && (asked.isZero() || limit.compareTo(asked) < 0);
    return bounded ? limit : asked;
  }

  /** A try's own timeout; 0 if it has none, or none that could end before the route's. */
  private long perTryNanos() {
    Duration perTry = retryPolicy().perTryTimeout();
    if (perTry.isZero()) {
      return 0;
    }
    Duration whole = timeout();
    return whole.isZero() || perTry.compareTo(whole) < 0 ? perTry.toNanos() : 0;
  }

  RetryPolicy retryPolicy() {
    Forward forward = plan == null ? null : plan.forward();
    return forward == null ? RetryPolicy.NONE : forward.retryPolicy();
  }

  private boolean isOver() {
    return deadline != 0 && tools.nanoTime().getAsLong() - deadline >= 0;
  }

  private long later(long nanos) {
    long end = tools.nanoTime().getAsLong() + nanos;
    return end == 0 ? 1 : end; // 0 stands for none
  }

  private long nearest() {
    if (deadline == 0 || tryDeadline == 0) {
      return deadline == 0 ? tryDeadline : deadline;
    }
    return tryDeadline - deadline < 0 ? tryDeadline : deadline;
  }

  private void flag(String flag) {
    flags = flags.isEmpty() ? flag : flags + "," + flag;
  }

  /** An answer of the mesh's own, with what the route does to responses. */
  private Step reply(
      int status, String why, String body, List<HeaderValue> own, @Nullable Integer grpcStatus) {
    Step.LocalReply reply = new Step.LocalReply(status, flags(), why, body, own);
    detail = why;
    HeaderEdits edits = responseEdits(new LocalResponse(reply));
    return answer(ResponseEditing.edited(reply, edits), grpcStatus);
  }

  private Step answer(Step.LocalReply plain, @Nullable Integer grpcStatus) {
    Step.LocalReply reply = grpc ? Grpc.inGrpc(plain, grpcStatus) : plain;
    releaseAttempt();
    releaseRetry();
    deadline = 0;
    tryDeadline = 0;
    detail = reply.detail();
    step = reply;
    watch(o -> o.answered(this, reply));
    return reply;
  }

  private void watch(Consumer<OutboundObserver> notice) {
    OutboundObserver observer = tools.observer();
    if (observer == OutboundObserver.NONE) {
      return;
    }
    // Observers never steer: what one throws must not reach the call, and the engine has nowhere
    // to report it but the observer itself.
    try {
      notice.accept(observer);
    } catch (RuntimeException e) {
      tell(observer, e);
    }
  }

  private static void tell(OutboundObserver observer, RuntimeException cause) {
    try {
      observer.failed(cause);
    } catch (RuntimeException e) {
      // Its last word was broken as well: only a debugger would see it.
      cause.addSuppressed(e);
    }
  }
}
