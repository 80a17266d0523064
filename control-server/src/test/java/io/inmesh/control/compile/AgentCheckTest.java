package io.inmesh.control.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.control.registry.ServiceRegistry;
import io.inmesh.control.registry.StoredPolicy;
import io.inmesh.policy.ParsedPolicies;
import io.inmesh.policy.PolicyParser;
import io.inmesh.policy.PolicyProblem;
import io.inmesh.policy.PolicyResource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an agent would not take is found wherever in a resource it is. */
class AgentCheckTest {
  /** Policy may say it, and no agent's clock goes so far. */
  private static final String TOO_LONG = "9000h";

  private static List<String> problems(String candidate, String... others) {
    List<StoredPolicy> policies = new ArrayList<>();
    for (String other : others) {
      policies.add(new StoredPolicy(parse(other), policies.size() + 1L));
    }
    return AgentCheck.problems(policies, ServiceRegistry.EMPTY, parse(candidate)).stream()
        .map(PolicyProblem::message)
        .toList();
  }

  private static PolicyResource parse(String yaml) {
    ParsedPolicies parsed = PolicyParser.parse("test", yaml);
    assertThat(parsed.problems())
        .filteredOn(problem -> problem.severity() == PolicyProblem.Severity.ERROR)
        .isEmpty();
    return parsed.resources().get(0);
  }

  private static String service(String rule) {
    return """
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata: {name: orders, namespace: default}
    spec:
      hosts: [orders]
      http:
      - %s
      - route: [{destination: {host: orders}}]
    """
        .formatted(rule);
  }

  private static String rule(String timeout) {
    return "{match: [{sourceLabels: {app: a}, sourceNamespace: shop}], timeout: "
        + timeout
        + ", route: [{destination: {host: orders}}]}";
  }

  @Test
  void ruleForSomeClientsOnly_isTried() {
    assertThat(problems(service(rule("2s")))).isEmpty();
    assertThat(problems(service(rule(TOO_LONG))))
        .singleElement()
        .asString()
        .contains("routes[0].route.timeout: must be below 365 days");
  }

  @Test
  void delegate_isTriedAsPartOfItsRoot() {
    String child =
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: child, namespace: shop}
        spec:
          http:
          - {timeout: %s, route: [{destination: {host: cart}}]}
        """;
    String root =
        service("{match: [{uri: {prefix: /c}}], delegate: {name: child, namespace: shop}}");

    assertThat(problems(child.formatted("2s"), root)).isEmpty();
    assertThat(problems(child.formatted(TOO_LONG), root)).isNotEmpty();
    assertThat(problems(child.formatted(TOO_LONG))).as("nobody delegates to it").isEmpty();
  }

  @Test
  void subset_isTriedBeforeARouteNamesIt() {
    String rule =
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: orders, namespace: default}
        spec:
          host: orders
          workloadSelector: {matchLabels: {app: a}}
          subsets:
          - name: v1
            labels: {version: v1}
            trafficPolicy: {outlierDetection: {interval: %s}}
        """;

    assertThat(problems(rule.formatted("5s"))).isEmpty();
    assertThat(problems(rule.formatted(TOO_LONG)))
        .singleElement()
        .asString()
        .contains("outlier_detection.interval: must be below 365 days");
  }
}
