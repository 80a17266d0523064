package io.inmesh.policy.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.inmesh.policy.MessageCode;
import io.inmesh.policy.MessageLevel;
import io.inmesh.policy.PolicyResource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** For each code, the least policy that it tells of, and what is nearest to it and fine. */
class AnalysisTest {

  /**
   * One row of the table.
   *
   * @param fires the policy that brings the finding about
   * @param silent a policy that does not
   * @param path of the finding
   * @param says a part of its text
   */
  private record Case(
      MessageCode code,
      Registry registry,
      List<PolicyResource> fires,
      List<PolicyResource> silent,
      String path,
      String says) {}

  private static final Registry ORDERS = Texts.running("orders", "v1", "v2");

  @TestFactory
  Stream<DynamicTest> findings_eachCode_tellsWhatIsMeantAndNothingElse() {
    return cases()
        .map(
            one ->
                dynamicTest(
                    one.code.id() + " " + one.path + " " + one.says, () -> assertCase(one)));
  }

  private static void assertCase(Case one) {
    assertThat(Analysis.of(one.fires, one.registry).findings())
        .anySatisfy(
            finding -> {
              assertThat(finding.code()).isEqualTo(one.code);
              assertThat(finding.path()).isEqualTo(one.path);
              assertThat(finding.text()).contains(one.says);
            });
    assertThat(Analysis.of(one.silent, one.registry).findings())
        .noneMatch(finding -> finding.code() == one.code && finding.path().equals(one.path));
  }

  @Test
  void cases_coverEveryCode() {
    Set<MessageCode> covered = EnumSet.noneOf(MessageCode.class);
    cases().forEach(one -> covered.add(one.code));
    // What the parser refuses is no part of an analysis.
    covered.add(MessageCode.SCHEMA_VALIDATION_ERROR);
    covered.add(MessageCode.NOT_POLICY);
    assertThat(covered).containsExactlyInAnyOrder(MessageCode.values());
  }

  @Test
  void codes_areUniqueAndDescribed() {
    assertThat(Arrays.stream(MessageCode.values()).map(MessageCode::id)).doesNotHaveDuplicates();
    assertThat(Arrays.stream(MessageCode.values()).map(MessageCode::title)).doesNotHaveDuplicates();
    assertThat(MessageCode.of("ist0101")).contains(MessageCode.REFERENCED_RESOURCE_NOT_FOUND);
    assertThat(MessageCode.of("IST9999")).isEmpty();
  }

  private static Case of(MessageCode code, String fires, String silent, String path, String says) {
    return of(code, Registry.UNKNOWN, fires, silent, path, says);
  }

  private static Case of(
      MessageCode code, Registry registry, String fires, String silent, String path, String says) {
    return new Case(code, registry, Texts.parse(fires), Texts.parse(silent), path, says);
  }

  private static Stream<Case> cases() {
    return Stream.of(references(), hosts(), rules(), retries(), destinationRules(), services())
        .flatMap(List::stream);
  }

