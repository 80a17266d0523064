package io.inmesh.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inmesh.golden.generated.CaseGenerator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The generator and what was recorded of its cases. */
class CaseGeneratorTest {
  private static final List<JsonNode> RECORDED = GoldenData.lines("generated.jsonl.gz");

  @Test
  void generate_seedOfARecordedCase_isThatCase() {
    for (JsonNode recorded : RECORDED) {
      ObjectNode generated = CaseGenerator.generate(seed(recorded));
      if (recorded.get("requests").isEmpty()) {
        generated.putArray("requests"); // refused: nothing was sent
      }
      assertThat(asAsked(recorded))
          .as("record the cases anew (tools/record-golden) after a change of the generator")
          .isEqualTo(generated);
    }
  }

  @Test
  void recordings_coverEveryFamily() {
    assertThat(RECORDED).hasSizeGreaterThanOrEqualTo(2_000);
    Map<String, Long> families =
        RECORDED.stream()
            .map(each -> each.get("family").asText())
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    assertThat(families)
        .hasSize(21)
        .allSatisfy((family, cases) -> assertThat(cases).isGreaterThan(30));
  }

  private static long seed(JsonNode recorded) {
    return Long.parseLong(recorded.get("name").asText().replace("gen-", ""));
  }

  /** Without what was seen. */
  private static JsonNode asAsked(JsonNode recorded) {
    ObjectNode asked = recorded.deepCopy();
    asked.remove(List.of("stable", "rejected", "nack"));
    for (JsonNode request : asked.get("requests")) {
      ((ObjectNode) request).remove(List.of("expect", "elapsed"));
    }
    return asked;
  }
}
