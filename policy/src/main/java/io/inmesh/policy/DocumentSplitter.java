package io.inmesh.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a stream at its {@code ---} lines, so that a syntax error in one document leaves the others
 * readable. Such a line ends a document wherever it stands, in a block or quoted scalar too (YAML
 * 1.2.2, production c-forbidden), so that cutting before parsing is exact.
 *
 * @see <a href="https://yaml.org/spec/1.2.2/#912-document-markers">YAML 1.2.2, 9.1.2</a>
 */
final class DocumentSplitter {

  /**
   * A piece of the stream.
   *
   * @param line the line of the source that it begins on, from 1
   */
  record Piece(String text, int line) {}

  static List<Piece> split(String text) {
    List<Piece> pieces = new ArrayList<>();
    int start = 0;
    int startLine = 1;
    int line = 1;
    boolean onlyDirectives = true;
    for (int lineStart = 0; lineStart < text.length(); ) {
      int lineEnd = endOfLine(text, lineStart);
      if (isMarker(text, lineStart)) {
        // A directive (%YAML 1.2) stands before the marker of the document it belongs to.
        if (lineStart > start && !onlyDirectives) {
          pieces.add(new Piece(text.substring(start, lineStart), startLine));
          start = lineStart;
          startLine = line;
        }
        onlyDirectives = false;
      } else if (onlyDirectives && !isDirectiveOrBlank(text, lineStart, lineEnd)) {
        onlyDirectives = false;
      }
      lineStart = lineEnd;
      line++;
    }
    pieces.add(new Piece(text.substring(start), startLine));
    return pieces;
  }

  /** The index after the line's break: LF, CR LF or a lone CR, as YAML counts lines. */
  private static int endOfLine(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        return i + 1;
      }
      if (c == '\r') {
        return i + 1 < text.length() && text.charAt(i + 1) == '\n' ? i + 2 : i + 1;
      }
    }
    return text.length();
  }

  private static boolean isMarker(String text, int at) {
    if (!text.startsWith("---", at)) {
      return false;
    }
    int after = at + 3;
    return after == text.length() || " \t\r\n".indexOf(text.charAt(after)) >= 0;
  }

  private static boolean isDirectiveOrBlank(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c == '#' || (c == '%' && i == from)) {
        return true;
      }
      if (" \t\r\n".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private DocumentSplitter() {}
}
