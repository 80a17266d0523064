package io.inmesh.control.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.inmesh.golden.Finding;
import io.inmesh.golden.GoldenCase;
import io.inmesh.golden.KnownDifferences;
import io.inmesh.golden.KnownDifferences.Judgement;
import io.inmesh.golden.KnownDifferences.Verdict;
import io.inmesh.golden.Tally;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;

/** Cases as tests: each agrees, or differs as its list says. */
final class JudgedReplay {
  private final KnownDifferences known;
  private final Function<GoldenCase, List<Finding>> player;
  private final Tally tally;

  /**
   * @param player what differs when a case is played
   */
  JudgedReplay(String title, KnownDifferences known, Function<GoldenCase, List<Finding>> player) {
    this.known = known;
    this.player = player;
    this.tally = new Tally(title);
  }

  /** A test for each case, by family; {@code -Dgolden=NAME}: for those whose name begins so. */
  Stream<DynamicContainer> tests(List<GoldenCase> cases) {
    String prefix = System.getProperty("golden", "");
    Map<String, List<GoldenCase>> families =
        cases.stream()
            .filter(each -> each.name().startsWith(prefix))
            .collect(
                Collectors.groupingBy(GoldenCase::family, LinkedHashMap::new, Collectors.toList()));
    return families.entrySet().stream()
        .map(
            each ->
                DynamicContainer.dynamicContainer(
                    each.getKey(), each.getValue().stream().map(this::test)));
  }

  private DynamicTest test(GoldenCase golden) {
    return dynamicTest(golden.name(), () -> judge(golden));
  }

  private void judge(GoldenCase golden) {
    Judgement judgement = known.judge(golden.name(), golden.requests().size(), findings(golden));
    tally.add(golden, judgement);
    assertThat(judgement.verdict())
        .as("%s\n%s\n%s", golden.name(), String.join("\n", judgement.text()), golden.policy())
        .isNotEqualTo(Verdict.WRONG);
    // What is known not to agree shows as skipped, with its reason.
    Assumptions.assumeTrue(
        judgement.verdict() == Verdict.AGREES,
        () -> judgement.verdict() + ": " + String.join("; ", judgement.text()));
  }

  // Whatever goes wrong inside is a finding of that case, which the list may know.
  private List<Finding> findings(GoldenCase golden) {
    try {
      return player.apply(golden);
    } catch (RuntimeException e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      return List.of(Finding.whole("threw " + trace));
    }
  }

  /** How it went: the sum on standard output, each case that does not agree in a file. */
  void report(String file) {
    System.out.println(tally.summary());
    tally.write(Path.of("target", file));
  }
}
