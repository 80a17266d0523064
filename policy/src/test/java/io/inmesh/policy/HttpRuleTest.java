package io.inmesh.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.policy.HeaderOperations.Changes;
import io.inmesh.policy.Redirect.PortSelection;
import io.inmesh.policy.StringMatch.Exact;
import io.inmesh.policy.StringMatch.Regex;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What rules of a VirtualService say, and what they must not say. */
class HttpRuleTest {

  private static final String ROUTE = "route: [{destination: {host: orders}}]";

  @Test
  void parse_forwardingRule_readsEveryField() {
    HttpRoute rule =
        rule(
            """
            {name: all,
             match: [{sourceLabels: {app: web}, sourceNamespace: shop, gateways: [mesh, edge]}],
             route: [{destination: {host: orders}, headers: {response: {add: {x-to: orders}}}}],
             rewrite: {uriRegexRewrite: {match: "^/v1/(.*)", rewrite: '/\\1'}, authority: old},
             timeout: 10s,
             retries: {attempts: 3, perTryTimeout: 2s, retryOn: "5xx,503", backoff: 10ms,
                       retryIgnorePreviousHosts: false, retryRemoteLocalities: false},
             fault: {delay: {fixedDelay: 1s, percentage: {value: 0.5}},
                     abort: {grpcStatus: UNAVAILABLE, percentage: {value: 10}}},
             mirrors: [{destination: {host: audit, subset: v1}, percentage: {value: 5}},
                       {destination: {host: users}}, {destination: {host: none},
                       percentage: {value: 0}}],
             corsPolicy: {allowOrigins: [{exact: "https://a"}, {regex: ".*"}],
                          allowMethods: [GET], allowHeaders: [x-a, "*"], exposeHeaders: [x-b],
                          maxAge: 90s, allowCredentials: true, unmatchedPreflights: IGNORE},
             headers: {request: {set: {X-A: "%REQ(x-b)%"}, add: {x-c: "50%%"},
                                 remove: [x-d]}}}
            """);
    HttpMatch match = rule.match().get(0);
    assertThat(match.sourceLabels()).containsExactly(Map.entry("app", "web"));
    assertThat(match.sourceNamespace()).isEqualTo("shop");
    assertThat(match.gateways()).containsExactly("mesh", "edge");
    assertThat(match.appliesToMesh()).isTrue();
    assertThat(rule.route())
        .containsExactly(
            new RouteDestination(
                new Destination("orders", null, 0),
                0,
                new HeaderOperations(
                    Changes.NONE, new Changes(Map.of(), Map.of("x-to", "orders"), List.of()))));
    assertThat(rule.rewrite())
        .isEqualTo(new Rewrite(null, new Rewrite.UriRegexRewrite("^/v1/(.*)", "/\\1"), "old"));
    assertThat(rule.timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(rule.retries())
        .isEqualTo(
            new Retries(
                3, Duration.ofSeconds(2), List.of("5xx", "503"), Duration.ofMillis(10), false));
    assertThat(rule.fault())
        .isEqualTo(
            new FaultInjection(
                new FaultInjection.Delay(0.5, Duration.ofSeconds(1)),
                new FaultInjection.Abort(10, 0, 14)));
    assertThat(rule.mirrors())
        .containsExactly(
            new Mirror(new Destination("audit", "v1", 0), 5),
            new Mirror(new Destination("users", null, 0), 100));
    assertThat(rule.corsPolicy())
        .isEqualTo(
            new CorsPolicy(
                List.of(new Exact("https://a"), new Regex(".*")),
                List.of("GET"),
                List.of("x-a", "*"),
                List.of("x-b"),
                Duration.ofSeconds(90),
                true,
                false));
    assertThat(rule.headers())
        .isEqualTo(
            new HeaderOperations(
                new Changes(Map.of("X-A", "%REQ(x-b)%"), Map.of("x-c", "50%%"), List.of("x-d")),
                Changes.NONE));
  }

  @Test
  void parse_otherActions_readEveryField() {
    assertThat(
            rule("{redirect: {uri: /a, authority: b, scheme: https, port: 8443, redirectCode: 307}}")
                .redirect())
        .isEqualTo(
            new Redirect("/a", "b", "https", 8443, PortSelection.FROM_PROTOCOL_DEFAULT, 307));
    assertThat(rule("{redirect: {derivePort: FROM_REQUEST_PORT}}").redirect())
        .isEqualTo(new Redirect(null, null, null, 0, PortSelection.FROM_REQUEST_PORT, 301));
    assertThat(rule("{directResponse: {status: 503, body: {string: busy}}}").directResponse())
        .isEqualTo(new DirectResponse(503, "busy"));
    assertThat(rule("{directResponse: {status: 200, body: {bytes: w6Q=}}}").directResponse())
        .isEqualTo(new DirectResponse(200, "ä"));
    assertThat(rule("{delegate: {name: child, namespace: shop}}").delegate())
        .isEqualTo(new Delegate("child", "shop"));
    assertThat(rule("{delegate: {name: child}}").delegate()).isEqualTo(new Delegate("child", null));
  }

  @Test
  void parse_whatIsNotWritten_isIstiosDefault() {
    HttpRoute rule = rule("{" + ROUTE + ", mirror: {host: audit}, retries: {}}");
    assertThat(rule.mirrors()).containsExactly(new Mirror(new Destination("audit", null, 0), 100));
    assertThat(rule.retries()).isEqualTo(new Retries(0, null, List.of(), null, true));
    assertThat(rule("{" + ROUTE + ", corsPolicy: {}}").corsPolicy())
        .isEqualTo(new CorsPolicy(List.of(), List.of(), List.of(), List.of(), null, null, true));
    assertThat(rule("{" + ROUTE + "}")).isEqualTo(new HttpRoute("", List.of(), rule.route()));
  }

  @Test
  void parse_deprecatedFields_areHonouredWithAWarning() {
    ParsedPolicies parsed =
        parse(
            "{"
                + ROUTE
                + ", mirror: {host: audit}, mirrorPercent: 50,"
                + " fault: {delay: {fixedDelay: 1s, percent: 20}},"
                + " corsPolicy: {allowOrigin: ['https://a']}}");
    assertThat(parsed.errors()).isEmpty();
    assertThat(parsed.warnings())
        .hasSize(3)
        .allMatch(warning -> warning.message().startsWith("is deprecated; write "));
    HttpRoute rule = ((VirtualService) parsed.resources().get(0).spec()).http().get(0);
    assertThat(rule.mirrors().get(0).percent()).isEqualTo(50);
    assertThat(rule.fault())
        .isEqualTo(new FaultInjection(new FaultInjection.Delay(20, Duration.ofSeconds(1)), null));
    CorsPolicy cors = rule.corsPolicy();
    assertThat(cors == null ? List.of() : cors.allowOrigins())
        .isEqualTo(List.of(new Exact("https://a")));
  }

  /** Istio's rules that no judged policy covers; each with what the message must hold. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{redirect: {uri: /a}, rewrite: {uri: /b}}|not possible together with \"redirect\"",
        "{directResponse: {status: 200}, route: [{destination: {host: a}}]}|\"directResponse\"",
        "{delegate: {name: a}, route: [{destination: {host: a}}]}|together with \"delegate\"",
        "{delegate: {name: a}, redirect: {uri: /a}}|together with \"delegate\"",
        "{redirect: {uri: /a, scheme: ftp}}|unknown value \"ftp\"",
        "{redirect: {uri: /a, scheme: [http]}}|expected a text, found a list of 1",
        "{redirect: {redirectCode: 302}}|needs one of uri, authority, scheme and port",
        "{directResponse: {}}|\"status\" is required",
        "{directResponse: {status: 200, body: {bytes: /w==}}}|must be UTF-8",
        "{@, rewrite: {}}|needs one of uri, uriRegexRewrite and authority",
        "{@, rewrite: {uri: /a, uriRegexRewrite: {match: a, rewrite: b}}}|together with \"uri\"",
        "{@, rewrite: {uriRegexRewrite: {match: a, rewrite: '\\1'}}}|number of a group, 0 to 0",
        "{@, rewrite: {uriRegexRewrite: {match: a, rewrite: 'b\\'}}}|number of a group",
        "{@, rewrite: {uri: \"/a\\r\\nX: y\"}}|line break",
        "{@, rewrite: {authority: \"a\\nb\"}}|line break",
        "{redirect: {uri: \"/a\\nb\"}}|line break",
        "{@, fault: {}}|needs a delay or an abort",
        "{@, fault: {delay: {exponentialDelay: 1s}}}|fixedDelay",
        "{@, fault: {abort: {http2Error: X}}}|not supported",
        "{@, retries: {attempts: -1}}|0 or more, found -1",
        "{@, retries: {backoff: 1s}}|write \"attempts: 2\"",
        "{@, retries: {retryIgnorePreviousHosts: true}}|write \"attempts: 2\"",
        "{@, retries: {attempts: 1, retryOn: '5xx, reset'}}|remove the space",
        "{@, retries: {attempts: 1, retryOn: '599'}}|no condition",
        "{@, retries: {attempts: 1, retryRemoteLocalities: true}}|not supported yet",
        "{@, mirrorPercentage: {value: 101}}|0 to 100, found 101",
        "{@, mirrorPercent: 101}|from 0 to 100, found 101",
        "{@, mirrors: [{percentage: {value: 1}}]}|\"destination\" is required",
        "{@, corsPolicy: {maxAge: 1.5s}}|whole seconds",
        "{@, corsPolicy: {allowOrigins: [{}]}}|must not be empty",
        "{@, corsPolicy: {allowHeaders: ['x a']}}|no header name",
        "{@, headers: {request: {remove: [host]}}}|authority cannot be changed here",
        "{@, headers: {request: {remove: [':path']}}}|request line",
        "{@, headers: {response: {add: {x-a: '%RESP(x)%%'}}}}|does not end",
        "{@, headers: {request: {set: {host: a, ':authority': b}}}}|changed in 2 places",
        "{@, headers: {request: {add: {Host: a}}}, rewrite: {authority: b}}|changed in 2 places",
        "{@, match: [{headers: {'@request.auth.claims.sub': {exact: a}}}]}|no header name",
        "{@, match: [{gateways: ['a/b/c']}]}|gateway name",
        "{@, match: [{gateways: ['*.a']}]}|no wildcard"
      })
  void parse_ruleAgainstIstiosRules_saysSo(String rule, String said) {
    ParsedPolicies parsed = parse(rule.replace("{@", "{" + ROUTE));
    assertThat(parsed.resources()).isEmpty();
    assertThat(parsed.errors()).anyMatch(problem -> problem.message().contains(said));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{@, match: [{gateways: [edge]}]}",
        "{@, match: [{statPrefix: a}]}",
        "{@, fault: {abort: {httpStatus: 503}}}",
        "{@, fault: {abort: {percentage: {value: 100}}}}",
        "{@, fault: {delay: {percentage: {value: 100}}}}",
        "{@, mirrorPercentage: {value: 1}}",
        "{redirect: {uri: /a}, timeout: 1s}",
        "{delegate: {namespace: a}}",
        "{@, headers: {request: {set: {'bad name': a}}}}"
      })
  void parse_ruleWithoutEffect_warns(String rule) {
    ParsedPolicies parsed = parse(rule.replace("{@", "{" + ROUTE));
    assertThat(parsed.errors()).isEmpty();
    assertThat(parsed.warnings()).hasSize(1);
  }

  @Test
  void parse_delegate_hasNoHostsAndDelegatesNoFurther() {
    String child =
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\n";
    ParsedPolicies sound = PolicyParser.parse("f", child + "spec: {http: [{" + ROUTE + "}]}\n");
    assertThat(sound.problems()).isEmpty();
    assertThat(((VirtualService) sound.resources().get(0).spec()).isDelegate()).isTrue();
    assertThat(PolicyParser.parse("f", child + "spec: {http: [{delegate: {name: b}}]}\n").errors())
        .singleElement()
        .satisfies(p -> assertThat(p.message()).contains("cannot delegate further"));
    assertThat(
            PolicyParser.parse("f", child + "spec: {gateways: [mesh], http: [{" + ROUTE + "}]}\n")
                .errors())
        .singleElement()
        .satisfies(p -> assertThat(p.message()).contains("has no gateways"));
  }

  @Test
  void parse_ruleBehindACatchAllDelegate_isReachable() {
    ParsedPolicies parsed = parse("{delegate: {name: child}}, {" + ROUTE + "}");
    assertThat(parsed.problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[.]|",
        "[a, b]|",
        "['*']|",
        "[., own]|duplicate entry",
        "['*', a]|alone is every namespace",
        "[Bad]|not allowed",
        "['~']|not allowed"
      })
  void parse_exportTo_followsIstiosRules(String exportTo, String said) {
    ParsedPolicies parsed =
        PolicyParser.parse(
            "f",
            "apiVersion: networking.istio.io/v1\nkind: VirtualService\n"
                + "metadata: {name: a, namespace: own}\nspec: {hosts: [a], exportTo: "
                + exportTo
                + ", http: [{"
                + ROUTE
                + "}]}\n");
    if (said == null) {
      assertThat(parsed.problems()).isEmpty();
    } else {
      assertThat(parsed.errors()).anyMatch(problem -> problem.message().contains(said));
    }
  }

  private static HttpRoute rule(String rule) {
    ParsedPolicies parsed = parse(rule);
    assertThat(parsed.errors()).isEmpty();
    return ((VirtualService) parsed.resources().get(0).spec()).http().get(0);
  }

  private static ParsedPolicies parse(String rules) {
    return PolicyParser.parse(
        "f",
        "{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: a},\n"
            + " spec: {hosts: [a], http: ["
            + rules
            + "]}}\n");
  }
}
