package io.inmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inmesh.cli.api.WatchEvent;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class GetCommandTest {

  private final Terminal terminal = new Terminal();

  @BeforeEach
  void applyPolicy() {
    terminal.stdin = PolicyTexts.both();
    terminal.type("apply", "-f", "-");
  }

  @Test
  void get_kind_showsAnAlignedTable() {
    assertThat(terminal.type("get", "vs")).isZero();
    assertThat(terminal.out)
        .isEqualTo(
            """
            NAME     HOSTS    ROUTES        AGE
            orders   orders   v1:90 v2:10   90s
            """);
  }

  @Test
  void get_anyNameOfAKind_isUnderstood() {
    for (String kind : new String[] {"virtualservices", "VirtualService", "vs"}) {
      assertThat(terminal.type("get", kind + "/orders")).isZero();
      assertThat(terminal.out).contains("v1:90 v2:10");
    }
  }

  @Test
  void get_all_showsEachKindWithQualifiedNames() {
    terminal.type("get", "all");
    assertThat(terminal.out)
        .isEqualTo(
            """
            NAME                                        HOSTS    ROUTES        AGE
            virtualservice.networking.istio.io/orders   orders   v1:90 v2:10   90s

            NAME                                         HOST     SUBSETS   AGE
            destinationrule.networking.istio.io/orders   orders   v1,v2     90s
            """);
  }

  @Test
  void get_wideOfAllNamespaces_addsColumns() {
    terminal.type("get", "dr", "-A", "-o", "wide");
    assertThat(terminal.out)
        .isEqualTo(
            """
            NAMESPACE   NAME     HOST     SUBSETS   AGE   LOAD-BALANCER   SUBSET-LABELS                      VERSION
            default     orders   orders   v1,v2     90s   LEAST_REQUEST   v1 (version=v1); v2 (version=v2)   1
            """);
  }

  @Test
  void get_otherActionsAndKinds_areShownInTheirWay() {
    terminal.stdin =
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: a}
        spec:
          hosts: [a]
          http:
          - match: [{uri: {prefix: /old}}]
            redirect: {uri: /new}
          - match: [{uri: {prefix: /busy}}]
            directResponse: {status: 503}
          - delegate: {name: child}
        ---
        apiVersion: networking.istio.io/v1
        kind: Sidecar
        metadata: {name: default}
        spec:
          egress: [{hosts: ["./*", shop/cart.shop.svc.cluster.local]}]
          outboundTrafficPolicy: {mode: REGISTRY_ONLY}
        """;
    assertThat(terminal.type("apply", "-f", "-")).isZero();
    terminal.type("get", "vs", "a");
    assertThat(terminal.out).contains("if uri: redirect; if uri: 503; delegate child");
    terminal.type("get", "sidecar", "-o", "wide");
    assertThat(terminal.out)
        .contains("./*,shop/cart.shop.svc.cluster.local")
        .contains("REGISTRY_ONLY");
  }

  @Test
  void get_yaml_canBeAppliedAgain() {
    terminal.type("get", "vs", "orders", "-o", "yaml");
    assertThat(terminal.out).startsWith("apiVersion: networking.istio.io/v1beta1\n");
    terminal.stdin = terminal.out;
    assertThat(terminal.type("apply", "-f", "-")).isZero();
    assertThat(terminal.out).contains("unchanged");
  }

  @Test
  void get_json_isOneDocument() {
    terminal.type("get", "all", "-o", "json");
    assertThat(terminal.server.parse(terminal.out).path("items")).hasSize(2);
    terminal.type("get", "vs", "-o", "json");
    assertThat(terminal.server.parse(terminal.out).path("kind").asText())
        .isEqualTo("VirtualServiceList");
  }

  @Test
  void get_name_printsNamesForScripts() {
    terminal.type("get", "all", "-o", "name");
    assertThat(terminal.out)
        .isEqualTo(
            """
            virtualservice.networking.istio.io/orders
            destinationrule.networking.istio.io/orders
            """);
  }

  @Test
  void get_missingName_failsAndShowsTheOthers() {
    assertThat(terminal.type("get", "vs", "orders", "pay")).isEqualTo(1);
    assertThat(terminal.out).contains("orders");
    assertThat(terminal.err)
        .isEqualTo(
            "Error: there is no VirtualService 'pay' in namespace default;"
                + " `meshctl get vs -A` shows those that exist.\n");
  }

  @Test
  void get_emptyNamespace_saysSoAndSucceeds() {
    assertThat(terminal.type("get", "vs", "-n", "shop")).isZero();
    assertThat(terminal.out).isEmpty();
    assertThat(terminal.err).isEqualTo("There are no virtualservices in namespace shop.\n");
  }

  @Test
  void get_unknownKind_isWrongUsageAndListsTheKinds() {
    assertThat(terminal.type("get", "pods")).isEqualTo(2);
    assertThat(terminal.err).contains("'pods'").contains("virtualservices (vs)");
  }

  @Test
  void get_pairs_showsEachKind() {
    assertThat(terminal.type("get", "vs/orders", "dr/orders")).isZero();
    assertThat(terminal.out)
        .contains("virtualservice.networking.istio.io/orders")
        .contains("destinationrule.networking.istio.io/orders");
    assertThat(terminal.type("get", "vs/orders", "pay")).isEqualTo(2);
    assertThat(terminal.err).contains("KIND/NAME");
  }

  @Test
  void get_whatIsNoPolicy_pointsToItsVerb() {
    assertThat(terminal.type("get", "agents")).isEqualTo(2);
    assertThat(terminal.err).contains("`meshctl agents` shows them");
    assertThat(terminal.type("get", "services")).isEqualTo(2);
    assertThat(terminal.err).contains("`meshctl services` shows them");
  }

  @Test
  void get_unknownForm_namesThemAsTheyAreWritten() {
    assertThat(terminal.type("get", "vs", "-o", "xml")).isEqualTo(2);
    assertThat(terminal.err).contains("[table, wide, yaml, json, name]");
  }

  @Test
  void get_watch_showsChangesBelowWhatThereIs() {
    ObjectNode changed =
        (ObjectNode)
            terminal.server.parse(
                """
                {"metadata":{"name":"orders","namespace":"default","resourceVersion":"9",
                  "creationTimestamp":"2026-01-01T00:00:00Z"},
                 "spec":{"hosts":["orders"],"http":[
                   {"match":[{"headers":{"x-user":{"exact":"tester"}}}],
                    "route":[{"destination":{"host":"orders","subset":"v2"}}]},
                   {"route":[{"destination":{"host":"orders"}}]}]}}
                """);
    terminal.server.changes.add(new WatchEvent("MODIFIED", changed));
    assertThat(terminal.type("get", "vs", "--watch")).isEqualTo(1);
    assertThat(terminal.out)
        .startsWith(
            """
            EVENT      NAME     HOSTS    ROUTES        AGE
            ADDED      orders   orders   v1:90 v2:10   90s
            MODIFIED   orders   orders   if headers: v2; orders   90s
            """);
    assertThat(terminal.err).contains("ended the watch");
  }

  @Test
  void server_optionBeatsEnvironmentBeatsDefault() {
    terminal.type("get", "vs");
    assertThat(terminal.asked).isEqualTo(URI.create("http://127.0.0.1:15010"));
    terminal.environment.put("MESHCTL_SERVER", "http://b:2");
    terminal.type("get", "vs");
    assertThat(terminal.asked).isEqualTo(URI.create("http://b:2"));
    terminal.type("--server", "http://a:1", "get", "vs");
    assertThat(terminal.asked).isEqualTo(URI.create("http://a:1"));
    terminal.type("get", "vs", "--server", "c:3");
    assertThat(terminal.asked).isEqualTo(URI.create("http://c:3"));
    assertThat(terminal.type("get", "vs", "--server", "not a url")).isEqualTo(2);
  }
}
