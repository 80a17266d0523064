package io.inmesh.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.policy.LoadBalancer.ConsistentHash;
import io.inmesh.policy.LoadBalancer.CookieAttribute;
import io.inmesh.policy.LoadBalancer.CookieKey;
import io.inmesh.policy.LoadBalancer.Distribute;
import io.inmesh.policy.LoadBalancer.Failover;
import io.inmesh.policy.LoadBalancer.HeaderKey;
import io.inmesh.policy.LoadBalancer.LocalitySetting;
import io.inmesh.policy.LoadBalancer.Maglev;
import io.inmesh.policy.LoadBalancer.QueryParameterKey;
import io.inmesh.policy.LoadBalancer.RingHash;
import io.inmesh.policy.LoadBalancer.Simple;
import io.inmesh.policy.LoadBalancer.SourceIpKey;
import io.inmesh.policy.LoadBalancer.Warmup;
import io.inmesh.policy.TrafficPolicy.RetryBudget;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What traffic policies say, what they must not say, and which of them counts. */
class TrafficPolicyTest {

  @Test
  void parse_everyBlock_isRead() {
    TrafficPolicy policy =
        policy(
            """
            {loadBalancer: {simple: RANDOM, localityLbSetting: {enabled: true,
               failover: [{from: eu, to: us}], failoverPriority: [version]}},
             connectionPool: {
               tcp: {maxConnections: 10, connectTimeout: 1s, tcpKeepalive: {},
                     maxConnectionDuration: 1h, idleTimeout: 2h},
               http: {http1MaxPendingRequests: 1, http2MaxRequests: 2, maxRequestsPerConnection: 3,
                      maxRetries: 4, idleTimeout: 5m, h2UpgradePolicy: DO_NOT_UPGRADE,
                      useClientProtocol: true, maxConcurrentStreams: 0}},
             outlierDetection: {consecutive5xxErrors: 1, consecutiveGatewayErrors: 2,
               consecutiveLocalOriginFailures: 3, splitExternalLocalOriginErrors: true,
               interval: 5s, baseEjectionTime: 1m, maxEjectionPercent: 50, minHealthPercent: 40},
             retryBudget: {percent: 12.5, minRetryConcurrency: 7, budgetInterval: 0s},
             tls: {mode: DISABLE},
             portLevelSettings: [{port: {number: 80}, loadBalancer: {simple: PASSTHROUGH}}]}
            """);
    assertThat(policy.loadBalancer())
        .isEqualTo(
            new LoadBalancer(
                Simple.RANDOM,
                new LocalitySetting(
                    true, List.of(), List.of(new Failover("eu", "us")), List.of("version")),
                null));
    assertThat(policy.connectionPool())
        .isEqualTo(
            new ConnectionPool(
                new ConnectionPool.Tcp(
                    10, Duration.ofSeconds(1), true, Duration.ofHours(1), Duration.ofHours(2)),
                new ConnectionPool.Http(1, 2, 3, 4, Duration.ofMinutes(5))));
    assertThat(policy.outlierDetection())
        .isEqualTo(
            new OutlierDetection(
                1, 2, 3, true, Duration.ofSeconds(5), Duration.ofMinutes(1), 50, 40));
    assertThat(policy.retryBudget()).isEqualTo(new RetryBudget(12.5, 7));
    assertThat(policy.ports())
        .containsExactly(Map.entry(80, balanced(new LoadBalancer(Simple.PASSTHROUGH))));
  }

  @Test
  void parse_whatIsNotWritten_isIstiosDefault() {
    assertThat(policy("{outlierDetection: {}}").outlierDetection())
        .isEqualTo(new OutlierDetection(null, null, null, false, null, null, 0, 0));
    assertThat(policy("{retryBudget: {minRetryConcurrency: 0}}").retryBudget())
        .isEqualTo(new RetryBudget(20, 3));
    assertThat(policy("{loadBalancer: {}}").loadBalancer())
        .isEqualTo(new LoadBalancer(Simple.LEAST_REQUEST));
    assertThat(policy("{loadBalancer: {warmup: {duration: 10s}}}").loadBalancer())
        .isEqualTo(
            new LoadBalancer(
                Simple.LEAST_REQUEST, null, new Warmup(Duration.ofSeconds(10), 10, 1)));
  }

