package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Policies that people get wrong, by the real {@code meshctl} and the real REST API: exit code 1, a
 * {@code Status}, and nothing has changed. What each message says is tested beside the parser.
 */
class BrokenPolicyTest {
  private static final String PATH = "/apis/networking.istio.io/v1/namespaces/default/";
  private static final String GOOD =
      """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata:
        name: orders
        namespace: default
      spec:
        hosts: [orders]
        http:
          - route:
              - destination: {host: orders}
      """;

  private static ControlServer control;
  private static Map<String, Path> broken = Map.of();
  private static String before = "";

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    control = new ControlServer(folder.resolve("data"));
    ControlServer.Answer good =
        control.send("POST", PATH + "virtualservices", GOOD, "application/yaml");
    assertThat(good.status()).as(good.toString()).isEqualTo(201);
    before = stored();
    broken = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(Jars.ROOT.resolve("policy/src/test/resources/broken"))) {
      files.sorted().forEach(file -> broken.put(String.valueOf(file.getFileName()), file));
    }
    made(folder, "ten-megabytes.yaml", GOOD + "#" + "x".repeat(10 * 1024 * 1024) + "\n  bad: [");
    made(folder, "deep.yaml", GOOD + "  deep: " + "[".repeat(20_000) + "]".repeat(20_000) + "\n");
    made(folder, "deep.json", "{\"a\":".repeat(20_000) + "1" + "}".repeat(20_000));
    made(folder, "alias-bomb.yaml", aliasBomb());
    made(folder, "crlf.yaml", GOOD.replace("host: orders", "hots: orders").replace("\n", "\r\n"));
    made(folder, "bom.yaml", "\ufeff" + GOOD.replace("spec:", "spce:"));
    made(folder, "empty.yaml", "");
    made(folder, "empty-documents.yaml", "---\n---\n---\n");
    Files.write(folder.resolve("binary.yaml"), new byte[] {0, 1, 2, (byte) 0xff, (byte) 0xfe});
    broken.put("binary.yaml", folder.resolve("binary.yaml"));
  }

  @AfterAll
  static void stop() {
    control.close();
  }

  @Test
  void meshctl_refusesEach_andChangesNothing() throws Exception {
    assertThat(broken).hasSizeGreaterThanOrEqualTo(40);
    ExecutorService two = Executors.newFixedThreadPool(2);
    Map<String, Future<Jvm.Result>> results = new LinkedHashMap<>();
    broken.forEach(
        (name, file) ->
            results.put(name, two.submit(() -> control.meshctl("apply", "-f", file.toString()))));
    SoftAssertions all = new SoftAssertions();
    for (Map.Entry<String, Future<Jvm.Result>> each : results.entrySet()) {
      Jvm.Result result = each.getValue().get();
      String name = each.getKey();
      all.assertThat(result.exitCode()).as(name + ": " + result).isEqualTo(1);
      all.assertThat(result.stdout()).as(name).isEmpty();
      all.assertThat(result.stderr()).as(name).contains(name).doesNotContain("\tat ");
      all.assertThat(result.stderr().length()).as(name).isLessThan(20_000);
    }
    two.shutdown();
    all.assertAll();
    assertThat(stored()).isEqualTo(before);
  }

  @Test
  void restApi_refusesEach_andChangesNothing() throws IOException {
    SoftAssertions all = new SoftAssertions();
    for (Map.Entry<String, Path> each : broken.entrySet()) {
      String body = Files.readString(each.getValue(), StandardCharsets.ISO_8859_1);
      String type = each.getKey().endsWith(".json") ? "application/json" : "application/yaml";
      String plural = pluralOf(body);
      ControlServer.Answer created = control.send("POST", PATH + plural, body, type);
      expectRefusal(all, "POST " + each.getKey(), created);
      ControlServer.Answer replaced = control.send("PUT", PATH + plural + "/orders", body, type);
      expectRefusal(all, "PUT " + each.getKey(), replaced);
      ControlServer.Answer applied =
          control.send("PATCH", PATH + plural + "/orders", body, "application/apply-patch+yaml");
      expectRefusal(all, "PATCH " + each.getKey(), applied);
    }
    all.assertAll();
    assertThat(stored()).isEqualTo(before);
    assertThat(control.get("/version")).isNotNull();
  }

  private static void expectRefusal(SoftAssertions all, String what, ControlServer.Answer answer) {
    all.assertThat(answer.status()).as(what + ": " + answer).isBetween(400, 499);
    JsonNode status = answer.body();
    all.assertThat(status.path("kind").asText()).as(what).isEqualTo("Status");
    all.assertThat(status.path("status").asText()).as(what).isEqualTo("Failure");
    all.assertThat(status.path("code").asInt()).as(what).isEqualTo(answer.status());
    all.assertThat(status.path("message").asText()).as(what).isNotBlank();
  }

  private static String pluralOf(String body) {
    if (body.contains("kind: DestinationRule")) {
      return "destinationrules";
    }
    if (body.contains("kind: ServiceEntry")) {
      return "serviceentries";
    }
    return body.contains("kind: WorkloadEntry") ? "workloadentries" : "virtualservices";
  }

  private static String stored() {
    StringBuilder all = new StringBuilder();
    for (String plural :
        new String[] {"virtualservices", "destinationrules", "serviceentries", "workloadentries"}) {
      all.append(control.get("/apis/networking.istio.io/v1/" + plural).path("items"));
    }
    return all.toString();
  }

  private static void made(Path folder, String name, String text) throws IOException {
    broken.put(name, Files.writeString(folder.resolve(name), text));
  }

  private static String aliasBomb() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      bomb.append("a").append(i).append(": &a").append(i).append(" [");
      bomb.append(("*a" + (i - 1) + ", ").repeat(9)).append("*a").append(i - 1).append("]\n");
    }
    return bomb.toString();
  }
}
