package io.inmesh.control.push;

import io.inmesh.control.compile.MeshState;
import io.inmesh.control.compile.PolicyIndex;
import io.inmesh.control.push.AgentSilentException.Cause;
import io.inmesh.control.registry.AgentRegistry;
import io.inmesh.control.registry.AgentReport;
import io.inmesh.control.registry.AgentStatus;
import io.inmesh.control.registry.ServiceRegistry;
import io.inmesh.control.registry.StoredPolicy;
import io.inmesh.control.store.CompactedException;
import io.inmesh.control.store.Store;
import io.inmesh.shaded.envoy.config.core.v3.Node;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryRequest;
import io.inmesh.xds.wire.RouteQuestion;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where things happen in order: policy changes, agents come and go, and what follows
 * from it is sent. Everything runs on one thread, given by constructor; methods may be called by
 * any.
 *
 * <p><b>After a restart</b> nothing is known of agents until they are back, and they must not lose
 * their endpoints for it. While the mesh settles, an agent that has endpoints of a service that
 * agents serve gets no others: it keeps those it has. A little longer it is not told that such a
 * service has none at all. A server whose store is new has no past and does not wait.
 */
public final class MeshLoop implements AutoCloseable {
  /** How long changes gather before they are sent together. */
  private static final Duration DEBOUNCE = Duration.ofMillis(5);

  /** Longer than agents wait between two tries to connect, which is 5 s at most. */
  private static final Duration SETTLING = Duration.ofSeconds(6);

  /** How long an agent that comes back is not told that a service has no endpoints at all. */
  private static final Duration CAREFUL = Duration.ofSeconds(30);

  /** How long an agent that leaves waits for the others at most; its JVM waits 200 ms in all. */
  private static final Duration FAREWELL = Duration.ofMillis(150);

  /** How long an agent has to answer a question. */
  private static final Duration ANSWER_WAIT = Duration.ofSeconds(5);

  private static final Duration EXPIRY_CHECK = Duration.ofMillis(500);
  private static final int CHANGES_AT_ONCE = 256;
  private static final Logger LOG = LoggerFactory.getLogger(MeshLoop.class);

  private final Store store;
  private final Keys keys;
  private final ScheduledExecutorService thread;
  private final InstantSource clock;
  private final Counters counters;
  private final AgentRegistry agents;
  private final Instant startedAt;
  private final boolean hasPast;
  private final PolicyCatalog policies = new PolicyCatalog();
  private final Set<String> inertAgents = new HashSet<>();
  private final Set<AdsStream> streams = new HashSet<>();
  private final Farewells farewells = new Farewells();

  // Below: written by the loop's thread only.
  private Store.@Nullable Watch watch;
  private ResourceCatalogue catalogue = new ResourceCatalogue(MeshState.EMPTY, Set.of(), null);
  private boolean rebuildScheduled;
  private long states;
  private boolean policiesChanged = true;
  private volatile MeshState state = MeshState.EMPTY;

  /**
   * Where things are in the store.
   *
   * @param policyPrefix what the keys of policy in the store begin with
   * @param settingsPrefix what the keys of agents' settings begin with; the rest is the name
   * @param inert reads a stored setting
   */
  public record Keys(String policyPrefix, String settingsPrefix, Predicate<Store.Entry> inert) {}

  public MeshLoop(
      Store store,
      Keys keys,
      ScheduledExecutorService thread,
      InstantSource clock,
      MeterRegistry meters) {
    this.store = store;
    this.keys = keys;
    this.thread = thread;
    this.clock = clock;
    this.counters = Counters.in(meters);
    this.agents = new AgentRegistry(clock);
    this.startedAt = clock.instant();
    this.hasPast = store.revision() > 0;
    Gauge.builder("inmesh.agents.serving", () -> call(() -> agents.serving().size()))
        .description("Agents whose endpoints count")
        .register(meters);
    Gauge.builder("inmesh.xds.streams", () -> call(streams::size))
        .description("Connected xDS streams")
        .register(meters);
    Gauge.builder("inmesh.policies", () -> state.policies().all().size())
        .description("Policy resources in force")
        .register(meters);
  }

