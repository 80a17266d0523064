package io.inmesh.control.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.golden.Finding;
import io.inmesh.golden.GoldenCase;
import io.inmesh.golden.GoldenData;
import io.inmesh.golden.KnownDifferences;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * An agent under a real istiod: what istiod sends for the policies of the recorded cases is taken
 * by the agent's parser, and calls then go as they went through Envoy. {@code
 * golden/istiod-differences.txt} names what does not.
 */
class IstiodXdsTest {
  private static final List<IstiodXds> SENT =
      Stream.of("istiod-golden.jsonl.gz", "istiod-generated.jsonl.gz")
          .flatMap(file -> IstiodXds.all(file).stream())
          .toList();
  private static final Map<String, GoldenCase> CASES =
      Stream.concat(GoldenData.cases().stream(), GoldenData.generated().stream())
          .collect(Collectors.toMap(GoldenCase::name, Function.identity()));

  private static final JudgedReplay SIDECAR =
      replay("sidecar", (sent, replay) -> replay.findings(sent.sidecar(replay.targets())));
  private static final JudgedReplay PROXYLESS =
      replay("proxyless", (sent, replay) -> replay.findings(sent.proxyless(replay.targets())));

  private static JudgedReplay replay(
      String dialect, BiFunction<IstiodXds, Replay, List<Finding>> player) {
    Map<String, IstiodXds> sent =
        SENT.stream().collect(Collectors.toMap(IstiodXds::name, Function.identity()));
    return new JudgedReplay(
        "Cases under istiod's configuration, " + dialect,
        new KnownDifferences(GoldenData.text("istiod-" + dialect + "-differences.txt")),
        golden ->
            player.apply(Objects.requireNonNull(sent.get(golden.name())), new Replay(golden)));
  }

  @TestFactory
  Stream<DynamicContainer> sidecarsConfiguration_isTakenAndDoesTheSame() {
    return SIDECAR.tests(cases());
  }

  @TestFactory
  Stream<DynamicContainer> proxylessConfiguration_isTakenAndDoesTheSame() {
    return PROXYLESS.tests(cases());
  }

  private static List<GoldenCase> cases() {
    List<GoldenCase> cases = new ArrayList<>();
    SENT.forEach(each -> cases.add(Objects.requireNonNull(CASES.get(each.name()), each.name())));
    return cases;
  }

  @Test
  void recordings_areThere() {
    assertThat(SENT.size()).isGreaterThan(670);
  }

  @AfterAll
  static void report() {
    SIDECAR.report("istiod-sidecar-replay.txt");
    PROXYLESS.report("istiod-proxyless-replay.txt");
  }
}
