package io.inmesh.benchmarks.startup;

import io.inmesh.benchmarks.harness.Comparison;
import io.inmesh.benchmarks.harness.Comparison.Metric;
import io.inmesh.benchmarks.harness.ForkedJvm;
import io.inmesh.benchmarks.harness.Options;
import io.inmesh.benchmarks.harness.Project;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Measures {@link TrivialMain} in one scenario after the other. */
final class TrivialStartup {

  static final Metric TO_LINE = new Metric("exec to main's first line, ms", 1);
  static final Metric TO_END = new Metric("exec to the JVM's end, ms", 1);
  static final Metric TO_ANSWER = new Metric("exec to the first call's answer, ms", 1);
  static final Metric IDLE_RSS = new Metric("RSS with main idle, MiB", 1);
  static final Metric RSS = new Metric("RSS after a call, MiB", 1);
  static final Metric HEAP = new Metric("live heap after a call, MiB", 1);
  static final Metric METASPACE = new Metric("metaspace after a call, MiB", 1);
  static final Metric CLASSES = new Metric("classes after a call", 0);
  static final Metric THREADS = new Metric("threads after a call", 0);

  /** Longer than the agent's background start takes. */
  private static final Duration SETTLE = Duration.ofMillis(2500);

  private final Project project;
  private final Options options;
  private final Comparison comparison;

  TrivialStartup(Project project, Options options, Comparison comparison) {
    this.project = project;
    this.options = options;
    this.comparison = comparison;
  }

  void measure(Scenario scenario) {
    toEnd(scenario);
    toAnswer(scenario);
    memory(scenario);
  }

  private void toEnd(Scenario scenario) {
    try (ForkedJvm jvm = start(scenario, "exit")) {
      long line = jvm.await("line").value("nanos");
      long end = jvm.awaitEndNanos();
      add(TO_LINE, scenario, milliseconds(jvm, line));
      add(TO_END, scenario, milliseconds(jvm, end));
    }
  }

  private void toAnswer(Scenario scenario) {
    try (ForkedJvm jvm = start(scenario, "call")) {
      add(TO_ANSWER, scenario, milliseconds(jvm, jvm.await("answer").value("nanos")));
      jvm.awaitEndNanos();
    }
  }

  private void memory(Scenario scenario) {
    try (ForkedJvm jvm = start(scenario, "stay")) {
      jvm.await("line");
      StartupBenchmark.settle(SETTLE);
      add(IDLE_RSS, scenario, StartupBenchmark.rssMebibytes(jvm));
      jvm.tell("call");
      jvm.await("answer");
      StartupBenchmark.settle(SETTLE);
      ProcessFigures figures = ProcessFigures.read(jvm);
      add(RSS, scenario, figures.rssMebibytes());
      add(HEAP, scenario, figures.liveHeapMebibytes());
      add(METASPACE, scenario, figures.metaspaceMebibytes());
      add(CLASSES, scenario, figures.classes());
      add(THREADS, scenario, figures.threads());
    }
  }

  private void add(Metric metric, Scenario scenario, double value) {
    comparison.add(metric, scenario.name(), value);
  }

  private static double milliseconds(ForkedJvm jvm, long nanos) {
    return (nanos - jvm.startedAtNanos()) / 1e6;
  }

  private ForkedJvm start(Scenario scenario, String mode) {
    List<String> arguments = new ArrayList<>(options.jvmOptions());
    arguments.addAll(scenario.agent());
    arguments.addAll(
        List.of(
            "-cp",
            project.classes().toString(),
            TrivialMain.class.getName(),
            mode,
            scenario.url()));
    return ForkedJvm.start(project, "trivial " + scenario.name(), arguments);
  }
}
