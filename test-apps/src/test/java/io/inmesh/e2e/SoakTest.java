package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * After many calls with every kind of fault on both sides, while policy changes all the time, there
 * is as much of everything as before: heap, threads, open files, and nothing under way. {@code
 * -Dsoak.calls=1000000} is what {@code benchmarks/run soak} asks for.
 */
class SoakTest {
  private static final int CALLS = Integer.getInteger("soak.calls", 5_000);
  private static final int CHANGES = Math.max(14, CALLS / 10_000);
  private static final int HEAP_SLACK_KIB = 512;
  private static final String HOST = "soak.example.com";
  private static final String URL = "http://" + HOST;
  private static final Pattern LEVEL =
      Pattern.compile("heapKiB=(\\d+) threads=(\\d+) files=(\\d+)");
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static final ObjectMapper JSON = new ObjectMapper();

  private static ControlServer control;

  /** What there is when nothing is under way. */
  private record Level(int heapKib, int threads, int files) {
    /** Idle connections, and the thread that ends them, go within seconds. */
    boolean holds(Level later) {
      return later.files <= files
          && later.threads <= threads
          && later.heapKib < heapKib + HEAP_SLACK_KIB;
    }
  }

  /** As many open files ten times in a row. */
  private static final class Steady implements Predicate<Level> {
    private int files;
    private int times;

    @Override
    public boolean test(Level level) {
      times = level.files == files ? times + 1 : 1;
      files = level.files;
      return times >= 10;
    }
  }

  @BeforeAll
  static void startControlServer(@TempDir Path data) {
    control = new ControlServer(data);
  }

  @AfterAll
  static void stopControlServer() {
    control.close();
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void faultsOfAllKinds_whilePolicyChanges_nothingIsLeft(Jdk jdk, @TempDir Path folder)
      throws Exception {
    int admin = Mesh.freePort();
    try (Mesh mesh = new Mesh(control, jdk, folder);
        Jvm service = Jvm.ofThisJvm().main("io.inmesh.testapps.soak.FaultyService", "3").start();
        Jvm client =
            Jvm.of(jdk)
                // What is forgotten shall be collected soon, as its limits are small.
                .jvmArgument("-Xmn4m")
                .jvmArgument("-Xmx128m")
                .agent(mesh.agentArguments() + ";admin.port=" + admin)
                .main("io.inmesh.testapps.soak.Soak")
                .start()) {
      Matcher ports = service.awaitLine("listening (\\d+) (\\d+) (\\d+)");
      List<Integer> endpoints =
          Stream.of(1, 2, 3).map(i -> Integer.parseInt(ports.group(i))).toList();
      client.awaitLine("ready");
      SoakPolicy policy = new SoakPolicy(control, mesh.namespace(), HOST, endpoints);

      // Once through everything, so that all classes are there and all pools are made.
      soak(client, policy, Math.min(CALLS / 2, 20_000), 1);
      assertThat(client.stderr()).isEmpty();
      Level before = settled(client, service, policy, admin, new Steady());
      String told = soak(client, policy, CALLS, 2);
      Level after = settled(client, service, policy, admin, before::holds);

      System.out.println(jdk + ", soak: " + told + "\n  before " + before + "\n  after  " + after);
      assertThat(told).startsWith("calls=" + CALLS + " ").contains("200=", "503=");
      assertThat(client.stderr()).isEmpty();
    }
  }

  private static String soak(Jvm client, SoakPolicy policy, int calls, int seed) {
    client.ask("begin " + calls + " " + seed + " " + URL);
    for (int change = 1; change <= CHANGES; change++) {
      policy.change();
      long next = (long) calls * change / CHANGES;
      Poll.until("calls done", () -> Long.parseLong(client.ask("so-far")), n -> n >= next);
    }
    return client.ask("end");
  }

  /** Waits until nothing is under way any more, no connection is open, and the level is good. */
  private static Level settled(
      Jvm client, Jvm service, SoakPolicy policy, int admin, Predicate<Level> wanted) {
    policy.plain();
    Poll.until(
        "nothing under way",
        () -> client.ask("calls 20 " + URL) + " " + underWay(admin) + " " + service.ask("open"),
        answer -> answer.equals("{200=20} [] open=0"));
    return Poll.until("the level", () -> level(client.ask("level")), wanted);
  }

  private static Level level(String told) {
    Matcher level = LEVEL.matcher(told);
    assertThat(level.matches()).as(told).isTrue();
    return new Level(
        Integer.parseInt(level.group(1)),
        Integer.parseInt(level.group(2)),
        Integer.parseInt(level.group(3)));
  }

  /** What the agent counts that is not zero. */
  private static List<String> underWay(int admin) throws Exception {
    URI page = URI.create("http://127.0.0.1:" + admin + "/");
    String body = CLIENT.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString()).body();
    JsonNode status = JSON.readTree(body);
    assertThat(status.path("suppressedErrors").asInt(-1)).isZero();
    assertThat(status.path("load").size()).isPositive();
    List<String> busy = new ArrayList<>();
    for (Map.Entry<String, JsonNode> cluster : status.path("load").properties()) {
      for (String count : List.of("requests", "retries", "connections", "waiting")) {
        add(busy, cluster.getKey() + " " + count, cluster.getValue().path(count));
      }
      for (Map.Entry<String, JsonNode> each : cluster.getValue().path("endpoints").properties()) {
        add(busy, cluster.getKey() + " " + each.getKey(), each.getValue().path("active"));
      }
    }
    return busy;
  }

  private static void add(List<String> busy, String what, JsonNode count) {
    if (count.asLong(-1) != 0) {
      busy.add(what + "=" + count);
    }
  }
}