  private static List<Case> references() {
    return List.of(
        of(
            MessageCode.REFERENCED_RESOURCE_NOT_FOUND,
            ORDERS,
            Texts.route("{host: ordres}"),
            Texts.route("{host: orders}"),
            "spec.http[0].route[0].destination.host",
            "Referenced host not found: \"ordres\" (ordres.default.svc.cluster.local); did you mean"
                + " \"orders\"? If not, start a service of this name, or apply a ServiceEntry"),
        of(
            MessageCode.REFERENCED_RESOURCE_NOT_FOUND,
            Texts.route("{host: api.example.com}"),
            Texts.route("{host: api.example.com}")
                + Texts.entry("\"*.example.com\"", "endpoints: [{address: 127.0.0.1}]"),
            "spec.http[0].route[0].destination.host",
            "Referenced host not found: \"api.example.com\""),
        of(
            MessageCode.REFERENCED_RESOURCE_NOT_FOUND,
            Texts.route("{host: none.example.com}") + Texts.entry("pay.example.com", ""),
            Texts.route("{host: pay.example.com}") + Texts.entry("pay.example.com", ""),
            "spec.http[0].route[0].destination.host",
            "Referenced host not found: \"none.example.com\"; start a service of this name"),
        of(
            MessageCode.REFERENCED_RESOURCE_NOT_FOUND,
            Texts.route("{host: pya.example.com}") + Texts.entry("pay.example.com", ""),
            Texts.route("{host: pay.example.com}") + Texts.entry("pay.example.com", ""),
            "spec.http[0].route[0].destination.host",
            "\"pya.example.com\"; did you mean \"pay.example.com\"?"),
        of(
            MessageCode.REFERENCED_RESOURCE_NOT_FOUND,
            Texts.running("cart.shop", "v1"),
            Texts.route("{host: cart.shop}"),
            Texts.route("{host: cart.shop.svc.cluster.local}"),
            "spec.http[0].route[0].destination.host",
            "did you mean \"cart.shop.svc.cluster.local\"? (a name with a dot is not completed)"),
        of(
            MessageCode.REFERENCED_RESOURCE_NOT_FOUND,
            ORDERS,
            Texts.route("{host: orders, port: {number: 81}}"),
            Texts.route("{host: orders, port: {number: 8080}}"),
            "spec.http[0].route[0].destination.port",
            "Referenced host:port not found: \"orders:81\"; calls that are sent there fail with 503"
                + " (ports of this service: 8080)"),
        of(
            MessageCode.REFERENCED_RESOURCE_NOT_FOUND,
            Texts.route("{host: orders, subset: v3}") + Texts.subsets("orders", "v1", "v2"),
            Texts.route("{host: orders, subset: v2}") + Texts.subsets("orders", "v1", "v2"),
            "spec.http[0].route[0].destination.subset",
            "Referenced host+subset in destinationrule not found: \"orders+v3\" (subsets of this"
                + " host: v1, v2); until there is one"),
        of(
            MessageCode.REFERENCED_RESOURCE_NOT_FOUND,
            ORDERS,
            Texts.rule("route: [{destination: {host: orders}}], mirror: {host: audit}"),
            Texts.rule("route: [{destination: {host: orders}}], mirror: {host: orders}"),
            "spec.http[0].mirror.host",
            "Referenced mirror host not found: \"audit\""),
        of(
            MessageCode.REFERENCED_RESOURCE_NOT_FOUND,
            ORDERS,
            Texts.rule(
                "route: [{destination: {host: orders}}], mirrors: [{destination: {host: orders}},"
                    + " {destination: {host: audit}}]"),
            Texts.rule(
                "route: [{destination: {host: orders}}], mirrors: [{destination: {host: orders}}]"),
            "spec.http[0].mirrors[1].destination.host",
            "Referenced mirror host not found: \"audit\""),
        of(
            MessageCode.REFERENCED_RESOURCE_NOT_FOUND,
            Texts.rule("delegate: {name: child}"),
            Texts.rule("delegate: {name: child}") + Texts.child(""),
            "spec.http[0].delegate",
            "Referenced VirtualService not found: \"default/child\""),
        of(
            MessageCode.REFERENCED_RESOURCE_NOT_FOUND,
            Texts.rule("delegate: {name: child}") + Texts.child("hosts: [users], "),
            Texts.rule("delegate: {name: child}") + Texts.child(""),
            "spec.http[0].delegate",
            "has hosts of its own, and so it is no delegate"),
        of(
            MessageCode.REFERENCED_RESOURCE_NOT_FOUND,
            Texts.rule("delegate: {name: child}") + Texts.child("exportTo: [other], "),
            Texts.rule("delegate: {name: child}") + Texts.child("exportTo: [\".\"], "),
            "spec.http[0].delegate",
            "is not exported to the namespace default"),
        of(
            MessageCode.REFERENCED_RESOURCE_NOT_FOUND,
            ORDERS,
            Texts.sidecar("a", "workloadSelector: {labels: {version: v9}}"),
            Texts.sidecar("a", "workloadSelector: {labels: {version: v1}}"),
            "spec.workloadSelector",
            "Referenced selector not found: \"version=v9\""),
        of(
            MessageCode.DESTINATION_PORT_REQUIRED,
            Texts.rule("route: [{destination: {host: api.example.com}}]", "shop.example.com")
                + Texts.twoPorts("api.example.com", 8080, 9090),
            Texts.rule("route: [{destination: {host: api.example.com}}]", "shop.example.com")
                + Texts.twoPorts("api.example.com", 80, 9090),
            "spec.http[0].route[0].destination",
            "exposes multiple ports [8080, 9090], and none of them is the port 80 that is called"),
        of(
            MessageCode.HOST_WITHOUT_ENDPOINTS,
            Texts.route("{host: api.example.com}")
                + Texts.entry("api.example.com", "endpoints: []"),
            Texts.route("{host: api.example.com}")
                + Texts.entry("api.example.com", "endpoints: [{address: 127.0.0.1}]"),
            "spec.http[0].route[0].destination.host",
            "\"api.example.com\" has no endpoint: calls that are sent there get 503"),
        of(
            MessageCode.HOST_WITHOUT_ENDPOINTS,
            Texts.entry("api.example.com", "endpoints: []"),
            Texts.entry("api.default.svc.cluster.local", "endpoints: []"),
            "spec.endpoints",
            "\"api.example.com\" has no endpoint: calls to it get 503; list endpoints"));
  }

