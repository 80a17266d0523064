package io.inmesh.benchmarks.hop;

import io.inmesh.benchmarks.harness.AgentArguments;
import io.inmesh.benchmarks.harness.Canary;
import io.inmesh.benchmarks.harness.Comparison;
import io.inmesh.benchmarks.harness.Comparison.Metric;
import io.inmesh.benchmarks.harness.ControlServer;
import io.inmesh.benchmarks.harness.ForkedJvm;
import io.inmesh.benchmarks.harness.Options;
import io.inmesh.benchmarks.harness.Project;
import io.inmesh.benchmarks.harness.Reply;
import io.inmesh.benchmarks.harness.Report;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * A program: what the agent adds to a hop. Three client JVMs live through the whole run, and take
 * turns against one server process: without the agent, with the agent and no policy for the called
 * host, and with a 90/10 canary. The order turns round every second round.
 */
public final class HopBenchmark {

  private static final int RATE = 500;

  private static final String BARE = "no agent";
  private static final String AGAIN = "no agent again";
  private static final String SPLIT = "no agent, 90/10";
  private static final String NO_POLICY = "no policy";
  private static final String CANARY = "canary 90/10";

  private static final Metric THROUGHPUT = new Metric("closed loop: requests/s", 0);
  private static final Metric CLOSED_CPU = new Metric("closed loop: client CPU us/request", 2);
  private static final Metric CLOSED_CALLER_CPU = new Metric("  of that the calling threads", 2);
  private static final Metric ALLOCATED = new Metric("closed loop: allocated B/request", 0);
  private static final Metric P50 = new Metric("500/s: p50 us", 1);
  private static final Metric P99 = new Metric("500/s: p99 us", 1);
  private static final Metric SERVICE_P50 = new Metric("500/s: p50 us since sent", 1);
  private static final Metric SERVICE_P99 = new Metric("500/s: p99 us since sent", 1);
  private static final Metric OPEN_CPU = new Metric("500/s: client CPU us/request", 1);
  private static final Metric OPEN_CALLER_CPU = new Metric("  of that the callers at 500/s", 1);
  private static final Metric V2_SHARE = new Metric("share of v2 %", 2);

  private final Project project;
  private final Options options;
  private final List<ForkedJvm> started = new ArrayList<>();
  private long failures;

  private HopBenchmark(Project project, Options options) {
    this.project = project;
    this.options = options;
  }

  public static void main(String[] arguments) {
    Options options =
        Options.parse(arguments, Set.of("rounds", "seconds", "warmup", "jvm", "bare", "record"));
    new HopBenchmark(Project.current(), options).run();
  }

  private void run() {
    try {
      Reply origin = start("origin", List.of(OriginServer.class.getName())).await("origin");
      if (options.flag("bare")) {
        measure(bareClients(origin));
      } else {
        try (ControlServer control = ControlServer.start(project)) {
          Canary.apply(control, origin.value("v1"), origin.value("v2"), 10);
          measure(allClients(origin, control));
        }
      }
    } finally {
      started.forEach(ForkedJvm::close);
    }
  }

  /** Twice the same: what their figures differ by is the noise of the machine. */
  private List<Variant> bareClients(Reply origin) {
    return List.of(
        variant(BARE, List.of(), direct(origin)), variant(AGAIN, List.of(), direct(origin)));
  }

  private List<Variant> allClients(Reply origin, ControlServer control) {
    return List.of(
        variant(BARE, List.of(), direct(origin)),
        // The same two endpoints and connections as the canary's, chosen by the application itself.
        variant(SPLIT, List.of(), direct(origin), "http://127.0.0.1:" + origin.value("v2") + "/"),
        variant(NO_POLICY, AgentArguments.of(project, control.url()), direct(origin)),
        variant(CANARY, AgentArguments.of(project, control.url()), Canary.URL));
  }

  private static String direct(Reply origin) {
    return "http://127.0.0.1:" + origin.value("v1") + "/";
  }

  private Variant variant(String name, List<String> agent, String... urls) {
    List<String> arguments = new ArrayList<>(options.jvmOptions());
    arguments.addAll(agent);
    arguments.add(LoadClient.class.getName());
    arguments.addAll(List.of(urls));
    ForkedJvm client = start("client " + name, arguments);
    client.awaitLine("ready");
    return new Variant(name, client);
  }