  @Test
  void parse_consistentHash_readsKeysAndTables() {
    assertThat(hash("{httpHeaderName: X-User}"))
        .isEqualTo(new ConsistentHash(new HeaderKey("X-User"), new RingHash(1024)));
    assertThat(hash("{useSourceIp: true, ringHash: {minimumRingSize: 8}}"))
        .isEqualTo(new ConsistentHash(new SourceIpKey(), new RingHash(8)));
    assertThat(hash("{httpQueryParameterName: q, maglev: {tableSize: 65537}}"))
        .isEqualTo(new ConsistentHash(new QueryParameterKey("q"), new Maglev(65537)));
    assertThat(
            hash(
                "{httpCookie: {name: c, path: /, ttl: 0s, attributes: [{name: SameSite, value:"
                    + " Strict}, {name: Secure}]}}"))
        .isEqualTo(
            new ConsistentHash(
                new CookieKey(
                    "c",
                    "/",
                    Duration.ZERO,
                    List.of(
                        new CookieAttribute("SameSite", "Strict"),
                        new CookieAttribute("Secure", ""))),
                new RingHash(1024)));
  }

  @Test
  void parse_distribute_keepsOrder() {
    LoadBalancer balancer =
        policy(
                "{loadBalancer: {localityLbSetting: {distribute: [{from: 'eu/a/*', to: {'eu/b/*':"
                    + " 80, us: 20}}]}}}")
            .loadBalancer();
    assertThat(balancer == null ? null : balancer.locality())
        .isEqualTo(
            new LocalitySetting(
                null,
                List.of(new Distribute("eu/a/*", Map.of("eu/b/*", 80, "us", 20))),
                List.of(),
                List.of()));
  }

