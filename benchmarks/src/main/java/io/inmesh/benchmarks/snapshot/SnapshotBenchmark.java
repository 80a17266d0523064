package io.inmesh.benchmarks.snapshot;

import io.inmesh.benchmarks.harness.Figures;
import io.inmesh.benchmarks.harness.Options;
import io.inmesh.benchmarks.harness.Project;
import io.inmesh.benchmarks.harness.Report;
import io.inmesh.engine.OutboundCall;
import io.inmesh.engine.OutboundObserver;
import io.inmesh.engine.OutboundPipeline;
import io.inmesh.engine.RequestView;
import io.inmesh.engine.model.MeshSnapshot;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A snapshot of 1,000 services with 100 endpoints each, in the engine: how much heap it holds with
 * all that the engine makes of it, and how long the first call after a swap takes. The budget is 60
 * MB and 50 ms.
 */
public final class SnapshotBenchmark {
  private static final int SERVICES = 1_000;
  private static final int ENDPOINTS = 100;

  private volatile MeshSnapshot current = MeshSnapshot.EMPTY;
  private final OutboundPipeline pipeline =
      new OutboundPipeline(() -> current, new Random(1), System::nanoTime, OutboundObserver.NONE);
  private final Report report;

  private SnapshotBenchmark(Report report) {
    this.report = report;
  }

  public static void main(String[] arguments) {
    Options options = Options.parse(arguments, Set.of("rounds", "record"));
    Report report = new Report(Project.current(), options, "snapshot");
    new SnapshotBenchmark(report).run(options.number("rounds", 20));
    report.finish(System.out);
  }

  private void run(int rounds) {
    // As an agent that has known one service so far: classes are there, nothing is compiled.
    swap(() -> LargeMesh.snapshot(1, ENDPOINTS, 0));
    long before = heap();
    double first = swap(() -> LargeMesh.snapshot(SERVICES, ENDPOINTS, 0));
    long idle = heap() - before;
    callEverybody();
    long used = heap() - before;
    List<Double> everything = new ArrayList<>();
    List<Double> one = new ArrayList<>();
    for (int i = 1; i <= rounds; i++) {
      int round = i;
      everything.add(swap(() -> LargeMesh.snapshot(SERVICES, ENDPOINTS, round)));
      one.add(swap(() -> LargeMesh.withOneChanged(current, ENDPOINTS, round)));
    }
    callEverybody();
    long after = heap() - before;
    report.add("every service anew, ms", everything);
    report.add("one service changed, ms", one);
    print("the first large snapshot of a cold process", first, "ms");
    print("every service anew, median", Figures.median(everything), "ms");
    print("one service changed, median", Figures.median(one), "ms");
    double longest = everything.stream().mapToDouble(d -> d).max().orElse(0);
    report.goal("swap < 50 ms, cold", first, first < 50);
    report.goal("swap < 50 ms, the longest of the others", longest, longest < 50);
    goal("heap < 60 MB, nobody called", idle);
    goal("heap < 60 MB, every service called", used);
    goal("heap < 60 MB, after all swaps", after);
  }

  private void goal(String goal, long bytes) {
    report.goal(goal, bytes / 1e6, bytes < 60_000_000);
  }

  private static void print(String what, double value, String unit) {
    System.out.printf(Locale.ROOT, "%-44s%8.2f %s%n", what, value, unit);
  }

  /** The time of the first call after it, in milliseconds. */
  private double swap(Supplier<MeshSnapshot> next) {
    current = next.get();
    long start = System.nanoTime();
    call(0);
    return (System.nanoTime() - start) / 1e6;
  }

  private void callEverybody() {
    for (int service = 0; service < SERVICES; service++) {
      call(service);
    }
  }

  private void call(int service) {
    try (OutboundCall call = pipeline.begin(new Get(LargeMesh.authority(service)))) {
      if (call.attempts() != 1) {
        throw new IllegalStateException("no attempt for " + service + " but " + call.step());
      }
    }
  }

  /** What is still there after garbage was collected, until that does not get less. */
  private static long heap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  private record Get(String authority) implements RequestView {
    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String scheme() {
      return "http";
    }

    @Override
    public String path() {
      return "/";
    }

    @Override
    public List<String> header(String name) {
      return List.of();
    }
  }
}
