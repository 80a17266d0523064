package io.inmesh.engine;

import static io.inmesh.engine.Scenario.set;
import static io.inmesh.engine.Scenario.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.balance.XxHash64;
import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.HashPolicy;
import io.inmesh.engine.model.LbPolicy;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Golden family balance, hashing: where a call's key comes from. */
class HashKeyTest {
  private static final HashPolicy USER = new HashPolicy.Header("x-user");
  private static final HashPolicy QUERY = new HashPolicy.QueryParameter("u");
  private static final HashPolicy SOURCE = new HashPolicy.SourceIp();

  private static HashKey key(
      Map<String, List<String>> headers, String target, HashPolicy... policies) {
    return HashKey.of(
        List.of(policies),
        name -> headers.getOrDefault(name, List.of()),
        target,
        "10.0.0.9",
        new Random(1));
  }

  private static HashKey hashed(String text) {
    return new HashKey(true, XxHash64.hash(text, 0), null);
  }

  private static HashPolicy.Cookie cookie(Duration ttl, String path, String... attributes) {
    return new HashPolicy.Cookie("session", ttl, path, List.of(attributes));
  }

  @Test
  void header_itsValue_orNone() {
    assertThat(key(Map.of("x-user", List.of("mary")), "/", USER)).isEqualTo(hashed("mary"));
    assertThat(key(Map.of(), "/", USER)).isEqualTo(HashKey.NONE);
  }

  @Test
  void header_severalValues_orderDoesNotCount() {
    HashKey one = key(Map.of("x-user", List.of("a", "b")), "/", USER);

    assertThat(one).isEqualTo(key(Map.of("x-user", List.of("b", "a")), "/", USER));
    assertThat(one.value()).isEqualTo(XxHash64.hash("b", XxHash64.hash("a", 0)));
  }

  @Test
  void query_firstValue_notDecoded() {
    assertThat(key(Map.of(), "/?a=1&u=b%20c&u=d", QUERY)).isEqualTo(hashed("b%20c"));
    assertThat(key(Map.of(), "/?u", QUERY)).isEqualTo(hashed(""));
    assertThat(key(Map.of(), "/?uu=1", QUERY).present()).isFalse();
    assertThat(key(Map.of(), "/u=1", QUERY).present()).isFalse();
    assertThat(key(Map.of(), "/?", QUERY).present()).isFalse();
  }

  @Test
  void source_forwardedForIsBelieved() {
    assertThat(key(Map.of(), "/", SOURCE)).isEqualTo(hashed("10.0.0.9"));
    assertThat(key(Map.of("x-forwarded-for", List.of("10.0.0.1, 10.0.0.2")), "/", SOURCE))
        .isEqualTo(hashed("10.0.0.2"));
    assertThat(key(Map.of("x-forwarded-for", List.of("unknown")), "/", SOURCE))
        .isEqualTo(hashed("10.0.0.9"));
  }

  @Test
  void cookie_there_quotedOrNot() {
    HashPolicy.Cookie policy = cookie(Duration.ofSeconds(60), "");

    for (String header : List.of("session=jason", "a=b; session=jason; c=d", "session=\"jason\"")) {
      assertThat(key(Map.of("cookie", List.of(header)), "/", policy)).isEqualTo(hashed("jason"));
    }
    assertThat(key(Map.of("cookie", List.of("xsession=jason")), "/", policy).cookie()).isNotNull();
  }

  @Test
  void cookie_missing_madeForItsTtl() {
    HashKey made = key(Map.of(), "/", cookie(Duration.ofSeconds(60), "/api", "Secure"));

    assertThat(made.cookie())
        .matches("session=\"[0-9a-f]{16}\"; Max-Age=60; Path=/api; Secure; HttpOnly");
    assertThat(key(Map.of(), "/", cookie(Duration.ZERO, "")).cookie())
        .matches("session=\"[0-9a-f]{16}\"; HttpOnly");
    assertThat(key(Map.of(), "/", new HashPolicy.Cookie("session", null, "")))
        .isEqualTo(HashKey.NONE);
  }

  @Test
  void severalPolicies_combined_missingOnesLeftOut() {
    Map<String, List<String>> headers = Map.of("x-user", List.of("a"));

    assertThat(key(headers, "/?u=a", USER, QUERY).value())
        .isEqualTo(Long.rotateLeft(XxHash64.hash("a", 0), 1) ^ XxHash64.hash("a", 0));
    assertThat(key(headers, "/", USER, QUERY)).isEqualTo(hashed("a"));
    assertThat(key(headers, "/", QUERY, USER)).isEqualTo(hashed("a"));
  }

  private static Scenario ring() {
    Cluster plain = TestMesh.cluster("v1", 3);
    return new Scenario()
        .cluster(
            new Cluster(
                "v1",
                new LbPolicy.RingHash(1024, 8_388_608),
                plain.connection().connect(),
                plain.endpoints()));
  }

  @Test
  void call_sameKey_sameEndpoint_andReadAfterTheRoutesChanges() {
    Scenario sticky = ring().hash(USER);
    Set<Object> places = new HashSet<>();
    for (int i = 0; i < 30; i++) {
      places.add(
          Scenario.attempt(sticky.begin(FakeCall.get("/").with("x-user", "a")).step()).endpoint());
    }
    assertThat(places).hasSize(1);

    Scenario changed = ring().hash(USER).request(set("x-user", "a"));
    for (int i = 0; i < 30; i++) {
      places.add(
          Scenario.attempt(changed.begin(FakeCall.get("/").with("x-user", "u" + i)).step())
              .endpoint());
    }
    assertThat(places).hasSize(1);
  }

  @Test
  void call_madeCookie_goesToTheApplication() {
    OutboundCall call = ring().hash(cookie(Duration.ofSeconds(60), "")).begin(FakeCall.get("/"));
    call.responded(TestMesh.response(200));

    assertThat(values(call.responseEdits(TestMesh.response(200)).values(), "set-cookie"))
        .singleElement()
        .asString()
        .startsWith("session=\"");
    assertThat(call.responseEdits(TestMesh.response(200)).removed()).isEmpty();
  }
}
