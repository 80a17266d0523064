package io.inmesh.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.golden.KnownDifferences.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That the list of differences hides nothing. */
class KnownDifferencesTest {
  private static final KnownDifferences LIST =
      new KnownDifferences("# note\n\nintended a: by design\ntodo b#1: later\n");

  @Test
  void judge_noFindingAndNotListed_agrees() {
    assertThat(LIST.judge("c", 2, List.of()).verdict()).isEqualTo(Verdict.AGREES);
  }

  @Test
  void judge_findingAndNotListed_wrong() {
    assertThat(LIST.judge("c", 2, List.of(new Finding(0, "x"))))
        .matches(KnownDifferencesTest::wrong);
  }

  @Test
  void judge_listedAndAgrees_wrong() {
    assertThat(LIST.judge("a", 2, List.of())).matches(KnownDifferencesTest::wrong);
    assertThat(LIST.judge("b", 2, List.of())).matches(KnownDifferencesTest::wrong);
  }

  @Test
  void judge_wholeCaseListed_anyFindingIsKnown() {
    assertThat(LIST.judge("a", 2, List.of(new Finding(1, "x"))).verdict())
        .isEqualTo(Verdict.INTENDED);
    assertThat(LIST.judge("a", 2, List.of(new Finding(Finding.WHOLE_CASE, "x"))).verdict())
        .isEqualTo(Verdict.INTENDED);
  }

  @Test
  void judge_oneRequestListed_anotherFindingIsWrong() {
    assertThat(LIST.judge("b", 2, List.of(new Finding(1, "x"))).verdict()).isEqualTo(Verdict.TODO);
    assertThat(LIST.judge("b", 2, List.of(new Finding(1, "x"), new Finding(0, "y"))))
        .matches(KnownDifferencesTest::wrong);
  }

  @Test
  void list_lineOfAnotherForm_isRefused() {
    assertThatThrownBy(() -> new KnownDifferences("a: reason"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new KnownDifferences("todo a: x\ntodo a: y"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static boolean wrong(KnownDifferences.Judgement judgement) {
    return judgement.verdict() == Verdict.WRONG;
  }
}
