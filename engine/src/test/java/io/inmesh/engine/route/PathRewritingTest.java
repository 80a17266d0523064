package io.inmesh.engine.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import io.inmesh.engine.model.PathRewrite;
import io.inmesh.engine.model.StringMatcher;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Golden family rewrite. */
class PathRewritingTest {
  @ParameterizedTest
  @CsvSource({
    "/api, /v2, /api, /v2",
    "/api, /v2, /apix, /v2x",
    "/api, /v2, /api/x?q=1&r=/api, /v2/x?q=1&r=/api",
    "/a, /b/c/, /a/x, /b/c//x",
    "/, /new, /a/b, /newa/b",
    "/, /, /a, /a",
    "/bb/, /z/, /bb/x, /z/x",
  })
  void matched_prefix_onlyThat(String prefix, String replacement, String path, String expected) {
    for (boolean ignoreCase : new boolean[] {true, false}) {
      assertThat(
              PathRewriting.rewritten(
                  new PathRewrite.Matched(replacement),
                  new StringMatcher.Prefix(prefix, ignoreCase),
                  path))
          .isEqualTo(expected);
    }
  }

  @Test
  void matched_exactOrRegex_whole() {
    PathRewrite rewrite = new PathRewrite.Matched("/b?x=1");

    assertThat(PathRewriting.rewritten(rewrite, new StringMatcher.Exact("/a", false), "/a?"))
        .isEqualTo("/b?x=1?");
    assertThat(
            PathRewriting.rewritten(
                rewrite, new StringMatcher.Regex(Pattern.compile("/v[0-9]/.*")), "/v1/x?q=1"))
        .isEqualTo("/b?x=1?q=1");
  }

  @ParameterizedTest
  @CsvSource({
    "'^/service/([^/]+)(/.*)$', \\2/instance/\\1, /service/foo/v1?q=/service/a/b, /v1/instance/foo?q=/service/a/b",
    "'(?i)/xxx/', /yyy/, /aaa/XxX/bbb, /aaa/yyy/bbb",
    "'/(?P<x>[a-z]+)/(?P<y>[0-9]+)', /\\2/\\1, /abc/12/tail, /12/abc/tail",
    "a, b, /aaa, /bbb",
    "'b*', -, /abc, -/-a-c-",
    "'(x)?a', [\\1], /a, /[]",
    "a, \\\\$1\\0, /a, /\\$1a",
    "nothing, x, /a, /a",
  })
  void regex_everyMatch(String regex, String substitution, String path, String expected) {
    assertThat(
            PathRewriting.rewritten(
                new PathRewrite.Regex(Pattern.compile(regex), substitution),
                new StringMatcher.Prefix("/", false),
                path))
        .isEqualTo(expected);
  }

  /** RE2 is linear: this would keep a backtracking engine busy for years. */
  @Test
  void regex_catastrophicForOthers_isNot() {
    String path = "/" + "a".repeat(5_000) + "!";

    assertThat(
            PathRewriting.rewritten(
                new PathRewrite.Regex(Pattern.compile("^/(a+)+$"), "x"),
                new StringMatcher.Prefix("/", false),
                path))
        .isEqualTo(path);
  }

  @Test
  void none_asItIs() {
    String path = "/a?" + new Random(1).nextInt();

    assertThat(
            PathRewriting.rewritten(
                PathRewrite.None.INSTANCE, new StringMatcher.Prefix("/", false), path))
        .isSameAs(path);
  }
}
