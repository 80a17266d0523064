package io.inmesh.e2e;

import io.inmesh.golden.Backends.Received;
import io.inmesh.golden.Comparison;
import io.inmesh.golden.Comparison.Result;
import io.inmesh.golden.Finding;
import io.inmesh.golden.GoldenCall;
import io.inmesh.golden.GoldenCase;
import io.inmesh.golden.GoldenCase.Header;
import io.inmesh.golden.GoldenCase.Request;
import io.inmesh.golden.GoldenData;
import io.inmesh.golden.Outcome;
import io.inmesh.golden.Sight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Plays cases one after the other: a control server with a client for each JDK, which play a case
 * at the same time.
 *
 * <p>Each case finds agents that know of no host. Between two cases a {@code Sidecar} hides the
 * mesh from them; when it goes, the next case's policy is there at once. That an agent has seen
 * either is seen by a call to a host of the lane's own, which the Sidecar hides as well.
 */
final class ReplayLane implements AutoCloseable {
  /**
   * What an application sees. No seed makes its chance repeatable, and about a hundred
   * distributions are compared in each run; the machine may be busy.
   */
  private static final Sight SIGHT = new Sight(false, false, 1e-6, Duration.ofMillis(1_500));

  /** As long as the recorder waited for copies. */
  private static final Duration LAST_COPIES = Duration.ofMillis(150);

  private static final int ENOUGH_CALLS = 200;
  private static final int MOST_PASSES = 5;

  private static final String HIDE =
      """
      apiVersion: networking.istio.io/v1
      kind: Sidecar
      metadata: {name: replay, namespace: default}
      spec:
        egress: [{hosts: ["~/*"]}]
      """;

  private static final String PROBE =
      """
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata: {name: replay, namespace: default}
      spec:
        hosts: [replay.test]
        ports: [{number: 80, name: http, protocol: HTTP}]
        resolution: STATIC
        endpoints: [{address: 127.1.5.1, ports: {http: 7000}}]
      """;

  private static final GoldenCase.Client USUAL =
      new GoldenCase.Client("default", Map.of("app", "client"));

  private final Path folder;
  private final ReplayBackends backends;
  private final ControlServer control;
  private final ReplayPolicy hide = ReplayPolicy.all(HIDE).get(0);
  private final Map<Jdk, ReplayClient> clients = new LinkedHashMap<>();
  private final List<Jdk> jdks;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private List<ReplayPolicy> applied = List.of();

  /**
   * Starts what it needs.
   *
   * @param folder its own
   */
  ReplayLane(Path folder, List<Jdk> jdks, ReplayBackends backends) {
    this.folder = folder;
    this.jdks = jdks;
    this.backends = backends;
    this.control = new ControlServer(folder.resolve("control"));
    hide.apply(control);
    take(ReplayPolicy.all(GoldenData.text("services.yaml")));
    take(ReplayPolicy.all(PROBE));
    for (Jdk jdk : jdks) {
      clients.put(jdk, client(jdk, USUAL));
    }
  }

  private void take(List<ReplayPolicy> policies) {
    for (ReplayPolicy policy : policies) {
      String refusal = policy.apply(control);
      if (!refusal.isEmpty()) {
        throw new AssertionError(policy.path() + ": " + refusal);
      }
    }
  }

