package io.inmesh.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.policy.PolicyProblem.Severity;
import org.junit.jupiter.api.Test;

class PolicyProblemTest {

  @Test
  void toString_leavesOutWhatIsNotKnown() {
    assertThat(problem("f", 3, "Kind/name", "spec.a")).hasToString("f:3: Kind/name: spec.a: wrong");
    assertThat(problem("", 3, "Kind/name", "")).hasToString("line 3: Kind/name: wrong");
    assertThat(problem("f", 0, "", "")).hasToString("f: wrong");
    assertThat(problem("", 0, "", "spec.a")).hasToString("spec.a: wrong");
    assertThat(problem("", 0, "", "")).hasToString("wrong");
  }

  private static PolicyProblem problem(String source, int line, String resource, String path) {
    return new PolicyProblem(Severity.ERROR, source, line, 1, resource, path, "wrong");
  }
}
