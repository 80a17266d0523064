package io.inmesh.engine.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import io.inmesh.engine.model.HeaderMatcher;
import io.inmesh.engine.model.QueryParameterMatcher;
import io.inmesh.engine.model.StringMatcher;
import org.junit.jupiter.api.Test;

class MatchingTest {
  private static final StringMatcher PRESENT = new StringMatcher.Present();

  private static StringMatcher exact(String value) {
    return new StringMatcher.Exact(value, false);
  }

  private static StringMatcher regex(String value) {
    return new StringMatcher.Regex(Pattern.compile(value));
  }

  /** Istio's {@code headers}. */
  private static boolean with(StringMatcher value, FakeRequest request) {
    return Matching.matches(new HeaderMatcher("x", value, false, false), request);
  }

  /** Istio's {@code withoutHeaders}. */
  private static boolean without(StringMatcher value, FakeRequest request) {
    return Matching.matches(new HeaderMatcher("x", value, true, true), request);
  }

  private static boolean query(StringMatcher value, String path) {
    return Matching.matches(new QueryParameterMatcher("v", value), new FakeRequest(path).query());
  }

  @Test
  void string_caseCountsUnlessTold() {
    assertThat(Matching.matches(exact("/A"), "/a")).isFalse();
    assertThat(Matching.matches(new StringMatcher.Exact("/A", true), "/a")).isTrue();
    assertThat(Matching.matches(new StringMatcher.Prefix("/A", true), "/ab")).isTrue();
    assertThat(Matching.matches(new StringMatcher.Prefix("/A", false), "/ab")).isFalse();
  }

  @Test
  void string_regexMatchesAsAWhole() {
    assertThat(Matching.matches(regex("/a"), "/ab")).isFalse();
    assertThat(Matching.matches(regex("/a.*"), "/ab")).isTrue();
  }

  @Test
  void header_repeated_anyOneValueMayMatch() {
    FakeRequest request = new FakeRequest("/").with("x", "a").with("x", "b");

    assertThat(with(exact("a"), request)).isTrue();
    assertThat(with(exact("b"), request)).isTrue();
    assertThat(with(exact("a,b"), request)).isFalse();
  }

  @Test
  void header_missing_fails() {
    FakeRequest request = new FakeRequest("/");

    assertThat(with(exact(""), request)).isFalse();
    assertThat(with(regex(".*"), request)).isFalse();
    assertThat(with(PRESENT, request)).isFalse();
    assertThat(Matching.matches(new HeaderMatcher("x", exact("a"), true, false), request))
        .isFalse();
  }

  @Test
  void header_empty_isPresent() {
    assertThat(with(PRESENT, new FakeRequest("/").with("x", ""))).isTrue();
  }

  @Test
  void withoutHeader_repeated_noValueMayMatch() {
    FakeRequest request = new FakeRequest("/").with("x", "a").with("x", "b");

    assertThat(without(exact("b"), request)).isFalse();
    assertThat(without(exact("c"), request)).isTrue();
    assertThat(without(PRESENT, request)).isFalse();
  }

  @Test
  void withoutHeader_missing_countsAsEmpty() {
    FakeRequest request = new FakeRequest("/");

    assertThat(without(exact("a"), request)).isTrue();
    assertThat(without(PRESENT, request)).isTrue();
    assertThat(without(regex(".*"), request)).isFalse();
    assertThat(without(regex("a?"), request)).isFalse();
  }

  @Test
  void header_pseudo_answeredFromTheRequest() {
    FakeRequest request = new FakeRequest("/a?x=1");

    assertThat(header(":path", "/a?x=1", request)).isTrue();
    assertThat(header(":path", "/a", request)).isFalse();
    assertThat(header(":method", "GET", request)).isTrue();
    assertThat(header(":scheme", "http", request)).isTrue();
    assertThat(header(":authority", "orders:8080", request)).isTrue();
    assertThat(header(":authority", "orders", request)).isFalse();
    assertThat(header("host", "orders:8080", request)).isTrue();
    assertThat(header(":protocol", "", request)).isFalse();
  }

  private static boolean header(String name, String value, FakeRequest request) {
    return Matching.matches(new HeaderMatcher(name, exact(value), false, false), request);
  }

  @Test
  void query_firstValueCounts() {
    assertThat(query(exact("1"), "/?v=1&v=2")).isTrue();
    assertThat(query(exact("2"), "/?v=1&v=2")).isFalse();
    assertThat(query(exact("2"), "/?w=1&v=2")).isTrue();
  }

  @Test
  void query_presentOrEmpty() {
    assertThat(query(PRESENT, "/?v")).isTrue();
    assertThat(query(PRESENT, "/?v=")).isTrue();
    assertThat(query(PRESENT, "/?vv=1&xv=1")).isFalse();
    assertThat(query(PRESENT, "/")).isFalse();
    assertThat(query(exact(""), "/?v")).isTrue();
    assertThat(query(exact(""), "/?v=1")).isFalse();
    assertThat(query(exact(""), "/")).isFalse();
  }

  @Test
  void query_notDecoded() {
    assertThat(query(exact("a b"), "/?v=a%20b")).isFalse();
    assertThat(query(exact("a=b"), "/?v=a=b")).isTrue();
    assertThat(query(exact("c?d"), "/?v=c?d")).isTrue();
  }
}
