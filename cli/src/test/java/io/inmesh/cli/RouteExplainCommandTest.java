package io.inmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

final class RouteExplainCommandTest {

  private final Terminal terminal = new Terminal();

  private static final String CANARY =
      """
      {"request": {"method": "GET"}, "explanations": [{
        "verdict": "GET http://orders:8080/ from shop -> orders subset v2 (10 %) or v1 (90 %)",
        "outcome": "forward", "source": "policy",
        "client": {"service": "shop.default.svc.cluster.local", "namespace": "default",
          "labels": {"version": "v1"}, "instances": ["agent/shop-1"]},
        "host": {"authority": "orders:8080", "name": "orders.default.svc.cluster.local",
          "port": 8080, "virtualService": "default/orders",
          "otherVirtualServices": [{"name": "default/old", "reason": "it is younger"}]},
        "path": "/",
        "rules": [
          {"rule": "http[0]", "name": "testers", "result": "mismatch", "matches": [
            {"match": 0, "result": "mismatch", "conditions": [
              {"field": "uri", "wanted": "prefix \\"/\\"", "found": ["/"], "holds": true},
              {"field": "headers[\\"end-user\\"]", "wanted": "exact \\"jason\\"", "found": [],
               "holds": false}]},
            {"match": 1, "name": "vip", "result": "notForClient", "conditions": [
              {"field": "sourceLabels", "wanted": "tier=web", "found": ["version=v1"],
               "holds": false}]}]},
          {"rule": "http[1]", "result": "matched", "matches": [
            {"match": 0, "result": "matched", "conditions": [
              {"field": "method", "wanted": "exact \\"GET\\"", "found": ["GET"], "holds": true}]}]},
          {"rule": "http[2]", "result": "dropped", "reason": "there is no delegate a/b"},
          {"rule": "http[3]", "result": "notReached", "everyRequest": true}],
        "route": {"name": "", "rule": "http[1]", "timeout": "10s",
          "fault": {"delay": {"percent": 12.5, "fixedDelay": "2s"}},
          "retries": {"attempts": 2, "retryOn": ["connect-failure", "unavailable"],
            "backOffBase": "25ms", "backOffMax": "250ms", "avoidsPreviousHosts": true,
            "source": "istioDefault"}},
        "destinations": [
          {"cluster": "c1", "weight": 90, "percent": 90.0, "exists": true,
           "host": "orders.default.svc.cluster.local", "port": 8080, "subset": "v1",
           "labels": {"version": "v1"}, "destinationRules": ["default/orders"],
           "sends": {"path": "/new", "authority": "orders:8080",
             "removesHeaders": ["x-secret", "x-set"],
             "addsHeaders": [{"name": "x-set", "value": "1"}]},
           "loadBalancer": {"policy": "LEAST_REQUEST"},
           "connection": {"connectTimeout": "10s", "idleTimeout": "1h"},
           "limits": {"maxRequests": 100},
           "endpoints": [{"address": "127.0.0.1", "port": 9081, "locality": "", "priority": 0,
             "weight": 1, "health": "registered", "labels": {"version": "v1"},
             "source": "agent/orders-1"}]},
          {"cluster": "c2", "weight": 10, "percent": 10.0, "exists": false,
           "host": "orders.default.svc.cluster.local", "port": 8080, "subset": "v2",
           "labels": {}, "sends": {"path": "/new", "authority": "orders:8080"},
           "missing": "DestinationRule default/orders defines no subset \\"v2\\""}],
        "mirrors": [{"cluster": "c3", "percent": 5.0, "exists": true,
          "host": "audit.default.svc.cluster.local", "port": 8080, "endpoints": []}],
        "notes": []}]}
      """;

