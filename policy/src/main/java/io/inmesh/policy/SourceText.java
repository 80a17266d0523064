package io.inmesh.policy;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** From bytes to the text that the YAML parser may see: bounded, UTF-8, printable, without BOM. */
final class SourceText {

  /** The most that one input may hold, in bytes (or characters, when text is given). */
  static final int MAX_INPUT = 8 << 20;

  private static final char BOM = '\uFEFF';

  /** The text, or nothing when the diagnostics say why. */
  static Optional<String> decode(byte[] bytes, Diagnostics diagnostics) {
    if (bytes.length > MAX_INPUT) {
      diagnostics.error(tooLarge(bytes.length));
      return Optional.empty();
    }
    if (bytes.length >= 2 && isUtf16Mark(bytes[0] & 0xff, bytes[1] & 0xff)) {
      diagnostics.error("is encoded in UTF-16; save it as UTF-8");
      return Optional.empty();
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      int offset = in.position();
      diagnostics.error(
          new YamlNode.Position(lineOf(bytes, offset), 1),
          "",
          String.format(
              "not UTF-8: the byte 0x%02x at offset %d begins no character; save the file as UTF-8",
              bytes[offset], offset));
      return Optional.empty();
    }
    return check(out.flip().toString(), diagnostics);
  }

  /** The text without BOM, or nothing when the diagnostics say why. */
  static Optional<String> check(String text, Diagnostics diagnostics) {
    if (text.length() > MAX_INPUT) {
      diagnostics.error(tooLarge(text.length()));
      return Optional.empty();
    }
    String content = !text.isEmpty() && text.charAt(0) == BOM ? text.substring(1) : text;
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < content.length(); ) {
      int c = content.codePointAt(i);
      if (!StreamReader.isPrintable(c)) {
        diagnostics.error(
            new YamlNode.Position(line, i - lineStart + 1),
            "",
            String.format(
                "the character U+%04X (offset %d) is not allowed in YAML; remove it, or write it as"
                    + " an escape inside double quotes",
                c, i));
        return Optional.empty();
      }
      i += Character.charCount(c);
      if (c == '\n') {
        line++;
        lineStart = i;
      }
    }
    return Optional.of(content);
  }

  private static String tooLarge(int size) {
    return String.format(
        "is too large: %.1f MiB, and an input may have %d MiB; split it into several files, and"
            + " check that it is policy",
        size / 1048576.0, MAX_INPUT >> 20);
  }

  private static boolean isUtf16Mark(int first, int second) {
    return (first == 0xfe && second == 0xff) || (first == 0xff && second == 0xfe);
  }

  private static int lineOf(byte[] bytes, int offset) {
    int line = 1;
    for (int i = 0; i < offset; i++) {
      if (bytes[i] == '\n') {
        line++;
      }
    }
    return line;
  }

  private SourceText() {}
}
