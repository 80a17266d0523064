package io.inmesh.engine.route;

import com.google.re2j.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The literal text that everything a regular expression matches as a whole starts with. Says less
 * than it could (a group, a flag, a letter beyond ASCII end it), never more.
 *
 * @param rest what the expression says after that text; null if it is not known
 */
record RegexStart(String text, @Nullable String rest) {
  private static final String SPECIAL = "\\.[](){}*+?^$|";

  static RegexStart of(Pattern pattern) {
    String regex = pattern.pattern();
    if (pattern.flags() != 0 || hasAlternatives(regex)) {
      return new RegexStart("", null);
    }
    StringBuilder start = new StringBuilder();
    int i = regex.startsWith("^") ? 1 : 0;
    int last = i;
    while (i < regex.length()) {
      char c = regex.charAt(i);
      int width = 1;
      if (c == '\\' && i + 1 < regex.length() && isEscapedLiteral(regex.charAt(i + 1))) {
        c = regex.charAt(i + 1);
        width = 2;
      } else if (c > 126 || SPECIAL.indexOf(c) >= 0) {
        break;
      }
      start.append(c);
      last = i;
      i += width;
    }
    char repeats = i < regex.length() ? regex.charAt(i) : 0;
    if (start.isEmpty() || "*?{+".indexOf(repeats) < 0) {
      return new RegexStart(start.toString(), regex.substring(i));
    }
    if (repeats == '+') {
      // Once here, and as often as it likes after that.
      String again = regex.substring(last, i) + "*" + regex.substring(i + 1);
      return new RegexStart(start.toString(), again);
    }
    start.setLength(start.length() - 1);
    return new RegexStart(start.toString(), regex.substring(last));
  }

  /** True if there is a choice outside of all groups, or if that is too hard to tell. */
  private static boolean hasAlternatives(String regex) {
    if (regex.indexOf('|') < 0) {
      return false;
    }
    int depth = 0;
    for (int i = 0; i < regex.length(); i++) {
      switch (regex.charAt(i)) {
        case '|' -> {
          if (depth == 0) {
            return true;
          }
        }
        case '(' -> depth++;
        case ')' -> depth--;
        case '\\' -> {
          i++;
          if (regex.startsWith("Q", i)) {
            return true;
          }
        }
        case '[' -> {
          // The first member of a class may be its own end, and classes have classes by name.
          int end = regex.indexOf(']', regex.startsWith("^", i + 1) ? i + 3 : i + 2);
          if (end < 0 || regex.substring(i + 1, end).matches(".*[\\[\\\\].*")) {
            return true;
          }
          i = end;
        }
        default -> {
          // Nothing that groups.
        }
      }
    }
    return false;
  }

  /** A backslash before a letter or a digit has a meaning of its own. */
  private static boolean isEscapedLiteral(char c) {
    return c < 127 && !Character.isLetterOrDigit(c);
  }
}