  private ReplayClient client(Jdk jdk, GoldenCase.Client workload) {
    String labels =
        new TreeMap<>(workload.labels())
            .entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining(","));
    try {
      Path data = Files.createTempDirectory(Files.createDirectories(folder), "agent");
      // No name is looked up outside: what the mesh leaves alone fails at once.
      Path hosts = Files.createFile(data.resolve("hosts"));
      return new ReplayClient(
          Jvm.of(jdk)
              .agent(
                  "control="
                      + control.url()
                      + ";namespace="
                      + workload.namespace()
                      + (labels.isEmpty() ? "" : ";labels=" + labels)
                      + ";data.dir="
                      + data)
              .jvmArgument("-Djdk.net.hosts.file=" + hosts)
              // Else the JDK drops the Host, Origin and others that cases are about.
              .jvmArgument("-Dsun.net.http.allowRestrictedHeaders=true")
              .main("io.inmesh.testapps.RemoteCaller")
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Plays a case; what differs, by JDK. */
  Map<Jdk, List<Finding>> play(GoldenCase golden) {
    Map<Jdk, List<List<List<Result>>>> byRequest = new LinkedHashMap<>();
    for (Jdk jdk : jdks) {
      List<List<List<Result>>> none = new ArrayList<>();
      golden.requests().forEach(each -> none.add(new ArrayList<>()));
      byRequest.put(jdk, none);
    }
    for (int pass = 0; pass < passes(golden); pass++) {
      hideAll(golden);
      List<String> refusals = change(golden.policy());
      if (golden.isRefused() || !refusals.isEmpty()) {
        return forAll(refusalsFound(golden, refusals));
      }
      hide.delete(control);
      Map<Jdk, Future<List<List<Result>>>> playing = new LinkedHashMap<>();
      for (Jdk jdk : jdks) {
        String player = "#" + pass + player(jdk);
        playing.put(jdk, threads.submit(() -> play(golden, jdk, player)));
      }
      playing.forEach(
          (jdk, future) -> {
            List<List<Result>> results = result(future);
            for (int i = 0; i < results.size(); i++) {
              byRequest.getOrDefault(jdk, List.of()).get(i).add(results.get(i));
            }
          });
    }
    Map<Jdk, List<Finding>> findings = new LinkedHashMap<>();
    byRequest.forEach(
        (jdk, results) -> findings.put(jdk, Comparison.findings(golden, SIGHT, results)));
    return findings;
  }

  /** Chance is compared by as many calls as it takes to see a difference. */
  private static int passes(GoldenCase golden) {
    int fewest =
        golden.requests().stream()
            .filter(Request::random)
            .mapToInt(Request::count)
            .min()
            .orElse(ENOUGH_CALLS);
    return Math.min(MOST_PASSES, (ENOUGH_CALLS + fewest - 1) / fewest);
  }

  private static List<Finding> refusalsFound(GoldenCase golden, List<String> refusals) {
    if (golden.isRefused()) {
      return refusals.isEmpty() ? List.of(Finding.whole("istiod or Envoy refused it")) : List.of();
    }
    return refusals.stream().map(Finding::whole).toList();
  }

  private Map<Jdk, List<Finding>> forAll(List<Finding> findings) {
    return jdks.stream().collect(Collectors.toMap(jdk -> jdk, unused -> findings));
  }

  private List<List<Result>> play(GoldenCase golden, Jdk jdk, String player) {
    ReplayClient usual = clients.get(jdk);
    if (usual != null && golden.client().equals(USUAL)) {
      awaitStatus(usual, 200);
      usual.forget();
      return results(golden, player, usual);
    }
    try (ReplayClient own = client(jdk, golden.client())) {
      return results(golden, player, own);
    }
  }

  private List<List<Result>> results(GoldenCase golden, String player, ReplayClient client) {
    List<List<Outcome>> outcomes = new ArrayList<>();
    for (int i = 0; i < golden.requests().size(); i++) {
      pause(golden.requests().get(i).waitMs());
      outcomes.add(outcomes(golden, player, i, client));
    }
    if (!golden.mirrors().isEmpty()) {
      pause(LAST_COPIES.toMillis());
    }
    List<List<Result>> results = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      List<Result> ofRequest = new ArrayList<>();
      for (int turn = 0; turn < outcomes.get(i).size(); turn++) {
        GoldenCall call = GoldenCall.of(golden, player, i, turn);
        ofRequest.add(result(golden, call, outcomes.get(i).get(turn)));
      }
      results.add(ofRequest);
    }
    return results;
  }

  private List<Outcome> outcomes(GoldenCase golden, String player, int index, ReplayClient client) {
    Request request = golden.requests().get(index);
    List<Outcome> outcomes = new ArrayList<>();
    if (request.concurrent() == 0) {
      for (int turn = 0; turn < request.count(); turn++) {
        outcomes.add(client.call(GoldenCall.of(golden, player, index, turn)));
        pause(request.everyMs());
      }
      return outcomes;
    }
    List<Future<Outcome>> running = new ArrayList<>();
    for (int turn = 0; turn < request.count(); turn++) {
      GoldenCall call = GoldenCall.of(golden, player, index, turn);
      running.add(threads.submit(() -> client.call(call)));
      pause(request.staggerMs());
    }
    running.forEach(each -> outcomes.add(result(each)));
    return outcomes;
  }

  private Result result(GoldenCase golden, GoldenCall call, Outcome outcome) {
    List<Received> received =
        backends.received(call.id()).stream().map(each -> withoutJdkHeaders(each, call)).toList();
    return new Result(
        outcome,
        received.stream().filter(each -> !golden.isMirror(each.instance())).toList(),
        received.stream().filter(each -> golden.isMirror(each.instance())).toList());
  }

  /** Without what {@code HttpURLConnection} adds to every request that does not say otherwise. */
  private static Received withoutJdkHeaders(Received received, GoldenCall call) {
    Set<String> own =
        call.headers().stream().map(Header::name).collect(Collectors.toUnmodifiableSet());
    return new Received(
        received.id(),
        received.instance(),
        received.port(),
        received.method(),
        received.path(),
        received.authority(),
        received.headers().stream()
            .filter(each -> own.contains(each.name()) || !isOfJdk(each))
            .toList(),
        received.body());
  }

  private static boolean isOfJdk(Header header) {
    return switch (header.name()) {
      case "user-agent" -> header.value().startsWith("Java/");
      case "accept" -> header.value().contains("*/*");
      case "content-type" -> header.value().equals("application/x-www-form-urlencoded");
      default -> false;
    };
  }

  /** Makes the agents forget the case before, and gets them to ask for the hosts of this one. */
  private void hideAll(GoldenCase next) {
    Set<String> targets = new LinkedHashSet<>();
    for (int i = 0; i < next.requests().size(); i++) {
      targets.add(GoldenCall.of(next, "", i, 0).target());
    }
    hide.apply(control);
    for (ReplayClient client : clients.values()) {
      client.forget();
      awaitStatus(client, 0);
      targets.forEach(target -> client.call(get(target)));
    }
  }

  private static GoldenCall get(String target) {
    return new GoldenCall("", target, target, "GET", "/", List.of(), "", "");
  }

  private static String player(Jdk jdk) {
    return "@" + jdk.major();
  }

  /** Until a call to the lane's own host ends so; 0 is a host that nobody knows. */
  private void awaitStatus(ReplayClient client, int status) {
    GoldenCall probe = get("replay.test:80");
    long deadline = System.nanoTime() + Poll.PATIENCE.toNanos();
    Outcome last = client.call(probe);
    while (last.status() != status) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "an agent does not get its configuration: "
                + last
                + "\n"
                + control.get("/inmesh/v1/agents")
                + "\n"
                + client.stderr());
      }
      pause(2);
      last = client.call(probe);
    }
  }

  /** Puts a case's policy in the place of the one before; returns why not. */
  private List<String> change(String yaml) {
    applied.forEach(policy -> policy.delete(control));
    applied = ReplayPolicy.all(yaml);
    List<String> refusals = new ArrayList<>();
    for (ReplayPolicy policy : applied) {
      String refusal = policy.apply(control);
      if (!refusal.isEmpty()) {
        refusals.add("policy: " + policy.path() + ": " + refusal);
      }
    }
    return refusals;
  }

  /** What the agents had to say on stderr; nothing if all is well. */
  String complaints() {
    return clients.values().stream().map(ReplayClient::stderr).collect(Collectors.joining());
  }

  private static void pause(long millis) {
    if (millis > 0) {
      LockSupport.parkNanos(millis * 1_000_000);
    }
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    clients.values().forEach(ReplayClient::close);
    control.close();
  }
}
