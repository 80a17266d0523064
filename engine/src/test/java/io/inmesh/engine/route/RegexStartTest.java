package io.inmesh.engine.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegexStartTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "/a/b /a/b",
        "/a/[0-9]+ /a/",
        "^/a.* /a",
        "/ab* /a",
        "/ab? /a",
        "/ab{2} /a",
        "/ab+ /ab",
        "/a\\.b(c) /a.b",
        "/a\\.?b /a",
        "/a\\d /a",
        "/a|/b ''",
        "/a(b|c) /a",
        "/a(b|c)|/d ''",
        "/a[|]b /a",
        "/a\\|b /a|b",
        "(/a|/b) ''",
        "(?i)/a ''",
        "/a(?i)b /a",
        "\\Q/a.b\\E ''",
        ".* ''",
        "/äb /"
      })
  void of_pattern_whatItMustStartWith(String regex, String start) {
    assertThat(RegexStart.of(Pattern.compile(regex)).text()).isEqualTo(start);
  }
}
