package io.inmesh.cli.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.inmesh.policy.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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

  private static final Canned NOT_FOUND = new Canned(404, "{\"kind\":\"Status\",\"code\":404}");

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
    answers.add(NOT_FOUND);
    answers.add(
        new Canned(
            201,
            "{\"kind\":\"VirtualService\",\"spec\":{}}",
            List.of("299 - \"say \\\"hi\\\"\"", "299 - \"two\"")));
    Written written = client.apply(ORDERS, json.createObjectNode(), false);
    assertThat(written.outcome()).isEqualTo("created");
    assertThat(written.warnings()).containsExactly("say \"hi\"", "two");
    assertThat(requests).containsExactly("GET " + PATH + "/orders", "POST " + PATH + " {}");
  }

  @Test
  void analyze_documents_areSentOneAfterTheOther() {
    answers.add(new Canned(200, "{\"items\":[{\"code\":\"IST0101\"}]}"));
    answers.add(new Canned(200, "{\"items\":[]}"));
    answers.add(new Canned(400, "{\"kind\":\"Status\",\"message\":\"unreadable\"}"));
    List<ObjectNode> two =
        List.of(json.createObjectNode().put("a", 1), json.createObjectNode().put("b", 2));
    assertThat(client.analyze(two)).hasSize(1);
    assertThat(client.analyze(List.of())).isEmpty();
    assertThatThrownBy(() -> client.analyze(two)).hasMessage("unreadable");
    assertThat(requests.get(0)).isEqualTo("POST /inmesh/v1/analyze {\"a\":1}\n---\n{\"b\":2}");
    assertThat(requests.get(1).strip()).isEqualTo("POST /inmesh/v1/analyze");
  }

  @Test
  void apply_otherWriterInBetween_looksAgain() {
    answers.add(
        new Canned(
            200,
            "{\"kind\":\"VirtualService\",\"metadata\":{\"resourceVersion\":\"1\"},\"spec\":{}}"));
    answers.add(new Canned(409, "{\"kind\":\"Status\",\"message\":\"stale\"}"));
    answers.add(
        new Canned(
            200,
            "{\"kind\":\"VirtualService\",\"metadata\":{\"resourceVersion\":\"2\"},\"spec\":{}}"));
    answers.add(
        new Canned(
            200,
            "{\"kind\":\"VirtualService\",\"metadata\":{\"resourceVersion\":\"3\"},\"spec\":{\"a\":1}}"));
    Written written = client.apply(ORDERS, json.createObjectNode(), true);
    assertThat(written.outcome()).isEqualTo("configured");
    assertThat(requests.get(3))
        .isEqualTo("PUT " + PATH + "/orders?dryRun=All {\"metadata\":{\"resourceVersion\":\"2\"}}");
  }

  @Test
  void apply_ownStaleVersion_isRefused() {
    answers.add(
        new Canned(200, "{\"kind\":\"VirtualService\",\"metadata\":{\"resourceVersion\":\"2\"}}"));
    answers.add(new Canned(409, "{\"kind\":\"Status\",\"message\":\"stale\",\"code\":409}"));
    ObjectNode document = json.createObjectNode();
    document.putObject("metadata").put("resourceVersion", "1");
    assertThatThrownBy(() -> client.apply(ORDERS, document, false)).hasMessage("stale");
  }

  @Test
  void refusal_ofAStatus_keepsItsCauses() {
    answers.add(NOT_FOUND);
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
  void warnings_underALowerCaseName_areRead() throws IOException {
    // The control server writes its headers in lower case; the JDK's server cannot.
    try (ServerSocket lowerCase = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread answering = new Thread(() -> answerOnce(lowerCase));
      answering.start();
      HttpControlServer other =
          new HttpControlServer(URI.create("http://127.0.0.1:" + lowerCase.getLocalPort()), json);
      assertThat(other.delete(ORDERS, false)).isEqualTo(new Deleted(true, List.of("one", "two")));
    }
  }

  private static void answerOnce(ServerSocket server) {
    try (Socket socket = server.accept()) {
      BufferedReader request =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      while (!request.readLine().isEmpty()) {
        // The request has no body.
      }
      socket
          .getOutputStream()
          .write(
              """
              HTTP/1.1 200 OK
              connection: close
              content-length: 17
              warning: 299 - "one"
              warning: 299 - "two"

              {"kind":"Status"}\
              """
                  .replace("\n", "\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anyRequest_toAnotherProgram_isToldAsOne() {
    for (Canned answer :
        List.of(
            new Canned(200, "{\"service\":\"orders\"}"),
            new Canned(200, "<html>"),
            new Canned(404, "<html>"),
            new Canned(404, "{}"))) {
      for (ThrowingCallable request :
          List.<ThrowingCallable>of(
              () -> client.list(Kind.VIRTUAL_SERVICE, ""),
              () -> client.find(ORDERS),
              () -> client.delete(ORDERS, false),
              client::agents,
              client::version)) {
        answers.add(answer);
        assertThatThrownBy(request)
            .isInstanceOf(UnreachableException.class)
            .hasMessageContaining("is not an Inmesh control server");
      }
    }
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
