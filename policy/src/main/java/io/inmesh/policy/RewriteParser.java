package io.inmesh.policy;

import com.google.re2j.Pattern;
import io.inmesh.policy.Rewrite.UriRegexRewrite;
import java.util.Optional;

/** Reads a rule's {@link Rewrite}. */
final class RewriteParser {

  static Rewrite parse(Fields fields) {
    Rewrite rewrite =
        new Rewrite(
            fields.line("uri"),
            fields.object("uriRegexRewrite").map(RewriteParser::regex).orElse(null),
            fields.line("authority"));
    if (rewrite.uri() != null) {
      fields.excludes("uri", "uriRegexRewrite");
    }
    if (rewrite.uri() == null && rewrite.authority() == null && !fields.has("uriRegexRewrite")) {
      fields.error(
          "a rewrite needs one of uri, uriRegexRewrite and authority, and it must not be empty;"
              + " write \"uri: /\" for the root");
    }
    fields.end();
    return rewrite;
  }

  private static UriRegexRewrite regex(Fields fields) {
    Optional<Value> match = fields.get("match");
    Optional<Value> rewrite = fields.get("rewrite");
    String pattern = match.flatMap(Value::string).orElse("");
    String line = fields.line("rewrite");
    String replacement = line == null ? "" : line;
    if (pattern.isEmpty() || replacement.isEmpty()) {
      fields.error(
          "needs both match and rewrite, and neither may be empty; write \"{match:"
              + " '^/v1/(.*)', rewrite: '/\\1'}\"");
    } else {
      Optional<String> problem = RegexCheck.problem(pattern);
      match.ifPresent(value -> problem.ifPresent(value::error));
      if (problem.isEmpty()) {
        rewrite.ifPresent(value -> checkGroups(value, replacement, pattern));
      }
    }
    fields.end();
    return new UriRegexRewrite(pattern, replacement);
  }

  /** As RE2: a backslash stands before a group's digit or before another backslash. */
  private static void checkGroups(Value value, String replacement, String pattern) {
    int groups = Pattern.compile(pattern).groupCount();
    int backslash = replacement.indexOf('\\');
    while (backslash >= 0) {
      char next = backslash + 1 < replacement.length() ? replacement.charAt(backslash + 1) : ' ';
      boolean group = next >= '0' && next <= '9' && next - '0' <= groups;
      if (!group && next != '\\') {
        value.error(
            "a backslash must be followed by the number of a group, 0 to "
                + groups
                + " here, or by a second backslash");
        return;
      }
      backslash = replacement.indexOf('\\', backslash + 2);
    }
  }

  private RewriteParser() {}
}
