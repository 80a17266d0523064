package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.inmesh.golden.Finding;
import io.inmesh.golden.GoldenCase;
import io.inmesh.golden.GoldenData;
import io.inmesh.golden.KnownDifferences;
import io.inmesh.golden.KnownDifferences.Judgement;
import io.inmesh.golden.KnownDifferences.Verdict;
import io.inmesh.golden.Tally;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every recorded case of istiod and Envoy, played on sockets: {@code HttpURLConnection} with the
 * packaged agent, the packaged control server, and backends that do what the recorded ones did.
 * What does not agree stands in {@code golden/differences.txt} with its reason, and nothing else
 * does: a case that is there and agrees fails as well.
 *
 * <p>{@code -Dgolden=NAME} plays the cases whose name begins so; {@code target/socket-replay-N.txt}
 * says what differs on JDK N.
 */
class SocketReplayTest {
  /** Cases wait more than they compute: two cores are busy with these. */
  private static final int LANES = Integer.getInteger("golden.lanes", 2);

  private static final KnownDifferences KNOWN =
      new KnownDifferences(GoldenData.text("differences.txt"));
  private static final List<GoldenCase> CASES =
      GoldenData.cases().stream()
          .filter(each -> each.name().startsWith(System.getProperty("golden", "")))
          .toList();

  private static final Queue<String> COMPLAINTS = new ConcurrentLinkedQueue<>();
  private static final Map<Jdk, Tally> TALLIES = new LinkedHashMap<>();
  private static final Map<String, CompletableFuture<Map<Jdk, List<Finding>>>> PLAYED =
      new LinkedHashMap<>();
  private static ReplayBackends backends;
  private static ExecutorService lanes;

  @BeforeAll
  static void startLanes(@TempDir Path folder) {
    List<Jdk> jdks = Jdk.all().stream().filter(jdk -> jdk.home() != null).toList();
    for (Jdk jdk : jdks) {
      TALLIES.put(jdk, new Tally("Golden cases on sockets, " + jdk));
    }
    Queue<GoldenCase> waiting = new ConcurrentLinkedQueue<>(CASES);
    CASES.forEach(each -> PLAYED.put(each.name(), new CompletableFuture<>()));
    backends = new ReplayBackends();
    lanes = Executors.newFixedThreadPool(LANES);
    for (int i = 0; i < LANES; i++) {
      Path own = folder.resolve("lane" + i);
      lanes.execute(() -> play(own, jdks, waiting));
    }
  }

  private static void play(Path folder, List<Jdk> jdks, Queue<GoldenCase> waiting) {
    try (ReplayLane lane = new ReplayLane(folder, jdks, backends)) {
      for (GoldenCase next = waiting.poll(); next != null; next = waiting.poll()) {
        played(next).complete(findings(lane, jdks, next));
      }
      COMPLAINTS.add(lane.complaints());
    } catch (RuntimeException | Error e) {
      for (GoldenCase next = waiting.poll(); next != null; next = waiting.poll()) {
        played(next).completeExceptionally(e);
      }
    }
  }

  private static CompletableFuture<Map<Jdk, List<Finding>>> played(GoldenCase golden) {
    CompletableFuture<Map<Jdk, List<Finding>>> result = PLAYED.get(golden.name());
    if (result == null) {
      throw new IllegalArgumentException(golden.name());
    }
    return result;
  }

  // Whatever goes wrong inside is a finding of that case.
  private static Map<Jdk, List<Finding>> findings(
      ReplayLane lane, List<Jdk> jdks, GoldenCase golden) {
    try {
      return lane.play(golden);
    } catch (RuntimeException | AssertionError e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      List<Finding> findings = List.of(Finding.whole("threw " + trace));
      return jdks.stream().collect(Collectors.toMap(jdk -> jdk, unused -> findings));
    }
  }

  @AfterAll
  static void stopLanes() throws InterruptedException {
    lanes.shutdown();
    if (!lanes.awaitTermination(1, TimeUnit.MINUTES)) {
      lanes.shutdownNow();
    }
    backends.close();
    TALLIES.forEach(
        (jdk, tally) -> {
          System.out.println(tally.summary());
          tally.write(Path.of("target", "socket-replay-" + jdk.major() + ".txt"));
        });
    assertThat(backends.problems()).isEmpty();
    assertThat(COMPLAINTS).allMatch(String::isEmpty);
    // Of several idle connections the JDK closes any, so that one may be left.
    assertThat(backends.shared()).allMatch(each -> hasConcurrentCalls(each.before()));
  }

  private static boolean hasConcurrentCalls(String name) {
    return CASES.stream()
        .filter(each -> each.name().equals(name))
        .flatMap(each -> each.requests().stream())
        .anyMatch(request -> request.concurrent() > 0);
  }

  @TestFactory
  Stream<DynamicContainer> replay_recordedCase_agreesOrIsListed() {
    return Jdk.all().stream()
        .map(
            jdk ->
                DynamicContainer.dynamicContainer(
                    jdk.toString(), CASES.stream().map(each -> test(jdk, each))));
  }

  private static DynamicTest test(Jdk jdk, GoldenCase golden) {
    return dynamicTest(golden.name(), () -> judge(jdk, golden));
  }

  private static void judge(Jdk jdk, GoldenCase golden) {
    Tally tally = TALLIES.get(jdk);
    if (tally == null) {
      jdk.java(); // Says that it is missing.
      return;
    }
    List<Finding> findings = played(golden).join().getOrDefault(jdk, List.of());
    Judgement judgement = KNOWN.judge(golden.name(), golden.requests().size(), findings);
    tally.add(golden, judgement);
    assertThat(judgement.verdict())
        .as("%s\n%s\n%s", golden.name(), String.join("\n", judgement.text()), golden.policy())
        .isNotEqualTo(Verdict.WRONG);
    // What is known not to agree shows as skipped, with its reason.
    Assumptions.assumeTrue(
        judgement.verdict() == Verdict.AGREES,
        () -> judgement.verdict() + ": " + String.join("; ", judgement.text()));
  }

  @Test
  void differences_nameOnlyCasesThatExist() {
    Set<String> names =
        GoldenData.cases().stream().map(GoldenCase::name).collect(Collectors.toSet());
    assertThat(names).containsAll(KNOWN.cases());
  }
}
