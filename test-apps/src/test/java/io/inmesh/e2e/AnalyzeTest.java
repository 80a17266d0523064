package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code meshctl analyze}, packaged: of files, and of a server with running instances. */
class AnalyzeTest {
  private static final int FOUND = 79;
  private static final ObjectMapper JSON = new ObjectMapper();

  private static ControlServer control;

  @BeforeAll
  static void startControlServer(@TempDir Path data) {
    control = new ControlServer(data);
  }

  @AfterAll
  static void stopControlServer() {
    control.close();
  }

  @Test
  void examples_byThemselves_haveNoIssue() throws IOException {
    List<Path> folders;
    try (Stream<Path> all = Files.list(Jars.ROOT.resolve("examples"))) {
      folders = all.filter(Files::isDirectory).sorted().toList();
    }
    assertThat(folders).isNotEmpty();
    for (Path folder : folders) {
      Jvm.Result result = control.meshctl("analyze", "--use-server=false", folder.toString());
      if (folder.endsWith("broken")) {
        assertThat(result.exitCode()).as("%s", result).isEqualTo(FOUND);
        assertThat(result.stdout()).startsWith("Error [IST0106] (").contains("typo.yaml:18)");
      } else {
        assertThat(result.exitCode()).as("%s", result).isZero();
        assertThat(result.stdout()).as("%s", folder).isEmpty();
        assertThat(result.stderr()).contains("No issues found");
      }
    }
  }

  @Test
  void server_canaryAmongInstances_tellsWhatIsMissingUntilItRuns(@TempDir Path folder)
      throws IOException {
    try (Mesh mesh = new Mesh(control, Jdk.newest(), folder)) {
      Path file = Files.writeString(folder.resolve("canary.yaml"), Policies.canary(90, 10));
      mesh.instance("one", "orders", "v1");
      mesh.awaitEndpoints("orders", 1);

      // Before it is applied: the file over the server's policy, which is none.
      Jvm.Result before = analyze(mesh, file.toString());
      assertThat(before.exitCode()).as("%s", before).isEqualTo(FOUND);
      assertThat(before.stdout().lines())
          .singleElement()
          .asString()
          .startsWith(
              "Error [IST0173] (DestinationRule " + mesh.namespace() + "/orders " + file + ":")
          .contains(
              "The subset \"v2\" defined in the DestinationRule does not select any endpoint");

      mesh.apply(Policies.canary(90, 10));
      assertThat(codes(analyze(mesh, "-o", "json"))).containsExactly("IST0173");
      assertThat(analyze(mesh, "-S", "IST0173=orders").exitCode()).isZero();

      mesh.instance("two", "orders", "v2");
      mesh.awaitEndpoints("orders", 2);
      Jvm.Result after = analyze(mesh);
      assertThat(after.exitCode()).as("%s", after).isZero();
      assertThat(after.stderr())
          .isEqualTo("\u2714 No issues found when analyzing namespace " + mesh.namespace() + ".\n");

      String other = Policies.weights(1, 1).replace("name: orders", "name: other");
      Jvm.Result laidOver =
          analyze(mesh, Files.writeString(folder.resolve("other.yaml"), other).toString());
      assertThat(laidOver.exitCode()).as("%s", laidOver).isEqualTo(FOUND);
      assertThat(laidOver.stdout().lines()).hasSize(2).allMatch(line -> line.contains("[IST0109]"));
      assertThat(laidOver.stdout())
          .contains(mesh.namespace() + "/orders is the older one and owns the host");
    }
  }

  private static Jvm.Result analyze(Mesh mesh, String... arguments) {
    List<String> words = new ArrayList<>(List.of("analyze", "-n", mesh.namespace()));
    words.addAll(List.of(arguments));
    return control.meshctl(words.toArray(String[]::new));
  }

  private static List<String> codes(Jvm.Result result) throws IOException {
    List<String> codes = new ArrayList<>();
    for (JsonNode finding : JSON.readTree(result.stdout())) {
      codes.add(finding.path("code").asText());
    }
    return codes;
  }
}
