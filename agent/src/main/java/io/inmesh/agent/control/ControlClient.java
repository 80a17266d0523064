package io.inmesh.agent.control;

import io.grpc.stub.StreamObserver;
import io.inmesh.agent.AgentLog;
import io.inmesh.agent.config.AgentConfig;
import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.shaded.envoy.config.core.v3.Node;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryRequest;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryResponse;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.InvalidProtocolBufferException;
import io.inmesh.shaded.protobuf.Struct;
import io.inmesh.xds.HostState;
import io.inmesh.xds.Questions;
import io.inmesh.xds.ResourceCache;
import io.inmesh.xds.ResourceType;
import io.inmesh.xds.Verdict;
import io.inmesh.xds.wire.AgentQuestion;
import io.inmesh.xds.wire.AgentSettings;
import io.inmesh.xds.wire.RouteQuestion;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * This process's link to the control plane: asks for the hosts that the application calls, keeps
 * what it gets, and reports.
 *
 * <p>One daemon thread, {@code inmesh-control}, owns the resource cache, the stream and the file;
 * everything that happens there is a task on it. Readers see an immutable view by one volatile
 * read. Public methods may be called by any thread and throw nothing.
 */
public final class ControlClient implements AutoCloseable {
  /**
   * An application that calls ever new hosts must not fill the memory of both ends: further ones
   * pass untouched.
   */
  private static final int MOST_HOSTS = 10_000;

  /** What arrives together is saved together, and a process that lives a second leaves a file. */
  private static final Duration SAVE_DELAY = Duration.ofMillis(50);

  private static final Duration SAVE_INTERVAL = Duration.ofSeconds(1);

  private static final Set<ResourceType> WHOLE_HOST =
      Set.of(
          ResourceType.LISTENER, ResourceType.ROUTE, ResourceType.CLUSTER, ResourceType.ENDPOINT);

  /** The JVM waits for its shutdown hooks, and nobody should wait for ours. */
  private static final Duration GOODBYE = Duration.ofMillis(200);

  private static final Duration REPORT_CHECK = Duration.ofSeconds(3);
  private static final Duration COUNTS_DELAY = Duration.ofSeconds(1);
  private static final String VERSION_FROM_FILE = "last-good";

  private final AgentConfig config;
  private final Supplier<AgentReport> report;
  private final Consumer<Boolean> inert;
  private final Function<RouteQuestion, Map<String, Object>> explainer;
  private final AgentLog log;
  private final LastGoodStore store;
  private final ScheduledExecutorService thread;
  private final ControlLink link;

  /**
   * When waiting for a host's first configuration ends, by authority, in {@link System#nanoTime}
   * terms.
   */
  private final Map<String, Long> waitsEnd = new ConcurrentHashMap<>();

  private final AtomicBoolean countsReportDue = new AtomicBoolean();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile View view = new View(MeshSnapshot.EMPTY, Set.of(), Set.of(), Map.of());
  private volatile Map<ResourceType, String> versionsShown = Map.of();

  // Below: the control thread's own.
  private final ResourceCache cache = new ResourceCache();
  private final Map<ResourceType, String> versions = new EnumMap<>(ResourceType.class);
  private final Set<String> confirmed = new HashSet<>();
  private @Nullable AdsSession session;
  private boolean draining;
  private boolean saveScheduled;

  /** What the file holds: a save without a whole host in it would only cost the time. */
  private MeshSnapshot saved = MeshSnapshot.EMPTY;

  private @Nullable AgentReport reported;
  private long nextSave = System.nanoTime();

  /** Hosts of which the file spoke and the stream has not yet. */
  private final Set<String> fromFile = new HashSet<>();

  /** Types of which a control server has sent anything since this process started. */
  private final Set<ResourceType> answered = EnumSet.noneOf(ResourceType.class);

  /**
   * What readers see.
   *
   * @param confirmed hosts that a control server has spoken about since this process started;
   *     others come from the file
   * @param settled what is known of hosts that nobody needs to wait for: one look-up a call
   */
  private record View(
      MeshSnapshot snapshot,
      Set<String> confirmed,
      Set<String> absent,
      Map<String, HostState> settled) {}

