package io.inmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ApplyCommandTest {

  private final Terminal terminal = new Terminal();
  @TempDir private Path folder = Path.of("");

  @Test
  void apply_severalDocuments_checksAllThenSendsRulesBeforeRoutes() {
    terminal.stdin = PolicyTexts.both();
    assertThat(terminal.type("apply", "-f", "-")).isZero();
    assertThat(terminal.out)
        .isEqualTo(
            """
            destinationrule.networking.istio.io/orders created
            virtualservice.networking.istio.io/orders created
            """);
    assertThat(terminal.err).isEmpty();
    assertThat(terminal.server.writes)
        .containsExactly(
            "apply DestinationRule/orders (dry run)",
            "apply VirtualService/orders (dry run)",
            "apply DestinationRule/orders",
            "apply VirtualService/orders");
  }

  @Test
  void apply_again_saysWhatChanged() {
    terminal.stdin = PolicyTexts.split("orders", 90, 10);
    terminal.type("apply", "-f", "-");
    terminal.type("apply", "-f", "-");
    assertThat(terminal.out).isEqualTo("virtualservice.networking.istio.io/orders unchanged\n");
    terminal.stdin = PolicyTexts.split("orders", 50, 50);
    terminal.type("apply", "-f", "-");
    assertThat(terminal.out).isEqualTo("virtualservice.networking.istio.io/orders configured\n");
  }

  @Test
  void apply_oneDocumentWrong_sendsNothingAndNamesTheLine() throws IOException {
    Path good = Files.writeString(folder.resolve("a.yaml"), PolicyTexts.RULE);
    Path bad =
        Files.writeString(
            folder.resolve("b.yaml"),
            PolicyTexts.split("orders", 90, 10).replace("weight: 10", "weigth: 10"));
    assertThat(terminal.type("apply", "-f", good.toString(), "-f", bad.toString())).isEqualTo(1);
    assertThat(terminal.out).isEmpty();
    assertThat(terminal.err)
        .startsWith("Error: " + bad + ":17: VirtualService/orders: spec.http[0].route[1].weigth: ")
        .contains("weight")
        .endsWith("1 error; nothing is applied.\n");
    assertThat(terminal.server.writes).isEmpty();
  }

  @Test
  void apply_serverRefusesOne_sendsNothing() {
    terminal.server.refusedName = "orders";
    terminal.stdin = PolicyTexts.split("orders", 90, 10) + "---\n" + PolicyTexts.split("pay", 1, 1);
    assertThat(terminal.type("apply", "-f", "-")).isEqualTo(1);
    assertThat(terminal.err)
        .isEqualTo(
            """
            Error: standard input: VirtualService/orders: VirtualService/orders is invalid
              spec.http[0].route: has no destination
            1 refusal; nothing is applied.
            """);
    assertThat(terminal.server.writes).allMatch(write -> write.endsWith("(dry run)"));
  }

  @Test
  void apply_warnings_goToStandardErrorOnce() {
    terminal.server.warnings.add("no such host");
    terminal.stdin = PolicyTexts.split("orders", 90, 10);
    assertThat(terminal.type("apply", "-f", "-")).isZero();
    assertThat(terminal.err)
        .isEqualTo("Warning: standard input: VirtualService/orders: no such host\n");
  }

  @Test
  void apply_folder_takesItsFilesAndWithRecursiveItsFolders() throws IOException {
    Files.writeString(folder.resolve("2.yml"), PolicyTexts.split("b", 1, 1));
    Files.writeString(folder.resolve("1.yaml"), PolicyTexts.split("a", 1, 1));
    Files.writeString(folder.resolve("notes.txt"), "not policy");
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Files.writeString(inner.resolve("3.yaml"), PolicyTexts.split("c", 1, 1));
    terminal.type("apply", "-f", folder.toString());
    assertThat(terminal.out)
        .isEqualTo(
            """
            virtualservice.networking.istio.io/a created
            virtualservice.networking.istio.io/b created
            """);
    terminal.type("apply", "-R", "-f", folder.toString());
    assertThat(terminal.out)
        .isEqualTo(
            """
            virtualservice.networking.istio.io/a unchanged
            virtualservice.networking.istio.io/b unchanged
            virtualservice.networking.istio.io/c created
            """);
  }

  @Test
  void apply_dryRun_changesNothing() {
    terminal.stdin = PolicyTexts.both();
    assertThat(terminal.type("apply", "-f", "-", "--dry-run")).isZero();
    assertThat(terminal.out)
        .isEqualTo(
            """
            destinationrule.networking.istio.io/orders created (dry run)
            virtualservice.networking.istio.io/orders created (dry run)
            """);
    assertThat(terminal.server.writes).allMatch(write -> write.endsWith("(dry run)"));
  }

  @Test
  void apply_dryRunAtClient_asksNoServer() {
    terminal.server.down = true;
    terminal.stdin = PolicyTexts.RULE;
    assertThat(terminal.type("apply", "-f", "-", "--dry-run=client")).isZero();
    assertThat(terminal.out)
        .isEqualTo("destinationrule.networking.istio.io/orders valid (dry run)\n");
  }

  @Test
  void apply_sameResourceTwice_isRefused() {
    terminal.stdin = PolicyTexts.RULE + "---\n" + PolicyTexts.RULE;
    assertThat(terminal.type("apply", "-f", "-")).isEqualTo(1);
    assertThat(terminal.err)
        .isEqualTo(
            """
            Error: standard input:15: DestinationRule/orders: is there twice, first at \
            standard input:1; remove one
            1 error; nothing is applied.
            """);
    assertThat(terminal.server.writes).isEmpty();
  }

  @Test
  void apply_sameResourceInTwoFiles_namesBothPlaces() throws IOException {
    Path first = Files.writeString(folder.resolve("a.yaml"), PolicyTexts.both());
    Path second = Files.writeString(folder.resolve("b.yaml"), PolicyTexts.RULE);
    assertThat(terminal.type("apply", "-f", folder.toString())).isEqualTo(1);
    assertThat(terminal.err)
        .startsWith(
            "Error: "
                + second
                + ":1: DestinationRule/orders: is there twice, first at "
                + first
                + ":19; remove one\n");
  }

  @Test
  void apply_warningOfTheOwnParser_isToldOnce() {
    terminal.stdin =
        PolicyTexts.split("orders", 90, 10)
            + "  - route:\n    - destination:\n        host: orders\n";
    terminal.type("apply", "-f", "-", "--dry-run=client");
    String own = terminal.err;
    assertThat(own).startsWith("Warning: standard input:18: VirtualService/orders: spec.http[1]");
    terminal.server.warnings.add(own.substring(own.indexOf("spec.http[1]")).strip());
    terminal.type("apply", "-f", "-");
    assertThat(terminal.err).isEqualTo(own);
  }

  @Test
  void apply_otherNamespaceThanNamed_isRefused() {
    terminal.stdin =
        PolicyTexts.RULE.replace("name: orders\nspec", "name: orders\n  namespace: a\nspec");
    assertThat(terminal.type("apply", "-n", "b", "-f", "-")).isEqualTo(1);
    assertThat(terminal.err).contains("is of namespace a, not of -n b");
  }

  @Test
  void apply_nothingThere_saysSo() {
    assertThat(terminal.type("apply", "-f", folder.resolve("none.yaml").toString())).isEqualTo(1);
    assertThat(terminal.err).contains("there is no file or folder");
    terminal.stdin = "---\n";
    assertThat(terminal.type("apply", "-f", "-")).isEqualTo(1);
    assertThat(terminal.type("apply", "-f", folder.toString())).isEqualTo(1);
    assertThat(terminal.err).contains("-R looks into its folders too");
  }

  @Test
  void apply_serverDown_saysHowToStartOne() {
    terminal.server.down = true;
    terminal.stdin = PolicyTexts.RULE;
    assertThat(terminal.type("apply", "-f", "-")).isEqualTo(1);
    assertThat(terminal.err)
        .isEqualTo(
            """
            Error: the control server at http://fake:1 does not answer: the connection is refused.
            Start one with `meshctl server`, or name another with --server URL or MESHCTL_SERVER.
            """);
  }

  @Test
  void apply_withoutFile_isWrongUsage() {
    assertThat(terminal.type("apply")).isEqualTo(2);
    assertThat(terminal.err).contains("-f").contains("meshctl apply --help");
  }
}
