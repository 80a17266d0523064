package io.inmesh.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inmesh.control.ControlServer;
import io.inmesh.control.RestClient;
import io.inmesh.control.RestClient.Answer;
import io.inmesh.control.ServerConfig;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The REST side over real connections. One server; every test uses names of its own. */
class RestTest {
  private static final String ROOT = "/apis/networking.istio.io/v1/namespaces/default/";
  private static final String YAML = "application/yaml";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir static Path data;
  private static ControlServer server;
  private RestClient rest;

  @BeforeAll
  static void start() {
    server = ControlServer.start(new ServerConfig("127.0.0.1", 0, data));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void connect() {
    rest = new RestClient(server.port());
  }

  @Test
  void post_new_createsAndGetShowsIt() {
    Answer created = post("created", "v1");

    assertThat(created.code()).isEqualTo(201);
    JsonNode metadata = created.json().path("metadata");
    assertThat(metadata.path("namespace").asText()).isEqualTo("default");
    assertThat(metadata.path("generation").asInt()).isEqualTo(1);
    assertThat(metadata.path("uid").asText()).isNotEmpty();
    assertThat(metadata.path("creationTimestamp").asText()).endsWith("Z");
    assertThat(rest.get(ROOT + "destinationrules/created").json()).isEqualTo(created.json());
  }

  @Test
  void post_existing_isAConflict() {
    post("twice", "v1");

    Answer second = post("twice", "v1");

    assertThat(second.code()).isEqualTo(409);
    assertThat(second.json().path("reason").asText()).isEqualTo("AlreadyExists");
    assertThat(second.json().path("kind").asText()).isEqualTo("Status");
  }

  @Test
  void put_staleVersion_isRefusedAndChangesNothing() {
    String version = version(post("replaced", "v1"));
    Answer replaced = put("replaced", "v2", version);
    assertThat(replaced.code()).isEqualTo(200);
    assertThat(replaced.json().path("metadata").path("generation").asInt()).isEqualTo(2);

    Answer stale = put("replaced", "v3", version);

    assertThat(stale.code()).isEqualTo(409);
    assertThat(stale.json().path("reason").asText()).isEqualTo("Conflict");
    assertThat(stale.json().path("message").asText()).contains("resourceVersion " + version);
    assertThat(rest.get(ROOT + "destinationrules/replaced").json()).isEqualTo(replaced.json());
  }

  @Test
  void put_missing_isNotFound() {
    assertThat(put("nobody", "v1", "").code()).isEqualTo(404);
  }

  @Test
  void apply_again_changesNothing() {
    Answer first = apply("applied", rule("applied", "v1"));
    assertThat(first.code()).isEqualTo(201);

    Answer second = apply("applied", rule("applied", "v1"));

    assertThat(second.code()).isEqualTo(200);
    assertThat(second.json()).isEqualTo(first.json());
    assertThat(version(apply("applied", rule("applied", "v2")))).isNotEqualTo(version(first));
  }

  @Test
  void apply_dryRun_storesNothing() {
    Answer dry =
        rest.send(
            "PATCH", ROOT + "destinationrules/dry?dryRun=All", RestClient.APPLY, rule("dry", "v1"));

    assertThat(dry.code()).isEqualTo(201);
    assertThat(dry.json().path("metadata").path("name").asText()).isEqualTo("dry");
    assertThat(rest.get(ROOT + "destinationrules/dry").code()).isEqualTo(404);
  }

  @Test
  void apply_brokenFields_namesEachWithItsLine() {
    Answer refused =
        apply(
            "broken",
            """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: broken}
            spec:
              hots: broken
              subsets:
              - nam: v1
            """);

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.json().path("reason").asText()).isEqualTo("Invalid");
    assertThat(refused.json().path("details").path("name").asText()).isEqualTo("broken");
    JsonNode causes = refused.json().path("details").path("causes");
    assertThat(causes)
        .anySatisfy(
            cause -> {
              assertThat(cause.path("field").asText()).isEqualTo("spec.hots");
              assertThat(cause.path("message").asText())
                  .startsWith("line 5: ")
                  .contains("\"host\"");
            });
    assertThat(rest.get(ROOT + "destinationrules/broken").code()).isEqualTo(404);
  }

