package io.inmesh.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Policies that people get wrong, one mistake each: the message must tell the line, the field, what
 * is wrong and what to do. The files stand in {@code broken/}, and what is expected of them here.
 */
class BrokenPolicyTest {

  private static final Path FOLDER = Path.of("src/test/resources/broken");

  /**
   * @param line of the problem; 0 = of the file as a whole
   * @param prefix what follows the line: resource and path
   * @param pieces what the message must hold
   */
  private record Broken(String file, int line, String prefix, List<String> pieces) {}

  private static Broken broken(String file, int line, String prefix, String... pieces) {
    return new Broken(file, line, prefix, Arrays.asList(pieces));
  }

  private static final String VS = "VirtualService/orders: ";
  private static final String DR = "DestinationRule/orders: ";
  private static final String SE = "ServiceEntry/orders: ";
  private static final String WE = "WorkloadEntry/orders-1: ";
  private static final String RULE = VS + "spec.http[0]";

  private static final List<Broken> SYNTAX =
      List.of(
          broken("bad-indentation.yaml", 8, "", "indentation", "line 6"),
          broken("tab-indentation.yaml", 7, "", "tab", "replace the tabs"),
          broken("unclosed-quote.yaml", 9, "", "quote opened on line 6"),
          broken("unclosed-bracket.yaml", 7, "", "closing bracket of line 6"),
          broken("unquoted-star.yaml", 6, "", "*", "quotes"),
          broken("missing-colon.yaml", 8, "", "line 7", "key: value"),
          broken("second-colon.yaml", 9, "", "\":\"", "quote the value"),
          broken("template-left.yaml", 6, "", "key must be a text", "{{ }}"),
          broken("merge-key.yaml", 10, "", "<<", "write the fields out"),
          broken("undefined-alias.yaml", 8, "", "*orders", "quoted: \"*orders\""),
          broken("recursive-alias.yaml", 8, "", "*http", "inside of the value"),
          broken("yaml-tag.yaml", 6, "", "tag", "remove the tag"),
          broken("truncated.json", 6, "", "the text ends", "is the file complete?"),
          broken("not-a-resource.yaml", 1, "", "expected a resource", "found a list of 2"),
          broken("plain-text.txt", 1, "", "expected a resource", "found the text \"Dear"),
          broken("comments-only.yaml", 0, "", "holds no resource", "apiVersion, kind"));

  private static final List<Broken> IDENTITY =
      List.of(
          broken("no-kind.yaml", 1, "", "\"kind\" is required", "VirtualService"),
          broken(
              "misspelled-kind.yaml",
              2,
              "VirtualServcie/orders: kind: ",
              "did you mean \"VirtualService\"?"),
          broken("kubernetes-kind.yaml", 2, "Service/orders: kind: ", "no policy of the mesh"),
          broken("later-kind.yaml", 2, "PeerAuthentication/default: kind: ", "not supported yet"),
          broken(
              "wrong-version.yaml",
              1,
              VS + "apiVersion: ",
              "\"networking.istio.io/v2\"",
              "networking.istio.io/v1beta1"),
          broken(
              "wrong-group.yaml",
              1,
              VS + "apiVersion: ",
              "did you mean \"networking.istio.io/v1\"?"),
          broken("no-metadata.yaml", 1, "VirtualService: ", "\"metadata\" is required"),
          broken(
              "bad-name.yaml",
              4,
              "VirtualService/My_Orders: metadata.name: ",
              "lower-case",
              "try \"my-orders\""),
          broken("no-spec.yaml", 1, VS, "\"spec\" is required"),
          broken(
              "list-with-error.yaml",
              11,
              "WorkloadEntry/bad: spec.adress: ",
              "did you mean \"address\"?"),
          broken("second-document.yaml", 16, DR + "spec.subset: ", "did you mean \"subsets\"?"));

