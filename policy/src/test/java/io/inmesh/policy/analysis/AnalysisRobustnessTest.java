package io.inmesh.policy.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inmesh.policy.MessageCode;
import io.inmesh.policy.ParsedPolicies;
import io.inmesh.policy.PolicyParser;
import io.inmesh.policy.PolicyResource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Any sound policy can be analysed, in a time that grows with its size only. */
class AnalysisRobustnessTest {

  private static final Registry RUNNING = Texts.running("orders", "v1", "v2");

  @Test
  void findings_policiesThatIstioctlJudged_noException() throws IOException {
    List<PolicyResource> all = new ArrayList<>();
    for (JsonNode one : judged()) {
      String text = one.get("policy").asText();
      ParsedPolicies parsed = PolicyParser.parse("f", text);
      all.addAll(parsed.resources());
      assertThatCode(() -> Analysis.of(parsed.resources(), RUNNING).findings())
          .as(text)
          .doesNotThrowAnyException();
    }
    assertThat(all).hasSizeGreaterThan(50);
    assertThat(Analysis.of(all, RUNNING).findings()).isNotEmpty();
  }

  @Test
  void findings_examples_none() throws IOException {
    List<Path> folders;
    try (Stream<Path> all = Files.list(Path.of("../examples"))) {
      folders = all.filter(Files::isDirectory).filter(each -> !each.endsWith("broken")).toList();
    }
    assertThat(folders).isNotEmpty();
    for (Path folder : folders) {
      List<PolicyResource> resources = new ArrayList<>();
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file :
            files.filter(each -> each.toString().endsWith(".yaml")).sorted().toList()) {
          resources.addAll(PolicyParser.parse(file.toString(), Files.readString(file)).resources());
        }
      }
      assertThat(Analysis.of(resources, Registry.UNKNOWN).findings()).as("" + folder).isEmpty();
    }
  }

  @Test
  void findings_thousandsOfResources_inSeconds() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      String name = "s" + i;
      text.append(Texts.subsets(name, "v1", "v2", "v1x"))
          .append(
              Texts.route("{host: " + name + "x, subset: v9}")
                  .replace("name: a}", "name: " + name + "}")
                  .replace("[orders]", "[" + name + "]"));
    }
    List<PolicyResource> resources = Texts.parse(text.toString());
    List<Finding> findings =
        Assertions.assertTimeout(
            Duration.ofSeconds(20), () -> Analysis.of(resources, RUNNING).findings());
    assertThat(findings)
        .filteredOn(finding -> finding.code() == MessageCode.UNKNOWN_RULE_HOST)
        .hasSize(2_000);
  }

  @Test
  void findings_resourceThatIsWrongAllOver_areCut() {
    List<String> rules = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      rules.add(
          "{match: [{uri: {exact: /" + i + "}}], route: [{destination: {host: none" + i + "}}]}");
    }
    List<PolicyResource> resources = Texts.parse(Texts.rules(rules.toArray(String[]::new)));
    assertThat(Analysis.of(resources, RUNNING).findings())
        .hasSize(20)
        .anyMatch(finding -> finding.text().endsWith("is not shown)"));
  }

  private static JsonNode judged() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            AnalysisRobustnessTest.class.getResourceAsStream("/golden/invalid.json"))) {
      return new ObjectMapper().readTree(in).get("cases");
    }
  }
}
