package io.inmesh.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostsTest {

  @Test
  void fqdn_shortName_isCompleted() {
    assertThat(Hosts.fqdn("orders", "shop")).isEqualTo("orders.shop.svc.cluster.local");
    assertThat(Hosts.fqdn("Orders", "shop")).isEqualTo("orders.shop.svc.cluster.local");
  }

  @Test
  void fqdn_otherNames_standForThemselves() {
    assertThat(Hosts.fqdn("orders.shop", "default")).isEqualTo("orders.shop");
    assertThat(Hosts.fqdn("api.example.com.", "default")).isEqualTo("api.example.com");
    assertThat(Hosts.fqdn("*.example.com", "default")).isEqualTo("*.example.com");
    assertThat(Hosts.fqdn("*", "default")).isEqualTo("*");
    assertThat(Hosts.fqdn("127.0.0.1", "default")).isEqualTo("127.0.0.1");
    assertThat(Hosts.fqdn("::1", "default")).isEqualTo("::1");
  }

  @Test
  void matches_wildcard_coversLongerNames() {
    assertThat(Hosts.matches("*.example.com", "a.example.com")).isTrue();
    assertThat(Hosts.matches("*.example.com", "A.B.Example.com")).isTrue();
    assertThat(Hosts.matches("*.example.com", "*.b.example.com")).isTrue();
    assertThat(Hosts.matches("*.example.com", "example.com")).isFalse();
    assertThat(Hosts.matches("*", "example.com")).isTrue();
    assertThat(Hosts.matches("example.com", "example.com")).isTrue();
    assertThat(Hosts.matches("example.com", "a.example.com")).isFalse();
  }
}