  private static List<Case> hosts() {
    String second = Texts.route("{host: orders}").replace("name: a}", "name: b}");
    return List.of(
        of(
            MessageCode.CONFLICTING_HOSTS,
            Texts.route("{host: orders}") + second,
            Texts.route("{host: orders}")
                + second.replace("hosts: [orders]", "hosts: [orders.example]"),
            "spec.hosts[0]",
            "The VirtualServices default/a and default/b define the same host"
                + " orders.default.svc.cluster.local; they do not merge: default/a is the older one"
                + " and owns the host, and the rules of default/b are never used"),
        of(
            MessageCode.CONFLICTING_HOSTS,
            Texts.rule("match: [{sourceLabels: {app: x}}], route: [{destination: {host: orders}}]")
                + second,
            Texts.route("{host: orders}").replace("spec: {", "spec: {exportTo: [one], ")
                + second.replace("spec: {", "spec: {exportTo: [two], "),
            "spec.hosts[0]",
            "owns the host for the callers and ports that its rules are for"),
        of(
            MessageCode.VIRTUAL_HOST_UNKNOWN,
            ORDERS,
            Texts.rule("route: [{destination: {host: orders}}]", "ordres"),
            Texts.rule("route: [{destination: {host: orders}}]", "orders-v2"),
            "spec.hosts[0]",
            "No service has the host \"ordres\" (ordres.default.svc.cluster.local); did you mean"
                + " \"orders\"?"),
        of(
            MessageCode.INEFFECTIVE_POLICY,
            Texts.child(""),
            Texts.rule("delegate: {name: child}") + Texts.child(""),
            "spec.hosts",
            "it has no hosts, and no VirtualService delegates to it"),
        of(
            MessageCode.INEFFECTIVE_POLICY,
            Texts.route("{host: orders}").replace("spec: {", "spec: {gateways: [edge], "),
            Texts.route("{host: orders}").replace("spec: {", "spec: {gateways: [edge, mesh], "),
            "spec.gateways",
            "there is no gateway in this mesh"));
  }

