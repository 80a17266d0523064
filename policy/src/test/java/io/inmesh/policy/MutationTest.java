package io.inmesh.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.policy.analysis.Analysis;
import io.inmesh.policy.analysis.Finding;
import io.inmesh.policy.analysis.Registry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever is thrown at the parser, it answers: with resources or with errors, and soon. */
class MutationTest {

  private static final int ROUNDS = 6_000;
  private static final String[] PIECES = {
    "\t",
    "\n",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "!!int ",
    "!",
    "'",
    "\"",
    "|\n",
    ">-\n",
    "? ",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "<<: ",
    "null",
    "~",
    "0x1F",
    "1e999999999",
    ".inf",
    "-",
    "\uFEFF",
    "\u2028",
    "\uD83D\uDE00",
    "#",
    ",",
    "\\",
    "(",
    "{9}",
    "*",
    "999999999999999999999",
    "true",
    "\r",
    "\u0000",
    "{{ x }}"
  };

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void parse_mutatedPolicy_neverThrows() throws IOException {
    List<String> seeds = seeds();
    Random random = new Random(20261124);
    for (int round = 0; round < ROUNDS; round++) {
      String text = seeds.get(random.nextInt(seeds.size()));
      for (int i = random.nextInt(6); i >= 0; i--) {
        text = mutate(text, seeds, random);
      }
      ParsedPolicies parsed = PolicyParser.parse("f", text);
      assertThat(parsed.resources().isEmpty() && parsed.problems().isEmpty())
          .as("round %d: something is said of %s", round, text)
          .isFalse();
      for (PolicyResource resource : parsed.resources()) {
        assertSound(resource, round);
      }
      assertAnalyzable(parsed, text);
    }
  }

  /** What is found stands in the text. */
  private static void assertAnalyzable(ParsedPolicies parsed, String text) {
    int lines = text.split("\\R", -1).length;
    for (Finding finding : Analysis.of(parsed.resources(), Registry.UNKNOWN).findings()) {
      for (ResourcePlace place : parsed.places()) {
        assertThat(place.line(finding.path())).as("%s in %s", finding, text).isBetween(1, lines);
      }
    }
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void parse_mutatedBytes_neverThrows() throws IOException {
    List<String> seeds = seeds();
    Random random = new Random(42);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes =
          seeds.get(random.nextInt(seeds.size())).getBytes(StandardCharsets.UTF_8).clone();
      for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      ParsedPolicies parsed = PolicyParser.parse("f", bytes);
      assertThat(parsed.resources().isEmpty() && parsed.problems().isEmpty()).isFalse();
    }
  }

  /** A resource that was accepted is accepted again as it would be stored. */
  private static void assertSound(PolicyResource resource, int round) {
    ParsedPolicies again = PolicyParser.parse("stored", resource.json().toString());
    assertThat(again.errors()).as("round %d: %s", round, resource.json()).isEmpty();
    assertThat(again.resources().get(0).spec()).isEqualTo(resource.spec());
  }

  private static String mutate(String text, List<String> seeds, Random random) {
    int at = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), at + random.nextInt(12));
    return switch (random.nextInt(5)) {
      case 0 -> text.substring(0, at) + text.substring(end);
      case 1 -> text.substring(0, at) + PIECES[random.nextInt(PIECES.length)] + text.substring(at);
      case 2 -> text.substring(0, at) + PIECES[random.nextInt(PIECES.length)] + text.substring(end);
      case 3 -> text.substring(0, end) + text.substring(at);
      default -> {
        String other = seeds.get(random.nextInt(seeds.size()));
        int from = random.nextInt(other.length());
        int to = Math.min(other.length(), from + random.nextInt(40));
        yield text.substring(0, at) + other.substring(from, to) + text.substring(at);
      }
    };
  }

  private static List<String> seeds() throws IOException {
    List<String> seeds = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/broken"))) {
      for (Path file : files.sorted().toList()) {
        seeds.add(Files.readString(file));
      }
    }
    seeds.add(
        """
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: orders, annotations: {a: b}}
        spec:
          hosts: [orders.default.svc.cluster.local]
          resolution: STATIC
          location: MESH_INTERNAL
          ports: [{number: 8080, name: http, protocol: HTTP, targetPort: 9080}]
          endpoints:
          - {address: 127.0.0.1, ports: {http: 9081}, labels: {version: v1}, weight: 2}
        """);
    seeds.add(
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders}
        spec:
          hosts: [orders]
          http:
          - match: [{uri: {regex: "/a(b|c)*[d-f]{2,3}"}, headers: {x-a: {prefix: b}}}]
            route: [{destination: {host: orders, subset: v1, port: {number: 80}}, weight: 1}]
        """);
    seeds.add(
        """
        {"apiVersion": "networking.istio.io/v1", "kind": "DestinationRule",
         "metadata": {"name": "orders"},
         "spec": {"host": "orders", "subsets": [{"name": "v1", "labels": {"version": "v1"}}],
          "trafficPolicy": {"connectionPool": {"tcp": {"connectTimeout": "1h2.5s"}}}}}
        """);
    seeds.add(
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders, namespace: shop}
        spec:
          hosts: [orders]
          exportTo: [., b]
          http:
          - match: [{sourceLabels: {a: b}, sourceNamespace: c, gateways: [mesh]}]
            route: [{destination: {host: orders}, headers: {response: {remove: [x-a]}}}]
            rewrite: {uriRegexRewrite: {match: "a(.)", rewrite: '\\1'}, authority: b}
            timeout: 1s
            retries: {attempts: 2, perTryTimeout: 1s, retryOn: "5xx,503", backoff: 10ms}
            fault: {delay: {fixedDelay: 1s, percentage: {value: 0.5}}, abort: {httpStatus: 503}}
            mirrors: [{destination: {host: audit}, percentage: {value: 5}}]
            corsPolicy: {allowOrigins: [{regex: a}], allowMethods: [GET], maxAge: 1h}
            headers: {request: {set: {x-a: "%REQ(x-b)%50%%"}, add: {x-c: d}}}
          - redirect: {uri: /a, derivePort: FROM_REQUEST_PORT, redirectCode: 308}
          - directResponse: {status: 200, body: {bytes: YQ==}}
          - delegate: {name: child, namespace: shop}
        """);
    seeds.add(
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: orders}
        spec:
          host: orders
          workloadSelector: {matchLabels: {a: b}}
          trafficPolicy:
            loadBalancer:
              consistentHash: {httpCookie: {name: c, ttl: 1s}, maglev: {tableSize: 101}}
              localityLbSetting: {distribute: [{from: a/*, to: {a/b: 30, c: 70}}]}
              warmup: {duration: 1m, aggression: 1.5}
            connectionPool: {http: {maxRetries: 3}, tcp: {tcpKeepalive: {probes: 3}}}
            outlierDetection: {consecutive5xxErrors: 3, interval: 1s, maxEjectionPercent: 50}
            retryBudget: {percent: 20.5}
            portLevelSettings: [{port: {number: 80}, loadBalancer: {simple: RANDOM}}]
        """);
    seeds.add(
        """
        apiVersion: networking.istio.io/v1
        kind: Sidecar
        metadata: {name: default}
        spec:
          workloadSelector: {labels: {a: b}}
          egress: [{port: {number: 80, protocol: HTTP}, hosts: [./*]}, {hosts: ["*/*.a.b"]}]
          outboundTrafficPolicy: {mode: REGISTRY_ONLY}
        """);
    return seeds;
  }
}