  /** Reads the store and follows it; returns when the first state is there. */
  public void start() {
    call(
        () -> {
          reload();
          rebuild();
          return 0;
        });
    every(EXPIRY_CHECK, this::expire);
    if (hasPast) {
      later(SETTLING, this::scheduleRebuild);
      later(CAREFUL, this::scheduleRebuild);
    }
  }

  /** The policy of this moment: every write that was acknowledged before the call is in it. */
  public Collection<StoredPolicy> policies() {
    return call(
        () -> {
          follow();
          return policies.all();
        });
  }

  /** The newest state that agents were sent from. */
  public MeshState state() {
    return state;
  }

  /** The state that every write and report is in that was there before the call. */
  public MeshState newestState() {
    return call(
        () -> {
          follow();
          if (rebuildScheduled) {
            rebuild();
          }
          return state;
        });
  }

  /** Every agent known, by name. */
  public List<AgentStatus> agents() {
    return call(
        () -> {
          List<AgentStatus> all = new ArrayList<>();
          for (AgentRegistry.Presence agent : agents.all()) {
            all.add(
                new AgentStatus(
                    agent.report(),
                    agent.state().name().toLowerCase(Locale.ROOT),
                    agent.connectedAt(),
                    agent.stream() instanceof AdsStream stream ? stream.sync() : Map.of()));
          }
          return all;
        });
  }

