package io.inmesh.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameRulesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "orders",
        "orders.shop",
        "orders.shop.svc.cluster.local",
        "orders.shop.svc.cluster.local.",
        "*.example.com",
        "*-eu.example.com",
        "Orders",
        "127.0.0.1",
        "2001:db8::1",
        "*"
      })
  void host_allowed_noProblem(String host) {
    assertThat(NameRules.host(host)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "a..b",
        "a_b",
        "-a",
        "a-",
        "a.*.b",
        "**.b",
        "a:80",
        "http://a",
        "1.2.3.400",
        "a b",
        "a/b"
      })
  void host_notAllowed_problem(String host) {
    assertThat(NameRules.host(host)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "0.0.0.0",
        "::",
        "::1",
        "1::",
        "fe80::1:2",
        "1:2:3:4:5:6:7:8",
        "::ffff:10.0.0.1"
      })
  void isIpAddress_address_true(String text) {
    assertThat(NameRules.isIpAddress(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.2.3",
        "1.2.3.256",
        "01.2.3.4",
        ":",
        ":::",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "12345::",
        "1:2:3:4:5:6:7:8:9",
        "::1.2.3",
        "1.2.3.4::",
        "[::1]",
        "::g",
        ":1:2:3:4:5:6:7:8"
      })
  void isIpAddress_none_false(String text) {
    assertThat(NameRules.isIpAddress(text)).isFalse();
  }

  @Test
  void isCidr_lengthWithinTheFamily() {
    assertThat(NameRules.isCidr("10.0.0.0/8")).isTrue();
    assertThat(NameRules.isCidr("10.0.0.0/33")).isFalse();
    assertThat(NameRules.isCidr("2001:db8::/64")).isTrue();
    assertThat(NameRules.isCidr("10.0.0.0")).isFalse();
    assertThat(NameRules.isCidr("10.0.0.0/x")).isFalse();
  }

  @Test
  void resourceName_wrong_suggestsARightOne() {
    assertThat(NameRules.resourceName("orders.v1")).isEmpty();
    assertThat(NameRules.resourceName("My Orders!").orElseThrow()).endsWith("try \"my-orders\"");
    assertThat(NameRules.resourceName("a".repeat(254))).isPresent();
    assertThat(NameRules.resourceName("").orElseThrow()).doesNotContain("try");
  }

  @Test
  void namespace_withDot_isRefused() {
    assertThat(NameRules.namespace("shop")).isEmpty();
    assertThat(NameRules.namespace("shop.eu").orElseThrow()).endsWith("try \"shop-eu\"");
  }

  @Test
  void label_kubernetesRules() {
    assertThat(NameRules.labelKey("app.kubernetes.io/name")).isEmpty();
    assertThat(NameRules.labelKey("a/b/c")).isPresent();
    assertThat(NameRules.labelKey("")).isPresent();
    assertThat(NameRules.labelValue("")).isEmpty();
    assertThat(NameRules.labelValue("v1.2_3-x")).isEmpty();
    assertThat(NameRules.labelValue("-v1")).isPresent();
    assertThat(NameRules.labelValue("v".repeat(64))).isPresent();
  }
}
