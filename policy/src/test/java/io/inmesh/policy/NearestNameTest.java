package io.inmesh.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {

  private static final List<String> NAMES =
      List.of("destination", "weight", "headers", "ignoreUriCase", "uri");

  @Test
  void of_typo_findsTheName() {
    assertThat(NearestName.of("wieght", NAMES)).contains("weight");
    assertThat(NearestName.of("destinaton", NAMES)).contains("destination");
    assertThat(NearestName.of("header", NAMES)).contains("headers");
  }

  @Test
  void of_otherSpelling_findsTheName() {
    assertThat(NearestName.of("ignore_uri_case", NAMES)).contains("ignoreUriCase");
    assertThat(NearestName.of("IGNOREURICASE", NAMES)).contains("ignoreUriCase");
  }

  @Test
  void of_otherToolsWord_findsTheName() {
    assertThat(NearestName.of("path", NAMES)).contains("uri");
    assertThat(NearestName.of("percentage", NAMES)).contains("weight");
    assertThat(NearestName.of("path", List.of("weight"))).isEmpty();
  }

  @Test
  void of_farFromEverything_nothing() {
    assertThat(NearestName.of("subset", NAMES)).isEmpty();
    assertThat(NearestName.of("", NAMES)).isEmpty();
    assertThat(NearestName.of("w".repeat(10_000), NAMES)).isEmpty();
  }
}
