package io.inmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The verbs delete, agents, services, version, completion and help. */
final class OtherCommandsTest {

  private final Terminal terminal = new Terminal();

  @Test
  void delete_byNameAndByFile_deletesOnce() {
    terminal.stdin = PolicyTexts.both();
    terminal.type("apply", "-f", "-");
    assertThat(terminal.type("delete", "vs", "orders")).isZero();
    assertThat(terminal.out).isEqualTo("virtualservice.networking.istio.io/orders deleted\n");
    assertThat(terminal.type("delete", "vs/orders")).isEqualTo(1);
    assertThat(terminal.err).contains("there is no VirtualService 'orders'");
    assertThat(terminal.type("delete", "-f", "-", "--ignore-not-found")).isZero();
    assertThat(terminal.out).isEqualTo("destinationrule.networking.istio.io/orders deleted\n");
  }

  @Test
  void delete_pairs_deletesRoutesFirst() {
    terminal.stdin = PolicyTexts.both();
    terminal.type("apply", "-f", "-");
    assertThat(terminal.type("delete", "dr/orders", "vs/orders")).isZero();
    assertThat(terminal.out)
        .isEqualTo(
            """
            virtualservice.networking.istio.io/orders deleted
            destinationrule.networking.istio.io/orders deleted
            """);
  }

  @Test
  void delete_oneWordWrong_deletesNothing() {
    terminal.stdin = PolicyTexts.both();
    terminal.type("apply", "-f", "-");
    terminal.server.writes.clear();
    for (String[] words :
        new String[][] {
          {"vs/orders", "orders"}, {"vs/orders", "pods/x"}, {"vs", "orders", "A b"}, {"vs/"}
        }) {
      String[] command = new String[words.length + 1];
      command[0] = "delete";
      System.arraycopy(words, 0, command, 1, words.length);
      assertThat(terminal.type(command)).as(terminal.err).isEqualTo(2);
    }
    assertThat(terminal.server.writes).isEmpty();
  }

  @Test
  void delete_byFileWithErrorsInTheSpec_needsKindAndNameOnly() {
    terminal.stdin = PolicyTexts.both();
    terminal.type("apply", "-f", "-");
    terminal.stdin = PolicyTexts.both().replace("weight: 10", "weigth: 10");
    assertThat(terminal.type("delete", "-f", "-")).isZero();
    assertThat(terminal.out.lines()).hasSize(2);
    terminal.stdin = PolicyTexts.RULE.replace("DestinationRule", "Pod");
    assertThat(terminal.type("delete", "-f", "-")).isEqualTo(1);
    assertThat(terminal.err).startsWith("Error: standard input:1: kind 'Pod' is no policy");
    terminal.stdin = "a: [";
    assertThat(terminal.type("delete", "-f", "-")).isEqualTo(1);
    assertThat(terminal.err).contains("standard input:1").contains("nothing is deleted");
  }

  @Test
  void delete_whatOthersUse_warns() {
    terminal.stdin = PolicyTexts.RULE;
    terminal.type("apply", "-f", "-");
    terminal.server.warnings.add("VirtualService/orders: subset v1 is missing");
    assertThat(terminal.type("delete", "dr", "orders")).isZero();
    assertThat(terminal.err).isEqualTo("Warning: VirtualService/orders: subset v1 is missing\n");
  }

  @Test
  void delete_withoutNames_isWrongUsage() {
    assertThat(terminal.type("delete")).isEqualTo(2);
    assertThat(terminal.type("delete", "vs")).isEqualTo(2);
  }

  @Test
  void agents_list_showsSyncOfEachType() {
    addAgent();
    assertThat(terminal.type("agents")).isZero();
    assertThat(terminal.out)
        .isEqualTo(
            """
            NAME            NAMESPACE   SERVICE   VERSION   ENDPOINTS              LDS      RDS      CDS   EDS   STATE       AGE
            orders-1a2b3c   default     orders    v2        8080->127.0.0.1:9082   SYNCED   NACKED   -     -     connected   90s
            """);
  }

  @Test
  void agents_gone_areHiddenAndCannotBeDisabled() {
    addAgent();
    String gone = terminal.server.agents.get(0).toString().replace("1a2b3c", "00");
    terminal.server.agents.add(terminal.server.parse(gone.replace("connected\"", "gone\"")));
    terminal.type("agents");
    assertThat(terminal.out).contains("orders-1a2b3c").doesNotContain("orders-00");
    assertThat(terminal.err).isEqualTo("1 is gone; --all shows them too.\n");
    terminal.type("agents", "-o", "name");
    assertThat(terminal.out).isEqualTo("orders-1a2b3c\n");
    terminal.type("agents", "--all", "-o", "name");
    assertThat(terminal.out).isEqualTo("orders-1a2b3c\norders-00\n");
    assertThat(terminal.type("agents", "disable", "orders-00")).isEqualTo(1);
    assertThat(terminal.err).startsWith("Error: the agent 'orders-00' is gone");
  }

