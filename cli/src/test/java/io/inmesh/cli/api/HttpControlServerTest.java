package io.inmesh.cli.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.inmesh.policy.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers what a test laid ready, in turn. */
final class HttpControlServerTest {

  private static final ResourceId ORDERS =
      new ResourceId(Kind.VIRTUAL_SERVICE, "v1beta1", "shop", "orders");
  private static final String PATH =
      "/apis/networking.istio.io/v1beta1/namespaces/shop/virtualservices";

  private record Canned(int status, String body, List<String> warnings) {
    Canned(int status, String body) {
      this(status, body, List.of());
    }
  }

  private final ObjectMapper json = new ObjectMapper();
  private final Queue<Canned> answers = new ArrayDeque<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final HttpServer server = create();
  private final HttpControlServer client =
      new HttpControlServer(
          URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"), json);

  @BeforeEach
  void serve() {
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            requests.add(
                exchange.getRequestMethod()
                    + " "
                    + exchange.getRequestURI()
                    + (body.length == 0 ? "" : " " + new String(body, StandardCharsets.UTF_8)));
            Canned canned = answers.remove();
            canned
                .warnings()
                .forEach(warning -> exchange.getResponseHeaders().add("Warning", warning));
            byte[] answer = canned.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(canned.status(), answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void apply_new_creates() {
    answers.add(new Canned(404, "{}"));
    answers.add(
        new Canned(201, "{\"spec\":{}}", List.of("299 - \"say \\\"hi\\\"\"", "299 - \"two\"")));
    Written written = client.apply(ORDERS, json.createObjectNode(), false);
    assertThat(written.outcome()).isEqualTo("created");
    assertThat(written.warnings()).containsExactlyInAnyOrder("say \"hi\"", "two");
    assertThat(requests).containsExactly("GET " + PATH + "/orders", "POST " + PATH + " {}");
  }

  @Test
  void apply_otherWriterInBetween_looksAgain() {
    answers.add(new Canned(200, "{\"metadata\":{\"resourceVersion\":\"1\"},\"spec\":{}}"));
    answers.add(new Canned(409, "{\"message\":\"stale\"}"));
    answers.add(new Canned(200, "{\"metadata\":{\"resourceVersion\":\"2\"},\"spec\":{}}"));
    answers.add(new Canned(200, "{\"metadata\":{\"resourceVersion\":\"3\"},\"spec\":{\"a\":1}}"));
    Written written = client.apply(ORDERS, json.createObjectNode(), true);
    assertThat(written.outcome()).isEqualTo("configured");
    assertThat(requests.get(3))
        .isEqualTo("PUT " + PATH + "/orders?dryRun=All {\"metadata\":{\"resourceVersion\":\"2\"}}");
  }

  @Test
  void apply_ownStaleVersion_isRefused() {
    answers.add(new Canned(200, "{\"metadata\":{\"resourceVersion\":\"2\"}}"));
    answers.add(new Canned(409, "{\"message\":\"stale\",\"code\":409}"));
    ObjectNode document = json.createObjectNode();
    document.putObject("metadata").put("resourceVersion", "1");
    assertThatThrownBy(() -> client.apply(ORDERS, document, false)).hasMessage("stale");
  }

  @Test
  void refusal_ofAStatus_keepsItsCauses() {
    answers.add(new Canned(404, "{}"));
    answers.add(
        new Canned(
            422,
            "{\"kind\":\"Status\",\"message\":\"no\",\"details\":{\"causes\":"
                + "[{\"field\":\"spec.http\",\"message\":\"is missing\"}]}}"));
    assertThatThrownBy(() -> client.apply(ORDERS, json.createObjectNode(), false))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(422);
              assertThat(refused.causes())
                  .containsExactly(new RefusedException.Cause("spec.http", "is missing"));
            });
  }

  @Test
  void watch_lines_areToldWithoutBookmarks() {
    answers.add(
        new Canned(
            200,
            """
            {"type":"ADDED","object":{"a":1}}
            {"type":"BOOKMARK","object":{}}
            {"type":"DELETED","object":{"a":1}}
            """));
    List<String> told = new ArrayList<>();
    client.watch(Kind.DESTINATION_RULE, "", "7", event -> told.add(event.type()));
    assertThat(told).containsExactly("ADDED", "DELETED");
    assertThat(requests)
        .containsExactly(
            "GET /apis/networking.istio.io/v1/destinationrules?watch=true&resourceVersion=7");
  }

  @Test
  void watch_tooOldVersion_isRefused() {
    answers.add(
        new Canned(
            200, "{\"type\":\"ERROR\",\"object\":{\"code\":410,\"message\":\"too old\"}}\n"));
    assertThatThrownBy(() -> client.watch(Kind.VIRTUAL_SERVICE, "", "1", event -> {}))
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.code()).isEqualTo(410));
  }

  @Test
  void anyRequest_toSomethingElse_isToldAsUnreachable() {
    answers.add(new Canned(200, "<html>"));
    assertThatThrownBy(client::version)
        .isInstanceOf(UnreachableException.class)
        .hasMessageContaining("is not an Inmesh control server");
    HttpControlServer nobody = new HttpControlServer(URI.create("http://127.0.0.1:1"), json);
    assertThatThrownBy(nobody::version)
        .isInstanceOf(UnreachableException.class)
        .hasMessageContaining("the connection is refused");
  }

  private static HttpServer create() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException("no server for tests", e);
    }
  }
}
