package io.inmesh.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page under {@code examples/}: what its readers type, and what they are told they will see. Its
 * {@code console} blocks count: a line that begins with {@code $} is a command, a backslash at its
 * end continues it, and the lines that follow are its output.
 *
 * <p>Output is compared as it stands, but for {@code ...}, which stands for anything, on a line of
 * its own for any lines. Before a block, {@code <!-- give or take 15 -->} says how far its numbers
 * may be from those that are seen; what has letters in it, as {@code v1}, is no number, but {@code
 * 7s} is.
 */
record Page(Path file, List<Step> steps) {
  private static final Pattern GIVE_OR_TAKE = Pattern.compile("<!-- give or take ([0-9.]+) -->");

  /**
   * A command and its output.
   *
   * @param line in the page, from 1
   * @param tolerance of numbers in the output
   */
  record Step(Path file, int line, String command, List<String> output, double tolerance) {
    private static final Pattern VARIABLE =
        Pattern.compile("\\.\\.\\.|(?<![\\w.-])[0-9]+(?:\\.[0-9]+)?(?=s?(?![\\w.-]))");

    String place() {
      return Jars.ROOT.relativize(file) + ":" + line;
    }

    /** Whether this is what the page says. */
    boolean matches(List<String> seen) {
      return matches(output, seen);
    }

    private boolean matches(List<String> wanted, List<String> seen) {
      if (wanted.isEmpty()) {
        return seen.isEmpty();
      }
      List<String> rest = wanted.subList(1, wanted.size());
      if (wanted.get(0).strip().equals("...")) {
        for (int skipped = 0; skipped <= seen.size(); skipped++) {
          if (matches(rest, seen.subList(skipped, seen.size()))) {
            return true;
          }
        }
        return false;
      }
      return !seen.isEmpty()
          && lineMatches(wanted.get(0), seen.get(0))
          && matches(rest, seen.subList(1, seen.size()));
    }

    private boolean lineMatches(String wanted, String seen) {
      StringBuilder pattern = new StringBuilder();
      List<Double> numbers = new ArrayList<>();
      Matcher variable = VARIABLE.matcher(wanted);
      int end = 0;
      while (variable.find()) {
        pattern.append(Pattern.quote(wanted.substring(end, variable.start())));
        if (variable.group().equals("...")) {
          pattern.append(".*");
        } else if (tolerance == 0) {
          pattern.append(Pattern.quote(variable.group()));
        } else {
          pattern.append("([0-9]+(?:\\.[0-9]+)?)");
          numbers.add(Double.valueOf(variable.group()));
        }
        end = variable.end();
      }
      Matcher matcher =
          Pattern.compile(pattern + Pattern.quote(wanted.substring(end))).matcher(seen);
      if (!matcher.matches()) {
        return false;
      }
      for (int i = 0; i < numbers.size(); i++) {
        if (Math.abs(Double.parseDouble(matcher.group(i + 1)) - numbers.get(i)) > tolerance) {
          return false;
        }
      }
      return true;
    }
  }

  /** Reads the page of a folder under {@code examples/}. */
  static Page of(String example) {
    Path file = Jars.ROOT.resolve("examples").resolve(example).resolve("README.md");
    try {
      return new Page(file, steps(file, Files.readAllLines(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Step> steps(Path file, List<String> lines) {
    List<Step> steps = new ArrayList<>();
    double tolerance = 0;
    boolean inside = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      Matcher tolerant = GIVE_OR_TAKE.matcher(line);
      if (!inside && tolerant.matches()) {
        tolerance = Double.parseDouble(tolerant.group(1));
      } else if (!inside && line.equals("```console")) {
        inside = true;
      } else if (inside && line.equals("```")) {
        inside = false;
        tolerance = 0;
      } else if (inside && line.startsWith("$ ")) {
        int start = i + 1;
        StringBuilder command = new StringBuilder(line.substring(2));
        while (lines.get(i).endsWith("\\")) {
          command.append('\n').append(lines.get(++i));
        }
        steps.add(new Step(file, start, command.toString(), new ArrayList<>(), tolerance));
      } else if (inside) {
        steps.get(steps.size() - 1).output().add(line);
      }
    }
    return steps;
  }
}
