package io.inmesh.policy;

import io.inmesh.policy.YamlNode.Position;
import java.util.Locale;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** The YAML parser's complaint, in words that say what to do. */
record SyntaxMessage(Position position, String text) {

  /**
   * The message of an exception.
   *
   * @param lineOffset the line of the source that the parsed piece begins on, from 1
   */
  static SyntaxMessage of(YamlEngineException e, int lineOffset) {
    if (!(e instanceof MarkedYamlEngineException marked)) {
      return new SyntaxMessage(
          new Position(lineOffset, 1),
          "not valid YAML: " + Quoting.shorten(String.valueOf(e.getMessage())));
    }
    Optional<Mark> at = marked.getProblemMark().or(marked::getContextMark);
    Position position =
        at.map(mark -> new Position(mark.getLine() + lineOffset, mark.getColumn() + 1))
            .orElse(new Position(lineOffset, 1));
    int contextLine =
        marked.getContextMark().map(mark -> mark.getLine() + lineOffset).orElse(position.line());
    String problem = String.valueOf(marked.getProblem());
    String context = marked.getContext() == null ? "" : marked.getContext();
    return new SyntaxMessage(position, text(problem, context, contextLine));
  }

  private static String text(String problem, String context, int contextLine) {
    String known = problem.toLowerCase(Locale.ROOT);
    if (known.contains("\\t(tab)")) {
      return "a tab stands where YAML wants spaces; replace the tabs of this file by spaces";
    }
    if (context.contains("an alias")) {
      return "an unquoted * begins an alias in YAML; write the value in quotes, as \"*\"";
    }
    if (known.contains("cannot start any token")) {
      return problem.replaceAll(" \\(Do not use.*", "") + "; write the value in quotes";
    }
    if (known.contains("mapping values are not allowed")) {
      return "a \":\" where no key may stand; quote the value if it holds \": \", and check the"
          + " indentation of this line and the one before";
    }
    if (known.contains("could not find expected ':'")) {
      return "line " + contextLine + " has a key without \":\"; write \"key: value\"";
    }
    if (context.contains("quoted scalar")) {
      return "the quote opened on line " + contextLine + " is not closed: " + problem;
    }
    if (known.contains("expected <block end>")) {
      return "the indentation does not fit what began on line "
          + contextLine
          + "; align fields of one object, and list items, in one column";
    }
    if (known.contains("expected ',' or")) {
      return "a \",\" or the closing bracket of line " + contextLine + " is missing before this";
    }
    if (known.contains("<document start>")) {
      return "the document has ended and something follows; put a line \"---\" between documents";
    }
    if (known.contains("<stream end>")) {
      return "the text ends before a bracket that was opened is closed (seen from line "
          + contextLine
          + "); is the file complete?";
    }
    return "not valid YAML"
        + (context.isEmpty() ? "" : " " + context + " (line " + contextLine + ")")
        + ": "
        + problem;
  }
}
