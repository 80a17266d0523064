package io.inmesh.benchmarks.harness;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a benchmark tells: tables on standard output, and a JSON file with every figure of every
 * round beside the date, the JDK, the machine's shape and the commit.
 */
public final class Report {

  private final Project project;
  private final Options options;
  private final String name;
  private final Map<String, Object> json = new LinkedHashMap<>();
  private final List<Object> goals = new ArrayList<>();
  private final StringBuilder goalLines = new StringBuilder();

  /**
   * A report without figures yet.
   *
   * @param name of the benchmark, also the file's
   */
  public Report(Project project, Options options, String name) {
    this.project = project;
    this.options = options;
    this.name = name;
    json.put("benchmark", name);
    json.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    json.put("commit", System.getProperty("benchmarks.commit", "unknown"));
    json.put(
        "jdk",
        System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"));
    json.put("machine", machine());
    json.put("options", options.given());
  }

  /** Adds a comparison under a heading, and prints it. */
  public void add(PrintStream out, String heading, Comparison comparison) {
    out.println();
    out.println(heading);
    out.print(comparison.table());
    json.put(heading, comparison.toJson());
  }

  /** Adds a list of figures, in the order they were seen. */
  public void add(String heading, List<Double> figures) {
    json.put(heading, List.copyOf(figures));
  }

  /** Adds a goal and whether the figure meets it. */
  public void goal(String goal, double figure, boolean met) {
    goals.add(Json.object("goal", goal, "figure", figure, "met", met));
    goalLines.append(
        String.format(Locale.ROOT, "%-8s%s: %.3f%n", met ? "met" : "MISSED", goal, figure));
  }

  /** Prints the goals and writes the file. */
  public void finish(PrintStream out) {
    if (!goals.isEmpty()) {
      out.println();
      out.print(goalLines);
      json.put("goals", goals);
    }
    Path file = folder().resolve(name + "-jdk" + Runtime.version().feature() + ".json");
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, Json.write(json));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
    out.println();
    out.println(
        "figures of every round: "
            + (file.startsWith(project.root()) ? project.root().relativize(file) : file));
  }

  /** With {@code --record} the folder that is committed, else one for passing figures. */
  private Path folder() {
    return options.flag("record")
        ? project.root().resolve("benchmarks/results")
        : project.scratch("results");
  }

  private static Map<String, Object> machine() {
    return Json.object(
        "cores",
        Runtime.getRuntime().availableProcessors(),
        "memoryMiB",
        kibibytes(Path.of("/proc/meminfo"), "MemTotal:") / 1024,
        "os",
        System.getProperty("os.name") + " " + System.getProperty("os.arch"));
  }

  /**
   * A line such as {@code VmRSS: 41236 kB} of a file under /proc, in KiB; 0 where the file or the
   * line is missing (not on Linux).
   */
  public static long kibibytes(Path file, String key) {
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith(key)) {
          return Long.parseLong(line.replaceAll("[^0-9]", ""));
        }
      }
    } catch (IOException e) {
      // No such file: the platform does not tell.
    }
    return 0;
  }
}
