package io.inmesh.golden;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The cases that are not expected to agree, each with its reason; {@code golden/differences.txt}, a
 * line each: {@code intended CASE: REASON} or {@code todo CASE: REASON}, where {@code CASE#2} is
 * only the request with index 2. Cases that have a reason in common are separated by a comma, and a
 * line that begins with spaces continues the one before.
 */
public final class KnownDifferences {
  private enum Kind {
    INTENDED,
    TODO
  }

  private record Difference(Kind kind, String reason) {}

  /** What became of a case. */
  public enum Verdict {
    AGREES,
    /** Differs as listed: by design, or because no client library can do it. */
    INTENDED,
    /** Differs as listed: not there yet. */
    TODO,
    /** Differs and is not listed, or the other way round. */
    WRONG
  }

  /**
   * What became of a case, and why.
   *
   * @param text the differences, or the reasons why they are known
   */
  public record Judgement(Verdict verdict, List<String> text) {}

  private final Map<String, Difference> listed = new LinkedHashMap<>();

  /**
   * Reads such a list.
   *
   * @throws IllegalArgumentException for a line of another form, and for a case that is there twice
   */
  public KnownDifferences(String text) {
    for (String line : text.replaceAll("\n +", " ").split("\n", -1)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        add(line);
      }
    }
  }

  private void add(String line) {
    int space = line.indexOf(' ');
    int colon = line.indexOf(": ", space);
    if (space < 0 || colon < 0 || line.substring(colon + 2).isBlank()) {
      throw new IllegalArgumentException("not KIND CASE: REASON: " + line);
    }
    Kind kind =
        switch (line.substring(0, space)) {
          case "intended" -> Kind.INTENDED;
          case "todo" -> Kind.TODO;
          default -> throw new IllegalArgumentException("neither intended nor todo: " + line);
        };
    for (String name : line.substring(space + 1, colon).split(", ", -1)) {
      if (listed.put(name, new Difference(kind, line.substring(colon + 2))) != null) {
        throw new IllegalArgumentException(name + " is there twice");
      }
    }
  }

  /** The cases that are listed, in whole or with some of their requests. */
  public Set<String> cases() {
    Set<String> names = new TreeSet<>();
    listed.keySet().forEach(key -> names.add(key.replaceFirst("#.*", "")));
    return names;
  }

  /** Whether a case's findings are what is listed, no more and no less. */
  public Judgement judge(String name, int requests, List<Finding> findings) {
    Map<String, List<String>> byPlace = new LinkedHashMap<>();
    findings.forEach(
        each ->
            byPlace.computeIfAbsent(place(name, each), key -> new ArrayList<>()).add(each.text()));
    List<String> wrong = new ArrayList<>();
    List<String> known = new ArrayList<>();
    Verdict verdict = Verdict.AGREES;
    List<String> places = new ArrayList<>(List.of(name));
    for (int i = 0; i < requests; i++) {
      places.add(name + "#" + i);
    }
    for (String place : places) {
      Difference difference = listed.get(place);
      if (difference != null) {
        if (!byPlace.keySet().removeIf(key -> key.equals(place) || key.startsWith(place + "#"))) {
          wrong.add(place + " agrees: take it off the list of differences");
        }
        known.add(difference.reason());
        verdict = verdict == Verdict.TODO ? verdict : verdict(difference.kind());
      }
    }
    byPlace.values().forEach(wrong::addAll);
    return wrong.isEmpty() ? new Judgement(verdict, known) : new Judgement(Verdict.WRONG, wrong);
  }

  private static Verdict verdict(Kind kind) {
    return switch (kind) {
      case INTENDED -> Verdict.INTENDED;
      case TODO -> Verdict.TODO;
    };
  }

  private static String place(String name, Finding finding) {
    return finding.request() == Finding.WHOLE_CASE ? name : name + "#" + finding.request();
  }
}