  private ControlClient(
      AgentConfig config,
      Supplier<AgentReport> report,
      Consumer<Boolean> inert,
      Function<RouteQuestion, Map<String, Object>> explainer,
      AgentLog log) {
    this.config = config;
    this.report = report;
    this.inert = inert;
    this.explainer = explainer;
    this.log = log;
    this.store = new LastGoodStore(config, log);
    this.thread = controlThread();
    this.link = new ControlLink(config.controls(), thread, log, new Events());
  }

  /**
   * A client that does nothing yet.
   *
   * @param report what this process reports, read whenever it is sent
   * @param inert told the kill switch's position as the control server has it
   * @param explainer what would become of a call, for an operator who asks; read on the client's
   *     thread. Its host is in the snapshot
   */
  public static ControlClient create(
      AgentConfig config,
      Supplier<AgentReport> report,
      Consumer<Boolean> inert,
      Function<RouteQuestion, Map<String, Object>> explainer,
      AgentLog log) {
    return new ControlClient(config, report, inert, explainer, log);
  }

  private static ScheduledExecutorService controlThread() {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread daemon = new Thread(null, task, "inmesh-control", 0, false);
              daemon.setDaemon(true);
              daemon.setContextClassLoader(null);
              return daemon;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return executor;
  }

  /** Begins, on its own threads: reads the file, then connects. */
  public void start() {
    run(
        () -> {
          restore();
          link.start();
          later(REPORT_CHECK, this::reportIfChanged);
        });
  }

  /** The hosts that are known; one volatile read. */
  public MeshSnapshot snapshot() {
    return view.snapshot;
  }

  /**
   * What is known of a host, waiting for it where that makes sense: within {@code max} of the first
   * time that anybody asked, and while the control server is connecting or answering. Subscribes to
   * the host at the first sight.
   */
  public HostState await(String authority, Duration max) {
    HostState settled = view.settled.get(authority);
    if (settled != null) {
      return settled;
    }
    Long end = waitsEnd.get(authority);
    if (end == null) {
      end = subscribe(authority, max);
    }
    return end == null ? state(authority) : awaitUntil(authority, end);
  }

  /** Sends the report again, soon. */
  public void reportChanged() {
    run(this::sendReport);
  }

  /** Sends the report again within a second; cheap enough to be called with every failed call. */
  public void countsChanged() {
    if (countsReportDue.compareAndSet(false, true)) {
      later(
          COUNTS_DELAY,
          () -> {
            countsReportDue.set(false);
            sendReport();
          });
    }
  }

