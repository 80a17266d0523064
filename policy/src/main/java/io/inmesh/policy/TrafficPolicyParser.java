package io.inmesh.policy;

import io.inmesh.policy.TrafficPolicy.RetryBudget;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a {@code trafficPolicy}, a rule's or a subset's. */
final class TrafficPolicyParser {

  private static final String[] PORT_BLOCKS = {
    "loadBalancer", "connectionPool", "outlierDetection", "tls"
  };
  private static final List<String> TLS_MODES =
      List.of("DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL");
  private static final double DEFAULT_BUDGET_PERCENT = 20;
  private static final int DEFAULT_BUDGET_MINIMUM = 3;

  /** The policy of a rule or of a subset, nothing when it has none. */
  static Optional<TrafficPolicy> parse(Fields owner) {
    return owner.object("trafficPolicy").map(TrafficPolicyParser::policy);
  }

  private static TrafficPolicy policy(Fields fields) {
    if (!fields.hasAny(PORT_BLOCKS)
        && !fields.hasAny("portLevelSettings", "retryBudget", "tunnel", "proxyProtocol")) {
      fields.error(
          "the traffic policy says nothing; give it a block such as \"loadBalancer\", or remove"
              + " it");
    }
    Map<Integer, TrafficPolicy> ports = new LinkedHashMap<>();
    for (Value item : fields.items("portLevelSettings")) {
      item.fields().ifPresent(found -> port(found, ports));
    }
    Optional<RetryBudget> budget =
        fields.object("retryBudget").map(TrafficPolicyParser::retryBudget);
    fields.notSupported(
        "an agent connects from inside of the process, without a proxy to tunnel through; remove"
            + " it",
        "tunnel");
    fields.notSupported(
        "the application's own library writes to the connection, and nothing can stand before its"
            + " first byte; remove it",
        "proxyProtocol");
    TrafficPolicy blocks = blocks(fields);
    fields.end();
    return new TrafficPolicy(
        blocks.loadBalancer(),
        blocks.connectionPool(),
        blocks.outlierDetection(),
        budget.orElse(null),
        ports);
  }

  private static void port(Fields fields, Map<Integer, TrafficPolicy> ports) {
    Optional<Value> port =
        fields.required("port", "write \"port: {number: 8080}\", the service port it is for");
    int number = port.map(found -> DestinationParser.port(found, 0)).orElse(0);
    if (!fields.hasAny(PORT_BLOCKS)) {
      fields.error(
          "the port's policy says nothing; give it a block such as \"loadBalancer\", or remove it");
    }
    TrafficPolicy blocks = blocks(fields);
    fields.end();
    if (number == 0) {
      port.ifPresent(found -> found.noEffect("has no effect: there is no port 0"));
    } else if (ports.putIfAbsent(number, blocks) != null) {
      fields.noEffect(
          "has no effect: there are settings for port " + number + " before; remove one of them");
    }
  }

  /** The blocks that a host and one of its ports can have. */
  private static TrafficPolicy blocks(Fields fields) {
    boolean outlier = fields.has("outlierDetection");
    fields.object("tls").ifPresent(TrafficPolicyParser::tls);
    return new TrafficPolicy(
        fields
            .object("loadBalancer")
            .map(found -> LoadBalancerParser.parse(found, outlier))
            .orElse(null),
        fields.object("connectionPool").map(ConnectionPoolParser::parse).orElse(null),
        fields.object("outlierDetection").map(TrafficPolicyParser::outlierDetection).orElse(null),
        null,
        Map.of());
  }

  /** Calls are in plaintext so far, which is what DISABLE asks for. */
  private static void tls(Fields fields) {
    fields
        .get("mode")
        .ifPresent(
            value ->
                value
                    .oneOf(TLS_MODES, List.of("DISABLE"))
                    .filter(mode -> !mode.equals("DISABLE"))
                    .ifPresent(
                        mode ->
                            value.notSupportedYet(
                                "calls are in plaintext until the mesh has identities; remove tls,"
                                    + " or write \"mode: DISABLE\"")));
    fields.notSupportedYet(
        "calls are in plaintext until the mesh has identities; remove it",
        "clientCertificate",
        "privateKey",
        "caCertificates",
        "caCrl",
        "credentialName",
        "subjectAltNames",
        "sni",
        "insecureSkipVerify");
    fields.end();
  }

  private static OutlierDetection outlierDetection(Fields fields) {
    boolean split = fields.get("splitExternalLocalOriginErrors").flatMap(Value::bool).orElse(false);
    Integer localOrigin = threshold(fields, "consecutiveLocalOriginFailures").orElse(null);
    if (!split && localOrigin != null && localOrigin > 0) {
      fields.error(
          "consecutiveLocalOriginFailures counts only with \"splitExternalLocalOriginErrors:"
              + " true\"; add that, or remove it");
    }
    fields
        .get("consecutiveErrors")
        .ifPresent(
            value -> {
              value.integer(0, Integer.MAX_VALUE);
              value.deprecated(
                  "is deprecated and has no effect; write \"consecutive5xxErrors\" or"
                      + " \"consecutiveGatewayErrors\"");
            });
    fields.notSupportedYet("remove it", "outlierDetectionHttpErrorCodes");
    OutlierDetection outlier =
        new OutlierDetection(
            threshold(fields, "consecutive5xxErrors").orElse(null),
            threshold(fields, "consecutiveGatewayErrors").orElse(null),
            localOrigin,
            split,
            fields.duration("interval"),
            fields.duration("baseEjectionTime"),
            fields.number("maxEjectionPercent", 100),
            fields.number("minHealthPercent", 100));
    fields.end();
    return outlier;
  }

  private static Optional<Integer> threshold(Fields fields, String name) {
    return fields.get(name).map(value -> value.integer(0, Integer.MAX_VALUE).orElse(0));
  }

  private static RetryBudget retryBudget(Fields fields) {
    double percent =
        fields
            .get("percent")
            .map(value -> value.decimal(0, 100).orElse(0))
            .orElse(DEFAULT_BUDGET_PERCENT);
    int minimum = fields.number("minRetryConcurrency", Integer.MAX_VALUE);
    fields
        .get("budgetInterval")
        .ifPresent(
            value -> {
              Optional<Duration> interval = GoDuration.ofSeconds(value);
              if (interval.isPresent() && !interval.get().isZero()) {
                value.notSupportedYet("a budget counts the active calls; remove it");
              }
            });
    fields.end();
    return new RetryBudget(percent, minimum == 0 ? DEFAULT_BUDGET_MINIMUM : minimum);
  }

  private TrafficPolicyParser() {}
}
