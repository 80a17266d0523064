package io.inmesh.engine.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegexChainTest {
  private static final String ALPHABET = "abz09AZ/-_.,&^ \n\u00e4\ud83d\ude00";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".*",
        ".+",
        "[^/]+",
        "[^/]*",
        "[0-9]+",
        "\\d*",
        "[a-zA-Z0-9_-]+",
        "[-a]+",
        "[^a-z/]*",
        "[a&&b]+",
        "[.*+?]*",
        "[,-/]+",
        ".",
        "[a]",
        "[a]?",
        "\\w+",
        "[0-9]+/[a-z]+",
        "[^/]+/a",
        "[^/]*/[^/]*",
        "[0-9]*[a-z]?/?",
        "z?[ab]+\\.[0-9]+",
        "[^/][^/]",
        "..",
        "([0-9]+)/((a)[a-z]+)",
        "\\d+-?[a-z]*_"
      })
  void matches_supported_asRe2(String regex) {
    RegexChain chain = RegexChain.of(regex);
    Pattern pattern = Pattern.compile(regex);
    assertThat(chain).isNotNull();
    Random random = new Random(7);
    for (int i = 0; chain != null && i < 2_000; i++) {
      String text = text(random);
      assertThat(chain.matches("/x" + text, 2))
          .as("%s on '%s'", regex, text)
          .isEqualTo(pattern.matches(text));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".*?",
        ".++",
        "[\\d]+",
        "[[:alpha:]]+",
        "[]a]+",
        "(ab)*",
        "(ab)?",
        "(a",
        "a)",
        "(?:a)",
        "(a|b)",
        "a*.",
        ".*a",
        "a*[0-9]?a",
        "a?b?a",
        "\\D+",
        "[a]{2}",
        "a|b",
        "a$",
        "+a",
        "[a",
        "\\",
        "[\u00e4]+",
        "[^^]+",
        "^.*",
        "(?i)[a]+"
      })
  void of_otherKind_null(String regex) {
    assertThat(RegexChain.of(regex)).isNull();
  }

  /** What a route does with a whole expression: its start first, then the rest. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ab",
        "^/ab",
        "/ab+",
        "/ab*",
        "/ab?",
        "/ab+a",
        "/ab*b",
        "/a\\.+",
        "/a\\.?-",
        "/a{2}",
        "/a+?",
        "/ab|/",
        "/a+[b/]z",
        "/+a*",
        "/a(b|z)",
        "/a(b|[)|/])z",
        "/a\\(b|/a",
        "/a[(]b|/a",
        "/(a)b",
        "\\Q/a(\\E|/",
        "/a(b|z)|/"
      })
  void startAndChain_wholeExpression_asRe2(String regex) {
    Pattern pattern = Pattern.compile(regex);
    RegexStart start = RegexStart.of(pattern);
    String rest = start.rest();
    RegexChain chain = rest == null ? null : RegexChain.of(rest);
    Random random = new Random(11);
    for (int i = 0; i < 5_000; i++) {
      String text = "/" + text(random);
      boolean starts = text.startsWith(start.text());
      boolean matches = pattern.matches(text);
      assertThat(starts || !matches).as("%s on '%s'", regex, text).isTrue();
      if (starts && chain != null) {
        assertThat(chain.matches(text, start.text().length()))
            .as("%s on '%s'", regex, text)
            .isEqualTo(matches);
      }
    }
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      int at =
          ALPHABET.offsetByCodePoints(
              0, random.nextInt(ALPHABET.codePointCount(0, ALPHABET.length())));
      text.appendCodePoint(ALPHABET.codePointAt(at));
    }
    return text.toString();
  }
}
