package io.inmesh.benchmarks.startup;

import io.inmesh.benchmarks.harness.ForkedJvm;
import io.inmesh.benchmarks.harness.Report;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a JVM occupies at a moment, seen from outside: asking it over JMX would load classes into
 * it.
 *
 * @param rssMebibytes resident set, as the kernel counts it
 * @param liveHeapMebibytes heap in use after a full collection
 * @param metaspaceMebibytes metaspace in use
 * @param classes loaded ones, the shared archive's included
 * @param threads live Java threads
 */
record ProcessFigures(
    double rssMebibytes,
    double liveHeapMebibytes,
    double metaspaceMebibytes,
    double classes,
    double threads) {

  private static final double KIBI = 1024;

  /** Reads the resident set first, as the rest makes the JVM collect its garbage. */
  static ProcessFigures read(ForkedJvm jvm) {
    long rss = Report.kibibytes(Path.of("/proc", Long.toString(jvm.pid()), "status"), "VmRSS:");
    // The counter of metaspace is brought up to date by a collection.
    jcmd(jvm, "GC.run");
    List<String> heap = jcmd(jvm, "GC.heap_info");
    List<String> counters = jcmd(jvm, "PerfCounter.print");
    return new ProcessFigures(
        rss / KIBI,
        first(heap, "heap .*used ([0-9]+)K") / KIBI,
        first(counters, "sun.gc.metaspace.used=([0-9]+)") / KIBI / KIBI,
        first(counters, "java.cls.loadedClasses=([0-9]+)")
            + first(counters, "java.cls.sharedLoadedClasses=([0-9]+)"),
        first(counters, "java.threads.live=([0-9]+)"));
  }

  private static double first(List<String> lines, String regex) {
    Pattern pattern = Pattern.compile(regex);
    for (String line : lines) {
      Matcher matcher = pattern.matcher(line);
      if (matcher.find()) {
        return Double.parseDouble(matcher.group(1));
      }
    }
    throw new IllegalStateException("jcmd told no " + regex + " in: " + lines);
  }

  private static List<String> jcmd(ForkedJvm jvm, String command) {
    List<String> lines = new ArrayList<>();
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(jvm.pid()),
                  command)
              .redirectErrorStream(true)
              .start();
      try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
        reader.lines().forEach(lines::add);
      }
      process.waitFor();
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run jcmd for " + jvm.name(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during jcmd for " + jvm.name(), e);
    }
  }
}
