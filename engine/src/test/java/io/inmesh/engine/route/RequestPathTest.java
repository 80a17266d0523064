package io.inmesh.engine.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** As observed on Envoy 1.40 with Istio's settings (golden family match). */
class RequestPathTest {
  @ParameterizedTest
  @CsvSource({
    "/%61b, /ab",
    "/a%62, /ab",
    "/%7E%2D%5F, /~-_",
    "/a%20b, /a%20b",
    "/a%2Fb, /a%2Fb",
    "/a%2fb, /a%2fb",
    "/a%5cc, /a%5cc",
    "/a%23b, /a%23b",
    "/%C3%A9, /%C3%A9",
    "/a/b/../c, /a/c",
    "/a/./c, /a/c",
    "/./foo, /foo",
    "/a/c/., /a/c/",
    "/a/c/x/.., /a/c/",
    "/a/b/%2e%2e/c, /a/c",
    "/a/b/%2E./c, /a/c",
    "/a/b/..%2fc, /a/b/..%2fc",
    "/../../a, /a",
    "/.., /",
    "/a//../b, /a/b",
    "/a/...//..b/.c, /a/...//..b/.c",
    "/public/..;/admin, /public/..;/admin",
    "/a\\c, /a/c",
    "/a\\..\\c, /c",
    "/%zz%4, /%zz%4",
    "'/a b<c>{d}|^`\"', /a%20b%3Cc%3E%7Bd%7D%7C%5E%60%22",
    "/%61?v=%61/../\\, /a?v=%61/../\\",
    "/%61?, /a?",
  })
  void normalized_spelling(String path, String expected) {
    assertThat(RequestPath.normalized(path)).isEqualTo(expected);
    assertThat(RequestPath.normalized(expected)).as("stays").isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/a", "//a//b", "/a.b", "/a?b=../%61", "*", "/é", "/a;b=c,d@e:f"})
  void normalized_normalAlready_sameObject(String path) {
    assertThat(RequestPath.normalized(path)).isSameAs(path);
  }

  @Test
  void normalized_fragmentOrNul_refused() {
    assertThat(RequestPath.normalized("/a#b")).isNull();
    assertThat(RequestPath.normalized("/?v=1#x")).isNull();
    assertThat(RequestPath.normalized("/a%00")).isNull();
    assertThat(RequestPath.normalized("/a\0b")).isNull();
  }
}