  /**
   * The JVM is shutting down: takes this process out of rotation and keeps what there is to keep;
   * bounded to 200 ms. It does not connect again.
   */
  public void drain() {
    CountDownLatch done = new CountDownLatch(1);
    run(
        () -> {
          draining = true;
          link.leave();
          AdsSession now = session;
          if (now != null) {
            now.report();
            now.end();
          }
          // The disk last: it may be slow. The stream's end is told on this thread, so after it.
          if (saveScheduled) {
            save();
          }
          if (now == null) {
            done.countDown();
          } else {
            link.onEnd(done::countDown);
          }
        });
    try {
      if (!done.await(GOODBYE.toMillis(), TimeUnit.MILLISECONDS)) {
        log.debug("the control server did not answer the goodbye in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How it is doing. */
  public ControlStatus status() {
    Map<String, String> shown = new TreeMap<>();
    versionsShown.forEach((type, version) -> shown.put(type.shortName(), version));
    return new ControlStatus(
        link.state().toString(), link.server(), link.lastError(), shown, waitsEnd.size());
  }

  /** Ends everything without a goodbye, soon. */
  @Override
  public void close() {
    run(() -> link.close(thread::shutdown));
  }

  private HostState state(String authority) {
    View now = view;
    if (now.snapshot.listeners().containsKey(authority)) {
      return HostState.KNOWN;
    }
    return now.absent.contains(authority) ? HostState.ABSENT : HostState.PENDING;
  }

  /** Null if there are too many hosts. */
  private @Nullable Long subscribe(String authority, Duration max) {
    if (waitsEnd.size() >= MOST_HOSTS) {
      log.warnOnce(
          "most-hosts",
          "this application has called more than "
              + MOST_HOSTS
              + " hosts; calls to further ones pass untouched",
          null);
      return null;
    }
    Long end = System.nanoTime() + max.toNanos();
    Long before = waitsEnd.putIfAbsent(authority, end);
    if (before == null) {
      run(
          () -> {
            cache.subscribe(authority);
            AdsSession now = session;
            if (now != null) {
              now.subscribe();
            }
          });
      return end;
    }
    return before;
  }

  private HostState awaitUntil(String authority, long end) {
    lock.lock();
    try {
      long left = end - System.nanoTime();
      while (!view.confirmed.contains(authority) && link.state().mayAnswer() && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      // The application's own interrupt: it must find it again, and the call goes on with what is
      // known.
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    return state(authority);
  }

  // On the control thread

  private void restore() {
    Map<ResourceType, List<Any>> kept = store.load();
    for (Any listener : kept.getOrDefault(ResourceType.LISTENER, List.of())) {
      subscribeTo(listener);
    }
    // In the order in which things name each other: what nothing names yet would be forgotten at
    // once.
    for (ResourceType type :
        List.of(
            ResourceType.LISTENER,
            ResourceType.ROUTE,
            ResourceType.CLUSTER,
            ResourceType.ENDPOINT)) {
      List<Any> resources = kept.getOrDefault(type, List.of());
      Verdict verdict = cache.accept(type, resources, Set.of());
      if (verdict instanceof Verdict.Rejected rejected) {
        log.warn(
            "the last good configuration cannot be used by this agent version: "
                + rejected.reason());
      } else if (!resources.isEmpty()) {
        // Tells the control server that this agent has something to lose.
        versions.put(type, VERSION_FROM_FILE);
      }
    }
    saved = cache.snapshot();
    versionsShown = Map.copyOf(versions);
    fromFile.addAll(cache.wanted(ResourceType.LISTENER));
    publish();
  }

  private void subscribeTo(Any listener) {
    try {
      cache.subscribe(
          io.inmesh.shaded.envoy.config.listener.v3.Listener.parseFrom(listener.getValue())
              .getName());
    } catch (InvalidProtocolBufferException e) {
      log.warn("the last good configuration holds a listener that cannot be read: " + e);
    }
  }

  /** A hook becomes active with its first use, which nothing else tells the control server. */
  private void reportIfChanged() {
    if (session != null && !report.get().equals(reported)) {
      sendReport();
    }
    later(REPORT_CHECK, this::reportIfChanged);
  }

  private void sendReport() {
    AdsSession now = session;
    if (now != null) {
      now.report();
    }
  }

  private void receive(AdsSession from, DiscoveryResponse response) {
    Verdict verdict = from.receive(response);
    ResourceType.of(response.getTypeUrl()).ifPresent(answered::add);
    if (verdict instanceof Verdict.Rejected rejected) {
      // Once for each reason: the server sends it again after every reconnect.
      log.warnOnce(
          "rejected " + rejected.reason(),
          "configuration from "
              + link.server()
              + " was rejected, and what was before stays in force: "
              + rejected.reason(),
          null);
      publish();
    } else {
      accepted(response);
    }
  }

  private void accepted(DiscoveryResponse response) {
    versionsShown = Map.copyOf(versions);
    if (response.getTypeUrl().equals(ResourceType.SETTINGS.typeUrl())) {
      settings(response);
      return;
    }
    publish();
    scheduleSave();
  }

  /** Whatever the question is, it gets an answer: somebody waits for it. */
  private void answer(AdsSession to, DiscoveryResponse response) {
    for (Any any : response.getResourcesList()) {
      Map<String, Object> answer = new HashMap<>();
      try {
        AgentQuestion question = Questions.parse(any);
        answer.put("id", question.getId());
        if (question.hasExplainRoute()) {
          answer.put("answer", explain(question.getExplainRoute()));
        } else {
          answer.put("error", "this agent version does not know the question");
        }
      } catch (InvalidProtocolBufferException | RuntimeException | LinkageError e) {
        answer.put("error", "the agent failed to answer: " + e);
        log.warnOnce("question", "a question of the control server's cannot be answered", e);
      }
      Struct struct = Structs.of(answer);
      if (struct.getSerializedSize() > Questions.LONGEST_ANSWER) {
        answer.remove("answer");
        answer.put("error", "the answer is too long: " + struct.getSerializedSize() + " bytes");
        struct = Structs.of(answer);
      }
      to.answer(response, struct);
    }
  }

  /** Does not ask for a host that the application has not called: looking changes nothing. */
  private Map<String, Object> explain(RouteQuestion question) {
    String host = question.getAuthority();
    Map<String, Object> answer = new HashMap<>();
    HostState state = state(host);
    boolean called = state != HostState.PENDING || waitsEnd.containsKey(host);
    answer.put("host", called ? state.name().toLowerCase(Locale.ROOT) : "notCalled");
    if (state == HostState.KNOWN) {
      answer.put("explanation", explainer.apply(question));
    }
    return answer;
  }

  private void settings(DiscoveryResponse response) {
    boolean on = false;
    for (Any any : response.getResourcesList()) {
      try {
        on |= AgentSettings.parseFrom(any.getValue()).getInert();
      } catch (InvalidProtocolBufferException e) {
        log.warn("the control server's settings for this agent cannot be read: " + e);
        return;
      }
    }
    inert.accept(on);
  }

  private void publish() {
    Set<String> absent = new HashSet<>();
    for (String host : cache.wanted(ResourceType.LISTENER)) {
      HostState state = cache.state(host);
      if (state == HostState.ABSENT) {
        absent.add(host);
      }
      if (state != HostState.PENDING && isFromStream(host, state)) {
        confirmed.add(host);
        fromFile.remove(host);
      }
    }
    MeshSnapshot snapshot = cache.snapshot();
    Map<String, HostState> settled = new HashMap<>();
    for (String host : confirmed) {
      if (snapshot.listeners().containsKey(host)) {
        settled.put(host, HostState.KNOWN);
      } else if (absent.contains(host)) {
        settled.put(host, HostState.ABSENT);
      }
    }
    view = new View(snapshot, Set.copyOf(confirmed), absent, Map.copyOf(settled));
    wake();
  }

  /**
   * What the file says of a host counts until the stream has spoken of all its parts, those that
   * the file does not know included.
   */
  private boolean isFromStream(String host, HostState state) {
    return !fromFile.contains(host)
        || state == HostState.ABSENT
        || (answered.containsAll(WHOLE_HOST) && !cache.isOutdated(host));
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("ReferenceEquality") // the cache gives the same object while nothing changed
  private void scheduleSave() {
    if (!saveScheduled && cache.snapshot() != saved) {
      saveScheduled = true;
      long wait = Math.max(SAVE_DELAY.toNanos(), nextSave - System.nanoTime());
      later(Duration.ofNanos(wait), this::saveIfDue);
    }
  }

  private void saveIfDue() {
    if (saveScheduled) {
      save();
    }
  }

  private void save() {
    saveScheduled = false;
    saved = cache.snapshot();
    nextSave = System.nanoTime() + SAVE_INTERVAL.toNanos();
    store.save(cache.resources());
  }

  private Node node() {
    AgentReport now = report.get();
    reported = now;
    return NodeMessage.of(config, now, draining);
  }

  private void run(Runnable task) {
    try {
      thread.execute(guarded(task));
    } catch (RejectedExecutionException e) {
      log.debug("the control client is closed");
    }
  }

  private void later(Duration delay, Runnable task) {
    try {
      var unused = thread.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("the control client is closed");
    }
  }

  /** A task that fails must not end the others, nor the thread. */
  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | LinkageError e) {
        log.warnOnce("control-task", "a step of the control client failed", e);
      }
    };
  }

  /** What the link tells, on the control thread. */
  private final class Events implements ControlLink.Listener {
    @Override
    public void opened(StreamObserver<DiscoveryRequest> requests) {
      AdsSession opened =
          new AdsSession(requests, cache, versions, config.instance(), ControlClient.this::node);
      session = opened;
      opened.begin();
    }

    @Override
    public void received(DiscoveryResponse response) {
      AdsSession now = session;
      if (now != null && response.getTypeUrl().equals(Questions.TYPE_URL)) {
        answer(now, response);
      } else if (now != null) {
        receive(now, response);
      }
    }

    @Override
    public void closed() {
      session = null;
      wake();
    }
  }
}