  private static final List<Broken> ROUTES =
      List.of(
          broken("duplicate-key.yaml", 9, RULE + ".route: ", "twice", "first on line 8"),
          broken(
              "misspelled-field.yaml",
              10,
              RULE + ".route[0].wieght: ",
              "did you mean \"weight\"?",
              "supported here: destination, headers, weight"),
          broken(
              "snake-case-field.yaml",
              8,
              RULE + ".match[0].ignore_uri_case: ",
              "did you mean \"ignoreUriCase\"?"),
          broken("misplaced-field.yaml", 10, RULE + ".route[0].subset: ", "unknown field"),
          broken("weight-text.yaml", 10, RULE + ".route[0].weight: ", "whole number", "quotes"),
          broken("weight-text.yaml", 12, RULE + ".route[1].weight: ", "\"10%\""),
          broken("weight-negative.yaml", 10, RULE + ".route[1].weight: ", "0 or more, found -10"),
          broken("weights-missing.yaml", 9, RULE + ".route: ", "add up to 0", "weight: 90"),
          broken("route-not-a-list.yaml", 9, RULE + ".route: ", "expected a list", "\"- \""),
          broken("empty-route.yaml", 8, RULE + ": ", "no route", "destination: {host"),
          broken(
              "host-with-port.yaml",
              9,
              RULE + ".route[0].destination.host: ",
              "\"orders:8080\"",
              "port: {number: 8080}"),
          broken("host-with-scheme.yaml", 6, VS + "spec.hosts[0]: ", "leave the scheme"),
          broken("star-host.yaml", 6, VS + "spec.hosts[0]: ", "*", "name the hosts"),
          broken("overlapping-hosts.yaml", 6, VS + "spec.hosts[1]: ", "duplicate hosts"),
          broken(
              "port-bare.yaml",
              9,
              RULE + ".route[0].destination.port: ",
              "found the number 8080",
              "write \"port: {number: 8080}\""),
          broken(
              "port-out-of-range.yaml",
              9,
              RULE + ".route[0].destination.port.number: ",
              "from 1 to 65535, found 80800"),
          broken("regex-broken.yaml", 8, RULE + ".match[0].uri.regex: ", "RE2", "(?="),
          broken("regex-bomb.yaml", 8, RULE + ".match[0].uri.regex: ", "too large", "{n}"),
          broken("match-text.yaml", 8, RULE + ".match[0].uri: ", "write \"{exact: /a}\""),
          broken(
              "match-two-kinds.yaml",
              9,
              RULE + ".match[0].headers[x-user]: ",
              "found exact and prefix"),
          broken("tcp-later.yaml", 7, VS + "spec.tcp: ", "not supported yet", "remove it"),
          broken("timeout-zero.yaml", 9, RULE + ".timeout: ", "at least 1ms", "remove the field"),
          broken("timeout-zero.yaml", 10, RULE + ".retries: ", "write \"attempts: 2\""),
          broken("retry-on-typo.yaml", 9, RULE + ".retries.retryOn: ", "\"gateway-error\"?"),
          broken("fault-bare-percent.yaml", 10, RULE + ".fault.abort.percentage: ", "{value: 50}"),
          broken("redirect-and-route.yaml", 9, RULE + ".route: ", "together with \"redirect\""),
          broken("header-percent.yaml", 10, RULE + ".headers.request.set[x-share]: ", "%%"),
          broken("header-command.yaml", 10, RULE + ".headers.request.set[x-ip]: ", "%REQ(header)%"),
          broken("header-path.yaml", 10, RULE + ".headers.request.set[:path]: ", "\"rewrite\""),
          broken("redirect-304.yaml", 8, RULE + ".redirect.redirectCode: ", "301", "found 304"),
          broken("yaml-boolean.yaml", 9, RULE + ".match[0].headers[x-beta].exact: ", "\"yes\""));

  private static final List<Broken> SERVICES =
      List.of(
          broken(
              "duplicate-subset.yaml", 9, DR + "spec.subsets[1].name: ", "duplicate subset \"v1\""),
          broken(
              "label-number.yaml",
              8,
              DR + "spec.subsets[0].labels[version]: ",
              "found the number 1",
              "in quotes: \"1\""),
          broken(
              "balancer-typo.yaml",
              7,
              DR + "spec.trafficPolicy.loadBalancer.simple: ",
              "did you mean \"ROUND_ROBIN\"?",
              "supported: LEAST_REQUEST, ROUND_ROBIN, RANDOM, PASSTHROUGH"),
          broken(
              "connect-timeout-number.yaml",
              7,
              DR + "spec.trafficPolicy.connectionPool.tcp.connectTimeout: ",
              "found the number 5",
              "\"5s\""),
          broken(
              "connect-timeout-unit.yaml",
              7,
              DR + "spec.trafficPolicy.connectionPool.tcp.connectTimeout: ",
              "\"1d\"",
              "units: ns, us, ms, s, m, h"),
          broken("dns-resolution.yaml", 7, SE + "spec.resolution: ", "found DNS", "STATIC"),
          broken("duplicate-port.yaml", 10, SE + "spec.ports[1].number: ", "already defined"),
          broken(
              "protocol-typo.yaml", 8, SE + "spec.ports[0].protocol: ", "did you mean \"HTTP\"?"),
          broken(
              "endpoint-unknown-port.yaml",
              10,
              SE + "spec.endpoints[0].ports[htpp]: ",
              "did you mean \"http\"?"),
          broken("endpoints-and-selector.yaml", 6, SE + "spec: ", "only one of endpoints"),
          broken("address-with-port.yaml", 6, WE + "spec.address: ", "ports: {http: 9081}"),
          broken("address-not-ip.yaml", 6, WE + "spec.address: ", "not an IP address"));

  @TestFactory
  Stream<DynamicTest> parse_brokenFile_saysWhereAndWhatToDo() {
    return all().map(one -> dynamicTest(one.file + ":" + one.line, () -> assertBroken(one)));
  }

  @Test
  void folder_everyFile_isInTheTable() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      Set<String> names =
          files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
      assertThat(all().map(Broken::file).distinct().toList())
          .containsExactlyInAnyOrderElementsOf(names)
          .hasSizeGreaterThanOrEqualTo(40);
    }
  }

  private static Stream<Broken> all() {
    List<Broken> all = new ArrayList<>(SYNTAX);
    all.addAll(IDENTITY);
    all.addAll(ROUTES);
    all.addAll(SERVICES);
    return all.stream();
  }

  private static void assertBroken(Broken one) throws IOException {
    byte[] bytes = read(one.file);
    assertSaid(one, bytes);
    // A file that went through another system's editor is wrong in the same way.
    String crlf = new String(bytes, StandardCharsets.UTF_8).replace("\n", "\r\n");
    assertSaid(one, ("\uFEFF" + crlf).getBytes(StandardCharsets.UTF_8));
  }

  private static void assertSaid(Broken one, byte[] bytes) {
    ParsedPolicies parsed = PolicyParser.parse(one.file, bytes);
    String begin = one.file + (one.line == 0 ? "" : ":" + one.line) + ": " + one.prefix;
    assertThat(parsed.errors())
        .as(parsed.problems().toString())
        .anySatisfy(
            problem -> assertThat(problem.toString()).startsWith(begin).contains(one.pieces));
  }

  private static byte[] read(String file) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(BrokenPolicyTest.class.getResourceAsStream("/broken/" + file))) {
      return in.readAllBytes();
    }
  }
}
