package io.inmesh.control.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inmesh.control.ControlServer;
import io.inmesh.control.RestClient;
import io.inmesh.control.RestClient.Answer;
import io.inmesh.control.ServerConfig;
import io.inmesh.control.push.FakeAgent;
import io.inmesh.control.push.FakeAgent.Profile;
import io.inmesh.shaded.protobuf.ListValue;
import io.inmesh.shaded.protobuf.Struct;
import io.inmesh.shaded.protobuf.Value;
import io.inmesh.xds.ResourceType;
import io.inmesh.xds.wire.AgentQuestion;
import io.inmesh.xds.wire.RouteQuestion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code POST /inmesh/v1/explain}, answered from policy, and by agents. */
class ExplainTest {
  private static final String RULE =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: orders}
      spec:
        host: orders
        subsets:
          - name: v1
            labels: {version: v1}
          - name: v2
            labels: {version: v2}
      """;

  @TempDir Path data;
  private ControlServer server;
  private RestClient rest;
  private final List<FakeAgent> agents = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    server = ControlServer.start(new ServerConfig("127.0.0.1", 0, data));
    rest = new RestClient(server.port());
    connect(Profile.server("orders-1", "orders", 9081, "v1"));
    connect(Profile.server("orders-2", "orders", 9082, "v2"));
    connect(Profile.server("shop-1", "shop", 9083, "v1"));
  }

  @AfterEach
  void stop() {
    agents.forEach(FakeAgent::close);
    server.close();
  }

  @Test
  void canary_isTold() {
    rest.apply("destinationrules", "orders", RULE);
    virtualService(
        "orders",
        """
        - name: testers
          match:
            - headers: {end-user: {exact: jason}}
            - sourceLabels: {version: v9}
          route: [{destination: {host: orders, subset: v2}}]
        - name: canary
          timeout: 10s
          retries: {attempts: 3, perTryTimeout: 2s}
          route:
            - {destination: {host: orders, subset: v1}, weight: 90}
            - {destination: {host: orders, subset: v2}, weight: 10}
        - name: never
          route: [{destination: {host: orders}}]
        """);

    JsonNode answer = explain("GET", "http://orders:8080/", "shop");

    assertThat(answer.path("verdict").asText())
        .isEqualTo(
            "GET http://orders:8080/ from shop \u2192 orders subset v1 (90 %) or v2 (10 %), by"
                + " VirtualService default/orders rule http[1] (canary)");
    assertThat(answer.path("outcome").asText()).isEqualTo("forward");
    assertThat(answer.at("/host/virtualService").asText()).isEqualTo("default/orders");
    JsonNode rules = answer.path("rules");
    assertThat(rules.findValuesAsText("result"))
        .containsExactly("mismatch", "mismatch", "notForClient", "matched", "notReached");
    JsonNode jason = rules.at("/0/matches/0/conditions/1");
    assertThat(jason.path("field").asText()).isEqualTo("headers[\"end-user\"]");
    assertThat(jason.path("wanted").asText()).isEqualTo("exact \"jason\"");
    assertThat(jason.path("found")).isEmpty();
    JsonNode labels = rules.at("/0/matches/1/conditions/0");
    assertThat(labels.path("wanted").asText()).isEqualTo("version=v9");
    assertThat(labels.at("/found/0").asText()).isEqualTo("version=v1");
    assertThat(answer.at("/route/timeout").asText()).isEqualTo("10s");
    assertThat(answer.at("/route/retries/source").asText()).isEqualTo("byMethod");
    assertThat(answer.at("/route/retries/retryOn").toString()).contains("gateway-error");
    JsonNode v2 = answer.at("/destinations/1");
    assertThat(v2.path("labels").path("version").asText()).isEqualTo("v2");
    assertThat(v2.at("/destinationRules/0").asText()).isEqualTo("default/orders");
    assertThat(v2.at("/endpoints/0/port").asInt()).isEqualTo(9082);
    assertThat(v2.at("/endpoints/0/source").asText()).isEqualTo("agent/orders-2");

    JsonNode post = explain("POST", "http://orders:8080/", "shop.default");
    assertThat(post.at("/route/rule").asText()).isEqualTo("http[1]");
    assertThat(post.at("/route/retries/retryOn").toString()).contains("reset-before-request");
    assertThat(post.path("rules").findValuesAsText("result"))
        .isEqualTo(rules.findValuesAsText("result"));
  }

  @Test
  void header_thatTheRuleWants_matches() {
    rest.apply("destinationrules", "orders", RULE);
    virtualService(
        "orders",
        """
        - match: [{headers: {end-user: {exact: jason}}}]
          rewrite: {uri: /v2}
          route: [{destination: {host: orders, subset: v2}}]
        """);
    JsonNode answer =
        explain(
            """
            {"method": "GET", "url": "http://orders:8080/x?y", "from": "shop",
             "headers": [{"name": "End-User", "value": "jason"}]}
            """);
    assertThat(answer.at("/rules/0/result").asText()).isEqualTo("matched");
    assertThat(answer.at("/destinations/0/sends/path").asText()).isEqualTo("/v2x?y");
    assertThat(answer.at("/route/retries/source").asText()).isEqualTo("istioDefault");
    JsonNode without = explain("GET", "http://orders:8080/", "shop");
    assertThat(without.path("verdict").asText())
        .endsWith("404 (NR): no rule matches, by VirtualService default/orders");
  }

  @Test
  void olderVirtualService_ownsTheHost() {
    virtualService("zz", "- route: [{destination: {host: orders}}]");
    virtualService("aa", "- route: [{destination: {host: orders}}]");
    JsonNode host = explain("GET", "http://orders:8080/", "shop").path("host");
    assertThat(host.path("virtualService").asText()).isEqualTo("default/zz");
    assertThat(host.at("/otherVirtualServices/0/name").asText()).isEqualTo("default/aa");
    assertThat(host.at("/otherVirtualServices/0/reason").asText())
        .isEqualTo("default/zz is older and owns the host");
  }

  @Test
  void delegate_isNamed() {
    rest.apply(
        "virtualservices",
        "child",
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: child}
        spec:
          http:
            - route: [{destination: {host: orders}}]
        """);
    virtualService(
        "orders",
        """
        - match: [{uri: {prefix: /gone}}]
          delegate: {name: nobody}
        - match: [{uri: {prefix: /}}]
          delegate: {name: child}
        """);
    JsonNode answer = explain("GET", "http://orders:8080/gone", "shop");
    assertThat(answer.at("/route/rule").asText()).isEqualTo("http[1] > default/child http[0]");
    assertThat(answer.at("/rules/0/result").asText()).isEqualTo("dropped");
    assertThat(answer.at("/rules/0/reason").asText()).contains("default/nobody");
    assertThat(answer.at("/rules/1/result").asText()).isEqualTo("matched");
  }

  @Test
  void localAnswers_areTold() {
    virtualService(
        "orders",
        """
        - match: [{uri: {prefix: /moved}}]
          redirect: {uri: /new, redirectCode: 302}
        - match: [{uri: {prefix: /closed}}]
          directResponse: {status: 503, body: {string: closed}}
        - fault: {abort: {httpStatus: 500, percentage: {value: 25}}}
          route: [{destination: {host: orders, subset: v7}}]
        """);
    assertThat(verdict("http://orders:8080/moved"))
        .contains("302 to http://orders:8080/new, by VirtualService default/orders rule http[0]");
    assertThat(verdict("http://orders:8080/closed")).contains("503, answered by the mesh");
    assertThat(verdict("http://orders:8080/"))
        .contains("503 NC: no DestinationRule for orders.default.svc.cluster.local defines subsets")
        .endsWith("fault injected before: 25 % aborted with 500");
  }

  @Test
  void hostWithoutPolicy_isUntouched_andSaysWhy() {
    assertThat(verdict("http://orders:8080/"))
        .endsWith(
            "untouched: no policy that the client sees names orders.default.svc.cluster.local");
    assertThat(verdict("http://nowhere.example.com/"))
        .endsWith("no policy names nowhere.example.com, and no agent serves it");
    rest.apply("destinationrules", "orders", RULE);
    assertThat(verdict("http://orders:81/"))
        .endsWith(
            "untouched: the agents of orders.default.svc.cluster.local serve no port 81, only"
                + " 8080");
    assertThat(verdict("https://orders:8080/")).endsWith("over TLS (https) alone");
    assertThat(verdict("http://orders:8080/"))
        .endsWith("\u2192 orders, as no VirtualService is about it");
  }

  @Test
  void registryOnly_refusesTheUnknown() {
    rest.apply(
        "sidecars",
        "own",
        """
        apiVersion: networking.istio.io/v1
        kind: Sidecar
        metadata: {name: own}
        spec:
          outboundTrafficPolicy: {mode: REGISTRY_ONLY}
        """);
    JsonNode answer = explain("GET", "http://nowhere.example.com/", "shop");
    assertThat(answer.path("outcome").asText()).isEqualTo("refused");
    assertThat(answer.path("verdict").asText()).contains("502, refused: no policy names nowhere");
  }

  @Test
  void clientsThatPolicyTellsApart_getAnAnswerEach() throws Exception {
    connect(
        new Profile("shop-2", "shop", 8080, 9084, Map.of("version", "v2", "tier", "web"), false));
    virtualService(
        "orders",
        """
        - match: [{sourceLabels: {tier: web}}]
          directResponse: {status: 418}
        - route: [{destination: {host: orders}}]
        """);
    Answer answer = post(question("GET", "http://orders:8080/", "shop"));
    JsonNode all = answer.json().path("explanations");
    assertThat(all.findValuesAsText("outcome"))
        .containsExactlyInAnyOrder("forward", "directResponse");
    assertThat(all.findValues("instances").toString()).contains("agent/shop-1", "agent/shop-2");
  }

  @Test
  void badQuestions_nameTheMistake() {
    assertThat(error("{", 400)).contains("no JSON");
    assertThat(error("{\"url\": \"http://orders\"}", 400)).startsWith("from: is missing");
    assertThat(error("{\"from\": \"shop\"}", 400)).startsWith("url: is missing");
    assertThat(error("{\"from\": \"shop\", \"url\": \"orders\"}", 400))
        .startsWith("url: \"orders\"");
    assertThat(error("{\"from\": \"shop\", \"url\": \"ftp://a\"}", 400)).contains("only http");
    assertThat(error("{\"from\": \"shop\", \"uri\": \"/\"}", 400)).startsWith("uri: unknown field");
    assertThat(error(question("GET", "http://orders:8080/", "shpo"), 404))
        .isEqualTo(
            "from: no service \"shpo\" is known in namespace default; did you mean \"shop\"?"
                + " (services: orders, shop)");
    assertThat(rest.get("/inmesh/v1/explain").code()).isEqualTo(405);
  }

  private static final String EXPLANATION =
      """
      {"host": "known", "explanation": {"outcome": "forward", "path": "/",
        "tried": [{"name": "only", "rule": "http[0]", "matches": true, "conditions": [],
          "config": "/apis/networking.istio.io/v1/namespaces/default/virtual-service/orders"}],
        "route": {"name": "only", "rule": "http[0]", "timeout": "none", "retries": {"attempts": 0},
          "config": "/apis/networking.istio.io/v1/namespaces/default/virtual-service/orders"},
        "destinations": [{"cluster": "outbound|8080|v1|orders.default.svc.cluster.local",
          "weight": 1, "percent": 100, "exists": true, "loadBalancer": {"policy": "ROUND_ROBIN"},
          "inUse": {"requests": 2, "retries": 0},
          "endpoints": [{"address": "127.0.0.1", "port": 9081, "health": "ejected",
            "ejectedFor": "38s", "ejections": 1, "activeRequests": 0}]}]}}
      """;

  private static Optional<Struct> says(String json) {
    return Optional.of(Struct.newBuilder().putFields("answer", Json.value(json)).build());
  }

  private static String toAgent(String url, String agent) {
    return "{\"url\": \"%s\", \"agent\": \"%s\"}".formatted(url, agent);
  }

  @Test
  void agent_answersAsItHasIt() throws Exception {
    rest.apply("destinationrules", "orders", RULE);
    virtualService(
        "orders",
        """
        - name: only
          route: [{destination: {host: orders, subset: v1}}]
        """);
    List<AgentQuestion> asked = new CopyOnWriteArrayList<>();
    connect(Profile.server("shop-9", "shop", 9085, "v1"))
        .answeringQuestions(
            question -> {
              asked.add(question);
              return says(EXPLANATION);
            });

    JsonNode answer = explainOnceAsked("http://orders:8080/x?y", "shop-9");

    assertThat(answer.path("source").asText()).isEqualTo("agent");
    assertThat(answer.path("verdict").asText())
        .isEqualTo(
            "GET http://orders:8080/x?y from shop \u2192 orders subset v1 (503 UH: 1 of 1 endpoints"
                + " ejected), by VirtualService default/orders rule http[0] (only)");
    assertThat(answer.at("/client/instances/0").asText()).isEqualTo("agent/shop-9");
    assertThat(answer.at("/rules/0/result").asText()).isEqualTo("matched");
    assertThat(answer.at("/destinations/0/inUse/requests").asInt()).isEqualTo(2);
    assertThat(answer.at("/destinations/0/endpoints/0/source").asText())
        .isEqualTo("agent/orders-1");
    RouteQuestion question = asked.get(asked.size() - 1).getExplainRoute(); // First, a probe.
    assertThat(question.getAuthority()).isEqualTo("orders:8080");
    assertThat(question.getPath()).isEqualTo("/x?y");
    assertThat(
            error(
                "{\"url\": \"http://orders:8080/\", \"agent\": \"shop-9\", \"from\": \"orders\"}",
                409))
        .contains("serves shop.default.svc.cluster.local, not orders");
  }

  @Test
  void agent_withOtherRulesThanPolicy_isBelieved() throws Exception {
    connect(Profile.server("shop-9", "shop", 9085, "v1"))
        .answeringQuestions(question -> says(EXPLANATION));
    JsonNode answer = explainOnceAsked("http://orders:8080/", "shop-9");
    assertThat(answer.path("verdict").asText()).contains("by VirtualService default/orders rule");
    assertThat(answer.path("notes").toString()).contains("other rules than policy has now");
    assertThat(answer.at("/rules/0/rule").asText()).isEqualTo("http[0]");
  }

  @Test
  void agent_thatHasNotCalledTheHost_isAnsweredFor() throws Exception {
    rest.apply("destinationrules", "orders", RULE);
    connect(Profile.server("shop-9", "shop", 9085, "v1"))
        .answeringQuestions(question -> says("{\"host\": \"notCalled\"}"));
    JsonNode answer = explainOnceAsked("http://orders:8080/", "shop-9");
    assertThat(answer.path("source").asText()).isEqualTo("policy");
    assertThat(answer.path("notes").toString()).contains("has not called this host yet");
    assertThat(answer.path("outcome").asText()).isEqualTo("forward");
  }

  @Test
  void agent_thatDoesNotAnswer_isAnErrorThatSaysWhy() throws Exception {
    assertThat(error(toAgent("http://orders:8080/", "shop-2"), 404))
        .isEqualTo("agent: no agent \"shop-2\" is known; did you mean \"shop-1\"?");
    assertThat(error(toAgent("http://orders:8080/", "shop-1"), 409))
        .contains("cannot be asked", "older than questions");
    FakeAgent silent =
        connect(Profile.server("shop-9", "shop", 9085, "v1"))
            .answeringQuestions(question -> Optional.empty());
    // Asked once it has said that it answers; then 5 s pass.
    assertThat(awaitAnswers("shop-9", 504).json().path("message").asText())
        .contains("has not answered within 5 s");
    silent.leave();
    awaitAnswers("shop-9", 409);
    assertThat(error(toAgent("http://orders:8080/", "shop-9"), 409)).contains("is gone");
  }

  @Test
  void agent_thatFails_isAnErrorThatSaysSo() throws Exception {
    connect(Profile.server("shop-9", "shop", 9085, "v1"))
        .answeringQuestions(
            question ->
                Optional.of(
                    Struct.newBuilder().putFields("error", Json.value("\"boom\"")).build()));
    awaitAnswers("shop-9", 502);
    assertThat(error(toAgent("http://orders:8080/", "shop-9"), 502)).contains("boom");
  }

  /** That an agent answers questions, or has left, reaches the server a moment later. */
  private Answer awaitAnswers(String agent, int code) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (true) {
      Answer answer = post(toAgent("http://orders:8080/", agent));
      if (answer.code() == code) {
        return answer;
      }
      assertThat(System.nanoTime()).as(answer.body()).isLessThan(end);
    }
  }

  private JsonNode explainOnceAsked(String url, String agent) {
    awaitAnswers(agent, 200);
    return explain(toAgent(url, agent));
  }

  private String error(String body, int code) {
    Answer answer = post(body);
    assertThat(answer.code()).as(answer.body()).isEqualTo(code);
    return answer.json().path("message").asText();
  }

  /** JSON as an agent sends it. */
  private static final class Json {
    static Value value(String json) {
      try {
        return value(new ObjectMapper().readTree(json));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static Value value(JsonNode json) {
      Value.Builder value = Value.newBuilder();
      if (json.isObject()) {
        Struct.Builder struct = Struct.newBuilder();
        json.properties().forEach(each -> struct.putFields(each.getKey(), value(each.getValue())));
        return value.setStructValue(struct).build();
      }
      if (json.isArray()) {
        ListValue.Builder list = ListValue.newBuilder();
        json.forEach(each -> list.addValues(value(each)));
        return value.setListValue(list).build();
      }
      if (json.isNumber()) {
        return value.setNumberValue(json.asDouble()).build();
      }
      return json.isBoolean()
          ? value.setBoolValue(json.asBoolean()).build()
          : value.setStringValue(json.asText()).build();
    }
  }

  private String verdict(String url) {
    return explain("GET", url, "shop").path("verdict").asText();
  }

  private JsonNode explain(String method, String url, String from) {
    return explain(question(method, url, from));
  }

  private JsonNode explain(String body) {
    Answer answer = post(body);
    assertThat(answer.code()).as(answer.body()).isEqualTo(200);
    assertThat(answer.json().path("explanations")).hasSize(1);
    return answer.json().at("/explanations/0");
  }

  private Answer post(String body) {
    return rest.send("POST", "/inmesh/v1/explain", "application/json", body);
  }

  private static String question(String method, String url, String from) {
    return "{\"method\": \"%s\", \"url\": \"%s\", \"from\": \"%s\"}".formatted(method, url, from);
  }

  private void virtualService(String name, String rules) {
    String yaml =
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: NAME}
        spec:
          hosts: [orders]
          http:
        """
                .replace("NAME", name)
            + rules.indent(4);
    Answer answer = rest.apply("virtualservices", name, yaml);
    assertThat(answer.code()).as(answer.body()).isIn(200, 201);
  }

  private FakeAgent connect(Profile profile) throws Exception {
    FakeAgent agent = new FakeAgent(server.port(), profile).hello();
    agents.add(agent);
    // Its settings come once it is known.
    assertThat(agent.next(ResourceType.SETTINGS, 5_000)).isNotNull();
    return agent;
  }
}
