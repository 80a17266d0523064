package io.inmesh.engine.route;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What most regular expressions for paths are: characters and classes of characters in a row, each
 * perhaps repeated ({@code [^/]+/items/\d*}, {@code .*}), decided in one walk along the text, as a
 * general automaton costs more than all the rest of a decision. Means exactly what RE2/J means by
 * it. Immutable, any thread.
 *
 * <p>Only chains in which each character tells where it belongs: nothing that may be repeated or
 * absent has a character in common with what may follow it. To take as many as there are is then
 * the only way to match, and nothing is ever tried twice.
 */
final class RegexChain {
  private static final int ASCII = 128;
  private static final String SPECIAL = "\\.[](){}*+?^$|";

  /** One character, or so many. */
  private enum Times {
    ONE,
    OPTIONAL,
    ANY,
    SOME;

    boolean mayBeNone() {
      return this == OPTIONAL || this == ANY;
    }

    boolean mayBeMany() {
      return this == ANY || this == SOME;
    }
  }

  /**
   * A part of the chain.
   *
   * @param ascii which of them it takes
   * @param others whether it takes all others
   */
  private record Link(BitSet ascii, boolean others, Times times) {
    boolean takes(char c) {
      return c < ASCII ? ascii.get(c) : others;
    }

    boolean sharesWith(Link other) {
      return ascii.intersects(other.ascii) || (others && other.others);
    }
  }

  private final Link[] links;

  private RegexChain(List<Link> links) {
    this.links = links.toArray(Link[]::new);
  }

  /** Null if the expression is of another kind. */
  static @Nullable RegexChain of(String regex) {
    List<Link> links = new ArrayList<>();
    int groups = 0;
    int i = 0;
    while (i < regex.length()) {
      char c = regex.charAt(i);
      if (c == '(' || c == ')') {
        // A plain group changes nothing; one that is repeated, or of a special kind, does.
        groups += c == '(' ? 1 : -1;
        i++;
        if (groups < 0 || (i < regex.length() && "*+?{".indexOf(regex.charAt(i)) >= 0)) {
          return null;
        }
        continue;
      }
      int end = endOfClass(regex, i);
      BitSet ascii = new BitSet(ASCII);
      boolean others = false;
      String atom = regex.substring(i, end);
      if (atom.equals(".")) {
        ascii.set(0, ASCII);
        ascii.clear('\n');
        others = true;
      } else if (atom.length() > 2 && atom.charAt(0) == '[') {
        others = atom.charAt(1) == '^';
        if (!addMembers(ascii, atom.substring(others ? 2 : 1, atom.length() - 1))) {
          return null;
        }
        if (others) {
          ascii.flip(0, ASCII);
        }
      } else if (!addCharacter(ascii, atom)) {
        return null;
      }
      Times times = end < regex.length() ? times(regex.charAt(end)) : Times.ONE;
      links.add(new Link(ascii, others, times));
      i = times == Times.ONE ? end : end + 1;
    }
    return groups == 0 && isDetermined(links) ? new RegexChain(links) : null;
  }

  /** Where the character, the escape or the class ends that begins at {@code from}. */
  private static int endOfClass(String regex, int from) {
    char c = regex.charAt(from);
    int end = from + 1;
    if (c == '\\') {
      end = from + 2;
    } else if (c == '[') {
      int close = regex.indexOf(']', from + 1);
      end = close < 0 ? from + 1 : close + 1;
    }
    return Math.min(end, regex.length());
  }

  private static Times times(char c) {
    return switch (c) {
      case '*' -> Times.ANY;
      case '+' -> Times.SOME;
      case '?' -> Times.OPTIONAL;
      default -> Times.ONE;
    };
  }

  private static boolean addCharacter(BitSet ascii, String atom) {
    char c = atom.charAt(atom.length() - 1);
    if (atom.equals("\\d")) {
      return addMembers(ascii, "0-9");
    }
    if (atom.equals("\\w")) {
      return addMembers(ascii, "0-9A-Za-z_");
    }
    boolean escaped = atom.length() == 2;
    // A backslash before a letter or a digit has a meaning of its own.
    boolean literal = escaped ? !Character.isLetterOrDigit(c) : SPECIAL.indexOf(c) < 0;
    ascii.set(Math.min(c, ASCII));
    return literal && c < ASCII;
  }

  /** Adds what the text of a class lists; false if it is beyond us. */
  private static boolean addMembers(BitSet ascii, String members) {
    for (int i = 0; i < members.length(); i++) {
      char low = members.charAt(i);
      char high = low;
      if (i + 2 < members.length() && members.charAt(i + 1) == '-') {
        high = members.charAt(i + 2);
        i += 2;
      }
      if (high >= ASCII || high < low || isSpecialInClass(low) || isSpecialInClass(high)) {
        return false;
      }
      ascii.set(low, high + 1);
    }
    return !members.isEmpty();
  }

  private static boolean isSpecialInClass(char c) {
    return "[]\\^".indexOf(c) >= 0;
  }

  private static boolean isDetermined(List<Link> links) {
    for (int i = 0; i < links.size(); i++) {
      Link link = links.get(i);
      boolean open = link.times() != Times.ONE;
      for (int next = i + 1; open && next < links.size(); next++) {
        if (link.sharesWith(links.get(next))) {
          return false;
        }
        open = links.get(next).times().mayBeNone();
      }
    }
    return true;
  }

  /** True if all that follows in a text is such a chain. */
  boolean matches(String text, int from) {
    int at = from;
    for (Link link : links) {
      boolean some = false;
      while (at < text.length()
          && (!some || link.times().mayBeMany())
          && link.takes(text.charAt(at))) {
        at += width(text, at);
        some = true;
      }
      if (!some && !link.times().mayBeNone()) {
        return false;
      }
    }
    return at == text.length();
  }

  /** A character beyond the basic plane is one to RE2/J. */
  private static int width(String text, int at) {
    return text.charAt(at) < Character.MIN_SURROGATE
        ? 1
        : Character.charCount(text.codePointAt(at));
  }
}
