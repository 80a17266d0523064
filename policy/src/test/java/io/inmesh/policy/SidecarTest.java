package io.inmesh.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.policy.Sidecar.Egress;
import io.inmesh.policy.Sidecar.HostSelector;
import io.inmesh.policy.Sidecar.OutboundTrafficPolicy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SidecarTest {

  @Test
  void parse_everyField_isRead() {
    ParsedPolicies parsed =
        parse(
            """
            {workloadSelector: {labels: {app: web}},
             egress: [{port: {number: 8080, protocol: HTTP, name: http}, captureMode: DEFAULT,
                       hosts: [shop/cart.shop.svc.cluster.local]},
                      {hosts: ['./*', '*/*.example.com', '~/*']}],
             outboundTrafficPolicy: {mode: REGISTRY_ONLY}}
            """);
    assertThat(parsed.problems()).isEmpty();
    assertThat(parsed.resources().get(0).spec())
        .isEqualTo(
            new Sidecar(
                Map.of("app", "web"),
                List.of(
                    new Egress(
                        8080, List.of(new HostSelector("shop", "cart.shop.svc.cluster.local"))),
                    new Egress(
                        0,
                        List.of(
                            new HostSelector(".", "*"),
                            new HostSelector("*", "*.example.com"),
                            new HostSelector("~", "*")))),
                OutboundTrafficPolicy.REGISTRY_ONLY));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|the Sidecar is empty",
        "{egress: [{}]}|hosts is missing",
        "{egress: [{hosts: [orders]}]}|expected namespace/host",
        "{egress: [{hosts: ['/a.b']}]}|expected namespace/host",
        "{egress: [{hosts: ['a/']}]}|expected namespace/host",
        "{egress: [{hosts: ['./orders']}]}|short names are not possible",
        "{egress: [{hosts: ['./*a.b']}]}|whole parts",
        "{egress: [{hosts: ['A/*']}]}|not allowed",
        "{egress: [{hosts: ['./*']}, {hosts: ['a/*']}]}|must be the last one",
        "{egress: [{port: {number: 80, protocol: HTTP}, hosts: ['./*']}, {port: {number: 80,"
            + " protocol: HTTP}, hosts: ['a/*']}]}|here twice",
        "{egress: [{port: {number: 80}, hosts: ['./*']}]}|\"protocol\" is required",
        "{egress: [{port: {protocol: HTTP}, hosts: ['./*']}]}|\"number\" is required",
        "{egress: [{bind: 127.0.0.1, hosts: ['./*']}]}|not supported",
        "{egress: [{captureMode: NONE, hosts: ['./*']}]}|not supported",
        "{ingress: [{port: {number: 80, protocol: HTTP}}]}|not supported",
        "{inboundConnectionPool: {}}|not supported",
        "{outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: a}}}|not supported yet",
        "{outboundTrafficPolicy: {mode: DENY}}|unknown value \"DENY\"",
        "{workloadSelector: {labels: {app: '*'}}, egress: [{hosts: ['./*']}]}|label value"
      })
  void parse_sidecarAgainstTheRules_saysSo(String spec, String said) {
    ParsedPolicies parsed = parse(spec);
    assertThat(parsed.resources()).isEmpty();
    assertThat(parsed.errors()).anyMatch(problem -> problem.message().contains(said));
  }

  @Test
  void parse_selectorWithoutLabels_warns() {
    assertThat(parse("{workloadSelector: {}, egress: [{hosts: ['./*']}]}").warnings())
        .singleElement()
        .satisfies(warning -> assertThat(warning.message()).contains("every workload"));
  }

  @Test
  void parse_modeNotWritten_isTheApisZero() {
    ParsedPolicies parsed = parse("{outboundTrafficPolicy: {}}");
    assertThat(parsed.problems()).isEmpty();
    assertThat(((Sidecar) parsed.resources().get(0).spec()).outboundTrafficPolicy())
        .isEqualTo(OutboundTrafficPolicy.REGISTRY_ONLY);
  }

  @ParameterizedTest
  @CsvSource({
    ".,*,orders.own.svc.cluster.local,own,true",
    ".,*,orders.own.svc.cluster.local,other,false",
    "*,*,orders.own.svc.cluster.local,other,true",
    "~,*,orders.own.svc.cluster.local,own,false",
    "shop,*.example.com,api.example.com,shop,true",
    "shop,*.example.com,example.com,shop,false",
    "shop,a.b,a.b,shop,true",
    "shop,a.b,c.a.b,shop,false"
  })
  void selects_namespaceAndName_bothMustFit(
      String namespace, String dnsName, String host, String serviceNamespace, boolean selected) {
    assertThat(new HostSelector(namespace, dnsName).selects(host, serviceNamespace, "own"))
        .isEqualTo(selected);
  }

  private static ParsedPolicies parse(String spec) {
    return PolicyParser.parse(
        "f",
        "{apiVersion: networking.istio.io/v1, kind: Sidecar, metadata: {name: a, namespace: own},\n"
            + " spec: "
            + spec
            + "}\n");
  }
}
