package io.inmesh.control.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.golden.GoldenCase;
import io.inmesh.golden.GoldenData;
import io.inmesh.policy.MessageCode;
import io.inmesh.policy.ParsedPolicies;
import io.inmesh.policy.PolicyParser;
import io.inmesh.policy.PolicyResource;
import io.inmesh.policy.analysis.Analysis;
import io.inmesh.policy.analysis.Finding;
import io.inmesh.policy.analysis.Registry;
import io.inmesh.policy.analysis.ResourceRef;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every recorded policy can be analysed, and what Envoy could not route is foretold. */
class GoldenAnalysisTest {
  private static final Set<MessageCode> NO_CLUSTER =
      EnumSet.of(MessageCode.REFERENCED_RESOURCE_NOT_FOUND, MessageCode.DESTINATION_PORT_REQUIRED);

  private static final Set<MessageCode> NO_ENDPOINT =
      EnumSet.of(MessageCode.HOST_WITHOUT_ENDPOINTS, MessageCode.SUBSET_SELECTS_NOTHING);

  /** What all cases have in common. */
  private static final Set<ResourceRef> SERVICES =
      parse(GoldenData.text("services.yaml")).stream()
          .map(ResourceRef::of)
          .collect(Collectors.toSet());

  @Test
  void findings_everyPolicy_areToldWithPlaceAndText() {
    int policies = 0;
    for (GoldenCase one : GoldenData.cases()) {
      for (Finding finding : findings(one)) {
        assertThat(finding.resource()).as(one.name()).isNotNull();
        assertThat(finding.text()).as(one.name()).isNotBlank();
        assertThat(Finding.of(finding.json())).as(one.name()).contains(finding);
      }
      policies++;
    }
    assertThat(policies).isEqualTo(496);
  }

  @Test
  void findings_policyWhoseCallsHadNoCluster_tellWhy() {
    assertThat(untold("NC", NO_CLUSTER)).isEmpty();
  }

  @Test
  void findings_policyWhoseCallsHadNoEndpoint_tellWhy() {
    assertThat(untold("UH", NO_ENDPOINT)).isEmpty();
  }

  /** The cases with a call that ended so in Envoy, and was never sent, that nothing is told of. */
  private static Set<String> untold(String flag, Set<MessageCode> reasons) {
    Set<String> untold = new TreeSet<>();
    int seen = 0;
    for (GoldenCase one : GoldenData.cases()) {
      boolean ended =
          one.requests().stream()
              .map(GoldenCase.Request::expect)
              .anyMatch(expect -> flag.equals(expect.flags()));
      if (ended) {
        seen++;
        if (findings(one).stream()
            .filter(finding -> one.policy().isBlank() || !SERVICES.contains(finding.resource()))
            .noneMatch(finding -> reasons.contains(finding.code()))) {
          untold.add(one.name());
        }
      }
    }
    assertThat(seen).as("cases with " + flag).isPositive();
    return untold;
  }

  private static List<Finding> findings(GoldenCase one) {
    List<PolicyResource> resources = new ArrayList<>(parse(GoldenData.text("services.yaml")));
    resources.addAll(parse(one.policy()));
    return Analysis.of(resources, new Registry(true, List.of())).findings();
  }

  private static List<PolicyResource> parse(String policy) {
    ParsedPolicies parsed = PolicyParser.parse("policy.yaml", policy);
    return parsed.resources();
  }
}