  private static final String LIVE =
      """
      {"explanations": [{"verdict": "the verdict", "outcome": "forward", "source": "agent",
        "client": {"service": "", "namespace": "default", "labels": {}, "instances": ["agent/a"]},
        "host": {"authority": "orders:8080", "name": "orders.default.svc.cluster.local",
          "port": 8080, "otherVirtualServices": []},
        "route": {"timeout": "none", "retries": {"attempts": 0}},
        "destinations": [{"cluster": "c1", "weight": 1, "percent": 100.0, "exists": true,
          "host": "orders.default.svc.cluster.local", "port": 8080,
          "sends": {"path": "/", "authority": "orders:8080"},
          "loadBalancer": {"policy": "RING_HASH"},
          "hashKey": {"present": true, "hash": "00ff", "endpoint": "127.0.0.1:9082"},
          "connection": {"connectTimeout": "10s"},
          "limits": {"maxConnections": 4, "maxRequests": 100,
            "retryBudget": {"percent": 20.0, "minRetryConcurrency": 3}},
          "inUse": {"requests": 3, "retries": 1, "connections": 2, "waiting": 0},
          "outlierDetection": {"consecutive5xxErrors": 5, "consecutiveGatewayErrors": 0,
            "interval": "30s", "baseEjectionTime": "1m", "maxEjectionPercent": 10,
            "alwaysEjectOneHost": true},
          "priorities": [{"priority": 0, "percent": 70, "panic": false},
            {"priority": 1, "percent": 30, "panic": true}],
          "endpoints": [
            {"address": "127.0.0.1", "port": 9081, "locality": "eu/a", "priority": 0,
             "weight": 1, "health": "ejected", "ejectedFor": "52s", "activeRequests": 0,
             "ejections": 1, "consecutive5xx": 0},
            {"address": "127.0.0.1", "port": 9082, "locality": "", "priority": 1, "weight": 2,
             "warmUpPercent": 40, "health": "healthy", "activeRequests": 3, "ejections": 0,
             "consecutive5xx": 2}]}],
        "notes": ["the agent has not acknowledged the newest policy"]}]}
      """;

  @Test
  void fromPolicy_tellsVerdictThenWhy() {
    terminal.server.explanation = CANARY;
    assertThat(terminal.type("route", "explain", "GET", "http://orders:8080/", "--from", "shop"))
        .isZero();
    assertThat(terminal.out)
        .isEqualTo(
            """
            GET http://orders:8080/ from shop -> orders subset v2 (10 %) or v1 (90 %)

            Client       shop.default.svc.cluster.local; namespace default; labels version=v1; agent/shop-1
            Host         orders.default.svc.cluster.local, port 8080; VirtualService default/orders
                         not default/old: it is younger

            Rules of VirtualService default/orders
               http[0] (testers): no match
                 match[0]: no, headers["end-user"]: exact "jason", the request has none
                 match[1] (vip): not for this client, sourceLabels: tier=web, here version=v1
            => http[1]: matches: method exact "GET"
               http[2]: dropped, there is no delegate a/b
               http[3]: not reached

            Fault        12.5 % of the calls wait 2s first
            Timeout      10s
            Retries      2, on connect-failure, unavailable
                         back-off from 25ms up to 250ms; another endpoint where there is one
                         Istio's default, as policy says nothing of retries

            90 % to orders.default.svc.cluster.local:8080, subset v1 (version=v1)
              Sends      path /new, host orders:8080
                         - x-secret
                         + x-set: 1
              Policy     DestinationRule default/orders
              Balances   LEAST_REQUEST
              Connects   within 10s, kept 1h when idle
              Limits     requests 100
              Ejects     nobody: no outlierDetection
              ENDPOINT         HEALTH       WEIGHT   PRIORITY   LOCALITY   LABELS       SOURCE
              127.0.0.1:9081   registered   1        0          -          version=v1   agent/orders-1

            10 % to orders.default.svc.cluster.local:8080, subset v2
              Missing    DestinationRule default/orders defines no subset "v2"

            Mirror to audit.default.svc.cluster.local:8080, 5 % of the calls
              Endpoints  none
            """);
  }

