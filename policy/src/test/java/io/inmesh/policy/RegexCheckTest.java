package io.inmesh.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class RegexCheckTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".*",
        "/orders/[0-9]{1,10}(/.*)?",
        "GET|",
        "[]a]{3}",
        "[^]]+",
        "a{x}",
        "x{1000}",
        "\\{9999\\}",
        "(?i)a",
        "\\pL+"
      })
  void problem_sound_none(String regex) {
    assertThat(RegexCheck.problem(regex)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[a", "(", "(a)\\1", "(?=a)", "(?<!a)b", "a**", "x{1001}", "\\"})
  void problem_notRe2_saysSo(String regex) {
    assertThat(RegexCheck.problem(regex).orElseThrow()).contains("RE2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "((((x{100}){100}){100}){100})",
        "(x{1000}){1000}",
        "(([a-z]{30}){30}){30}",
        "((((((x{9}){9}){9}){9}){9}){9}",
        "(\\d{1,500}){1,500}"
      })
  void problem_multipliedRepetition_isTooLarge(String regex) {
    assertThat(RegexCheck.problem(regex).orElseThrow()).contains("too large");
  }

  @Test
  void problem_longOrDeep_isRefused() {
    assertThat(RegexCheck.problem("a".repeat(5_000)).orElseThrow()).contains("1024 characters");
    assertThat(RegexCheck.problem("(".repeat(400) + ")".repeat(400)).orElseThrow())
        .contains("too large");
  }
}
