package io.inmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inmesh.policy.Kind;
import io.inmesh.policy.MessageCode;
import io.inmesh.policy.analysis.Finding;
import io.inmesh.policy.analysis.ResourceRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AnalyzeCommandTest {

  private static final String SPLIT_WITHOUT_RULE = PolicyTexts.split("orders", 90, 10);

  private final Terminal terminal = new Terminal();
  @TempDir private Path folder = Path.of("");

  @Test
  void analyze_soundFiles_saysSoAndAsksNoServer() throws IOException {
    terminal.server.down = true;
    Path file = Files.writeString(folder.resolve("a.yaml"), PolicyTexts.both());
    assertThat(terminal.type("analyze", "--use-server=false", folder.toString())).isZero();
    assertThat(terminal.out).isEmpty();
    assertThat(terminal.err)
        .isEqualTo("\u2714 No issues found when analyzing " + file.getParent() + ".\n");
  }

  @Test
  void analyze_missingSubset_isAnErrorWithItsLine() throws IOException {
    Path file = Files.writeString(folder.resolve("a.yaml"), SPLIT_WITHOUT_RULE);
    assertThat(terminal.type("analyze", "--use-server=false", file.toString())).isEqualTo(79);
    assertThat(terminal.out)
        .startsWith(
            "Error [IST0101] (VirtualService default/orders "
                + file
                + ":12) spec.http[0].route[0].destination.subset: Referenced host+subset in"
                + " destinationrule not found: \"orders+v1\"")
        .contains(file + ":16) spec.http[0].route[1].destination.subset");
    assertThat(terminal.err)
        .isEqualTo(
            "2 errors when analyzing " + file + ". docs/analyze.md tells what each code means.\n");
  }

  @Test
  void analyze_standardInputAndNamespace_namesTheResource() {
    terminal.stdin = SPLIT_WITHOUT_RULE;
    terminal.type("analyze", "-n", "shop", "--use-server=false", "-");
    assertThat(terminal.out).contains("(VirtualService shop/orders standard input:12)");
    String out = terminal.out;
    assertThat(terminal.type("analyze", "-n", "shop", "-k", "false", "-f", "-")).isEqualTo(79);
    assertThat(terminal.out).isEqualTo(out);
  }

  @Test
  void analyze_withServer_sendsTheFilesAndPlacesWhatComesBack() throws IOException {
    Path file = Files.writeString(folder.resolve("a.yaml"), SPLIT_WITHOUT_RULE);
    server(MessageCode.REFERENCED_RESOURCE_NOT_FOUND, "default", "orders", "spec.hosts[0]");
    server(MessageCode.RETRIES_BEYOND_TIMEOUT, "default", "other", "spec.http[0]");
    server(MessageCode.RETRIES_BEYOND_TIMEOUT, "shop", "other", "spec.http[0]");
    assertThat(terminal.type("analyze", file.toString())).isEqualTo(79);
    assertThat(terminal.server.analyzed).hasSize(1);
    assertThat(terminal.server.analyzed.get(0).at("/metadata/namespace").asText())
        .isEqualTo("default");
    assertThat(terminal.out)
        .isEqualTo(
            "Error [IST0101] (VirtualService default/orders "
                + file
                + ":7) spec.hosts[0]: It is so; do this\n"
                + "Warning [INM0201] (VirtualService default/other) spec.http[0]: It is so; do"
                + " this\n");
    terminal.type("analyze", "-A", file.toString());
    assertThat(terminal.out).contains("(VirtualService shop/other)");
    assertThat(terminal.err).startsWith("1 error, 2 warnings when analyzing all namespaces with ");
  }

  @Test
  void analyze_serverKnowsMoreCodes_saysSo() {
    terminal.server.findings.add(terminal.server.parse("{\"code\":\"INM9999\"}"));
    assertThat(terminal.type("analyze")).isZero();
    assertThat(terminal.err)
        .startsWith("Warning: the server tells 1 more, of codes that this meshctl does not know;");
  }

  @Test
  void analyze_thresholds_decideTheExitCodeAndWhatIsShown() {
    server(MessageCode.RETRIES_BEYOND_TIMEOUT, "default", "orders", "");
    assertThat(terminal.type("analyze")).isZero();
    assertThat(terminal.type("analyze", "--failure-threshold", "warning")).isEqualTo(79);
    assertThat(terminal.type("analyze", "--failure-threshold=Info")).isEqualTo(79);
    assertThat(terminal.out).isNotEmpty();
    assertThat(
            terminal.type(
                "analyze", "--output-threshold", "Error", "--failure-threshold", "Warning"))
        .isEqualTo(79);
    assertThat(terminal.out).isEmpty();
    assertThat(terminal.type("analyze", "--failure-threshold", "bad")).isEqualTo(2);
  }

  @Test
  void analyze_suppressed_isNotToldAndDoesNotCount() {
    server(MessageCode.REFERENCED_RESOURCE_NOT_FOUND, "shop", "orders", "");
    for (String name :
        new String[] {
          "orders", "shop/orders", "orders.shop", "VirtualService shop/orders", "*.shop", "*"
        }) {
      assertThat(terminal.type("analyze", "-A", "-S", "IST0101=" + name)).as(name).isZero();
    }
    for (String other : new String[] {"IST0101=users", "IST0101=order", "IST0109=orders"}) {
      assertThat(terminal.type("analyze", "-A", "--suppress", other)).as(other).isEqualTo(79);
    }
    assertThat(terminal.type("analyze", "-A", "-S", "IST9999=orders")).isEqualTo(79);
    assertThat(terminal.err).contains("there is no code IST9999; it suppresses nothing");
    assertThat(terminal.type("analyze", "-S", "IST0101")).isEqualTo(2);
  }

  @Test
  void analyze_json_isAListWithStableNames() throws IOException {
    Path file = Files.writeString(folder.resolve("a.yaml"), SPLIT_WITHOUT_RULE);
    assertThat(terminal.type("analyze", "--use-server=false", "-o", "json", file.toString()))
        .isEqualTo(79);
    JsonNode list = new ObjectMapper().readTree(terminal.out);
    assertThat(list).hasSize(2);
    JsonNode first = list.get(0);
    assertThat(first.fieldNames())
        .toIterable()
        .containsExactly(
            "code",
            "name",
            "level",
            "origin",
            "resource",
            "reference",
            "path",
            "message",
            "remedy",
            "documentationUrl");
    assertThat(first.path("code").asText()).isEqualTo("IST0101");
    assertThat(first.path("level").asText()).isEqualTo("Error");
    assertThat(first.path("origin").asText()).isEqualTo("VirtualService default/orders");
    assertThat(first.path("reference").asText()).isEqualTo(file + ":12");
    assertThat(first.path("documentationUrl").asText())
        .isEqualTo("https://istio.io/latest/docs/reference/config/analysis/ist0101/");
    terminal.type("analyze", "-o", "json");
    assertThat(terminal.out).isEqualTo("[ ]\n");
    assertThat(terminal.err).isEmpty();
    terminal.type("analyze", "--use-server=false", "-o", "yaml", file.toString());
    assertThat(terminal.out).startsWith("- code: IST0101\n  name: ReferencedResourceNotFound\n");
  }

  @Test
  void analyze_brokenDocument_isAFindingAndTheOthersAreAnalyzed() {
    terminal.stdin =
        SPLIT_WITHOUT_RULE
                .replace("name: orders\n", "name: orders\n  namespace: shop\n")
                .replace("weight: 10", "weigth: 10")
            + "---\n"
            + PolicyTexts.RULE.replace("version: v2", "version: v1");
    assertThat(terminal.type("analyze", "--use-server=false", "-")).isEqualTo(79);
    assertThat(terminal.out.lines())
        .anyMatch(
            line ->
                line.startsWith(
                    "Error [IST0106] (VirtualService shop/orders standard input:18)"
                        + " spec.http[0].route[1].weigth: Unknown field \"weigth\"; did you mean"))
        .anyMatch(line -> line.startsWith("Warning [INM0301] (DestinationRule default/orders"));
  }

  @Test
  void analyze_noYaml_isAFinding() {
    terminal.stdin = "kind: [\n";
    assertThat(terminal.type("analyze", "--use-server=false", "-")).isEqualTo(79);
    assertThat(terminal.out).startsWith("Error [IST0106] (standard input:");
    assertThat(terminal.out.lines()).hasSize(1);
  }

  @Test
  void analyze_otherToolsDocuments_arePassedOver() throws IOException {
    Files.writeString(
        folder.resolve("all.yaml"),
        PolicyTexts.both()
            + "---\n{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {}}\n"
            + "---\n{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {}}\n");
    assertThat(terminal.type("analyze", "--use-server=false", folder.toString())).isZero();
    assertThat(terminal.err)
        .startsWith("Note: 2 documents are no policy, and passed over: Deployment, Service.\n")
        .contains("No issues found");
  }

  @Test
  void analyze_sameResourceTwice_lastCountsAndIsNamed() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("z"));
    Files.writeString(
        folder.resolve("a.yaml"), PolicyTexts.RULE.replace("version: v2", "version: v3"));
    Path last = Files.writeString(inner.resolve("b.yaml"), PolicyTexts.both());
    terminal.type("analyze", "--use-server=false", folder.toString());
    assertThat(terminal.err)
        .startsWith(
            "Note: DestinationRule default/orders is there 2 times; the one at "
                + last
                + ":19 counts.\n");
  }

  @Test
  void analyze_serverDown_saysWhatElseIsPossible() {
    terminal.server.down = true;
    assertThat(terminal.type("analyze")).isEqualTo(1);
    assertThat(terminal.err)
        .contains("does not answer")
        .endsWith("Without one, `meshctl analyze --use-server=false` looks at files.\n");
  }

  @Test
  void analyze_nothingToLookAt_isWrongUsage() {
    assertThat(terminal.type("analyze", "--use-server=false")).isEqualTo(2);
    assertThat(terminal.type("analyze", "--use-server=false", folder + "/none")).isEqualTo(1);
    assertThat(terminal.err).contains("there is no file or folder");
  }

  @Test
  void analyze_listCodes_listsThemAll() {
    terminal.server.down = true;
    assertThat(terminal.type("analyze", "-L")).isZero();
    assertThat(terminal.out.lines()).hasSize(MessageCode.values().length + 1);
    assertThat(terminal.out)
        .contains("IST0101   Error     ReferencedResourceNotFound")
        .contains("INM0201");
  }

  @Test
  void analyze_help_tellsOfExitCodes() {
    assertThat(terminal.type("analyze", "--help")).isZero();
    assertThat(terminal.out).contains("--failure-threshold", "79", "--suppress");
  }

  private void server(MessageCode code, String namespace, String name, String path) {
    ResourceRef ref = new ResourceRef(Kind.VIRTUAL_SERVICE, namespace, name);
    terminal.server.findings.add(new Finding(code, ref, path, "", "it is so", "do this").json());
  }
}
