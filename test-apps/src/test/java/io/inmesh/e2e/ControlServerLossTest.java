package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Losing the control server costs no call; the last good configuration outlives even restarts. */
class ControlServerLossTest {
  private static final String PATH =
      "/apis/networking.istio.io/v1/namespaces/default/virtualservices";
  private static final String ORDERS = "http://orders:8080/";

  @TempDir Path data = Path.of("");
  private ControlServer control;

  @BeforeEach
  void startControlServer() {
    control = new ControlServer(data);
  }

  @AfterEach
  void stopControlServer() {
    control.close();
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void sigkill_underTraffic_failsNoCall_andLosesNoWrite(Jdk jdk, @TempDir Path folder) {
    try (Mesh mesh = new Mesh(control, jdk, folder)) {
      mesh.instance("one", "orders", "v1");
      mesh.instance("two", "orders", "v2");
      mesh.awaitEndpoints("orders", 2);
      mesh.apply(Policies.canary(50, 50));
      Jvm caller = mesh.caller();
      caller.ask("traffic " + ORDERS);
      Poll.until("v2", () -> caller.ask("so-far"), counts -> counts.contains("two="));
      JsonNode before = stored();
      mesh.awaitLastGood("orders");

      control.kill();
      assertThat(caller.ask("calls 1000 " + ORDERS))
          .contains("failed=0")
          .contains("one=")
          .contains("two=");
      Jvm late = mesh.caller();
      assertThat(late.ask("calls 100 " + ORDERS)).contains("failed=0").contains("two=");

      control.restart();
      assertThat(stored()).isEqualTo(before);
      mesh.awaitEndpoints("orders", 2);
      mesh.apply(Policies.weights(0, 100));
      assertThat(caller.ask("watch two")).startsWith("since=");
      Poll.until("it obeys", () -> caller.ask("calls 20 " + ORDERS), s -> s.contains("{two=20}"));
      Poll.until("the late one", () -> late.ask("calls 20 " + ORDERS), s -> s.contains("{two=20}"));
      assertThat(caller.ask("stop")).contains("failed=0");
    }
  }

  @Test
  void sigkill_underWrites_losesNoAcknowledgedOne() throws Exception {
    AtomicInteger acknowledged = new AtomicInteger();
    int next = 0;
    for (int round = 0; round < 3; round++) {
      int first = next;
      Thread writer = new Thread(() -> writeUntilItBreaks(first, acknowledged), "writer");
      writer.start();
      int enough = first + 40 + round * 7;
      Poll.until("writes", acknowledged::get, count -> count >= enough);
      control.kill();
      writer.join(Poll.PATIENCE.toMillis());
      control.restart();
      int stored = stored().size();
      assertThat(stored).isBetween(acknowledged.get(), acknowledged.get() + 1);
      acknowledged.set(stored);
      next = stored;
    }
  }

  private void writeUntilItBreaks(int first, AtomicInteger acknowledged) {
    for (int i = first; ; i++) {
      String name = "orders-" + i;
      String body =
          Policies.weights(100, 0)
              .replace("name: orders", "name: " + name)
              .replace("[orders]", "[" + name + "]");
      try {
        if (control.send("POST", PATH, body, "application/yaml").status() == 201) {
          acknowledged.incrementAndGet();
        }
      } catch (AssertionError e) {
        return; // Killed while it answered.
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void lastGoodFile_ofAShortLivedClient_isWhole(Jdk jdk, @TempDir Path folder) throws IOException {
    try (Mesh mesh = new Mesh(control, jdk, folder)) {
      mesh.instance("one", "orders", "v1");
      mesh.awaitEndpoints("orders", 1);
      mesh.apply(Policies.canary(100, 0));
      Jvm caller = mesh.caller();
      assertThat(caller.ask("see GET " + ORDERS)).startsWith("status=200");
      caller.tell("quit");
      assertThat(caller.awaitExit().exitCode()).isZero();
      assertThat(files(folder.resolve("agent")))
          .allMatch(file -> file.toString().endsWith(".lastgood"));
      control.kill();
      assertThat(mesh.caller().ask("see GET " + ORDERS)).startsWith("status=200");
    }
  }

  @Test
  void lastGoodFile_ofAnotherNamespaceOrService_isNotTrusted(@TempDir Path folder) {
    try (Mesh mesh = new Mesh(control, Jdk.newest(), folder)) {
      withLastGood(mesh);
      control.kill();
      String unknown = "failed=java.net.UnknownHostException: orders url=" + ORDERS;
      assertThat(mesh.caller(Map.of("namespace", "elsewhere")).ask("see GET " + ORDERS))
          .isEqualTo(unknown);
      assertThat(mesh.caller(Map.of("service", "another")).ask("see GET " + ORDERS))
          .isEqualTo(unknown);
      assertThat(mesh.caller().ask("see GET " + ORDERS)).startsWith("status=200");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"flipped", "cut", "empty", "text", "longer"})
  void lastGoodFile_damaged_isOneWarning(String how, @TempDir Path folder) throws IOException {
    try (Mesh mesh = new Mesh(control, Jdk.newest(), folder)) {
      withLastGood(mesh);
      control.kill();
      List<Path> files = files(folder.resolve("agent"));
      assertThat(files).isNotEmpty();
      for (Path file : files) {
        Files.write(file, damaged(Files.readAllBytes(file), how));
      }
      Jvm caller = mesh.caller();
      assertThat(caller.ask("see GET " + ORDERS))
          .isEqualTo("failed=java.net.UnknownHostException: orders url=" + ORDERS);
      assertThat(caller.ask("see GET " + ORDERS)).startsWith("failed=");
      caller.awaitComplaint(Jvm.AGENT_SAYS);
      assertThat(aboutFiles(caller, folder)).as(caller.stderr()).hasSize(1);

      // And it is replaced as soon as there is something good again.
      control.restart();
      mesh.awaitEndpoints("orders", 1);
      Poll.until("policy", () -> caller.ask("see GET " + ORDERS), s -> s.startsWith("status=200"));
    }
  }

  @Test
  void dataDir_underAFile_isOneWarning(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    expectUnhurt(folder, file.resolve("data"));
  }

  @Test
  void dataDir_readOnly_isOneWarning(@TempDir Path folder) {
    Path proc = Path.of("/proc/sys");
    Assumptions.assumeTrue(
        Files.isDirectory(proc), "skipped: no /proc/sys, where not even root may make a file");
    expectUnhurt(folder, proc);
  }

  @Test
  void dataDir_onAFullDisk_isOneWarning(@TempDir Path folder) throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    int mounted = run("mount", "-t", "tmpfs", "-o", "size=4k,nr_inodes=8", "none", disk.toString());
    Assumptions.assumeTrue(
        mounted == 0, "skipped: this user cannot mount a tiny file system to fill");
    try {
      Files.write(disk.resolve("filling"), new byte[4096]);
      expectUnhurt(folder, disk);
    } finally {
      run("umount", "-l", disk.toString());
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void firstCall_withoutControlServer_doesNotWait(Jdk jdk, @TempDir Path folder) {
    control.kill();
    try (Mesh mesh = new Mesh(control, jdk, folder)) {
      Mesh.Member plain = mesh.plainInstance("plain");
      Jvm caller = mesh.caller(Map.of("startup.wait", "60s"));
      // Were it to wait for the configuration, this would take a minute.
      assertThat(caller.ask("calls 10 http://127.0.0.1:" + plain.port() + "/"))
          .contains("failed=0");
      assertThat(caller.ask("see GET " + ORDERS)).startsWith("failed=java.net.UnknownHost");
    }
  }

  private void expectUnhurt(Path folder, Path dataDir) {
    try (Mesh mesh = new Mesh(control, Jdk.newest(), folder)) {
      mesh.instance("one", "orders", "v1");
      mesh.awaitEndpoints("orders", 1);
      mesh.apply(Policies.canary(100, 0));
      Jvm caller = mesh.caller(Map.of("data.dir", dataDir.toString()));
      assertThat(caller.ask("calls 50 " + ORDERS)).contains("{one=50}");
      mesh.instance("two", "orders", "v2");
      mesh.awaitEndpoints("orders", 2);
      mesh.apply(Policies.weights(0, 100));
      Poll.until("v2", () -> caller.ask("calls 5 " + ORDERS), s -> s.contains("{two=5}"));
      caller.awaitComplaint(Jvm.AGENT_SAYS);
      assertThat(caller.stderr().lines()).as(caller.stderr()).hasSize(1);
    }
  }

  /** Makes a caller's data directory hold a configuration for orders. */
  private static void withLastGood(Mesh mesh) {
    mesh.instance("one", "orders", "v1");
    mesh.awaitEndpoints("orders", 1);
    mesh.apply(Policies.canary(100, 0));
    try (Jvm caller = mesh.caller()) {
      assertThat(caller.ask("calls 1 " + ORDERS)).contains("{one=1}");
      mesh.awaitLastGood("orders");
    }
  }

  private JsonNode stored() {
    return control.get("/apis/networking.istio.io/v1/virtualservices").path("items");
  }

  private static List<String> aboutFiles(Jvm caller, Path folder) {
    return caller.stderr().lines().filter(line -> line.contains(folder.toString())).toList();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return new ArrayList<>(all.filter(Files::isRegularFile).toList());
    }
  }

  private static byte[] damaged(byte[] good, String how) {
    return switch (how) {
      case "flipped" -> {
        good[good.length / 2] ^= 0x10;
        yield good;
      }
      case "cut" -> Arrays.copyOf(good, good.length / 2);
      case "empty" -> new byte[0];
      case "text" -> new byte[] {'h', 'e', 'l', 'l', 'o'};
      case "longer" -> Arrays.copyOf(good, good.length + 10);
      default -> throw new IllegalArgumentException(how);
    };
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