  private static List<Case> rules() {
    String orders = "route: [{destination: {host: orders}}]";
    return List.of(
        of(
            MessageCode.UNREACHABLE_RULE,
            Texts.rules("{" + orders + "}", "{match: [{uri: {prefix: /a}}], " + orders + "}"),
            Texts.rules("{match: [{uri: {prefix: /a}}], " + orders + "}", "{" + orders + "}"),
            "spec.http[1]",
            "The rule is never used"),
        of(
            MessageCode.INEFFECTIVE_MATCH,
            Texts.rules(
                "{match: [{uri: {prefix: /a}}], " + orders + "}",
                "{match: [{uri: {prefix: /a/b}}, {uri: {prefix: /c}}], " + orders + "}"),
            Texts.rules(
                "{match: [{uri: {prefix: /a/}}], " + orders + "}",
                "{match: [{uri: {prefix: /a}}, {uri: {prefix: /c}}], " + orders + "}"),
            "spec.http[1].match[0]",
            "The match is never used: every request it matches is taken before it, by"
                + " spec.http[0]"),
        of(
            MessageCode.SCHEMA_WARNING,
            Texts.rule(
                "directResponse: {status: 200, body: {string: " + "x".repeat(200_000) + "}}"),
            Texts.rule("directResponse: {status: 200, body: {string: x}}"),
            "spec.http[0].directResponse",
            "let a service answer"),
        of(
            MessageCode.NO_EFFECT,
            Texts.rule("match: [{statPrefix: x, uri: {prefix: /a}}], " + orders),
            Texts.rule("match: [{uri: {prefix: /a}}], " + orders),
            "spec.http[0].match[0].statPrefix",
            "has no statistics so far"),
        of(
            MessageCode.DEPRECATED,
            Texts.rule("fault: {delay: {percent: 5, fixedDelay: 1s}}, " + orders),
            Texts.rule("fault: {delay: {percentage: {value: 5}, fixedDelay: 1s}}, " + orders),
            "spec.http[0].fault.delay.percent",
            "\"percent\" is deprecated; write \"percentage"),
        match("{uri: {exact: orders}}", "{uri: {exact: /orders}}", "uri", "begins with \"/\""),
        match("{uri: {exact: \"/a?b=c\"}}", "{uri: {exact: /a}}", "uri", "write \"/a\""),
        match("{uri: {prefix: /a/../b}}", "{uri: {prefix: /a..b}}", "uri", "are resolved"),
        match("{uri: {regex: \"orders/.*\"}}", "{uri: {regex: \"o?/.*\"}}", "uri", "whole path"),
        match("{uri: {regex: \"^orders\"}}", "{uri: {regex: \"a|/b\"}}", "uri", "whole path"),
        match("{uri: {regex: \"/a\\\\?b=.*\"}}", "{uri: {regex: \"/a.?\"}}", "uri", "queryParams"),
        match("{method: {exact: get}}", "{method: {exact: GET}}", "method", "write \"GET\""),
        match("{scheme: {exact: HTTP}}", "{scheme: {exact: http}}", "scheme", "\"http\" or"),
        match(
            "{authority: {exact: users}}",
            "{authority: {exact: \"orders.default:8080\"}}",
            "authority",
            "are not for the hosts of this VirtualService (orders)"),
        of(
            MessageCode.MATCH_NEVER_HOLDS,
            ORDERS,
            Texts.rule("match: [{port: 81}], " + orders),
            Texts.rule("match: [{port: 8080}], " + orders),
            "spec.http[0].match[0].port",
            "has the port 81 (ports: 8080)"),
        match(
            "{headers: {x: {exact: a}}, withoutHeaders: {x: {}}}",
            "{headers: {x: {exact: a}}, withoutHeaders: {x: {exact: b}}}",
            "withoutHeaders[x]",
            "the same is asked for in headers"),
        match(
            "{withoutHeaders: {x: {regex: \".*\"}}}",
            "{withoutHeaders: {x: {}}}",
            "withoutHeaders[x]",
            "write {} for requests that lack the header"),
        of(
            MessageCode.MISSING_HEADER_EXCLUDED,
            Texts.rule("match: [{withoutHeaders: {x: {regex: \"a*\"}}}], " + orders),
            Texts.rule("match: [{withoutHeaders: {x: {regex: \"a+\"}}}], " + orders),
            "spec.http[0].match[0].withoutHeaders[x]",
            "requests that lack the header are kept out too"),
        of(
            MessageCode.BEYOND_HTTP_URL_CONNECTION,
            Texts.rule("match: [{method: {exact: PATCH}}], " + orders),
            Texts.rule("match: [{method: {exact: PUT}}], " + orders),
            "spec.http[0].match[0].method",
            "HttpURLConnection cannot send \"PATCH\""),
        of(
            MessageCode.BEYOND_HTTP_URL_CONNECTION,
            Texts.rule("match: [{scheme: {exact: https}}], " + orders),
            Texts.rule("match: [{scheme: {exact: http}}], " + orders),
            "spec.http[0].match[0].scheme",
            "Calls to https: URLs pass untouched so far"),
        of(
            MessageCode.NO_RULE_FOR_OTHERS,
            Texts.rule("match: [{headers: {x-user: {exact: a}}}], " + orders),
            Texts.rules(
                "{match: [{headers: {x-user: {exact: a}}}], " + orders + "}",
                "{match: [{uri: {prefix: /}}], " + orders + "}"),
            "spec.http",
            "Requests that no rule matches get 404, and every rule asks for the header x-user"),
        of(
            MessageCode.WEIGHT_WITHOUT_SUBSET,
            Texts.rule(
                "route: [{destination: {host: orders}, weight: 90}, {destination: {host: orders,"
                    + " subset: v2}, weight: 10}]"),
            Texts.rule(
                "route: [{destination: {host: orders, subset: v1}, weight: 90}, {destination:"
                    + " {host: orders, subset: v2}, weight: 10}]"),
            "spec.http[0].route[1].destination",
            "the subset gets more than its weight says"),
        of(
            MessageCode.DESTINATION_TWICE,
            Texts.rule(
                "route: [{destination: {host: orders}, weight: 90}, {destination: {host: orders},"
                    + " weight: 10}]"),
            Texts.rule(
                "route: [{destination: {host: orders}, weight: 90}, {destination: {host: users},"
                    + " weight: 10}]"),
            "spec.http[0].route[1].destination",
            "\"orders\" is a destination of this rule before, at route[0]"),
        of(
            MessageCode.MIRROR_TO_ITSELF,
            Texts.rule(orders + ", mirror: {host: orders}"),
            Texts.rule(orders + ", mirror: {host: orders, subset: v2}"),
            "spec.http[0].mirror",
            "it gets them twice"),
        of(
            MessageCode.REDIRECT_TO_ITSELF,
            Texts.rule("match: [{uri: {prefix: /a}}], redirect: {uri: /a/b}"),
            Texts.rules(
                "{match: [{uri: {exact: /a/b}}], " + orders + "}",
                "{match: [{uri: {prefix: /a}}], redirect: {uri: /a/b}}"),
            "spec.http[0].redirect",
            "leads to \"/a/b\", which this rule redirects again"),
        of(
            MessageCode.REDIRECT_TO_ITSELF,
            Texts.rule("redirect: {authority: orders}"),
            Texts.rule("redirect: {authority: users}"),
            "spec.http[0].redirect",
            "redirects again"),
        of(
            MessageCode.HASH_NOT_STICKY,
            Texts.split() + Texts.destinationRule("orders", Texts.HASH),
            Texts.route("{host: orders}") + Texts.destinationRule("orders", Texts.HASH),
            "spec.http[0].route",
            "calls with one key go to all of them"));
  }

