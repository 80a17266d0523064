package io.inmesh.control.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inmesh.golden.GoldenCase;
import io.inmesh.golden.GoldenCase.Header;
import io.inmesh.golden.GoldenCase.Request;
import io.inmesh.golden.GoldenData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The policies of the recordings under calls and answers that nobody recorded: whatever comes, no
 * step of the engine throws, every call ends, and afterwards nothing is held.
 */
class StrangeCallsTest {
  private static final int REQUESTS_PER_CASE = 5;
  private static final String LONG_PATH = "/" + "z".repeat(5_000);

  private static final List<String> METHODS =
      List.of("GET", "GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "CONNECT", "get", "FOO");

  private static final List<String> PATHS =
      List.of(
          "/",
          "/a",
          "/foo/bar?x=1",
          "/a%2Fb",
          "/..",
          "/../../a",
          "/%",
          "/%zz",
          "/a?",
          "/a??b",
          "/?v=1&v=2",
          "//",
          "/a\\b",
          "/%00",
          "/a;b",
          "*",
          "",
          "a",
          "?x",
          "/\u00e4",
          "/a#b",
          "/%2e%2e/a",
          LONG_PATH);

  private static final List<Header> HEADERS =
      List.of(
          new Header("x-user", ""),
          new Header("x-a", "%REQ(x)%"),
          new Header("cookie", ";;==;"),
          new Header("cookie", "session"),
          new Header("origin", ""),
          new Header("origin", "https://a.example.com"),
          new Header("access-control-request-method", "PUT"),
          new Header("content-type", "application/grpc"),
          new Header("grpc-timeout", "100m"),
          new Header("grpc-timeout", "99999999H"),
          new Header("grpc-timeout", "0S"),
          new Header("grpc-timeout", "x"),
          new Header("x-forwarded-for", ",,"),
          new Header("x-forwarded-proto", "https"),
          new Header("x-envoy-max-retries", "-1"));

  private static final List<String> STEPS =
      List.of(
          "{\"status\": 200}",
          "{\"status\": 503}",
          "{\"status\": 500}",
          "{\"status\": 429, \"headers\": {\"retry-after\": \"1\"}}",
          "{\"action\": \"reset\"}",
          "{\"action\": \"close\"}",
          "{\"action\": \"refuse\"}",
          "{\"action\": \"reset-mid\"}",
          "{\"status\": 200, \"delayMs\": 700}",
          "{\"status\": 200, \"headers\": {\"grpc-status\": \"14\"}}",
          "{\"status\": 200, \"headers\": {\"grpc-status\": \"abc\"}}",
          "{\"status\": 100}",
          "{\"status\": 999}");

  private final Random random = new Random(20_261_126);

  @Test
  void anyCall_endsAndHoldsNothing() throws IOException {
    int played = 0;
    for (GoldenCase golden : GoldenData.cases()) {
      if (new GoldenMesh(golden.policy()).problems().isEmpty()) {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < REQUESTS_PER_CASE; i++) {
          requests.add(strange(golden.requests().get(random.nextInt(golden.requests().size()))));
        }
        assertThat(new Replay(with(golden, requests)).findings())
            .as("%s %s", golden.name(), requests)
            .isEmpty();
        played++;
      }
    }
    assertThat(played).isGreaterThan(450);
  }

  /** A request that is like a recorded one; its outcome is not compared. */
  private Request strange(Request like) throws IOException {
    List<Header> headers = new ArrayList<>(like.headers());
    for (int i = random.nextInt(4); i > 0; i--) {
      headers.add(any(HEADERS));
    }
    int manner = random.nextInt(3);
    return new Request(
        random.nextBoolean() ? like.method() : any(METHODS),
        Objects.requireNonNullElse(like.authority(), "orders:8080"),
        random.nextBoolean() ? like.path() : any(PATHS),
        headers,
        "abc",
        script(),
        like.connectPort(),
        manner == 1 ? 3 : 0,
        manner == 2 ? 6 : 0,
        random.nextInt(50),
        random.nextInt(300),
        random.nextInt(20),
        like.source(),
        random.nextInt(10) == 0 ? 1_200_000 : 0,
        List.of(),
        false,
        true,
        false,
        like.expect());
  }

  private JsonNode script() throws IOException {
    ObjectNode script = GoldenData.JSON.createObjectNode();
    ArrayNode steps = script.putArray("steps");
    for (int i = random.nextInt(4); i >= 0; i--) {
      steps.add(GoldenData.JSON.readTree(any(STEPS)));
    }
    return script;
  }

  private static GoldenCase with(GoldenCase golden, List<Request> requests) {
    return new GoldenCase(
        golden.name(),
        golden.family(),
        golden.note(),
        golden.client(),
        golden.policy(),
        golden.fresh(),
        golden.stable(),
        golden.mask(),
        golden.mirrors(),
        null,
        null,
        golden.validation(),
        requests);
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