  private ForkedJvm start(String name, List<String> arguments) {
    List<String> all = new ArrayList<>(List.of("-cp", project.classes().toString()));
    all.addAll(arguments);
    ForkedJvm jvm = ForkedJvm.start(project, name, all);
    started.add(jvm);
    return jvm;
  }

  private void measure(List<Variant> clients) {
    int rounds = options.number("rounds", 15);
    long milliseconds = options.number("seconds", 2) * 1000L;
    warmUp(clients, options.number("warmup", 8) * 1000L);
    Comparison comparison = new Comparison(clients.stream().map(Variant::name).toList());
    List<Variant> order = new ArrayList<>(clients);
    for (int round = 1; round <= rounds; round++) {
      for (Variant variant : order) {
        ForkedJvm client = variant.client();
        addClosed(comparison, variant.name(), client.ask("closed " + milliseconds));
        addOpen(comparison, variant.name(), client.ask("open " + RATE + " " + milliseconds));
      }
      Collections.reverse(order);
      System.err.print("\rround " + round + " of " + rounds + (round == rounds ? "\n" : ""));
    }
    Report report = new Report(project, options, "hop");
    report.add(System.out, "hop: HttpURLConnection, 1 KiB answers, 4 threads", comparison);
    if (!options.flag("bare")) {
      addGoals(report, comparison);
    }
    report.finish(System.out);
    started.stream()
        .filter(jvm -> !jvm.errors().isBlank())
        .forEach(jvm -> System.out.println(jvm.name() + " wrote to stderr:\n" + jvm.errors()));
  }

  /** In slices, so that the variants are compiled against the same state of the server. */
  private static void warmUp(List<Variant> clients, long milliseconds) {
    for (int slice = 0; slice < 4; slice++) {
      clients.forEach(variant -> variant.client().ask("closed " + milliseconds / 4));
    }
    clients.forEach(variant -> variant.client().ask("open " + RATE + " 1000"));
  }

  private void addClosed(Comparison comparison, String variant, Reply reply) {
    double calls = reply.value("calls");
    comparison.add(THROUGHPUT, variant, calls * 1e9 / reply.value("nanos"));
    comparison.add(CLOSED_CPU, variant, reply.value("cpuNanos") / calls / 1e3);
    comparison.add(CLOSED_CALLER_CPU, variant, reply.value("callerCpuNanos") / calls / 1e3);
    comparison.add(ALLOCATED, variant, reply.value("allocatedBytes") / calls);
    failures += reply.value("failures");
    comparison.add(V2_SHARE, variant, 100 * reply.value("v2") / calls);
  }

  private void addOpen(Comparison comparison, String variant, Reply reply) {
    comparison.add(P50, variant, reply.value("P50Nanos") / 1e3);
    comparison.add(P99, variant, reply.value("P99Nanos") / 1e3);
    comparison.add(SERVICE_P50, variant, reply.value("serviceP50Nanos") / 1e3);
    comparison.add(SERVICE_P99, variant, reply.value("serviceP99Nanos") / 1e3);
    double calls = reply.value("calls");
    comparison.add(OPEN_CPU, variant, reply.value("cpuNanos") / calls / 1e3);
    comparison.add(OPEN_CALLER_CPU, variant, reply.value("callerCpuNanos") / calls / 1e3);
    failures += reply.value("failures");
  }

  private void addGoals(Report report, Comparison comparison) {
    report.goal("failed calls: none", (double) failures, failures == 0);
    double throughput = comparison.ratio(THROUGHPUT, CANARY);
    report.goal("canary: closed loop >= 0.90 of no agent", throughput, throughput >= 0.90);
    double engine = comparison.ratio(THROUGHPUT, CANARY, SPLIT);
    report.goal(
        "canary: closed loop >= 0.90 of the same split without agent", engine, engine >= 0.90);
    double p50 = comparison.ratio(P50, CANARY);
    report.goal("canary: p50 at 500/s <= 1.05 of no agent", p50, p50 <= 1.05);
    double p99 = comparison.ratio(P99, CANARY);
    report.goal("canary: p99 at 500/s <= 1.10 of no agent", p99, p99 <= 1.10);
    double cpu = comparison.difference(OPEN_CPU, CANARY);
    report.goal("canary: client CPU added at 500/s <= 20 us/request", cpu, cpu <= 20);
    double share = comparison.median(V2_SHARE, CANARY);
    report.goal("canary: share of v2 within 10 +- 1 %", share, Math.abs(share - 10) <= 1);
  }

  /** A client that lives through the run. */
  private record Variant(String name, ForkedJvm client) {}
}