  /**
   * Asks a live agent what would become of a call.
   *
   * @return completes on the loop's thread, with an {@link AgentSilentException} where there is no
   *     answer; within 5 s
   */
  public CompletableFuture<Map<String, Object>> ask(String agent, RouteQuestion question) {
    CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
    run(
        () -> {
          try {
            AdsStream stream = streamOf(agent);
            stream.ask(agent, question, answer);
            later(ANSWER_WAIT, () -> giveUp(agent, stream, answer));
          } catch (RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    return answer;
  }

  private static void giveUp(
      String agent, AdsStream stream, CompletableFuture<Map<String, Object>> asked) {
    asked.completeExceptionally(
        new AgentSilentException(
            Cause.LATE,
            "the agent \""
                + agent
                + "\" has not answered within "
                + ANSWER_WAIT.toSeconds()
                + " s; is its JVM stopped, or busy with a garbage collection?"));
    stream.questions().forgetFinished();
  }

  private AdsStream streamOf(String agent) {
    AgentRegistry.Presence presence =
        agents
            .find(agent)
            .orElseThrow(
                () ->
                    new AgentSilentException(Cause.UNKNOWN, "no agent \"" + agent + "\" is known"));
    if (!(presence.stream() instanceof AdsStream stream)) {
      throw new AgentSilentException(
          Cause.GONE,
          "the agent \"" + agent + "\" is gone: its process has ended, or lost its connection");
    }
    if (!stream.questions().answers()) {
      throw new AgentSilentException(
          Cause.TOO_OLD,
          "the agent \""
              + agent
              + "\" cannot be asked: its version ("
              + presence.report().agentVersion()
              + ") is older than questions, or it is no Inmesh agent");
    }
    return stream;
  }

  AdsStream open(AdsStream.Outlet outlet) {
    AdsStream stream = new AdsStream(outlet, counters);
    run(() -> streams.add(stream));
    return stream;
  }

  void request(AdsStream stream, DiscoveryRequest request) {
    run(
        () -> {
          if (request.hasNode()) {
            report(stream, request.getNode());
          }
          stream.request(request);
          stream.push(catalogue, this::holdsEndpoints);
          if (!stream.awaitsAnswer()) {
            farewells.caughtUp(stream);
          }
        });
  }

  private void report(AdsStream stream, Node node) {
    AgentReport report = NodeReader.read(node);
    stream.report(report);
    if (agents.report(report, stream)) {
      scheduleRebuild();
    }
  }

  void ready(AdsStream stream) {
    run(() -> stream.push(catalogue, this::holdsEndpoints));
  }

  /**
   * A stream's client has left.
   *
   * @param farewell what to do on the loop's thread when nobody is sent to this agent any more, or
   *     soon
   */
  void closed(AdsStream stream, boolean orderly, Runnable farewell) {
    run(
        () -> {
          streams.remove(stream);
          stream.questions().close();
          AgentReport report = stream.report();
          farewells.caughtUp(stream);
          boolean left = report != null && agents.streamEnded(report.instance(), stream, orderly);
          if (left) {
            scheduleRebuild();
          }
          if (left && orderly) {
            later(FAREWELL, farewells.add(farewell));
          } else {
            farewell.run();
          }
        });
  }

  private void expire() {
    if (agents.expire()) {
      scheduleRebuild();
    }
  }

  private void storeChanged() {
    run(this::follow);
  }

  private void follow() {
    Store.Watch current = watch;
    if (current == null) {
      return;
    }
    try {
      List<Store.Change> changes = current.poll(CHANGES_AT_ONCE);
      while (!changes.isEmpty()) {
        changes.forEach(this::apply);
        changes = current.poll(CHANGES_AT_ONCE);
      }
    } catch (CompactedException e) {
      reload();
      scheduleRebuild();
    }
  }

  private void apply(Store.Change change) {
    Store.Entry entry = change.entry();
    boolean deleted = change.type() == Store.ChangeType.DELETED;
    if (entry.key().startsWith(keys.settingsPrefix())) {
      setInert(entry, !deleted && keys.inert().test(entry));
    } else if (entry.key().startsWith(keys.policyPrefix())) {
      policiesChanged = true;
      if (deleted) {
        policies.remove(entry.key());
      } else {
        policies.put(entry);
      }
    }
    scheduleRebuild();
  }

  private void setInert(Store.Entry entry, boolean inert) {
    String agent = entry.key().substring(keys.settingsPrefix().length());
    if (inert) {
      inertAgents.add(agent);
    } else {
      inertAgents.remove(agent);
    }
  }

  private void reload() {
    Store.Watch old = watch;
    if (old != null) {
      old.close();
    }
    Store.Listing all = store.list(keys.policyPrefix());
    policies.clear();
    all.entries().forEach(policies::put);
    inertAgents.clear();
    store
        .list(keys.settingsPrefix())
        .entries()
        .forEach(entry -> setInert(entry, keys.inert().test(entry)));
    policiesChanged = true;
    watch = store.watch("", all.revision(), this::storeChanged);
  }

  private void scheduleRebuild() {
    if (!rebuildScheduled) {
      rebuildScheduled = true;
      later(DEBOUNCE, this::rebuild);
    }
  }

  private void rebuild() {
    rebuildScheduled = false;
    Store.Watch current = watch;
    long revision = current == null ? 0 : current.revision();
    PolicyIndex index = policiesChanged ? new PolicyIndex(policies.all()) : state.policies();
    policiesChanged = false;
    state =
        new MeshState(
            revision + "." + ++states,
            index,
            new ServiceRegistry(index.all(), agents.serving()),
            within(SETTLING));
    catalogue = new ResourceCatalogue(state, inertAgents, catalogue);
    for (AdsStream stream : List.copyOf(streams)) {
      try {
        stream.push(catalogue, this::holdsEndpoints);
      } catch (RuntimeException e) {
        LOG.warn("cannot send to {}", stream.report(), e); // its own end closes it
      }
    }
    catalogue.settle();
    farewells.sent(streams.stream().filter(AdsStream::awaitsAnswer).toList());
  }

  private boolean holdsEndpoints(String namespace, String cluster, boolean empty, boolean kept) {
    if (!within(CAREFUL) || !catalogue.agentsMayServe(namespace, cluster)) {
      return false;
    }
    return within(SETTLING) ? kept || empty : kept && empty;
  }

  private boolean within(Duration afterStart) {
    return hasPast && clock.instant().isBefore(startedAt.plus(afterStart));
  }

  private void run(Runnable task) {
    thread.execute(guarded(task));
  }

  private void later(Duration delay, Runnable task) {
    var unused = thread.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void every(Duration period, Runnable task) {
    var unused =
        thread.scheduleWithFixedDelay(
            guarded(task), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Nothing that one task throws stops the loop. */
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.error("a step of the control server failed", e);
      }
    };
  }

  private <T> T call(Supplier<T> task) {
    return CompletableFuture.supplyAsync(task, thread).join();
  }

  /** Stops following the store; the thread is its giver's to stop. */
  @Override
  public void close() {
    call(
        () -> {
          Store.Watch current = watch;
          if (current != null) {
            current.close();
          }
          watch = null;
          return 0;
        });
  }
}
