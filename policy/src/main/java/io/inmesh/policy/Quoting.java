package io.inmesh.policy;

import java.util.Collection;
import java.util.stream.Collectors;

/** Users' text inside of messages: short, on one line, without control characters. */
public final class Quoting {

  private static final int MAX_LENGTH = 60;
  private static final int MAX_NAMES = 25;

  /** The text in double quotes. */
  public static String quote(String text) {
    return '"' + shorten(text) + '"';
  }

  /** The text, cut when long; what a terminal would act on is replaced. */
  static String shorten(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(MAX_LENGTH)
        .forEach(
            c -> {
              if (c == '\n') {
                shown.append("\\n");
              } else if (c == '\t') {
                shown.append("\\t");
              } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                shown.append(String.format("\\u%04x", c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    if (text.codePointCount(0, text.length()) > MAX_LENGTH) {
      shown.append("...");
    }
    return shown.toString();
  }

  /** {@code a, b, c}; of many names the first. */
  public static String list(Collection<String> names) {
    String shown = names.stream().limit(MAX_NAMES).collect(Collectors.joining(", "));
    return names.size() > MAX_NAMES ? shown + ", ..." : shown;
  }

  /** The steps of a path, each cut when long. */
  static String path(Collection<String> steps) {
    StringBuilder path = new StringBuilder();
    steps.forEach(step -> path.append(shorten(step)));
    return path.toString();
  }

  private Quoting() {}
}
