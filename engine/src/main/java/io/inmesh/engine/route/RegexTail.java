package io.inmesh.engine.route;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The commonest end of a path's regular expression, one class of characters repeated ({@code .*},
 * {@code [^/]+}, {@code [0-9]+}, {@code \d*}), decided by a loop: a general automaton costs more
 * than all the rest of a decision. Means exactly what RE2/J means by it. Immutable, any thread.
 */
final class RegexTail {
  private static final int ASCII = 128;
  private static final Pattern SUPPORTED =
      Pattern.compile("(\\.|\\\\d|\\[(\\^?)([^\\[\\]\\\\^]+)\\])([*+])");

  private final boolean[] accepted = new boolean[ASCII];
  private final boolean beyondAscii;
  private final boolean mayBeEmpty;

  private RegexTail(boolean beyondAscii, boolean mayBeEmpty) {
    this.beyondAscii = beyondAscii;
    this.mayBeEmpty = mayBeEmpty;
  }

  /** Null if the expression is of another kind. */
  static @Nullable RegexTail of(String regex) {
    Matcher parts = SUPPORTED.matcher(regex);
    if (!parts.matches()) {
      return null;
    }
    boolean mayBeEmpty = "*".equals(parts.group(4));
    String kind = String.valueOf(parts.group(1));
    if (kind.equals(".")) {
      RegexTail tail = new RegexTail(true, mayBeEmpty);
      tail.accept("\n", false);
      return tail;
    }
    if (kind.equals("\\d")) {
      RegexTail tail = new RegexTail(false, mayBeEmpty);
      tail.accept("0-9", true);
      return tail;
    }
    boolean listed = !"^".equals(parts.group(2));
    RegexTail tail = new RegexTail(!listed, mayBeEmpty);
    return tail.accept(String.valueOf(parts.group(3)), listed) ? tail : null;
  }

  /** Accepts what the text of a class lists, or all but that; false if it is beyond us. */
  private boolean accept(String members, boolean listed) {
    Arrays.fill(accepted, !listed);
    for (int i = 0; i < members.length(); i++) {
      char low = members.charAt(i);
      char high = low;
      if (i + 2 < members.length() && members.charAt(i + 1) == '-') {
        high = members.charAt(i + 2);
        i += 2;
      }
      if (high >= ASCII || high < low) {
        return false;
      }
      Arrays.fill(accepted, low, high + 1, listed);
    }
    return true;
  }

  /** True if all that follows in a text is of this kind. */
  boolean matches(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ASCII ? !accepted[c] : !beyondAscii) {
        return false;
      }
    }
    return mayBeEmpty || from < text.length();
  }
}
