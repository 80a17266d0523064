package io.inmesh.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inmesh.cli.demo.CommandRunner.Ran;
import io.inmesh.cli.demo.Storefront.Instance;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A canary release from its first call to its rollback, with a mistake and a crash on the way.
 * Every step says what it expects, counts calls, and says whether that held.
 */
public final class CanaryStory {

  private static final int CALLS_PER_SECOND = 400;
  private static final int CALLS_PER_STEP = 2_000;
  private static final long START_MILLIS = 30_000;
  private static final long STEP_MILLIS = 20_000;
  private static final long REDRAW_MILLIS = 250;
  private static final long SETTLE_MILLIS = 600;
  private static final Pattern URL = Pattern.compile("listening on (http://\\S+)");

  /** Percentage points; at 2,000 calls a tenth varies by 0.7 (one standard deviation). */
  private static final double CANARY_TOLERANCE = 3.0;

  private static final double HALF_TOLERANCE = 5.0;

  private final CommandRunner meshctl;
  private final ObjectMapper json;
  private final Narrator narrator;
  private final Storefront storefront;
  private final Children children;
  private final Path examples;
  private final Path typo;
  private final Traffic traffic = new Traffic();

  private String server = "";

  CanaryStory(
      CommandRunner meshctl,
      ObjectMapper json,
      Narrator narrator,
      Storefront storefront,
      Children children) {
    this.meshctl = meshctl;
    this.json = json;
    this.narrator = narrator;
    this.storefront = storefront;
    this.children = children;
    this.examples = relative(storefront.home().resolve("examples/canary"));
    this.typo = relative(storefront.home().resolve("examples/broken/typo.yaml"));
  }

  /** Tells the story; the control server's URL. */
  String tell(Path ownClasses) {
    startControlServer(ownClasses);
    Running secondV2 = startStorefront();
    firstVersionOnly();
    canary();
    half();
    typo();
    crash(secondV2);
    rollback();
    return server;
  }

  private void startControlServer(Path ownClasses) {
    narrator.chapter("A control server on a free port");
    narrator.command("./meshctl server --listen 127.0.0.1:0 --data DIR");
    Process process = children.start("control-server", storefront.controlServer(ownClasses));
    await(
        "the control server",
        "control-server",
        () -> {
          Matcher ready = URL.matcher(children.logTail("control-server", 20));
          server = ready.find() ? ready.group(1) : "";
          return !server.isEmpty() || !process.isAlive();
        });
    if (server.isEmpty()) {
      throw new StoryException(
          "the control server did not start:\n" + children.logTail("control-server", 20));
    }
    narrator.output(children.logTail("control-server", 1));
  }

  private Running startStorefront() {
    narrator.chapter(
        "A storefront: orders v1, orders v2 twice, and a shop that calls http://orders:8080/");
    startOrders("v1");
    startOrders("v2");
    Running secondV2 = startOrders("v2");
    int shopPort = Storefront.freePort();
    List<String> shop = storefront.instance(server, "", Instance.shop(shopPort));
    narrator.command(storefront.typed(shop));
    children.start("shop", shop);
    await("the agents", "shop", () -> connectedAgents() >= 4);
    run("apply", "-f", examples.resolve("00-v1-only.yaml").toString());
    run("agents");
    List<String> load = storefront.load(shopPort, CALLS_PER_SECOND);
    narrator.say(
        "Visitors come, " + CALLS_PER_SECOND + " a second; the app has no idea of a mesh:");
    narrator.command(storefront.typed(load));
    Process visitors = children.startReading("load", load);
    traffic.follow(
        new BufferedReader(
            new InputStreamReader(visitors.getInputStream(), StandardCharsets.UTF_8)),
        json);
    return secondV2;
  }

  /** An instance of orders, and the name under which its answers are counted. */
  private record Running(String name, Process process) {}

  private Running startOrders(String version) {
    int port = Storefront.freePort();
    List<String> orders = storefront.instance(server, "", Instance.orders(version, port));
    narrator.command(storefront.typed(orders));
    return new Running("orders-" + port, children.start("orders-" + version + "-" + port, orders));
  }

  private void firstVersionOnly() {
    narrator.chapter("1. Every call goes to v1");
    Counts counts = count();
    narrator.verdict(
        counts.version("v1") == counts.calls() && enough(counts),
        "100 % v1: " + Narrator.summary(counts) + failure(counts));
  }

  private void canary() {
    narrator.chapter("2. A canary: v2 gets one call in ten, while traffic flows");
    Counts before = traffic.latest();
    Ran ran = run("apply", "-f", examples.resolve("10-canary-90-10.yaml").toString());
    Counts first = traffic.await(now -> now.since(before).version("v2") > 0, STEP_MILLIS);
    narrator.say(
        String.format(
            Locale.ROOT,
            "  the first call reached v2 within %.1f s",
            (first.millis() - before.millis()) / 1_000.0));
    Counts counts = settleAndCount(before);
    narrator.verdict(
        ran.code() == 0 && near(counts, 10, CANARY_TOLERANCE) && enough(counts),
        "90/10: " + Narrator.summary(counts) + failure(counts));
  }

