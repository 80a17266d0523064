package io.inmesh.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Whether a regular expression is one that the data plane can run: RE2 syntax, and of a size that
 * is harmless in every process it is sent to.
 *
 * <p>RE2/J, unlike RE2 and Go, does not bound nested counted repetitions: {@code
 * ((((x{100}){100}){100}){100})} asks for a hundred million instructions. They are counted before
 * compiling.
 *
 * @see <a href="https://github.com/google/re2/wiki/Syntax">RE2 syntax</a>
 */
final class RegexCheck {

  private static final int MAX_LENGTH = 1024;
  private static final long MAX_INSTRUCTIONS = 5_000;
  private static final int MAX_NESTING = 200;

  /** What is wrong, or nothing. */
  static Optional<String> problem(String regex) {
    if (regex.length() > MAX_LENGTH) {
      return Optional.of(
          "a regular expression may have " + MAX_LENGTH + " characters, found " + regex.length());
    }
    if (size(regex) > MAX_INSTRUCTIONS) {
      return Optional.of(
          "the regular expression is too large: its repetitions {n} or its parentheses multiply;"
              + " use * or +, or smaller counts");
    }
    try {
      Pattern.compile(regex);
      return Optional.empty();
    } catch (PatternSyntaxException e) {
      return Optional.of(
          "not a regular expression of RE2: "
              + e.getDescription()
              + " at "
              + Quoting.quote(e.getPattern())
              + "; look-around and back-references do not exist in RE2");
    }
  }

  /** About how many instructions the expression compiles to; too many is enough of an answer. */
  private static long size(String regex) {
    Deque<Long> outer = new ArrayDeque<>();
    long sum = 0;
    long last = 0;
    for (int i = 0; i < regex.length() && sum <= MAX_INSTRUCTIONS; i++) {
      char c = regex.charAt(i);
      if (c == '(') {
        outer.push(sum);
        sum = 0;
        last = 0;
      } else if (c == ')' && !outer.isEmpty()) {
        last = sum + 2;
        sum = outer.pop() + last;
      } else if (c == '{') {
        long times = repetitions(regex, i);
        sum += last * Math.max(0, times - 1);
        last *= Math.max(1, times);
      } else if (c == '[') {
        i = endOfClass(regex, i);
        last = 1;
        sum++;
      } else {
        if (c == '\\') {
          i++;
        }
        last = 1;
        sum++;
      }
      if (outer.size() > MAX_NESTING) {
        return Long.MAX_VALUE;
      }
    }
    while (!outer.isEmpty()) {
      sum += outer.pop();
    }
    return sum;
  }

  /** The larger number of {@code {n}}, {@code {n,}} or {@code {n,m}}; 1 when it is none. */
  private static long repetitions(String regex, int open) {
    int close = regex.indexOf('}', open);
    if (close < 0 || close - open > 12) {
      return 1;
    }
    String inside = regex.substring(open + 1, close);
    if (!inside.matches("[0-9]{1,5}(,[0-9]{0,5})?")) {
      return 1;
    }
    long times = 1;
    for (String number : inside.split(",", -1)) {
      if (!number.isEmpty()) {
        times = Math.max(times, Long.parseLong(number));
      }
    }
    return times;
  }

  private static int endOfClass(String regex, int open) {
    int i = open + 1;
    if (i < regex.length() && regex.charAt(i) == '^') {
      i++;
    }
    if (i < regex.length() && regex.charAt(i) == ']') {
      i++;
    }
    while (i < regex.length() && regex.charAt(i) != ']') {
      i += regex.charAt(i) == '\\' ? 2 : 1;
    }
    return i;
  }

  private RegexCheck() {}
}
