package io.inmesh.testapps.tour;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Prints what was seen, one line each, in a form that does not depend on the run: results, and
 * exceptions as class, message and causes without their stack.
 */
final class Transcript {
  private static final int SHOWN = 200;

  private final PrintStream out;
  private final Runnable betweenStops;

  /** Something to try that may fail in any way. */
  @FunctionalInterface
  interface Attempt {
    @Nullable Object run() throws Exception;
  }

  /** A stop of the tour. */
  @FunctionalInterface
  interface Stop {
    void visit() throws Exception;
  }

  /** Prints to a stream, and does something before each stop. */
  Transcript(PrintStream out, Runnable betweenStops) {
    this.out = out;
    this.betweenStops = betweenStops;
  }

  /** Visits one stop; what it throws is part of the transcript. */
  void stop(String name, Stop stop) {
    betweenStops.run();
    out.println("== " + name);
    try {
      stop.visit();
    } catch (Exception e) {
      out.println("   ended by " + describe(e));
    }
  }

  /** Tries one thing and prints what came of it. */
  void see(String what, Attempt attempt) {
    String result;
    try {
      result = String.valueOf(attempt.run());
    } catch (Exception | Error e) {
      result = "!! " + describe(e);
    }
    out.println("   " + what + " = " + printable(result));
  }

  /** All of a stream as text, or its size and checksum when that is long. */
  static @Nullable String text(@Nullable InputStream stream) throws IOException {
    if (stream == null) {
      return null;
    }
    try (stream) {
      byte[] bytes = stream.readAllBytes();
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      return bytes.length > SHOWN ? bytes.length + " bytes, hash " + text.hashCode() : text;
    }
  }

  private static String describe(Throwable thrown) {
    StringBuilder all = new StringBuilder(thrown.getClass().getName() + ": " + thrown.getMessage());
    for (Throwable each = thrown.getCause(); each != null; each = each.getCause()) {
      all.append(" <- ").append(each.getClass().getName()).append(": ").append(each.getMessage());
    }
    return all.toString();
  }

  private static String printable(String text) {
    return text.replace("\r", "\\r").replace("\n", "\\n");
  }
}