  /** Istio's rules that no judged policy covers; each with what the message must hold. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|says nothing",
        "{connectionPool: {}}|says nothing",
        "{portLevelSettings: [{port: {number: 80}}]}|says nothing",
        "{portLevelSettings: [{loadBalancer: {}}]}|\"port\" is required",
        "{portLevelSettings: [{port: {number: 80}, retryBudget: {}}]}|unknown field",
        "{outlierDetection: {consecutiveLocalOriginFailures: 1}}|splitExternalLocalOriginErrors",
        "{outlierDetection: {minHealthPercent: 101}}|from 0 to 100",
        "{loadBalancer: {simple: RANDOM, consistentHash: {}}}|together with \"simple\"",
        "{loadBalancer: {consistentHash: {minimumRingSize: 9, ringHash: {}}}}|minimumRingSize",
        "{loadBalancer: {consistentHash: {ringHash: {}, maglev: {tableSize: 7}}}}|\"ringHash\"",
        "{loadBalancer: {consistentHash: {maglev: {}}}}|\"tableSize\" is required",
        "{loadBalancer: {consistentHash: {maglev: {tableSize: 5000011}}}}|to 5000010",
        "{loadBalancer: {consistentHash: {maglev: {tableSize: 9}}}}|the next one is 11",
        "{loadBalancer: {consistentHash: {httpCookie: {name: \"a\\nb\"}}}}|line break",
        "{loadBalancer: {warmup: {}}}|\"duration\" is required",
        "{loadBalancer: {warmup: {duration: 1s, aggression: 0.5}}}|1 or more, found 0.5",
        "{loadBalancer: {warmup: {duration: 1s, minimumPercent: 101}}}|0 to 100",
        "{loadBalancer: {zoneAwareLbSetting: {}}}|not supported yet",
        "{loadBalancer: {localityLbSetting: {distribute: [{from: a, to: {'*/b': 100}}]}}}|at the end",
        "{loadBalancer: {localityLbSetting: {distribute: [{from: a//c, to: {b: 100}}]}}}|empty part",
        "{loadBalancer: {localityLbSetting: {distribute: [{from: a, to: {b: 50, b/c: 50}}]}}}|overlaps",
        "{loadBalancer: {localityLbSetting: {distribute: [{from: a, to: {b: 0, c: 100}}]}}}|from 1",
        "{loadBalancer: {localityLbSetting: {failover: [{from: a/b, to: c}]}}}|a region alone",
        "{loadBalancer: {localityLbSetting: {failover: [{from: a, to: c}], failoverPriority:"
            + " [topology.kubernetes.io/zone]}}}|topology label",
        "{connectionPool: {http: {h2UpgradePolicy: UPGRADE}}}|not supported: ",
        "{connectionPool: {http: {maxConcurrentStreams: 1}}}|not supported yet",
        "{connectionPool: {http: {http2KeepAlive: {interval: 1s}}}}|not supported yet",
        "{connectionPool: {tcp: {tcpKeepalive: {time: 0s}}}}|at least 1ms",
        "{retryBudget: {budgetInterval: 10s}}|not supported yet",
        "{proxyProtocol: {version: V1}}|not supported: ",
        "{tls: {mode: SIMPLE}}|not supported yet",
        "{tls: {sni: a}}|not supported yet"
      })
  void parse_policyAgainstIstiosRules_saysSo(String policy, String said) {
    ParsedPolicies parsed = parse("{host: a, trafficPolicy: " + policy + "}");
    assertThat(parsed.resources()).isEmpty();
    assertThat(parsed.errors()).anyMatch(problem -> problem.message().contains(said));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{loadBalancer: {consistentHash: {useSourceIp: false}}}",
        "{loadBalancer: {simple: RANDOM, warmup: {duration: 1s}}}",
        "{loadBalancer: {localityLbSetting: {failover: [{from: a, to: b}]}}}",
        "{outlierDetection: {consecutiveErrors: 5}}",
        "{connectionPool: {tcp: {tcpKeepalive: {probes: 3}}}}",
        "{portLevelSettings: [{port: {number: 80}, loadBalancer: {}}, {port: {number: 80},"
            + " loadBalancer: {}}]}"
      })
  void parse_policyWithoutEffect_warns(String policy) {
    ParsedPolicies parsed = parse("{host: a, trafficPolicy: " + policy + "}");
    assertThat(parsed.errors()).isEmpty();
    assertThat(parsed.warnings()).hasSize(1);
  }

  @Test
  void parse_workloadSelector_isForTheOwnNamespace() {
    ParsedPolicies parsed =
        parse("{host: a, workloadSelector: {matchLabels: {app: web}}, exportTo: [.]}");
    assertThat(parsed.problems()).isEmpty();
    assertThat(((DestinationRule) parsed.resources().get(0).spec()).workloadSelector())
        .containsExactly(Map.entry("app", "web"));
    for (String exportTo : List.of("['*']", "[., b]", "[b]")) {
      assertThat(
              parse(
                      "{host: a, workloadSelector: {matchLabels: {app: web}}, exportTo: "
                          + exportTo
                          + "}")
                  .errors())
          .singleElement()
          .satisfies(problem -> assertThat(problem.message()).contains("own namespace only"));
    }
    assertThat(parse("{host: a, workloadSelector: {}}").warnings()).hasSize(1);
  }

  @Test
  void atPort_settingsOfThePort_replaceAllButTheBudget() {
    TrafficPolicy policy =
        policy(
            "{loadBalancer: {simple: RANDOM}, outlierDetection: {}, retryBudget: {percent: 1},"
                + " portLevelSettings: [{port: {number: 80}, connectionPool: {tcp: {}}}]}");
    assertThat(policy.atPort(81))
        .isEqualTo(
            new TrafficPolicy(
                new LoadBalancer(Simple.RANDOM),
                null,
                policy.outlierDetection(),
                new RetryBudget(1, 3),
                Map.of()));
    assertThat(policy.atPort(80))
        .isEqualTo(
            new TrafficPolicy(
                null,
                new ConnectionPool(ConnectionPool.Tcp.DEFAULT, ConnectionPool.Http.DEFAULT),
                null,
                new RetryBudget(1, 3),
                Map.of()));
  }

  @Test
  void ofSubset_blocksOfTheSubset_replaceTheRules() {
    TrafficPolicy rule =
        policy(
            "{loadBalancer: {simple: RANDOM}, outlierDetection: {},"
                + " portLevelSettings: [{port: {number: 80}, loadBalancer: {simple: ROUND_ROBIN}}]}");
    TrafficPolicy subset =
        policy(
            "{loadBalancer: {simple: PASSTHROUGH},"
                + " portLevelSettings: [{port: {number: 90}, connectionPool: {tcp: {}}}]}");
    assertThat(rule.ofSubset(null, 80)).isEqualTo(balanced(new LoadBalancer(Simple.ROUND_ROBIN)));
    assertThat(rule.ofSubset(subset, 81))
        .isEqualTo(
            new TrafficPolicy(
                new LoadBalancer(Simple.PASSTHROUGH),
                null,
                rule.outlierDetection(),
                null,
                Map.of()));
    assertThat(rule.ofSubset(subset, 80)).isEqualTo(balanced(new LoadBalancer(Simple.PASSTHROUGH)));
    assertThat(rule.ofSubset(subset, 90).loadBalancer()).isNull();
    assertThat(rule.ofSubset(subset, 90).outlierDetection()).isNull();
  }

  private static TrafficPolicy balanced(LoadBalancer balancer) {
    return new TrafficPolicy(balancer, null, null, null, Map.of());
  }

  private static LoadBalancer.Algorithm hash(String hash) {
    LoadBalancer balancer = policy("{loadBalancer: {consistentHash: " + hash + "}}").loadBalancer();
    return Objects.requireNonNull(balancer).algorithm();
  }

  private static TrafficPolicy policy(String policy) {
    ParsedPolicies parsed = parse("{host: a, trafficPolicy: " + policy + "}");
    assertThat(parsed.errors()).isEmpty();
    return ((DestinationRule) parsed.resources().get(0).spec()).trafficPolicy();
  }

  private static ParsedPolicies parse(String spec) {
    return PolicyParser.parse(
        "f",
        "{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: a, namespace:"
            + " own},\n spec: "
            + spec
            + "}\n");
  }
}
