package io.inmesh.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a {@link StringMatch}: one of exact, prefix and regex. */
final class StringMatchParser {

  private static final List<String> KINDS = List.of("exact", "prefix", "regex");

  /** The match; {@code {}} asks for presence. */
  static Optional<StringMatch> parse(Value value) {
    if (value.node() instanceof YamlNode.Scalar) {
      value.error(
          "expected an object with one of exact, prefix, regex, found "
              + value.node().describe()
              + (value.node().isNull()
                  ? "; write {} to ask for presence"
                  : "; write \"{exact: " + Quoting.shorten(value.text()) + "}\""));
      return Optional.empty();
    }
    Optional<Fields> fields = value.fields();
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    List<String> given = new ArrayList<>();
    StringMatch match = new StringMatch.Present();
    boolean sound = true;
    for (String kind : KINDS) {
      Optional<Value> found = fields.get().get(kind);
      if (found.isPresent()) {
        given.add(kind);
        Optional<StringMatch> read =
            found.get().string().flatMap(text -> of(kind, text, found.get()));
        sound &= read.isPresent();
        match = read.orElse(match);
      }
    }
    fields.get().end();
    if (given.size() > 1) {
      value.error(
          "only one of exact, prefix and regex is possible, found "
              + String.join(" and ", given)
              + "; write two matches instead");
      return Optional.empty();
    }
    return sound ? Optional.of(match) : Optional.empty();
  }

  private static Optional<StringMatch> of(String kind, String text, Value value) {
    if (kind.equals("exact")) {
      return Optional.of(new StringMatch.Exact(text));
    }
    // A path begins with "" as Istio sees it; Envoy refuses an empty prefix anywhere else.
    boolean anyPath = kind.equals("prefix") && value.path().endsWith(".uri.prefix");
    if (text.isEmpty() && !anyPath) {
      value.error("must not be empty; write {} to ask for presence, or remove the condition");
      return Optional.empty();
    }
    if (kind.equals("prefix")) {
      return Optional.of(new StringMatch.Prefix(text));
    }
    Optional<String> problem = RegexCheck.problem(text);
    problem.ifPresent(value::error);
    return problem.isPresent() ? Optional.empty() : Optional.of(new StringMatch.Regex(text));
  }

  private StringMatchParser() {}
}