  @Test
  void apply_namesThatPointNowhere_isAcceptedWithWarnings() {
    Answer warned =
        rest.apply(
            "virtualservices",
            "lost",
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: lost}
            spec:
              hosts: [lost]
              http:
              - route:
                - destination: {host: "lost", subset: nowhere}
            """);

    assertThat(warned.code()).isEqualTo(201);
    assertThat(warned.warnings())
        .isNotEmpty()
        .allSatisfy(w -> assertThat(w).startsWith("299 - \""));
  }

  @Test
  void delete_ruleWhoseSubsetsAreUsed_warns() {
    apply("used", rule("used", "v1"));
    rest.apply("virtualservices", "user", route("user", "used", "v1"));

    Answer narrowed = apply("used", rule("used", "v2"));
    Answer again = apply("used", rule("used", "v3"));
    Answer restored = apply("used", rule("used", "v1"));
    Answer deleted = rest.delete(ROOT + "destinationrules/used");

    assertThat(narrowed.warnings())
        .anySatisfy(
            warning ->
                assertThat(warning)
                    .contains("VirtualService/user: spec.http[0].route[0].destination.subset")
                    .contains("subsets of this host: v2"));
    assertThat(again.warnings()).noneSatisfy(w -> assertThat(w).contains("VirtualService"));
    assertThat(restored.warnings()).noneSatisfy(w -> assertThat(w).contains("VirtualService"));
    assertThat(deleted.code()).isEqualTo(200);
    assertThat(deleted.warnings())
        .singleElement()
        .asString()
        .contains("VirtualService/user: spec.http[0].route[0].destination.subset")
        .contains("no DestinationRule has subsets for this host");
    assertThat(rest.delete(ROOT + "virtualservices/user").warnings()).isEmpty();
  }

  @Test
  void delete_there_saysSuccessAndIsGone() {
    post("deleted", "v1");

    Answer deleted = rest.delete(ROOT + "destinationrules/deleted");

    assertThat(deleted.code()).isEqualTo(200);
    assertThat(deleted.json().path("status").asText()).isEqualTo("Success");
    assertThat(rest.delete(ROOT + "destinationrules/deleted").code()).isEqualTo(404);
  }

  @Test
  void versions_all_showTheSameObject() {
    post("versions", "v1");

    for (String version : new String[] {"v1", "v1beta1", "v1alpha3"}) {
      JsonNode object =
          rest.get(
                  "/apis/networking.istio.io/"
                      + version
                      + "/namespaces/default/destinationrules/versions")
              .json();
      assertThat(object.path("apiVersion").asText()).isEqualTo("networking.istio.io/" + version);
    }
    assertThat(apply("versions", rule("versions", "v1").replace("io/v1", "io/v1alpha3")).code())
        .isEqualTo(200);
  }

  @Test
  void list_namespaceAndAll_holdWhatBelongs() {
    rest.send(
        "PATCH",
        "/apis/networking.istio.io/v1/namespaces/shop/destinationrules/listed",
        RestClient.APPLY,
        rule("listed", "v1"));

    JsonNode shop =
        rest.get("/apis/networking.istio.io/v1/namespaces/shop/destinationrules").json();
    JsonNode all = rest.get("/apis/networking.istio.io/v1/destinationrules").json();

    assertThat(shop.path("kind").asText()).isEqualTo("DestinationRuleList");
    assertThat(shop.path("items")).hasSize(1);
    assertThat(all.path("items").findValuesAsText("namespace")).contains("shop");
    assertThat(all.path("metadata").path("resourceVersion").asLong()).isPositive();
  }

  @Test
  void watch_fromAVersion_tellsWhatFollows() throws Exception {
    String from =
        rest.get("/apis/networking.istio.io/v1/destinationrules")
            .json()
            .path("metadata")
            .path("resourceVersion")
            .asText();
    HttpRequest request =
        HttpRequest.newBuilder(
                rest.uri(ROOT + "destinationrules?watch=true&resourceVersion=" + from))
            .build();
    try (Stream<String> lines = rest.http().send(request, BodyHandlers.ofLines()).body()) {
      post("watched", "v1");
      apply("watched", rule("watched", "v2"));
      rest.delete(ROOT + "destinationrules/watched");

      Iterator<String> events = lines.iterator();
      for (String type : new String[] {"ADDED", "MODIFIED", "DELETED"}) {
        JsonNode event = MAPPER.readTree(events.next());
        assertThat(event.path("type").asText()).isEqualTo(type);
        assertThat(event.path("object").path("metadata").path("name").asText())
            .isEqualTo("watched");
      }
    }
  }

  @Test
  void watch_withoutAVersion_beginsWithWhatThereIs() {
    post("there", "v1");

    Answer answer = rest.get(ROOT + "destinationrules?watch=true&timeoutSeconds=1");

    assertThat(answer.code()).isEqualTo(200);
    assertThat(answer.body().lines())
        .anySatisfy(line -> assertThat(line).contains("\"ADDED\"").contains("\"there\""));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /nope, '', '', 404",
    "GET, /apis/networking.istio.io/v2/destinationrules, '', '', 404",
    "GET, /apis/other.io/v1/destinationrules, '', '', 404",
    "GET, /apis/networking.istio.io/v1/namespaces/NS/destinationrules, '', '', 400",
    "GET, /apis/networking.istio.io/v1/destinationrules?labelSelector=a, '', '', 400",
    "GET, /apis/networking.istio.io/v1/destinationrules?watch=true&resourceVersion=x, '', '', 400",
    "GET, /apis/networking.istio.io/v1/destinationrules?watch=1&resourceVersion=9999999, '', '',"
        + " 410",
    "DELETE, /apis/networking.istio.io/v1/namespaces/default/destinationrules, '', '', 405",
    "POST, /apis/networking.istio.io/v1/destinationrules, application/json, '{}', 405",
    "POST, /apis/networking.istio.io/v1/namespaces/default/destinationrules, text/csv, 'a', 415",
    "POST, /apis/networking.istio.io/v1/namespaces/default/destinationrules, application/json, '',"
        + " 400",
    "POST, /apis/networking.istio.io/v1/namespaces/default/destinationrules, application/json, '{',"
        + " 400",
    "PATCH, /apis/networking.istio.io/v1/namespaces/default/destinationrules/a,"
        + " application/json-patch+json, '[]', 415",
    "PUT, /inmesh/v1/agents/x/settings, application/json, '{\"inert\": 3}', 400",
    "POST, /inmesh/v1/agents, application/json, '{}', 405",
    "GET, /inmesh/v1/analyze, '', '', 405",
    "POST, /healthz, text/plain, 'x', 405",
  })
  void request_thatMakesNoSense_isAStatus(
      String method, String path, String type, String body, int code) {
    Answer answer = rest.send(method, path, type, body);

    assertThat(answer.code()).as(answer.body()).isEqualTo(code);
    assertThat(answer.json().path("kind").asText()).isEqualTo("Status");
    assertThat(answer.json().path("code").asInt()).isEqualTo(code);
    assertThat(answer.json().path("message").asText()).isNotEmpty();
  }

  @Test
  void namespace_ofBodyAndPath_mustAgree() {
    Answer refused =
        apply("a", rule("a", "v1").replace("{name: a}", "{name: a, namespace: other}"));

    assertThat(refused.code()).isEqualTo(400);
    assertThat(refused.json().path("message").asText()).contains("other").contains("default");
  }

  @Test
  void name_ofBodyAndPath_mustAgree() {
    assertThat(apply("b", rule("a", "v1")).code()).isEqualTo(400);
  }

  @Test
  void kind_ofBodyAndPath_mustAgree() {
    Answer refused = rest.apply("virtualservices", "a", rule("a", "v1"));

    assertThat(refused.code()).isEqualTo(400);
    assertThat(refused.json().path("message").asText()).contains("destinationrules");
  }

  @Test
  void body_ofSeveralResources_isRefused() {
    assertThat(apply("a", rule("a", "v1") + "---\n" + rule("b", "v1")).code()).isEqualTo(400);
  }

  @Test
  void body_tooLarge_isAStatus() {
    Answer refused = apply("big", "# " + "x".repeat(9 << 20));

    assertThat(refused.code()).isEqualTo(413);
    assertThat(refused.json().path("message").asText()).contains("8 MiB");
  }

  @Test
  void page_ofAnotherOrigin_cannotWrite() {
    HttpRequest request =
        HttpRequest.newBuilder(rest.uri(ROOT + "destinationrules/created"))
            .header("Origin", "http://evil.example")
            .DELETE()
            .build();

    assertThat(rest.send(request).code()).isEqualTo(403);
  }

  @Test
  void host_thatIsNotLoopback_isRefused() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket
          .getOutputStream()
          .write(
              "GET /healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      String status =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine();

      assertThat(status).contains(" 403 ");
    }
  }

  @Test
  void openApi_everyPath_isServed() {
    JsonNode paths = rest.get("/openapi.json").json().path("paths");

    assertThat(paths.size()).isGreaterThan(15);
    paths
        .fieldNames()
        .forEachRemaining(
            path -> {
              String real =
                  path.replace("{version}", "v1")
                      .replace("{namespace}", "default")
                      .replace("{name}", "nobody");
              Answer answer = rest.get(real);
              assertThat(answer.body()).as(real).doesNotContain("nothing is served");
            });
  }

  @Test
  void analyze_documents_areLaidOverThePolicyThereIs() {
    apply("laid", rule("laid", "v1"));

    Answer found = analyze(route("laid", "laid", "v2"));
    Answer mended = analyze(route("laid", "laid", "v2") + "---\n" + rule("laid", "v2"));

    assertThat(found.code()).isEqualTo(200);
    assertThat(found.json().path("items"))
        .anySatisfy(
            finding -> {
              assertThat(finding.path("code").asText()).isEqualTo("IST0101");
              assertThat(finding.path("level").asText()).isEqualTo("Error");
              assertThat(finding.path("origin").asText()).isEqualTo("VirtualService default/laid");
              assertThat(finding.path("path").asText())
                  .isEqualTo("spec.http[0].route[0].destination.subset");
            });
    assertThat(mended.json().path("items"))
        .noneSatisfy(
            finding -> assertThat(finding.path("path").asText()).endsWith(".destination.subset"));
    assertThat(rest.get(ROOT + "virtualservices/laid").code())
        .as("nothing is stored")
        .isEqualTo(404);
  }

  @Test
  void analyze_nothing_isOfThePolicyThereIs() {
    apply("alone", rule("alone", "v1"));

    assertThat(analyze("").json().path("items"))
        .anySatisfy(
            finding -> {
              assertThat(finding.path("code").asText()).isEqualTo("IST0174");
              assertThat(finding.path("resource").path("name").asText()).isEqualTo("alone");
            });
  }

  @Test
  void analyze_brokenDocument_isRefused() {
    Answer refused = analyze(route("laid", "laid", "v2").replace("hosts", "hots"));

    assertThat(refused.code()).isEqualTo(400);
    assertThat(refused.json().path("message").asText()).contains("unknown field \"hots\"");
  }

  private Answer analyze(String policy) {
    return rest.send("POST", "/inmesh/v1/analyze", YAML, policy);
  }

  @ParameterizedTest
  @CsvSource({"/healthz, ok", "/readyz, ok", "/version, 0.1.0", "/metrics, inmesh_policies"})
  void plainPage_isServed(String path, String content) {
    Answer answer = rest.get(path);

    assertThat(answer.code()).isEqualTo(200);
    assertThat(answer.body()).contains(content);
  }

  private Answer post(String name, String subset) {
    return rest.send("POST", ROOT + "destinationrules", YAML, rule(name, subset));
  }

  private Answer put(String name, String subset, String version) {
    String metadata =
        "{name: "
            + name
            + (version.isEmpty() ? "" : ", resourceVersion: \"" + version + "\"")
            + "}";
    return rest.send(
        "PUT",
        ROOT + "destinationrules/" + name,
        YAML,
        rule(name, subset).replace("{name: " + name + "}", metadata));
  }

  private Answer apply(String name, String yaml) {
    return rest.apply("destinationrules", name, yaml);
  }

  private static String version(Answer answer) {
    return answer.json().path("metadata").path("resourceVersion").asText();
  }

  private static String route(String name, String host, String subset) {
    return """
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata: {name: %s}
    spec:
      hosts: [%s]
      http:
      - route:
        - destination: {host: %s, subset: %s}
    """
        .formatted(name, name, host, subset);
  }

  private static String rule(String name, String subset) {
    return """
    apiVersion: networking.istio.io/v1
    kind: DestinationRule
    metadata: {name: %s}
    spec:
      host: %s
      subsets:
      - {name: %s, labels: {version: %s}}
    """
        .formatted(name, name, subset, subset);
  }
}