  @Test
  void fromAgent_tellsWhatIsUnderWay() {
    terminal.server.explanation = LIVE;
    assertThat(terminal.type("route", "explain", "GET", "orders:8080", "--agent", "a")).isZero();
    assertThat(terminal.out)
        .isEqualTo(
            """
            the verdict
            Note: the agent has not acknowledged the newest policy

            Client       namespace default; agent/a
            Host         orders.default.svc.cluster.local, port 8080; no VirtualService counts

            Timeout      none
            Retries      none

            100 % to orders.default.svc.cluster.local:8080
              Sends      path /, host orders:8080
              Balances   RING_HASH
                         the request's key 00ff leads to 127.0.0.1:9082
              Connects   within 10s
              Limits     connections 2 of 4, waiting 0 (no limit), requests 3 of 100, retries 1 of 20 % of the requests, at least 3
              Ejects     after 5 5xx in a row; for 1m, longer each time, until the next look, one every 30s
                         at most 10 % of the endpoints, but one of two or more always
              Priority   0 gets 70 %
              Priority   1 gets 30 %, in panic: ejected endpoints too
              ENDPOINT         HEALTH                 ACTIVE   FAILED IN A ROW   EJECTIONS   WEIGHT      PRIORITY   LOCALITY   LABELS   SOURCE
              127.0.0.1:9081   ejected, back in 52s   0        -                 1           1           0          eu/a       -        -
              127.0.0.1:9082   healthy                3        2 5xx             0           2 at 40 %   1          -          -        -
            """);
    JsonNode question = terminal.server.questions.get(0);
    assertThat(question.path("url").asText()).isEqualTo("http://orders:8080");
    assertThat(question.path("agent").asText()).isEqualTo("a");
  }

  @Test
  void question_hasHeadersAndNamespace() {
    terminal.type(
        "route",
        "explain",
        "post",
        "http://orders/",
        "--from",
        "shop",
        "-n",
        "eu",
        "-H",
        "end-user: jason",
        "-H",
        "X-Empty:");
    JsonNode question = terminal.server.questions.get(0);
    assertThat(question.path("method").asText()).isEqualTo("POST");
    assertThat(question.path("namespace").asText()).isEqualTo("eu");
    assertThat(question.path("headers").toString())
        .isEqualTo(
            "[{\"name\":\"end-user\",\"value\":\"jason\"},{\"name\":\"X-Empty\",\"value\":\"\"}]");
  }

  @Test
  void otherForms_areTheServersAnswer() {
    terminal.server.explanation = LIVE;
    terminal.type("route", "explain", "GET", "http://orders/", "--agent", "a", "-o", "json");
    assertThat(terminal.server.parse(terminal.out)).isEqualTo(terminal.server.parse(LIVE));
    terminal.type("route", "explain", "GET", "http://orders/", "--agent", "a", "-o", "yaml");
    assertThat(terminal.out).startsWith("explanations:\n- verdict: the verdict\n");
  }

  @Test
  void wrongUsage_saysWhatToWrite() {
    assertThat(terminal.type("route")).isEqualTo(2);
    assertThat(terminal.err).contains("meshctl route explain");
    assertThat(terminal.type("route", "explain", "GET", "http://orders/")).isEqualTo(2);
    assertThat(terminal.err).contains("--from").contains("--agent");
    assertThat(terminal.type("route", "explain", "http://orders/", "GET", "--from", "a"))
        .isEqualTo(2);
    assertThat(terminal.err).contains("is no method");
    assertThat(terminal.type("route", "explain", "GET", "http://o/", "--from", "a", "-H", "jason"))
        .isEqualTo(2);
    assertThat(terminal.err).contains("a header looks like 'end-user: jason'");
    assertThat(terminal.type("route", "explain", "GET", "http://o/", "--from", "a", "-o", "wide"))
        .isEqualTo(2);
    terminal.server.down = true;
    assertThat(terminal.type("route", "explain", "GET", "http://o/", "--from", "a")).isEqualTo(1);
  }

  @Test
  void help_hasExamples() {
    terminal.type("route", "explain", "--help");
    assertThat(terminal.out)
        .contains("meshctl route explain GET http://orders:8080/ --from shop -H 'end-user: jason'");
    terminal.type("completion", "bash");
    assertThat(terminal.out).contains("--agent").contains("--from");
  }
}
