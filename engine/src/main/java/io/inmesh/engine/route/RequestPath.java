package io.inmesh.engine.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The spelling of a path that is matched and sent, as Envoy's {@code normalize_path} makes it:
 * {@code .} and {@code ..} are resolved, a backslash is a slash, what needs no escape is decoded
 * and what needs one gets it; slashes are not merged and {@code %2F} stays. The query is left
 * alone.
 */
public final class RequestPath {
  private static final String NEEDS_ESCAPE = " \"<>^`{|}";

  /** Null if the path is refused: it has a fragment or a NUL. */
  public static @Nullable String normalized(String pathAndQuery) {
    int query = pathAndQuery.indexOf('?');
    int end = query < 0 ? pathAndQuery.length() : query;
    if (pathAndQuery.indexOf('#') >= 0) {
      return null;
    }
    if (isNormal(pathAndQuery, end)) {
      return pathAndQuery;
    }
    String decoded = decoded(pathAndQuery, end);
    return decoded == null ? null : resolved(decoded) + pathAndQuery.substring(end);
  }

  private static boolean isNormal(String path, int end) {
    char before = 0;
    for (int i = 0; i < end; i++) {
      char c = path.charAt(i);
      if (c == '%' || c == '\\' || (c == '.' && before == '/') || needsEscape(c)) {
        return false;
      }
      before = c;
    }
    return true;
  }

  private static boolean needsEscape(char c) {
    // Letters beyond ASCII are the library's to encode.
    return c < ' ' || c == 127 || (!isUnreserved(c) && NEEDS_ESCAPE.indexOf(c) >= 0);
  }

  private static boolean isUnreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~';
  }

  private static @Nullable String decoded(String path, int end) {
    StringBuilder text = new StringBuilder(end);
    for (int i = 0; i < end; i++) {
      char c = path.charAt(i);
      if (c == 0) {
        return null;
      } else if (c == '\\') {
        text.append('/');
      } else if (needsEscape(c)) {
        text.append(String.format(Locale.ROOT, "%%%02X", (int) c));
      } else if (c == '%' && i + 2 < end && isHex(path, i + 1) && isHex(path, i + 2)) {
        char value = (char) Integer.parseInt(path.substring(i + 1, i + 3), 16);
        if (value == 0) {
          return null;
        }
        if (isUnreserved(value)) {
          text.append(value);
        } else {
          text.append(path, i, i + 3);
        }
        i += 2;
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static boolean isHex(String text, int index) {
    return Character.digit(text.charAt(index), 16) >= 0 && text.charAt(index) < 128;
  }

  /** Without {@code .} and {@code ..}; one that comes last leaves its slash. */
  private static String resolved(String path) {
    if (!path.startsWith("/")) {
      return path;
    }
    List<String> kept = new ArrayList<>();
    int start = 1;
    while (true) {
      int slash = path.indexOf('/', start);
      boolean last = slash < 0;
      String segment = path.substring(start, last ? path.length() : slash);
      boolean up = segment.equals("..");
      if (up && !kept.isEmpty()) {
        kept.remove(kept.size() - 1);
      }
      if (!up && !segment.equals(".")) {
        kept.add(segment);
      } else if (last) {
        kept.add("");
      }
      if (last) {
        return "/" + String.join("/", kept);
      }
      start = slash + 1;
    }
  }

  private RequestPath() {}
}
