package io.inmesh.benchmarks.startup;

import io.inmesh.benchmarks.harness.AgentArguments;
import io.inmesh.benchmarks.harness.Canary;
import io.inmesh.benchmarks.harness.Comparison;
import io.inmesh.benchmarks.harness.ControlServer;
import io.inmesh.benchmarks.harness.ForkedJvm;
import io.inmesh.benchmarks.harness.Options;
import io.inmesh.benchmarks.harness.Project;
import io.inmesh.benchmarks.harness.Reply;
import io.inmesh.benchmarks.harness.Report;
import io.inmesh.benchmarks.hop.OriginServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A program: what the agent adds to a process. Each round starts every scenario anew: without the
 * agent; with it, calling an address without policy; with it, calling the canary; and with it while
 * no control server is there.
 */
public final class StartupBenchmark {

  private static final String BARE = "no agent";
  private static final String AGENT = "agent";
  private static final String CANARY = "canary";
  private static final String ALONE = "no control";

  /** The discard port: nothing listens there, and a connection is refused at once. */
  private static final String NOBODY = "http://127.0.0.1:9";

  private final Project project;
  private final Options options;
  private final Report report;

  private StartupBenchmark(Project project, Options options) {
    this.project = project;
    this.options = options;
    this.report = new Report(project, options, "startup");
  }

  public static void main(String[] arguments) {
    Options options = Options.parse(arguments, Set.of("rounds", "jvm", "bare", "only", "record"));
    new StartupBenchmark(Project.current(), options).run();
  }

  private void run() {
    List<String> originArguments =
        List.of("-cp", project.classes().toString(), OriginServer.class.getName());
    try (ForkedJvm origin = ForkedJvm.start(project, "origin", originArguments)) {
      Reply ports = origin.await("origin");
      String direct = "http://127.0.0.1:" + ports.value("v1") + "/";
      Scenario bare = new Scenario(BARE, List.of(), direct);
      if (options.flag("bare")) {
        measure(List.of(bare));
      } else {
        try (ControlServer control = ControlServer.start(project)) {
          Canary.apply(control, ports.value("v1"), ports.value("v2"), 10);
          measure(
              List.of(
                  bare,
                  new Scenario(AGENT, agent(control.url()), direct),
                  new Scenario(CANARY, agent(control.url()), Canary.URL),
                  new Scenario(ALONE, agent(NOBODY), direct)));
        }
      }
    }
    report.finish(System.out);
  }

  private List<String> agent(String controlUrl) {
    return AgentArguments.of(project, controlUrl, "service=web");
  }

  private void measure(List<Scenario> scenarios) {
    List<String> names = scenarios.stream().map(Scenario::name).toList();
    String only = options.given().getOrDefault("only", "");
    if (!only.equals("spring")) {
      Comparison trivial = new Comparison(names);
      rounds(scenarios, new TrivialStartup(project, options, trivial)::measure);
      report.add(System.out, "startup: trivial main", trivial);
      addTrivialGoals(scenarios, trivial);
    }
    if (!only.equals("trivial")) {
      Comparison spring = new Comparison(names);
      rounds(scenarios, new SpringStartup(project, options, spring)::measure);
      report.add(System.out, "startup: Spring Boot web service", spring);
      addSpringGoals(scenarios, spring);
    }
  }

  private void rounds(List<Scenario> scenarios, Consumer<Scenario> measure) {
    int rounds = options.number("rounds", 7);
    for (int round = 1; round <= rounds; round++) {
      scenarios.forEach(measure);
      System.err.print("\rround " + round + " of " + rounds + (round == rounds ? "\n" : ""));
    }
  }

  private void addTrivialGoals(List<Scenario> scenarios, Comparison trivial) {
    for (Scenario scenario : scenarios.subList(1, scenarios.size())) {
      double added = trivial.difference(TrivialStartup.TO_LINE, scenario.name());
      report.goal(
          "trivial main, " + scenario.name() + ": adds <= 500 ms to the first line",
          added,
          added <= 500);
    }
  }

  private void addSpringGoals(List<Scenario> scenarios, Comparison spring) {
    for (Scenario scenario : scenarios.subList(1, scenarios.size())) {
      double added = spring.difference(SpringStartup.RSS, scenario.name());
      report.goal("Spring Boot, " + scenario.name() + ": adds <= 45 MiB RSS", added, added <= 45);
    }
    if (scenarios.size() > 1) {
      double added = spring.difference(SpringStartup.THREADS, AGENT);
      report.goal("Spring Boot, agent: adds <= 4 threads", added, added <= 4);
    }
  }

  /** The resident set as the kernel counts it. */
  static double rssMebibytes(ForkedJvm jvm) {
    Path status = Path.of("/proc", Long.toString(jvm.pid()), "status");
    return Report.kibibytes(status, "VmRSS:") / 1024.0;
  }

  /** Lets what a process does in the background come to rest. */
  static void settle(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted between measurements", e);
    }
  }
}