  private static Case match(String fires, String silent, String path, String says) {
    String route = "route: [{destination: {host: orders}}]";
    return of(
        MessageCode.MATCH_NEVER_HOLDS,
        Texts.rule("match: [" + fires + "], " + route),
        Texts.rule("match: [" + silent + "], " + route),
        "spec.http[0].match[0]." + path,
        says);
  }

  private static List<Case> retries() {
    String orders = ", route: [{destination: {host: orders}}]";
    return List.of(
        of(
            MessageCode.RETRIES_BEYOND_TIMEOUT,
            Texts.rule(
                "timeout: 5s, retries: {attempts: 3, perTryTimeout: 2s, retryOn: 5xx}" + orders),
            Texts.rule(
                "timeout: 10s, retries: {attempts: 3, perTryTimeout: 2s, retryOn: 5xx}" + orders),
            "spec.http[0].retries",
            "Of 4 attempts of 2s only 3 can begin before the timeout of 5s"),
        of(
            MessageCode.RETRIES_BEYOND_TIMEOUT,
            Texts.rule(
                "timeout: 4s, retries: {attempts: 2, perTryTimeout: 2s, retryOn: reset}" + orders),
            Texts.rule(
                "timeout: 4001ms, retries: {attempts: 2, perTryTimeout: 2s, retryOn: reset}"
                    + orders),
            "spec.http[0].retries",
            "Of 3 attempts of 2s only 2 can begin"),
        of(
            MessageCode.PER_TRY_TIMEOUT_TOO_LONG,
            Texts.rule(
                "timeout: 2s, retries: {attempts: 1, perTryTimeout: 2s, retryOn: 5xx}" + orders),
            Texts.rule(
                "timeout: 3s, retries: {attempts: 1, perTryTimeout: 2s, retryOn: 5xx}" + orders),
            "spec.http[0].retries.perTryTimeout",
            "No attempt can take 2s: the whole call ends after 2s"),
        of(
            MessageCode.PER_TRY_TIMEOUT_FINAL,
            Texts.rule(
                "retries: {attempts: 1, perTryTimeout: 300ms, retryOn: \"connect-failure,503\"}"
                    + orders),
            Texts.rule(
                "retries: {attempts: 1, perTryTimeout: 300ms, retryOn: \"connect-failure,reset\"}"
                    + orders),
            "spec.http[0].retries.retryOn",
            "longer than 300ms is not tried again"),
        of(
            MessageCode.PER_TRY_TIMEOUT_RETRIED,
            Texts.rule("retries: {attempts: 3, perTryTimeout: 2.5s}" + orders),
            Texts.rule("retries: {attempts: 3, perTryTimeout: 2.5s, retryOn: 5xx}" + orders),
            "spec.http[0].retries.perTryTimeout",
            "longer than 2.5s is tried again for GET"),
        of(
            MessageCode.DELAY_OUTSIDE_TIMEOUT,
            Texts.rule(
                "timeout: 1s, fault: {delay: {fixedDelay: 2s, percentage: {value: 100}}}" + orders),
            Texts.rule(
                "timeout: 3s, fault: {delay: {fixedDelay: 2s, percentage: {value: 100}}}" + orders),
            "spec.http[0].fault.delay.fixedDelay",
            "does not make it strike"));
  }

