package io.inmesh.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTemplateTest {
  private static final HeaderTemplate.Facts FACTS =
      new HeaderTemplate.Facts() {
        private final Map<String, String> request = Map.of("x-a", "asked", ":path", "/p?q=1");
        private final Map<String, String> response = Map.of("x-a", "answered");

        @Override
        public @Nullable String request(String name) {
          return request.get(name);
        }

        @Override
        public @Nullable String response(String name) {
          return response.get(name);
        }

        @Override
        public @Nullable String fact(HeaderTemplate.Fact fact) {
          return fact == HeaderTemplate.Fact.ROUTE_NAME ? "route" : null;
        }
      };

  @ParameterizedTest
  @CsvSource({
    "plain, plain",
    "100%%, 100%",
    "%%REQ(x-a)%%, %REQ(x-a)%",
    "%REQ(X-A)%, asked",
    "a%REQ(x-a)%b%RESP(x-a)%c, aaskedbansweredc",
    "%REQ(x-none?x-a)%, asked",
    "%REQ(x-none?x-too)%, ''",
    "[%REQ(x-none)%], []",
    "%REQ(x-a):3%, ask",
    "%REQ(x-a):30%, asked",
    "%REQ(:path)%, /p?q=1",
    "%ROUTE_NAME%, route",
    "%ROUTE_NAME:2%, ro",
    "%UPSTREAM_HOST%, ''",
    "'', ''",
  })
  void text_filledIn(String template, String expected) {
    assertThat(HeaderTemplate.parse(template).text(FACTS)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "100%",
        "%",
        "%FOO%",
        "%NOT_A_COMMAND%",
        "%REQ%",
        "%REQ()%",
        "%REQ(x-a%",
        "%ROUTE_NAME(x)%",
        "%START_TIME%",
        "%REQ_WITHOUT_QUERY(:path)%", // a stock Envoy has it for access logs only
        "%req(x)%",
        "a % b",
      })
  void parse_unknownOrBroken_refusedWithTheText(String template) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HeaderTemplate.parse(template))
        .withMessageContaining("%");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HeaderMutations.Value("x", template, false));
  }

  @Test
  void requestHeaders_onlyThoseOfTheRequest() {
    assertThat(HeaderTemplate.parse("%REQ(X-A?x-b)% %RESP(x-c)% %REQ(:path)%").requestHeaders())
        .containsExactlyInAnyOrder("x-a", "x-b", ":path");
  }
}
