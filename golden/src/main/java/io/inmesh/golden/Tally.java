package io.inmesh.golden;

import io.inmesh.golden.KnownDifferences.Judgement;
import io.inmesh.golden.KnownDifferences.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How the cases came out, by family. */
public final class Tally {
  private final String title;

  private record Line(String family, String name, Judgement judgement) {}

  private final Map<String, Map<Verdict, Integer>> families = new TreeMap<>();
  private final List<Line> lines = new ArrayList<>();

  /**
   * An empty one.
   *
   * @param title what was played, and how
   */
  public Tally(String title) {
    this.title = title;
  }

  /** Notes what became of a case. */
  public synchronized void add(GoldenCase golden, Judgement judgement) {
    families
        .computeIfAbsent(golden.family(), unused -> new EnumMap<>(Verdict.class))
        .merge(judgement.verdict(), 1, Integer::sum);
    lines.add(new Line(golden.family(), golden.name(), judgement));
  }

  /** A line a family, and the sum. */
  public synchronized String summary() {
    StringBuilder text = new StringBuilder(title).append(":\n");
    Map<Verdict, Integer> all = new EnumMap<>(Verdict.class);
    families.forEach(
        (family, counts) -> {
          line(text, family, counts);
          counts.forEach((verdict, count) -> all.merge(verdict, count, Integer::sum));
        });
    line(text, "all", all);
    return text.toString();
  }

  private static void line(StringBuilder text, String name, Map<Verdict, Integer> counts) {
    text.append("  ").append(name).append(" ".repeat(Math.max(1, 10 - name.length())));
    for (Verdict verdict : Verdict.values()) {
      String count = String.valueOf(counts.getOrDefault(verdict, 0));
      text.append(" ".repeat(Math.max(0, 4 - count.length())))
          .append(count)
          .append(' ')
          .append(verdict.name().toLowerCase(Locale.ROOT));
    }
    text.append('\n');
  }

  /** Every case that does not agree, with what differs, for whoever works on one. */
  public synchronized void write(Path file) {
    StringBuilder text = new StringBuilder(summary());
    lines.sort(Comparator.comparing(Line::family).thenComparing(Line::name));
    for (Line line : lines) {
      Judgement judgement = line.judgement();
      if (judgement.verdict() != Verdict.AGREES) {
        text.append('\n').append(judgement.verdict()).append(' ').append(line.name()).append('\n');
        judgement.text().forEach(each -> text.append("    ").append(each).append('\n'));
      }
    }
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
