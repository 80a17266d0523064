package io.inmesh.benchmarks.harness;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes JSON, so that the measured class path needs no library for it. */
final class Json {

  /** A mutable object from keys and values in turn, in that order. */
  static Map<String, Object> object(Object... keysAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      object.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return object;
  }

  /** The text, indented by two; numbers are rounded to four decimals. */
  static String write(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, "\n", out);
    return out.append('\n').toString();
  }

  private static void write(Object value, String indent, StringBuilder out) {
    if (value instanceof Map<?, ?> map) {
      writeMap(map, indent, out);
    } else if (value instanceof List<?> list) {
      writeList(list, indent, out);
    } else if (value instanceof Double number) {
      out.append(number(number));
    } else if (value instanceof Number || value instanceof Boolean) {
      out.append(value);
    } else {
      writeText(value.toString(), out);
    }
  }

  private static void writeMap(Map<?, ?> map, String indent, StringBuilder out) {
    String inner = indent + "  ";
    out.append('{');
    for (Iterator<? extends Map.Entry<?, ?>> i = map.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<?, ?> entry = i.next();
      out.append(inner);
      writeText(entry.getKey().toString(), out);
      out.append(": ");
      write(entry.getValue(), inner, out);
      out.append(i.hasNext() ? "," : indent);
    }
    out.append('}');
  }

  /** Lists of numbers stay on one line. */
  private static void writeList(List<?> list, String indent, StringBuilder out) {
    boolean flat = list.stream().allMatch(Number.class::isInstance);
    String inner = flat ? "" : indent + "  ";
    out.append('[');
    for (Iterator<?> i = list.iterator(); i.hasNext(); ) {
      Object value = i.next();
      out.append(inner);
      write(value, inner, out);
      out.append(i.hasNext() ? (flat ? ", " : ",") : (flat ? "" : indent));
    }
    out.append(']');
  }

  private static String number(double value) {
    if (!Double.isFinite(value)) {
      return "null";
    }
    String text = String.format(Locale.ROOT, "%.4f", value);
    return text.replaceFirst("\\.?0+$", "");
  }

  private static void writeText(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ') {
            out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private Json() {}
}