  private static List<Case> destinationRules() {
    return List.of(
        of(
            MessageCode.UNKNOWN_RULE_HOST,
            ORDERS,
            Texts.destinationRule("ordres", "subsets: [{name: v1, labels: {version: v1}}]"),
            Texts.destinationRule("orders", "subsets: [{name: v1, labels: {version: v1}}]"),
            "spec.host",
            "The host \"ordres\" (ordres.default.svc.cluster.local) defined in the DestinationRule"
                + " does not match any services in the mesh; did you mean \"orders\"?"),
        of(
            MessageCode.SUBSET_SELECTS_NOTHING,
            ORDERS,
            Texts.subsets("orders", "v1", "v3"),
            Texts.subsets("orders", "v1", "v2"),
            "spec.subsets[1]",
            "The subset \"v3\" defined in the DestinationRule does not select any endpoint: calls"
                + " that are sent there get 503 UH (labels: version=v3)"),
        of(
            MessageCode.NO_MATCHING_WORKLOADS,
            ORDERS,
            Texts.destinationRule("orders", "workloadSelector: {matchLabels: {app: web}}"),
            Texts.destinationRule("orders", "workloadSelector: {matchLabels: {version: v1}}"),
            "spec.workloadSelector",
            "with the following labels: app=web"),
        of(
            MessageCode.SUBSETS_ALIKE,
            Texts.destinationRule(
                "orders",
                "subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v1}}]"),
            Texts.subsets("orders", "v1", "v2"),
            "spec.subsets[1]",
            "have the same labels, and so the same endpoints: version=v1"),
        of(
            MessageCode.SUBSET_POLICY_UNUSED,
            Texts.destinationRule("orders", Texts.SUBSET_POLICY),
            Texts.destinationRule("orders", Texts.SUBSET_POLICY)
                + Texts.route("{host: orders, subset: v1}"),
            "spec.subsets[0].trafficPolicy",
            "no VirtualService does that"),
        of(
            MessageCode.RULES_MERGE,
            Texts.destinationRule("orders", "trafficPolicy: {loadBalancer: {simple: RANDOM}}")
                + Texts.destinationRule(
                        "orders", "trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}")
                    .replace("name: orders}", "name: other}"),
            Texts.destinationRule("orders", "trafficPolicy: {loadBalancer: {simple: RANDOM}}")
                + Texts.subsets("orders", "v1").replace("name: orders}", "name: other}"),
            "spec.trafficPolicy",
            "and goes before: this trafficPolicy does not count"),
        of(
            MessageCode.RULES_MERGE,
            Texts.subsets("orders", "v1", "v2")
                + Texts.subsets("orders", "v2").replace("name: orders}", "name: other}"),
            Texts.subsets("orders", "v1", "v2")
                + Texts.subsets("orders", "v3").replace("name: orders}", "name: other}"),
            "spec.subsets[0]",
            "The older DestinationRule default/orders is for the same host"
                + " orders.default.svc.cluster.local, and goes before: this subset \"v2\""),
        of(
            MessageCode.RULES_MERGE,
            Texts.subsets("orders", "v1")
                + Texts.destinationRule("orders", "exportTo: [\".\"]")
                    .replace("name: orders}", "name: other}"),
            Texts.destinationRule("orders", "exportTo: [one]")
                + Texts.destinationRule("orders", "exportTo: [two]")
                    .replace("name: orders}", "name: other}"),
            "spec.exportTo",
            "nothing of this rule counts"),
        of(
            MessageCode.RULE_HIDDEN,
            Texts.destinationRule(
                    "\"*.svc.cluster.local\"", "trafficPolicy: {loadBalancer: {simple: RANDOM}}")
                + Texts.ofShop(),
            Texts.destinationRule(
                    "\"*.example.com\"", "trafficPolicy: {loadBalancer: {simple: RANDOM}}")
                + Texts.ofShop(),
            "spec.host",
            "For callers in the namespace default this rule takes the place of shop/orders, and"
                + " there orders.shop.svc.cluster.local has no subset v1"),
        of(
            MessageCode.PORT_SETTINGS_UNUSED,
            ORDERS,
            Texts.destinationRule("orders", Texts.port(9090)),
            Texts.destinationRule("orders", Texts.port(8080)),
            "spec.trafficPolicy.portLevelSettings",
            "for the port 9090, which the host has not (ports: 8080)"),
        of(
            MessageCode.HASH_KEY_IGNORED,
            Texts.destinationRule(
                "orders",
                "subsets: [{name: v1, trafficPolicy: {portLevelSettings: [{port: {number: 80},"
                    + " loadBalancer: {consistentHash: {httpHeaderName: x}}}]}}]"),
            Texts.destinationRule(
                "orders",
                "subsets: [{name: v1, trafficPolicy: {loadBalancer: {consistentHash:"
                    + " {httpHeaderName: x}}}}]"),
            "spec.subsets[0].trafficPolicy.portLevelSettings",
            "calls are spread by chance"),
        of(
            MessageCode.NO_EFFECT,
            Texts.destinationRule(
                "orders",
                "trafficPolicy: {retryBudget: {percent: 10}, connectionPool: {http: {maxRetries:"
                    + " 1}}}"),
            Texts.destinationRule(
                "orders", "trafficPolicy: {connectionPool: {http: {maxRetries: 1}}}"),
            "spec.trafficPolicy.connectionPool.http.maxRetries",
            "\"maxRetries\" has no effect beside retryBudget"),
        of(
            MessageCode.NO_EFFECT,
            Texts.destinationRule("orders", Texts.outlier("consecutive5xxErrors: 0")),
            Texts.destinationRule(
                "orders", Texts.outlier("consecutive5xxErrors: 0, consecutiveGatewayErrors: 3")),
            "spec.trafficPolicy.outlierDetection",
            "nothing else ejects an endpoint"),
        of(
            MessageCode.EJECTS_AT_LEAST_ONE,
            Texts.destinationRule("orders", Texts.outlier("consecutive5xxErrors: 5")),
            Texts.destinationRule("orders", Texts.outlier("maxEjectionPercent: 50")),
            "spec.trafficPolicy.outlierDetection.maxEjectionPercent",
            "10 percent eject none of fewer than 10 endpoints; write a higher"),
        of(
            MessageCode.EJECTS_AT_LEAST_ONE,
            ORDERS,
            Texts.destinationRule("orders", Texts.outlier("maxEjectionPercent: 40")),
            Texts.destinationRule("orders", Texts.outlier("maxEjectionPercent: 50")),
            "spec.trafficPolicy.outlierDetection.maxEjectionPercent",
            "40 percent eject none of fewer than 3 endpoints (there are 2)"),
        of(
            MessageCode.BEYOND_HTTP_URL_CONNECTION,
            Texts.destinationRule(
                "orders", "trafficPolicy: {connectionPool: {http: {idleTimeout: 1m}}}"),
            Texts.destinationRule(
                "orders", "trafficPolicy: {connectionPool: {http: {idleTimeout: 5s}}}"),
            "spec.trafficPolicy.connectionPool.http.idleTimeout",
            "keeps an idle connection for 5s"));
  }

