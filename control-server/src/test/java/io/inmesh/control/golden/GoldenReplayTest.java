package io.inmesh.control.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.golden.GoldenCase;
import io.inmesh.golden.GoldenData;
import io.inmesh.golden.KnownDifferences;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
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
  private static final JudgedReplay REPLAY =
      new JudgedReplay("Golden cases in memory", KNOWN, golden -> new Replay(golden).findings());

  @TestFactory
  Stream<DynamicContainer> replay_recordedCase_agreesOrIsListed() {
    return REPLAY.tests(CASES);
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
    REPLAY.report("golden-replay.txt");
  }
}
