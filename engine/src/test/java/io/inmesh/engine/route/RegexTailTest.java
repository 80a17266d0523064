package io.inmesh.engine.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegexTailTest {
  private static final String ALPHABET = "abz09AZ/-_.,&^ \n\u00e4\ud83d\ude00";

  @ParameterizedTest
  @ValueSource(
      strings = {
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
        "[,-/]+"
      })
  void matches_supported_asRe2(String regex) {
    RegexTail tail = RegexTail.of(regex);
    Pattern pattern = Pattern.compile(regex);
    assertThat(tail).isNotNull();
    Random random = new Random(7);
    for (int i = 0; tail != null && i < 2_000; i++) {
      String text = text(random);
      assertThat(tail.matches("/x" + text, 2))
          .as("%s on '%s'", regex, text)
          .isEqualTo(pattern.matches(text));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        ".*?",
        ".++",
        "[a]",
        "[a]?",
        "[\\d]+",
        "[[:alpha:]]+",
        "[]a]+",
        "(.*)",
        ".*a",
        "\\w+",
        "\\D+",
        "[a]{2}",
        "[\u00e4]+",
        "[^^]+",
        "^.*",
        "(?i)[a]+"
      })
  void of_otherKind_null(String regex) {
    assertThat(RegexTail.of(regex)).isNull();
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
