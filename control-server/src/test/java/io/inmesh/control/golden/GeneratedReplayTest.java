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
 * The cases that a generator made up from seeds, and that tools/record-golden recorded, replayed as
 * the others are; {@code golden/generated-differences.txt} names what does not agree. {@code
 * -Dgolden=gen-123} plays the cases whose name begins so; {@code target/generated-replay.txt} says
 * what differs.
 */
class GeneratedReplayTest {
  private static final List<GoldenCase> CASES = GoldenData.generated();
  private static final KnownDifferences KNOWN =
      new KnownDifferences(GoldenData.text("generated-differences.txt"));
  private static final JudgedReplay REPLAY =
      new JudgedReplay("Generated cases in memory", KNOWN, golden -> new Replay(golden).findings());

  @TestFactory
  Stream<DynamicContainer> replay_generatedCase_agreesOrIsListed() {
    return REPLAY.tests(CASES);
  }

  @Test
  void recordings_readWhole() {
    assertThat(CASES).hasSizeGreaterThanOrEqualTo(2_000);
    assertThat(CASES).extracting(GoldenCase::name).doesNotHaveDuplicates();
    assertThat(CASES).allMatch(GoldenCase::stable);
  }

  @Test
  void differences_nameOnlyCasesThatExist() {
    Set<String> names = CASES.stream().map(GoldenCase::name).collect(Collectors.toSet());
    assertThat(names).containsAll(KNOWN.cases());
  }

  @AfterAll
  static void report() {
    REPLAY.report("generated-replay.txt");
  }
}