  private static List<Case> services() {
    String selecting = Texts.entry("web.example.com", "workloadSelector: {labels: {app: web}}");
    String egress = "egress: [{hosts: [\"%s\"]}]";
    return List.of(
        of(
            MessageCode.ENTRIES_ON_ONE_HOST,
            Texts.entry("web.example.com", "endpoints: []")
                + Texts.entry("web.example.com", "endpoints: []")
                    .replace("name: entry}", "name: other}"),
            Texts.entry("web.example.com", "endpoints: []")
                + Texts.entry("api.example.com", "endpoints: []")
                    .replace("name: entry}", "name: other}"),
            "spec.hosts[0]",
            "The older ServiceEntry default/entry defines the host web.example.com too"),
        of(
            MessageCode.ENTRIES_ON_ONE_HOST,
            Texts.entry("web.example.com", "endpoints: []")
                + Texts.entry("web.example.com", "endpoints: []")
                    .replace("name: entry}", "name: other, namespace: shop}"),
            Texts.entry("web.example.com", "endpoints: []"),
            "spec.hosts[0]",
            "this one counts for callers in the namespace shop only"),
        of(
            MessageCode.ENDPOINT_TWICE,
            Texts.entry("web.example.com", "endpoints: [{address: 10.0.0.1}, {address: 10.0.0.1}]"),
            Texts.entry(
                "web.example.com",
                "endpoints: [{address: 10.0.0.1}, {address: 10.0.0.1, ports: {http: 81}}]"),
            "spec.endpoints[1]",
            "\"10.0.0.1\" with the same ports is there before, at endpoints[0]"),
        of(
            MessageCode.NO_MATCHING_WORKLOADS,
            ORDERS,
            selecting,
            selecting + Texts.workload("app: web", ""),
            "spec.workloadSelector",
            "with the following labels: app=web"),
        of(
            MessageCode.WORKLOAD_UNUSED,
            selecting + Texts.workload("app: wob", ""),
            selecting + Texts.workload("app: web", ""),
            "spec.labels",
            "selects this workload, and so nobody calls it (labels: app=wob)"),
        of(
            MessageCode.WORKLOAD_PORT_UNKNOWN,
            selecting + Texts.workload("app: web", ", ports: {htpp: 81}"),
            selecting + Texts.workload("app: web", ", ports: {http: 81}"),
            "spec.ports.htpp",
            "has a port named \"htpp\"; their ports are named http"),
        of(
            MessageCode.CONFLICTING_SIDECARS,
            Texts.running("web", "v1"),
            Texts.sidecar("a", "workloadSelector: {labels: {app: web}}")
                + Texts.sidecar("b", "workloadSelector: {labels: {version: v1}}"),
            Texts.sidecar("a", "workloadSelector: {labels: {app: web}}")
                + Texts.sidecar("b", "workloadSelector: {labels: {version: v2}}"),
            "spec.workloadSelector",
            "The Sidecars [a, b] in namespace \"default\" select the same workload \"web-v1\"; the"
                + " older one, a, counts for it"),
        of(
            MessageCode.CONFLICTING_SIDECARS,
            Texts.sidecar("a", "workloadSelector: {labels: {app: web}}")
                + Texts.sidecar("b", "workloadSelector: {labels: {app: web}}"),
            Texts.sidecar("a", "workloadSelector: {labels: {app: web}}")
                + Texts.sidecar("b", "workloadSelector: {labels: {app: api}}"),
            "spec.workloadSelector",
            "select the same workloads"),
        of(
            MessageCode.SIDECARS_WITHOUT_SELECTOR,
            Texts.sidecar("a", egress.formatted("*/*"))
                + Texts.sidecar("b", egress.formatted("*/*")),
            Texts.sidecar("a", egress.formatted("*/*"))
                + Texts.sidecar("b", egress.formatted("*/*"))
                    .replace("name: b}", "name: b, namespace: shop}"),
            "metadata.name",
            "The Sidecars [a, b] in namespace \"default\" have no workload selector"),
        of(
            MessageCode.EGRESS_HOST_UNKNOWN,
            ORDERS,
            Texts.sidecar("a", egress.formatted("./ordres.default.svc.cluster.local")),
            Texts.sidecar("a", egress.formatted("./orders.default.svc.cluster.local")),
            "spec.egress[0].hosts[0]",
            "No service has the host \"ordres.default.svc.cluster.local\"; did you mean"),
        of(
            MessageCode.EGRESS_HOST_UNKNOWN,
            Texts.sidecar("a", egress.formatted("./cart.shop.svc.cluster.local")),
            Texts.sidecar("a", egress.formatted("shop/cart.shop.svc.cluster.local")),
            "spec.egress[0].hosts[0]",
            "lets nothing through; write \"shop/cart.shop.svc.cluster.local\""));
  }

  @Test
  void levels_areIstiosForIstiosCodes() {
    assertThat(MessageCode.REFERENCED_RESOURCE_NOT_FOUND.level()).isEqualTo(MessageLevel.ERROR);
    assertThat(MessageCode.UNREACHABLE_RULE.level()).isEqualTo(MessageLevel.WARNING);
    assertThat(MessageCode.INEFFECTIVE_MATCH.level()).isEqualTo(MessageLevel.INFO);
    assertThat(MessageLevel.ERROR.atLeast(MessageLevel.WARNING)).isTrue();
    assertThat(MessageLevel.INFO.atLeast(MessageLevel.WARNING)).isFalse();
  }
}
