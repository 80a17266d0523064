package io.inmesh.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class KindTest {

  @Test
  void of_anyOfItsNames_findsTheKind() {
    for (Kind kind : Kind.values()) {
      assertThat(Kind.of(kind.kind())).contains(kind);
      assertThat(Kind.of(kind.plural())).contains(kind);
      assertThat(Kind.of(kind.singular())).contains(kind);
      assertThat(Kind.of(kind.shortName())).contains(kind);
      assertThat(Kind.of(kind.kind().toUpperCase(Locale.ROOT))).contains(kind);
    }
    assertThat(Kind.of("VirtualServices")).contains(Kind.VIRTUAL_SERVICE);
    assertThat(Kind.of("gateway")).isEmpty();
  }
}
