package io.inmesh.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTemplateTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain, with \"quotes\" and\ttab",
        "50%%",
        "%%REQ(x)%%",
        "%REQ(x-user)%",
        "%REQ(:path)%-%REQ(x-a?x-b)%",
        "a%RESP(x)%b%PROTOCOL%",
        "%ROUTE_NAME%%UPSTREAM_CLUSTER%",
        "%RESPONSE_CODE% %RESPONSE_FLAGS%",
        "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT% (%UPSTREAM_HOST%)"
      })
  void problem_soundTemplate_none(String template) {
    assertThat(HeaderTemplate.problem(template)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%",
        "50%",
        "50% off",
        "%REQ(x-user",
        "%REQ(x-user)",
        "%REQ(x-user)%%",
        "%REQ%",
        "%REQ()%",
        "%REQ(x):3%",
        "%FOO%",
        "%PROTOCOL(x)%",
        "%req(x)%",
        "%START_TIME%",
        "%REQ_WITHOUT_QUERY(:path)%",
        "%REQ(a(b)%",
        "%REQ(a%b)%",
        "a\nb",
        "a\rb",
        "a\u0000b",
        "a\u007Fb"
      })
  void problem_unsoundTemplate_saysWhatToDo(String template) {
    assertThat(HeaderTemplate.problem(template).orElseThrow())
        .containsPattern("write|remove|Istio allows none");
  }
}
