package io.inmesh.cli.demo;

import io.inmesh.cli.terminal.Palette;
import io.inmesh.cli.terminal.Tone;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Tells the story: on a terminal with a table of the traffic that moves, elsewhere in plain lines.
 */
final class Narrator {

  private static final int BAR = 40;
  private static final String UP_AND_CLEAR = "\u001b[1A\u001b[2K";

  private final PrintWriter out;
  private final Palette palette;
  private final boolean live;

  private int liveLines;
  private long plainSecond = -1;
  private int failures;
  private final List<String> verdicts = new ArrayList<>();

  Narrator(PrintWriter out, Palette palette, boolean live) {
    this.out = out;
    this.palette = palette;
    this.live = live;
  }

  void chapter(String title) {
    say("");
    say(palette.paint(Tone.STRONG, title));
  }

  void say(String line) {
    out.println(line);
    out.flush();
    liveLines = 0;
  }

  /** A command, as the user would type it. */
  void command(String command) {
    say(palette.paint(Tone.ACCENT, "$ " + command));
  }

  /** What a command printed. */
  void output(String text) {
    text.lines().forEach(line -> say("  " + line));
  }

  /** The traffic of the present step, again and again. */
  void traffic(Counts counts) {
    if (live) {
      String lines = liveTable(counts);
      out.print(UP_AND_CLEAR.repeat(liveLines) + lines);
      out.flush();
      liveLines = (int) lines.lines().count();
    } else if (counts.millis() / 1_000 != plainSecond) {
      plainSecond = counts.millis() / 1_000;
      if (plainSecond > 0) {
        say("  " + summary(counts));
      }
    }
  }

  /** The traffic of a whole step; in plain lines, the verdict that follows says it. */
  void finalTraffic(Counts counts) {
    if (live) {
      traffic(counts);
      liveLines = 0;
    }
    plainSecond = -1;
  }

  /** Whether a step was seen to hold. */
  void verdict(boolean held, String what) {
    String word = held ? palette.paint(Tone.GOOD, "PASS") : palette.paint(Tone.BAD, "FAIL");
    String line = word + "  " + what;
    say(line);
    verdicts.add(line);
    failures += held ? 0 : 1;
  }

  List<String> verdicts() {
    return List.copyOf(verdicts);
  }

  boolean allHeld() {
    return failures == 0;
  }

  static String summary(Counts counts) {
    return String.format(
        Locale.ROOT,
        "%,d calls: v1 %.1f %%, v2 %.1f %%, failed %d",
        counts.calls(),
        counts.share("v1"),
        counts.share("v2"),
        counts.failed());
  }

  private String liveTable(Counts counts) {
    StringBuilder table = new StringBuilder();
    for (String version : List.of("v1", "v2")) {
      int filled = (int) Math.round(BAR * counts.share(version) / 100);
      Tone tone = version.equals("v1") ? Tone.GOOD : Tone.CAUTION;
      table
          .append("  orders ")
          .append(version)
          .append("  ")
          .append(palette.paint(tone, "#".repeat(filled)))
          .append(palette.paint(Tone.DIM, ".".repeat(BAR - filled)))
          .append(
              String.format(
                  Locale.ROOT,
                  " %5.1f %% %6d/s",
                  counts.share(version),
                  counts.version(version) * 1_000 / Math.max(1, counts.millis())))
          .append(System.lineSeparator());
    }
    String failed = counts.failed() + " failed";
    return table
        .append(String.format(Locale.ROOT, "  %,d calls, ", counts.calls()))
        .append(palette.paint(counts.failed() == 0 ? Tone.GOOD : Tone.BAD, failed))
        .append(System.lineSeparator())
        .toString();
  }
}
