package io.inmesh.benchmarks.startup;

import io.inmesh.benchmarks.harness.Comparison;
import io.inmesh.benchmarks.harness.Comparison.Metric;
import io.inmesh.benchmarks.harness.ForkedJvm;
import io.inmesh.benchmarks.harness.Options;
import io.inmesh.benchmarks.harness.Project;
import io.inmesh.benchmarks.harness.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Measures the Spring Boot web service of {@code benchmarks/spring} in one scenario after the
 * other. Half of the requests make it call another service.
 */
final class SpringStartup {

  static final Metric TO_READY = new Metric("exec to ready, ms", 0);
  static final Metric RSS_AT_REST = new Metric("RSS once ready, MiB", 1);
  static final Metric RSS = new Metric("RSS after 400 requests, MiB", 1);
  static final Metric HEAP = new Metric("live heap, MiB", 1);
  static final Metric METASPACE = new Metric("metaspace, MiB", 1);
  static final Metric CLASSES = new Metric("classes", 0);
  static final Metric THREADS = new Metric("threads", 0);

  private static final int REQUESTS = 200;
  private static final Duration SETTLE = Duration.ofMillis(2500);

  private final Project project;
  private final Options options;
  private final Comparison comparison;

  SpringStartup(Project project, Options options, Comparison comparison) {
    this.project = project;
    this.options = options;
    this.comparison = comparison;
  }

  void measure(Scenario scenario) {
    try (ForkedJvm jvm = start(scenario)) {
      Reply ready = jvm.await("ready");
      add(TO_READY, scenario, (ready.value("nanos") - jvm.startedAtNanos()) / 1e6);
      StartupBenchmark.settle(SETTLE);
      add(RSS_AT_REST, scenario, StartupBenchmark.rssMebibytes(jvm));
      String url = "http://127.0.0.1:" + ready.value("port");
      for (int i = 0; i < REQUESTS; i++) {
        get(url + "/");
        get(url + "/orders");
      }
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

  private static void get(String url) {
    try {
      HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
      try (InputStream body = connection.getInputStream()) {
        body.transferTo(OutputStream.nullOutputStream());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the Spring Boot service did not serve " + url, e);
    }
  }

  private ForkedJvm start(Scenario scenario) {
    String classPath =
        project.springClassPath().stream().map(Path::toString).collect(Collectors.joining(":"));
    List<String> arguments = new ArrayList<>(options.jvmOptions());
    arguments.addAll(scenario.agent());
    arguments.addAll(
        List.of(
            "-cp",
            classPath,
            "io.inmesh.benchmarks.spring.SpringService",
            "--downstream=" + scenario.url()));
    return ForkedJvm.start(project, "spring " + scenario.name(), arguments);
  }
}
