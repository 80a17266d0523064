package io.inmesh.xds;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NamesTest {
  @Test
  void outbound_andBack() {
    String name = Names.outbound(8080, "v1", "orders.default.svc.cluster.local");

    assertThat(name).isEqualTo("outbound|8080|v1|orders.default.svc.cluster.local");
    assertThat(Names.parse(name))
        .contains(new Names(8080, "v1", "orders.default.svc.cluster.local"));
    assertThat(Names.parse("outbound|80||h")).contains(new Names(80, "", "h"));
  }

  @Test
  void parse_otherNames_areNone() {
    assertThat(Names.parse("inbound|80||h")).isEmpty();
    assertThat(Names.parse("outbound|http||h")).isEmpty();
    assertThat(Names.parse("outbound|80|h")).isEmpty();
    assertThat(Names.parse("")).isEmpty();
  }

  @Test
  void typeUrl_andBack() {
    for (ResourceType type : ResourceType.values()) {
      assertThat(ResourceType.of(type.typeUrl())).contains(type);
    }
    assertThat(ResourceType.of("type.googleapis.com/x")).isEmpty();
  }
}