  private void half() {
    narrator.chapter("3. It looks good: half of the calls");
    Counts before = traffic.latest();
    Ran ran = run("apply", "-f", examples.resolve("20-half.yaml").toString());
    Counts counts = settleAndCount(before);
    narrator.verdict(
        ran.code() == 0 && near(counts, 50, HALF_TOLERANCE) && enough(counts),
        "50/50: " + Narrator.summary(counts) + failure(counts));
  }

  private void typo() {
    narrator.chapter("4. A typo is refused, and nothing changes");
    String version = storedVersion();
    Counts before = traffic.latest();
    Ran ran = run("apply", "-f", typo.toString());
    boolean refused = ran.code() == 1 && ran.err().contains("weigth");
    boolean same = !version.isEmpty() && version.equals(storedVersion());
    Counts counts = settleAndCount(before);
    narrator.verdict(
        refused && same && near(counts, 50, HALF_TOLERANCE) && enough(counts),
        "typo refused, still 50/50: " + Narrator.summary(counts) + failure(counts));
  }

  private void crash(Running victim) {
    narrator.chapter("5. One of the two instances of v2 dies");
    Counts before = traffic.latest();
    narrator.command("kill -9 " + victim.process().pid() + "    # " + victim.name());
    victim.process().destroyForcibly();
    Counts settled = settle(before);
    Counts counts = count();
    long late = counts.instances().getOrDefault(victim.name(), 0L);
    Counts whole = traffic.latest().since(before);
    boolean unhurt = whole.failed() == 0 && settled.failed() == before.failed() && late == 0;
    narrator.verdict(
        unhurt && near(counts, 50, HALF_TOLERANCE) && enough(counts),
        "one v2 killed, traffic unhurt: " + Narrator.summary(whole) + failure(whole));
  }

  private void rollback() {
    narrator.chapter("6. Rollback");
    Counts before = traffic.latest();
    Ran ran = run("apply", "-f", examples.resolve("40-rollback.yaml").toString());
    Counts settled = settle(before);
    Counts counts = count();
    boolean unhurt = settled.failed() == before.failed();
    narrator.verdict(
        ran.code() == 0 && unhurt && counts.version("v1") == counts.calls() && enough(counts),
        "rolled back to v1: " + Narrator.summary(counts) + failure(counts));
  }

  /** Counts the calls of a step; those on the way while a change arrives only must not fail. */
  private Counts settleAndCount(Counts before) {
    Counts settled = settle(before);
    Counts counts = count();
    long failedWhileSettling = settled.failed() - before.failed();
    return new Counts(
        counts.millis(),
        counts.calls() + failedWhileSettling,
        counts.failed() + failedWhileSettling,
        counts.versions(),
        counts.instances(),
        counts.lastFailure());
  }

  private Counts settle(Counts before) {
    return traffic.await(
        now -> now.millis() - before.millis() >= SETTLE_MILLIS, 10 * SETTLE_MILLIS);
  }

  private Counts count() {
    Counts start = traffic.latest();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STEP_MILLIS);
    Counts counts = Counts.NONE;
    while (counts.calls() < CALLS_PER_STEP && System.nanoTime() < deadline) {
      long shown = start.millis() + counts.millis();
      counts = traffic.await(now -> now.millis() >= shown + REDRAW_MILLIS, 2_000).since(start);
      if (counts.calls() < CALLS_PER_STEP) {
        narrator.traffic(counts);
      }
    }
    narrator.finalTraffic(counts);
    return counts;
  }

  private static boolean near(Counts counts, double percent, double tolerance) {
    return Math.abs(counts.share("v2") - percent) <= tolerance;
  }

  private static boolean enough(Counts counts) {
    return counts.failed() == 0 && counts.calls() >= CALLS_PER_STEP;
  }

  private static String failure(Counts counts) {
    return counts.failed() == 0 ? "" : " (" + counts.lastFailure() + ")";
  }

  private Ran run(String... args) {
    narrator.command("./meshctl " + String.join(" ", args));
    Ran ran = meshctl.run(server, List.of(args));
    narrator.output(ran.out());
    narrator.output(ran.err());
    return ran;
  }

  private String storedVersion() {
    Ran ran = meshctl.run(server, List.of("get", "vs", "orders", "-o", "json"));
    return tree(ran.out()).path("metadata").path("resourceVersion").asText();
  }

  private long connectedAgents() {
    long connected = 0;
    Ran ran = meshctl.run(server, List.of("agents", "-o", "json"));
    for (JsonNode agent : tree(ran.out()).path("items")) {
      connected += agent.path("state").asText().equals("connected") ? 1 : 0;
    }
    return connected;
  }

  private JsonNode tree(String text) {
    try {
      return json.readTree(text);
    } catch (IOException e) {
      throw new StoryException("meshctl printed what is no JSON: " + text, e);
    }
  }

  private void await(String what, String log, BooleanSupplier ready) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
    while (!ready.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new StoryException(
            what
                + " did not come up within "
                + START_MILLIS / 1_000
                + " s:\n"
                + children.logTail(log, 20));
      }
      traffic.await(now -> false, 100);
    }
  }

  private static Path relative(Path path) {
    Path here = Path.of("").toAbsolutePath();
    return path.startsWith(here) ? here.relativize(path) : path;
  }
}
