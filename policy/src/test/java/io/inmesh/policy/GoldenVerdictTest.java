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
 * Every policy that {@code istioctl validate} has judged: what it rejects is rejected here, and
 * what it accepts is accepted, but for the cases that are named below with the reason. Whatever is
 * refused, the message says where, what and what to write instead.
 */
class GoldenVerdictTest {

  /** Accepted by istioctl, and refused by Kubernetes with Istio's own schema, as here. */
  private static final Map<String, String> AS_KUBERNETES =
      Map.ofEntries(
          Map.entry("invalid-snake-case-field", "the field is exportTo; istioctl takes both"),
          Map.entry("invalid-vs-destination-port-string", "a quoted number is a text"),
          Map.entry("invalid-vs-fault-percent-string", "a quoted number is a text"),
          Map.entry("invalid-dr-outlier-5xx-string", "a quoted number is a text"),
          Map.entry("invalid-vs-match-uri-two-kinds", "istioctl takes the last one"),
          Map.entry("invalid-vs-match-header-null", "{} is what asks for presence"),
          Map.entry("invalid-vs-match-null-entry", "null in a list"),
          Map.entry("invalid-vs-fault-abort-both-status", "one of several"),
          Map.entry("invalid-vs-redirect-port-and-derive", "one of several"),
          Map.entry("invalid-vs-direct-both-bodies", "one of several"),
          Map.entry("invalid-dr-lb-both", "one of several"),
          Map.entry("invalid-dr-hash-two-keys", "one of several"),
          Map.entry("invalid-dr-retry-budget-over", "more than 100 percent"),
          Map.entry("invalid-dr-retry-budget-negative", "less than 0 percent"));

  /** Accepted by istioctl, and then refused by Envoy with all other routes or clusters. */
  private static final Map<String, String> AS_ENVOY =
      Map.of(
          "invalid-vs-redirect-code-304", "no redirect of Envoy's",
          "invalid-vs-fault-status-600", "statuses end at 599",
          "invalid-vs-direct-status-600", "statuses end at 599",
          "invalid-dr-ring-size-huge", "a ring has at most 8388608 entries");

  /** Accepted by istioctl, and refused here alone. */
  private static final Map<String, String> OWN =
      Map.of(
          "invalid-no-name", "a server stores a resource under its name",
          "invalid-dr-hash-cookie-negative-ttl", "such a cookie is dropped on arrival");

  /** Accepted by istioctl, and not supported by this mesh, so far or at all. */
  private static final Map<String, String> NOT_SUPPORTED =
      Map.of(
          "invalid-dr-tls-istio-mutual-with-certs", "no mutual TLS yet",
          "invalid-se-protocol-lower", "resolution DNS",
          "invalid-se-dns-ip-endpoint", "resolution DNS");

  private static final Pattern KIND = Pattern.compile("(?m)^kind: *(\\S+)");
  private static final Set<String> SECURITY_KINDS =
      Set.of("AuthorizationPolicy", "PeerAuthentication");

  @TestFactory
  Stream<DynamicTest> parse_judgedPolicy_agreesWithIstioctl() throws IOException {
    return cases().map(one -> dynamicTest(one.get("name").asText(), () -> assertVerdict(one)));
  }

  @Test
  void differences_areJustThoseNamed() throws IOException {
    Set<String> refused = new TreeSet<>();
    cases()
        .filter(one -> isAccepted(one) && !isOfLaterKind(one) && parse(one).hasErrors())
        .forEach(one -> refused.add(one.get("name").asText()));
    Set<String> named = new TreeSet<>(NOT_SUPPORTED.keySet());
    named.addAll(AS_KUBERNETES.keySet());
    named.addAll(AS_ENVOY.keySet());
    named.addAll(OWN.keySet());
    assertThat(refused).isEqualTo(named);
  }

  private static void assertVerdict(JsonNode one) {
    ParsedPolicies parsed = parse(one);
    String name = one.get("name").asText();
    boolean differs =
        isOfLaterKind(one)
            || AS_KUBERNETES.containsKey(name)
            || AS_ENVOY.containsKey(name)
            || OWN.containsKey(name)
            || NOT_SUPPORTED.containsKey(name);
    if (isAccepted(one) && !differs) {
      assertThat(parsed.errors()).as(name + " is accepted").isEmpty();
      assertThat(parsed.resources()).hasSize(1);
      return;
    }
    assertThat(parsed.resources()).as(name + " is rejected").isEmpty();
    assertThat(parsed.errors()).isNotEmpty().allSatisfy(GoldenVerdictTest::assertHelpful);
    if (AS_KUBERNETES.containsKey(name)) {
      assertThat(one.get("validation").has("crd")).isTrue();
    }
    if (isOfLaterKind(one)) {
      assertThat(parsed.errors())
          .anyMatch(problem -> problem.message().contains("is not supported yet"));
    }
    if (NOT_SUPPORTED.containsKey(name)) {
      assertThat(parsed.errors())
          .allMatch(problem -> problem.message().startsWith("not supported"));
    }
  }

  /** It stands somewhere, and either tells what was found or what to do, mostly both. */
  private static void assertHelpful(PolicyProblem problem) {
    assertThat(problem.line()).isPositive();
    if (!problem.resource().isEmpty() && !problem.path().isEmpty()) {
      assertThat(problem.path()).containsPattern("^(spec|metadata|kind|apiVersion|[a-z]+)");
    }
    assertThat(problem.message())
        .as("a remedy")
        .containsPattern(
            "; |expected|must|found|allowed|supported|write|remove|RE2|at least|at most|only");
  }

  /** Kinds that the mesh does not have so far are refused for that alone. */
  private static boolean isOfLaterKind(JsonNode one) {
    Matcher kind = KIND.matcher(one.get("policy").asText());
    return kind.find() && SECURITY_KINDS.contains(kind.group(1));
  }

  private static boolean isAccepted(JsonNode one) {
    return one.get("validation").get("verdict").asText().equals("accept");
  }

  private static ParsedPolicies parse(JsonNode one) {
    return PolicyParser.parse("policy.yaml", one.get("policy").asText());
  }

  private static Stream<JsonNode> cases() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            GoldenVerdictTest.class.getResourceAsStream("/golden/invalid.json"))) {
      JsonNode cases = new ObjectMapper().readTree(in).get("cases");
      assertThat(cases).hasSize(264);
      return StreamSupport.stream(cases.spliterator(), false);
    }
  }
}