  @Test
  void agents_name_tellsWhyItRefused() {
    addAgent();
    terminal.type("agents", "orders-1a2b3c");
    assertThat(terminal.out)
        .contains("Name:                orders-1a2b3c")
        .contains("RDS    NACKED   1           -         routes[0]: not supported")
        .contains("httpurlconnection   active   java.base   17        3");
    assertThat(terminal.type("agents", "nobody")).isEqualTo(1);
    assertThat(terminal.err).contains("there is no agent 'nobody'");
  }

  @Test
  void agents_disableAndEnable_setTheKillSwitch() {
    addAgent();
    assertThat(terminal.type("agents", "disable", "orders-1a2b3c")).isZero();
    assertThat(terminal.out).isEqualTo("agent/orders-1a2b3c disabled\n");
    assertThat(terminal.type("agents", "enable", "orders-1a2b3c")).isZero();
    assertThat(terminal.server.writes)
        .containsExactly("inert orders-1a2b3c true", "inert orders-1a2b3c false");
    assertThat(terminal.type("agents", "disable", "nobody")).isEqualTo(1);
  }

  @Test
  void services_list_showsEndpoints() {
    terminal.server.services.add(
        terminal.server.parse(
            """
            {"host":"orders.default.svc.cluster.local","namespace":"default","ports":[8080],
             "endpoints":[{"address":"127.0.0.1","port":9081,"labels":{"version":"v1"},
               "source":"agent/orders-1"}],"policy":true}
            """));
    terminal.type("services");
    assertThat(terminal.out)
        .isEqualTo(
            """
            HOST                               PORTS   POLICY   ENDPOINTS
            orders.default.svc.cluster.local   8080    yes      127.0.0.1:9081
            """);
    terminal.type("services", "-o", "wide", "-n", "default");
    assertThat(terminal.out).contains("version=v1   agent/orders-1");
    assertThat(terminal.type("services", "orders", "-o", "name")).isZero();
    assertThat(terminal.out).isEqualTo("orders.default.svc.cluster.local\n");
    assertThat(terminal.type("services", "order")).isEqualTo(1);
    assertThat(terminal.err).contains("there is no service 'order'");
  }

  @Test
  void storefront_wrongPort_isWrongUsage() {
    assertThat(terminal.type("storefront", "--port", "70000")).isEqualTo(2);
    assertThat(terminal.err).contains("--port takes 0 to 65535, not 70000.");
  }

  @Test
  void storefront_notBuilt_saysWhatIsMissing() {
    assertThat(terminal.type("storefront")).isEqualTo(1);
    assertThat(terminal.err).contains("not built").contains("inmesh-agent.jar");
    assertThat(terminal.out).isEmpty();
  }

  @Test
  void version_ofBoth_showsBoth() {
    assertThat(terminal.type("version")).isZero();
    assertThat(terminal.out).contains("Client: ").contains("Server: 9.9");
    terminal.server.down = true;
    assertThat(terminal.type("version")).isEqualTo(1);
    assertThat(terminal.out).startsWith("Client: ");
    assertThat(terminal.type("version", "--client")).isZero();
    assertThat(terminal.type("--version")).isZero();
    assertThat(terminal.out).startsWith("meshctl ");
  }

  @Test
  void completion_ofAShell_isAScript() {
    assertThat(terminal.type("completion", "bash")).isZero();
    assertThat(terminal.out).contains("complete -F _complete_meshctl").contains("virtualservices");
    assertThat(terminal.out).contains("--listen").contains("\"wide\"").doesNotContain("WIDE");
    assertThat(terminal.type("completion", "zsh")).isZero();
    assertThat(terminal.out).startsWith("autoload");
    assertThat(terminal.type("completion", "fish")).isEqualTo(2);
  }

  @Test
  void help_ofEachVerb_isThere() {
    assertThat(terminal.type("help")).isZero();
    assertThat(terminal.out).contains("apply").contains("demo").contains("server");
    for (String verb : new String[] {"apply", "get", "delete", "agents", "demo"}) {
      assertThat(terminal.type("help", verb)).isZero();
      String help = terminal.out;
      assertThat(terminal.type(verb, "--help")).isZero();
      assertThat(terminal.out).isEqualTo(help);
    }
    assertThat(terminal.type("help", "nothing")).isEqualTo(2);
  }

  @Test
  void unknownVerb_isWrongUsageWithTheNearest() {
    assertThat(terminal.type("aply", "-f", "x")).isEqualTo(2);
    assertThat(terminal.err).contains("aply").contains("meshctl apply");
    assertThat(terminal.type()).isEqualTo(2);
    assertThat(terminal.err).contains("Usage: meshctl");
  }

  private void addAgent() {
    terminal.server.agents.add(
        terminal.server.parse(
            """
            {"name":"orders-1a2b3c","namespace":"default","service":"orders",
             "agentVersion":"0.1.0","java":"17.0.1","pid":4711,"address":"127.0.0.1",
             "ports":[{"service":8080,"target":9082}],"labels":{"version":"v2"},
             "state":"connected","connectedAt":"2026-01-01T00:00:00Z","inert":false,
             "hooks":[{"name":"httpurlconnection","state":"active","library":"java.base",
               "version":"17","uses":3}],
             "sync":{"LDS":{"state":"SYNCED","version":"1","resources":1},
               "RDS":{"state":"NACKED","resources":1,"error":"routes[0]: not supported"}}}
            """));
  }
}
