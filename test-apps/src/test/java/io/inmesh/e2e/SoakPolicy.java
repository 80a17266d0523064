package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One host's policy, which changes again and again: each change is a destination rule, a rule for
 * calls, and which endpoints there are.
 */
final class SoakPolicy {
  /** Where nobody listens: a privileged port that no test has. */
  private static final int NOBODY = 9;

  /** Istio's own, without its waits. */
  private static final String RETRIES =
      "retries: {attempts: 2, retryOn: 'connect-failure,refused-stream', backoff: 0.001s}\n";

  private static final String PLAIN_RULE = "timeout: 0.2s\n" + RETRIES;

  private static final List<String> RULES =
      List.of(
          """
          timeout: 0.2s
          retries:
            attempts: 3
            perTryTimeout: 0.03s
            retryOn: 5xx,reset,connect-failure
            backoff: 0.001s
          """,
          RETRIES
              + """
          timeout: 0.2s
          mirrors:
            - destination: {host: HOST}
              percentage: {value: 20}
          """,
          RETRIES
              + """
          timeout: 0.2s
          fault:
            delay: {fixedDelay: 0.002s, percentage: {value: 10}}
            abort: {httpStatus: 503, percentage: {value: 5}}
          headers:
            request: {set: {x-soak: "%REQ(x-user)%"}, remove: [x-user]}
            response: {set: {x-answer: "%RESPONSE_CODE%"}}
          """,
          """
          timeout: 0.2s
          retries: {attempts: 0}
          rewrite: {authority: other.example.com}
          """,
          PLAIN_RULE);

  private static final List<String> TRAFFIC =
      List.of(
          """
          outlierDetection:
            {consecutive5xxErrors: 5, interval: 0.05s, baseEjectionTime: 0.1s,
             maxEjectionPercent: 50}
          """,
          """
          connectionPool:
            tcp: {maxConnections: 40}
            http: {http1MaxPendingRequests: 2, http2MaxRequests: 60, maxRetries: 1}
          """,
          """
          loadBalancer: {consistentHash: {httpHeaderName: x-user}}
          connectionPool: {http: {maxRequestsPerConnection: 5}}
          """,
          """
          loadBalancer: {simple: ROUND_ROBIN}
          retryBudget: {percent: 10, minRetryConcurrency: 1}
          connectionPool: {tcp: {maxConnectionDuration: 0.05s, connectTimeout: 0.1s}}
          """,
          """
          loadBalancer: {simple: RANDOM}
          connectionPool: {tcp: {maxConnections: 20}}
          outlierDetection:
            {consecutive5xxErrors: 0, consecutiveGatewayErrors: 2, interval: 0.02s,
             splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 2,
             baseEjectionTime: 0.02s, maxEjectionPercent: 100}
          """,
          "loadBalancer: {simple: LEAST_REQUEST}",
          "loadBalancer: {consistentHash: {httpHeaderName: x-user, maglev: {tableSize: 101}}}");

  private final ControlServer control;
  private final String namespace;
  private final String host;
  private final List<Integer> ports;
  private int changes;

  SoakPolicy(ControlServer control, String namespace, String host, List<Integer> ports) {
    this.control = control;
    this.namespace = namespace;
    this.host = host;
    this.ports = ports;
    plain();
  }

  /** All endpoints, and nothing that gets in a call's way. */
  void plain() {
    apply("serviceentries", "ServiceEntry", serviceEntry(ports));
    apply("destinationrules", "DestinationRule", "host: HOST\ntrafficPolicy:\n  " + TRAFFIC.get(5));
    apply("virtualservices", "VirtualService", virtualService(PLAIN_RULE));
  }

  /** The next of them; the lists' lengths have no common divisor, so that each meets each. */
  void change() {
    int next = changes++;
    apply(
        "destinationrules",
        "DestinationRule",
        "host: HOST\ntrafficPolicy:\n" + TRAFFIC.get(next % TRAFFIC.size()).indent(2));
    apply("virtualservices", "VirtualService", virtualService(RULES.get(next % RULES.size())));
    List<Integer> endpoints =
        switch (next % 4) {
          case 0 -> ports;
          case 1 -> ports.subList(0, 2);
          case 2 -> List.of(ports.get(0), NOBODY, ports.get(2));
          default -> ports.subList(1, 3);
        };
    apply("serviceentries", "ServiceEntry", serviceEntry(endpoints));
  }

  private static String virtualService(String rule) {
    return "hosts: [HOST]\nhttp:\n  - route: [{destination: {host: HOST}}]\n" + rule.indent(4);
  }

  private static String serviceEntry(List<Integer> endpoints) {
    return """
        hosts: [HOST]
        ports: [{number: 80, name: http, protocol: HTTP}]
        resolution: STATIC
        endpoints:
        """
        + endpoints.stream()
            .map(port -> "  - {address: 127.0.0.1, ports: {http: " + port + "}}\n")
            .collect(Collectors.joining());
  }

  private void apply(String plural, String kind, String spec) {
    String yaml =
        "apiVersion: networking.istio.io/v1\nkind: "
            + kind
            + "\nmetadata: {name: soak}\nspec:\n"
            + spec.replace("HOST", host).indent(2);
    ControlServer.Answer answer =
        control.send(
            "PATCH",
            "/apis/networking.istio.io/v1/namespaces/" + namespace + "/" + plural + "/soak",
            yaml,
            "application/apply-patch+yaml");
    assertThat(answer.status()).as("%s:%n%s", answer.body(), yaml).isIn(200, 201);
  }
}
