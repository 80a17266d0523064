package io.inmesh.policy;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds the name that a user probably meant. */
public final class NearestName {

  private static final int MAX_LENGTH = 64;

  /** What other tools, and people, call some fields. */
  private static final Map<String, String> SYNONYMS =
      Map.of(
          "path", "uri",
          "rules", "http",
          "routes", "http",
          "destinations", "route",
          "percent", "weight",
          "percentage", "weight",
          "service", "host",
          "selector", "labels");

  /**
   * The candidate with the smallest edit distance to what was typed (Damerau-Levenshtein, optimal
   * string alignment; case, {@code _} and {@code -} cost nothing), unless more than a third of the
   * name would have to change.
   */
  public static Optional<String> of(String typed, Collection<String> candidates) {
    String wanted = fold(typed);
    if (wanted.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String synonym = SYNONYMS.get(wanted);
    if (synonym != null && candidates.contains(synonym)) {
      return Optional.of(synonym);
    }
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String candidate : candidates) {
      if (Math.abs(candidate.length() - typed.length()) > MAX_LENGTH / 3) {
        continue;
      }
      int distance = distance(wanted, fold(candidate));
      int allowed = Math.max(wanted.length(), candidate.length()) / 3;
      if (distance <= allowed && distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  /** {@code ; did you mean "weight"?} or "". */
  public static String hint(String typed, Collection<String> candidates) {
    return of(typed, candidates).map(name -> "; did you mean \"" + name + "\"?").orElse("");
  }

  private static String fold(String name) {
    return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      d[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      d[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(replace, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }

  private NearestName() {}
}
