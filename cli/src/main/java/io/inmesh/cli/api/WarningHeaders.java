package io.inmesh.cli.api;

import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code Warning: 299 - "text"} headers by which a Kubernetes API warns (RFC 7234, 5.5). */
final class WarningHeaders {

  private static final Pattern WARNING = Pattern.compile("\\d{3} \\S+ \"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

  private WarningHeaders() {}

  /** The texts of an answer, in order. The JDK keeps names as they were sent, in any case. */
  static List<String> of(HttpURLConnection call) {
    List<String> values = new ArrayList<>();
    String name;
    for (int i = 1; (name = call.getHeaderFieldKey(i)) != null; i++) {
      if (name.equalsIgnoreCase("Warning")) {
        values.add(call.getHeaderField(i));
      }
    }
    return values.stream()
        .flatMap(value -> WARNING.matcher(value).results())
        .map(match -> unescaped(match.group(1)))
        .toList();
  }

  private static String unescaped(String quoted) {
    Matcher escaped = ESCAPED.matcher(quoted);
    return escaped.replaceAll(match -> Matcher.quoteReplacement(match.group(1)));
  }
}
