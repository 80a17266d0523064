package io.inmesh.benchmarks.propagation;

import io.inmesh.benchmarks.harness.AgentArguments;
import io.inmesh.benchmarks.harness.Canary;
import io.inmesh.benchmarks.harness.ControlServer;
import io.inmesh.benchmarks.harness.Figures;
import io.inmesh.benchmarks.harness.ForkedJvm;
import io.inmesh.benchmarks.harness.Options;
import io.inmesh.benchmarks.harness.Project;
import io.inmesh.benchmarks.harness.Reply;
import io.inmesh.benchmarks.harness.Report;
import io.inmesh.benchmarks.hop.OriginServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * A program: the weights of a service go from all v1 to all v2 and back, while a client calls it.
 * Measures from the acknowledged write to the moment when every further call follows it.
 */
public final class PropagationBenchmark {

  /** Not counted: the control server's and the client's code is still being compiled. */
  private static final int WARM_UP_CHANGES = 6;

  private final Project project;
  private final Options options;
  private final Random pauses = new Random(42);

  /** Time of the write itself, from the request to its acknowledgement, in milliseconds. */
  private final List<Double> writes = new ArrayList<>();

  /** From the acknowledgement to the first call after which none is served by the old version. */
  private final List<Double> changes = new ArrayList<>();

  private long failures;
  private long calls;

  private PropagationBenchmark(Project project, Options options) {
    this.project = project;
    this.options = options;
  }

  public static void main(String[] arguments) {
    Options options = Options.parse(arguments, Set.of("rounds", "jvm", "record"));
    new PropagationBenchmark(Project.current(), options).run();
  }

  private void run() {
    String classes = project.classes().toString();
    try (ForkedJvm origin =
            ForkedJvm.start(
                project, "origin", List.of("-cp", classes, OriginServer.class.getName()));
        ControlServer control = ControlServer.start(project)) {
      Reply ports = origin.await("origin");
      Canary.apply(control, ports.value("v1"), ports.value("v2"), 0);
      List<String> arguments = new ArrayList<>(options.jvmOptions());
      arguments.addAll(AgentArguments.of(project, control.url()));
      arguments.addAll(List.of("-cp", classes, VersionWatcher.class.getName(), Canary.URL));
      try (ForkedJvm client = ForkedJvm.start(project, "client-watcher", arguments)) {
        client.await("changed");
        flip(control, client);
        report();
      }
    }
  }

  private void flip(ControlServer control, ForkedJvm client) {
    int counted = options.number("rounds", 50);
    for (int i = 0; i < WARM_UP_CHANGES + counted; i++) {
      pause();
      int version = i % 2 == 0 ? 2 : 1;
      long sent = System.nanoTime();
      Canary.weigh(control, version == 2 ? 100 : 0);
      long acknowledged = System.nanoTime();
      Reply changed = client.await("changed");
      if (changed.value("version") != version) {
        throw new IllegalStateException(
            "the client went back to version " + changed.value("version") + " after a change");
      }
      failures = changed.value("failures");
      calls = changed.value("calls");
      if (i >= WARM_UP_CHANGES) {
        long settled = Math.max(changed.value("firstNewNanos"), changed.value("lastOldNanos"));
        writes.add((acknowledged - sent) / 1e6);
        changes.add(Math.max(0, (settled - acknowledged) / 1e6));
      }
    }
  }

  /** Of varying length, so that changes do not fall into step with anything periodic. */
  private void pause() {
    try {
      Thread.sleep(100 + pauses.nextInt(200));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted between changes", e);
    }
  }

  private void report() {
    long[] sorted = changes.stream().mapToLong(ms -> Math.round(ms * 1e6)).sorted().toArray();
    double p50 = Figures.quantile(sorted, 0.50) / 1e6;
    double p99 = Figures.quantile(sorted, 0.99) / 1e6;
    System.out.printf(
        Locale.ROOT,
        "%npropagation: %d weight changes, one client, %d calls%n"
            + "  write, request to acknowledgement: p50 %.1f ms%n"
            + "  acknowledgement to every call changed: p50 %.1f ms, p99 %.1f ms, slowest %.1f ms%n",
        changes.size(),
        calls,
        Figures.median(writes),
        p50,
        p99,
        sorted[sorted.length - 1] / 1e6);
    Report report = new Report(project, options, "propagation");
    report.add("write, request to acknowledgement, ms", writes);
    report.add("acknowledgement to every call changed, ms", changes);
    report.goal("p99 of the changes < 300 ms", p99, p99 < 300);
    report.goal("no failed call", (double) failures, failures == 0);
    report.finish(System.out);
  }
}
