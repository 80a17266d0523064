package io.inmesh.policy.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.policy.Hosts;
import io.inmesh.policy.ParsedPolicies;
import io.inmesh.policy.PolicyParser;
import io.inmesh.policy.PolicyResource;
import io.inmesh.policy.analysis.Registry.Workload;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Policy in as few words as the parser takes. */
final class Texts {

  static final String HASH =
      "trafficPolicy: {loadBalancer: {consistentHash: {httpHeaderName: x-user}}}";

  static final String SUBSET_POLICY =
      "subsets: [{name: v1, trafficPolicy: {loadBalancer: {simple: RANDOM}}}]";

  static List<PolicyResource> parse(String text) {
    ParsedPolicies parsed = PolicyParser.parse("f", text);
    assertThat(parsed.errors()).isEmpty();
    return parsed.resources();
  }

  /** Instances of one service, {@code app=NAME} and a version each, on port 8080. */
  static Registry running(String service, String... versions) {
    String host =
        service.indexOf('.') < 0
            ? Hosts.fqdn(service, "default")
            : service + "." + Hosts.CLUSTER_DOMAIN;
    return new Registry(
        true,
        Arrays.stream(versions)
            .map(
                version ->
                    new Workload(
                        service + "-" + version,
                        "default",
                        Map.of("app", service, "version", version),
                        host,
                        Set.of(8080)))
            .toList());
  }

  private static String resource(String kind, String name, String spec) {
    return "{apiVersion: networking.istio.io/v1, kind: "
        + kind
        + ", metadata: {name: "
        + name
        + "}, spec: {"
        + spec
        + "}}\n---\n";
  }

  /** A VirtualService {@code a} on {@code orders} with whole rules. */
  static String rules(String... rules) {
    return resource(
        "VirtualService", "a", "hosts: [orders], http: [" + String.join(", ", rules) + "]");
  }

  static String rule(String fields) {
    return rules("{" + fields + "}");
  }

  static String rule(String fields, String host) {
    return rule(fields).replace("hosts: [orders]", "hosts: [" + host + "]");
  }

  static String route(String destination) {
    return rule("route: [{destination: " + destination + "}]");
  }

  static String split() {
    return rule(
        "route: [{destination: {host: orders, subset: v1}, weight: 1}, {destination: {host: orders,"
            + " subset: v2}, weight: 1}]");
  }

  /** A VirtualService {@code child} that sends everything to orders. */
  static String child(String fields) {
    return resource(
        "VirtualService", "child", fields + "http: [{route: [{destination: {host: orders}}]}]");
  }

  /** A DestinationRule that is named as its host, unless that is a wildcard. */
  static String destinationRule(String host, String fields) {
    String name = host.startsWith("\"*") ? "wild" : host;
    return resource("DestinationRule", name, "host: " + host + ", " + fields);
  }

  static String subsets(String host, String... versions) {
    return destinationRule(
        host,
        "subsets: ["
            + String.join(
                ", ",
                Arrays.stream(versions)
                    .map(each -> "{name: " + each + ", labels: {version: " + each + "}}")
                    .toList())
            + "]");
  }

  /** The subset v1 of the service orders of the namespace shop, defined there. */
  static String ofShop() {
    String host = "orders.shop." + Hosts.CLUSTER_DOMAIN;
    return subsets(host, "v1").replace("{name: " + host + "}", "{name: orders, namespace: shop}");
  }

  static String port(int number) {
    return "trafficPolicy: {portLevelSettings: [{port: {number: "
        + number
        + "}, loadBalancer: {simple: RANDOM}}]}";
  }

  static String outlier(String fields) {
    return "trafficPolicy: {outlierDetection: {" + fields + "}}";
  }

  static String entry(String host, String fields) {
    return resource(
        "ServiceEntry",
        "entry",
        "hosts: ["
            + host
            + "], resolution: STATIC, ports: [{number: 80, name: http, protocol: HTTP}], "
            + fields);
  }

  static String twoPorts(String host, int first, int second) {
    return resource(
        "ServiceEntry",
        "entry",
        "hosts: [%s], resolution: STATIC, ports: [{number: %d, name: a}, {number: %d, name: b}]"
            .formatted(host, first, second));
  }

  static String workload(String labels, String fields) {
    return resource("WorkloadEntry", "one", "address: 10.0.0.1, labels: {" + labels + "}" + fields);
  }

  static String sidecar(String name, String fields) {
    return resource(
        "Sidecar",
        name,
        fields.contains("egress") ? fields : fields + ", egress: [{hosts: [\"*/*\"]}]");
  }

  private Texts() {}
}
