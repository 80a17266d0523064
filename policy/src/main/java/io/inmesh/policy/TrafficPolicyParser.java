package io.inmesh.policy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Reads a {@code trafficPolicy}, a rule's or a subset's.
 *
 * @param pool whether there is a connectionPool block: a subset's replaces the rule's as a whole
 */
record TrafficPolicyParser(
    Optional<LoadBalancer> loadBalancer, Optional<Duration> connectTimeout, boolean pool) {

  /** Istio's default. */
  private static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private static final List<String> SIMPLE =
      List.of("UNSPECIFIED", "LEAST_REQUEST", "LEAST_CONN", "ROUND_ROBIN", "RANDOM", "PASSTHROUGH");

  static TrafficPolicyParser parse(Fields owner) {
    Optional<Fields> policy = owner.object("trafficPolicy");
    if (policy.isEmpty()) {
      return new TrafficPolicyParser(Optional.empty(), Optional.empty(), false);
    }
    Fields fields = policy.get();
    Optional<LoadBalancer> loadBalancer =
        fields.object("loadBalancer").flatMap(TrafficPolicyParser::loadBalancer);
    Optional<Fields> pool = fields.object("connectionPool");
    Optional<Duration> connectTimeout = pool.flatMap(TrafficPolicyParser::connectTimeout);
    fields.notSupportedYet(
        "remove it", "outlierDetection", "tls", "tunnel", "proxyProtocol", "retryBudget");
    fields.notSupportedYet("one policy is for all ports; remove it", "portLevelSettings");
    fields.end();
    return new TrafficPolicyParser(loadBalancer, connectTimeout, pool.isPresent());
  }

  /** A subset with a pool of its own and no timeout in it has the default, not the rule's. */
  Optional<Duration> connectTimeoutOfSubset() {
    return pool ? connectTimeout.or(() -> Optional.of(DEFAULT_CONNECT_TIMEOUT)) : connectTimeout;
  }

  private static Optional<LoadBalancer> loadBalancer(Fields fields) {
    Optional<Value> simple = fields.get("simple");
    fields.notSupportedYet(
        "remove it; \"simple\" has LEAST_REQUEST and ROUND_ROBIN",
        "consistentHash",
        "localityLbSetting",
        "zoneAwareLbSetting",
        "warmup",
        "warmupDurationSecs");
    fields.end();
    if (simple.isEmpty()) {
      return Optional.of(new LoadBalancer(LoadBalancer.Simple.LEAST_REQUEST));
    }
    Optional<String> name = simple.get().oneOf(SIMPLE, List.of("LEAST_REQUEST", "ROUND_ROBIN"));
    if (name.isEmpty()) {
      return Optional.empty();
    }
    return switch (name.get()) {
      case "ROUND_ROBIN" -> Optional.of(new LoadBalancer(LoadBalancer.Simple.ROUND_ROBIN));
      case "RANDOM", "PASSTHROUGH" -> {
        simple.get().notSupportedYet("found " + name.get() + ", use LEAST_REQUEST or ROUND_ROBIN");
        yield Optional.empty();
      }
      default -> Optional.of(new LoadBalancer(LoadBalancer.Simple.LEAST_REQUEST));
    };
  }

  private static Optional<Duration> connectTimeout(Fields pool) {
    Optional<Fields> tcp = pool.object("tcp");
    Optional<Duration> timeout =
        tcp.flatMap(fields -> fields.get("connectTimeout")).flatMap(GoDuration::of);
    tcp.ifPresent(
        fields -> {
          fields.notSupportedYet(
              "remove it; \"connectTimeout\" is supported",
              "maxConnections",
              "tcpKeepalive",
              "maxConnectionDuration",
              "idleTimeout");
          fields.end();
        });
    pool.object("http")
        .ifPresent(
            fields -> {
              fields.notSupportedYet(
                  "remove it",
                  "http1MaxPendingRequests",
                  "http2MaxRequests",
                  "maxRequestsPerConnection",
                  "maxRetries",
                  "idleTimeout",
                  "h2UpgradePolicy",
                  "useClientProtocol",
                  "maxConcurrentStreams",
                  "http2KeepAlive");
              fields.end();
            });
    pool.end();
    return timeout;
  }
}
