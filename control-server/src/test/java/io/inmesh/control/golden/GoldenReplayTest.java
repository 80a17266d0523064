package io.inmesh.control.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.inmesh.golden.Finding;
import io.inmesh.golden.GoldenCase;
import io.inmesh.golden.GoldenData;
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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every recorded case of istiod and Envoy, replayed in memory. What does not agree stands in {@code
 * golden/differences.txt} with its reason, and nothing else does: a case that is there and agrees
 * fails as well.
 *
 * <p>{@code -Dgolden=NAME} plays the cases whose name begins so; {@code target/golden-replay.txt}
 * says what differs.
 */
class GoldenReplayTest {
  private static final List<GoldenCase> CASES = GoldenData.cases();
  private static final KnownDifferences KNOWN =
      new KnownDifferences(GoldenData.text("differences.txt"));
  private static final Tally TALLY = new Tally("Golden cases in memory");

  @TestFactory
  Stream<DynamicContainer> replay_recordedCase_agreesOrIsListed() {
    String prefix = System.getProperty("golden", "");
    Map<String, List<GoldenCase>> families =
        CASES.stream()
            .filter(each -> each.name().startsWith(prefix))
            .collect(
                Collectors.groupingBy(GoldenCase::family, LinkedHashMap::new, Collectors.toList()));
    return families.entrySet().stream()
        .map(each -> DynamicContainer.dynamicContainer(each.getKey(), tests(each.getValue())));
  }

  private static Stream<DynamicTest> tests(List<GoldenCase> cases) {
    return cases.stream().map(each -> dynamicTest(each.name(), () -> judge(each)));
  }

  @Test
  void recordings_readWhole() {
    assertThat(CASES).hasSize(496);
    assertThat(CASES).extracting(GoldenCase::name).doesNotHaveDuplicates();
    // Comparing what two recordings did not agree on would be chance.
    assertThat(CASES).allMatch(GoldenCase::stable);
  }

  @Test
  void differences_nameOnlyCasesThatExist() {
    Set<String> names = CASES.stream().map(GoldenCase::name).collect(Collectors.toSet());
    assertThat(names).containsAll(KNOWN.cases());
  }

  @AfterAll
  static void report() {
    System.out.println(TALLY.summary());
    TALLY.write(Path.of("target", "golden-replay.txt"));
  }

  private static void judge(GoldenCase golden) {
    List<Finding> findings = findings(golden);
    Judgement judgement = KNOWN.judge(golden.name(), golden.requests().size(), findings);
    TALLY.add(golden, judgement);
    assertThat(judgement.verdict())
        .as("%s\n%s\n%s", golden.name(), String.join("\n", judgement.text()), golden.policy())
        .isNotEqualTo(Verdict.WRONG);
    // What is known not to agree shows as skipped, with its reason.
    Assumptions.assumeTrue(
        judgement.verdict() == Verdict.AGREES,
        () -> judgement.verdict() + ": " + String.join("; ", judgement.text()));
  }

  // Whatever goes wrong inside is a finding of that case, which the list may know.
  private static List<Finding> findings(GoldenCase golden) {
    try {
      return new Replay(golden).findings();
    } catch (RuntimeException e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      return List.of(Finding.whole("threw " + trace));
    }
  }
}
