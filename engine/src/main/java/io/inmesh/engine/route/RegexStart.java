package io.inmesh.engine.route;

import com.google.re2j.Pattern;

/**
 * The literal text that everything a regular expression matches as a whole starts with. Says less
 * than it could (an alternation anywhere, a flag, a letter beyond ASCII end it), never more.
 *
 * @param rest what the expression says after that text; empty if nothing is known
 */
record RegexStart(String text, String rest) {
  private static final String SPECIAL = "\\.[](){}*+?^$|";

  static RegexStart of(Pattern pattern) {
    String regex = pattern.pattern();
    if (pattern.flags() != 0 || regex.indexOf('|') >= 0) {
      return new RegexStart("", "");
    }
    StringBuilder start = new StringBuilder();
    int i = regex.startsWith("^") ? 1 : 0;
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
      i += width;
    }
    boolean lastMayBeAbsent = i < regex.length() && "*?{".indexOf(regex.charAt(i)) >= 0;
    if (lastMayBeAbsent && !start.isEmpty()) {
      start.setLength(start.length() - 1);
    }
    return new RegexStart(start.toString(), regex.substring(i));
  }

  /** A backslash before a letter or a digit has a meaning of its own. */
  private static boolean isEscapedLiteral(char c) {
    return c < 127 && !Character.isLetterOrDigit(c);
  }
}
