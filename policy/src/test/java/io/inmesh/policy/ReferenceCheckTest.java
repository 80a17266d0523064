package io.inmesh.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReferenceCheckTest {

  private static final Set<String> KNOWN =
      Set.of("orders.default.svc.cluster.local", "cart.shop.svc.cluster.local");

  @Test
  void warnings_everythingResolves_none() {
    PolicyResource applied = route("orders", "{host: orders, subset: v1}");
    assertThat(ReferenceCheck.warnings(List.of(rule("orders", "v1")), applied, KNOWN)).isEmpty();
  }

  @Test
  void warnings_unknownHost_namesTheNearest() {
    PolicyResource applied = route("orders", "{host: ordres}");
    assertThat(warnings(List.of(), applied))
        .containsExactly(
            "VirtualService/orders: spec.http[0].route[0].destination.host: referenced host not"
                + " found: \"ordres\" (ordres.default.svc.cluster.local); did you mean"
                + " \"orders\"? If not, start a service of this name, or apply a ServiceEntry for it");
  }

  @Test
  void warnings_hostUnlikeAnyOther_suggestsNone() {
    assertThat(warnings(List.of(), route("orders", "{host: payments}")))
        .singleElement()
        .asString()
        .doesNotContain("did you mean");
  }

  @Test
  void warnings_dottedShortName_saysThatItIsNotCompleted() {
    assertThat(warnings(List.of(), route("orders", "{host: cart.shop}")))
        .singleElement()
        .asString()
        .contains("did you mean \"cart.shop.svc.cluster.local\"?", "not completed");
  }

  @Test
  void warnings_hostOfServiceEntry_isKnown() {
    PolicyResource entry =
        parse(
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: external}
            spec:
              hosts: ["*.example.com"]
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP}]
            """);
    assertThat(warnings(List.of(entry), route("orders", "{host: api.example.com}"))).isEmpty();
    assertThat(warnings(List.of(entry), route("orders", "{host: api.example.org}"))).hasSize(1);
  }

  @Test
  void warnings_missingSubset_listsTheSubsetsThereAre() {
    List<PolicyResource> all =
        List.of(rule("orders", "v1"), rule("*.default.svc.cluster.local", "v2"));
    assertThat(warnings(all, route("orders", "{host: orders, subset: v3}")))
        .containsExactly(
            "VirtualService/orders: spec.http[0].route[0].destination.subset: referenced"
                + " host+subset in destinationrule not found: \"orders+v3\""
                + " (subsets of this host: v1, v2); until there is one, calls that are sent there"
                + " fail with 503");
    assertThat(warnings(List.of(), route("orders", "{host: orders, subset: v1}")))
        .singleElement()
        .asString()
        .contains("no DestinationRule has subsets for this host");
  }

  @Test
  void warnings_secondVirtualServiceOnAHost_namesBoth() {
    PolicyResource first = route("first", "{host: orders}");
    assertThat(warnings(List.of(first), route("second", "{host: orders}")))
        .singleElement()
        .asString()
        .contains(
            "default/first and default/second define the same host"
                + " orders.default.svc.cluster.local",
            "put the routes into one resource");
  }

  @Test
  void warnings_olderFormOfTheSameResource_doesNotCount() {
    PolicyResource applied = route("orders", "{host: orders}");
    assertThat(warnings(List.of(applied), applied)).isEmpty();
  }

  @Test
  void warnings_ruleForUnknownHost_oneWarning() {
    assertThat(warnings(List.of(), rule("payments", "v1")))
        .singleElement()
        .asString()
        .startsWith("DestinationRule/payments: spec.host: referenced host not found: \"payments\"");
    assertThat(warnings(List.of(), rule("*.example.com", "v1"))).isEmpty();
  }

  @Test
  void warnings_mirrorToNowhere_oneWarning() {
    assertThat(
            warnings(
                List.of(), rule("{route: [{destination: {host: orders}}], mirror: {host: oders}}")))
        .singleElement()
        .asString()
        .startsWith("VirtualService/a: spec.http[0].mirror.host: referenced host not found");
  }

  @Test
  void warnings_delegateThatIsNone_oneWarning() {
    PolicyResource root = rule("{delegate: {name: child}}");
    String child =
        "{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: child}, spec:"
            + " {HOSTS http: [{route: [{destination: {host: orders}}]}]}}";
    assertThat(warnings(List.of(), root))
        .singleElement()
        .asString()
        .contains("spec.http[0].delegate: referenced VirtualService not found: \"default/child\"");
    assertThat(warnings(List.of(parse(child.replace("HOSTS", "hosts: [users],"))), root))
        .singleElement()
        .asString()
        .contains("has hosts of its own");
    assertThat(warnings(List.of(parse(child.replace("HOSTS", ""))), root)).isEmpty();
  }

  private static PolicyResource rule(String rule) {
    return parse(
        "{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: a}, spec:"
            + " {hosts: [orders], http: ["
            + rule
            + "]}}");
  }

  private static List<String> warnings(List<PolicyResource> all, PolicyResource applied) {
    List<String> texts = new ArrayList<>();
    for (PolicyProblem problem : ReferenceCheck.warnings(all, applied, KNOWN)) {
      assertThat(problem.isError()).isFalse();
      texts.add(problem.toString());
    }
    return texts;
  }

  private static PolicyResource route(String name, String destination) {
    return parse(
        "{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: "
            + name
            + "}, spec: {hosts: [orders], http: [{route: [{destination: "
            + destination
            + "}]}]}}");
  }

  private static PolicyResource rule(String host, String subset) {
    return parse(
        "{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: "
            + (host.startsWith("*") ? "wild" : host)
            + "}, spec: {host: \""
            + host
            + "\", subsets: [{name: "
            + subset
            + "}]}}");
  }

  private static PolicyResource parse(String text) {
    ParsedPolicies parsed = PolicyParser.parse("f", text);
    assertThat(parsed.problems()).isEmpty();
    return parsed.resources().get(0);
  }
}
