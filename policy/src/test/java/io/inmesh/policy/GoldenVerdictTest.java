package io.inmesh.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every policy of the four kinds that {@code istioctl validate} has judged: what it rejects is
 * rejected here, and what it accepts is accepted, or refused for nothing but what is not supported
 * yet.
 */
class GoldenVerdictTest {

  /** Where this parser is stricter on purpose, and why. */
  private static final Map<String, String> STRICTER =
      Map.of(
          "invalid-no-name",
          "istioctl validates files; a server needs a name to store a resource under",
          "invalid-snake-case-field",
          "Kubernetes' schema knows the field as exportTo only; istioctl takes both",
          "invalid-vs-destination-port-string",
          "Kubernetes' schema wants a number; a quoted one is told apart",
          "invalid-vs-match-uri-two-kinds",
          "Kubernetes' schema allows one of exact, prefix and regex; istioctl takes the last",
          "invalid-vs-match-header-null",
          "Kubernetes' schema refuses null; {} is what asks for presence",
          "invalid-vs-match-null-entry",
          "Kubernetes' schema refuses null in a list");

  private static final Pattern KIND = Pattern.compile("(?m)^kind: *(\\S+)");
  private static final Set<String> SECURITY_KINDS =
      Set.of("AuthorizationPolicy", "PeerAuthentication");

  @TestFactory
  Stream<DynamicTest> parse_judgedPolicy_agreesWithIstioctl() throws IOException {
    return cases().map(one -> dynamicTest(one.get("name").asText(), () -> assertVerdict(one)));
  }

  @Test
  void strictList_namesOnlyCasesThatExistAndAreRefused() throws IOException {
    Set<String> refused = new TreeSet<>();
    cases()
        .filter(one -> isAccepted(one) && !onlyNotSupportedYet(parse(one)))
        .forEach(one -> refused.add(one.get("name").asText()));
    assertThat(refused).isEqualTo(new TreeSet<>(STRICTER.keySet()));
  }

  private static void assertVerdict(JsonNode one) {
    ParsedPolicies parsed = parse(one);
    String name = one.get("name").asText();
    if (!isAccepted(one)) {
      assertThat(parsed.hasErrors()).as(name + " is rejected").isTrue();
      assertThat(parsed.resources()).isEmpty();
    } else if (!STRICTER.containsKey(name)) {
      assertThat(parsed.errors())
          .as(name + " is accepted, or refused for what is not supported yet")
          .allMatch(problem -> problem.message().contains("not supported yet"));
      assertThat(parsed.resources()).hasSize(parsed.hasErrors() ? 0 : 1);
    } else {
      // Stricter than istioctl only where Kubernetes is too, a missing name aside.
      assertThat(one.get("validation").has("crd") || name.equals("invalid-no-name")).isTrue();
    }
  }

  private static boolean isAccepted(JsonNode one) {
    return one.get("validation").get("verdict").asText().equals("accept");
  }

  private static boolean onlyNotSupportedYet(ParsedPolicies parsed) {
    return parsed.errors().stream().allMatch(p -> p.message().contains("not supported yet"));
  }

  private static ParsedPolicies parse(JsonNode one) {
    return PolicyParser.parse("policy.yaml", one.get("policy").asText());
  }

  private static Stream<JsonNode> cases() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            GoldenVerdictTest.class.getResourceAsStream("/golden/invalid.json"))) {
      JsonNode cases = new ObjectMapper().readTree(in).get("cases");
      return StreamSupport.stream(cases.spliterator(), false)
          .filter(
              one -> {
                Matcher kind = KIND.matcher(one.get("policy").asText());
                return !kind.find() || !SECURITY_KINDS.contains(kind.group(1));
              });
    }
  }
}
