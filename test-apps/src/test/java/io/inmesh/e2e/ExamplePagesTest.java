package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The pages under {@code examples/}, followed word by word: each command is typed into a shell,
 * what it prints is compared with the page, and on the way the shop is visited to see whether what
 * the page claims is so.
 */
class ExamplePagesTest {
  private static final String JASON = "end-user: jason";
  private static final String ANNA = "end-user: anna";

  /** One for each JDK, opened when first wanted: the pages leave nothing behind in it. */
  private static final Map<Jdk, OpenStorefront> STOREFRONTS = new LinkedHashMap<>();

  @TempDir private static Path folder = Path.of("");

  @AfterAll
  static void closeStorefronts() {
    STOREFRONTS.values().forEach(OpenStorefront::close);
    STOREFRONTS.clear();
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void requestRouting_jasonSeesV2_othersV1(Jdk jdk) throws Exception {
    OpenStorefront storefront = storefront(jdk);
    try (Reader reader = new Reader(Page.of("request-routing"), storefront.mesh())) {
      reader.through("00-all-v1.yaml");
      Poll.untilPasses(() -> assertThat(versions(storefront, 20, JASON)).containsOnly("v1"));
      reader.through("10-jason-v2.yaml");
      Poll.untilPasses(() -> assertThat(versions(storefront, 20, JASON)).containsOnly("v2"));
      assertThat(versions(storefront, 20, ANNA)).containsOnly("v1");
      assertThat(versions(storefront, 20)).containsOnly("v1");
      reader.toTheEnd();
      storefront.mesh().assertClean();
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void faultInjection_delayMeetsTheCallersOwnTimeout_abortIs500(Jdk jdk) throws Exception {
    OpenStorefront storefront = storefront(jdk);
    try (Reader reader = new Reader(Page.of("fault-injection"), storefront.mesh())) {
      // The page's own visits, six seconds and two, are looked at here as well.
      reader.through("10-payments-delay-7s.yaml");
      List<String> bug = reader.through("end-user: jason");
      assertThat(bug.toString()).contains("orders did not answer in time");
      assertThat(seconds(bug)).isBetween(6.0, 6.99);
      assertThat(storefront.visit("/", ANNA).millis()).isLessThan(2_000);

      reader.through("20-jason-v3.yaml");
      List<String> mended = reader.through("end-user: jason");
      assertThat(mended.toString()).contains("v3").contains("payments did not answer in time");
      assertThat(seconds(mended)).isBetween(2.0, 2.99);

      reader.through("30-payments-delay-1s.yaml");
      List<String> slow = reader.through("end-user: jason");
      assertThat(slow.toString()).contains("v3").contains("paid");
      assertThat(seconds(slow)).isBetween(1.0, 1.99);

      reader.through("40-payments-abort-500.yaml");
      String aborted = "payments answered 500: fault filter abort";
      Poll.untilPasses(() -> assertThat(storefront.visit("/", JASON).body()).contains(aborted));
      assertThat(storefront.visit("/", JASON).millis()).isLessThan(1_000);
      assertThat(storefront.visit("/", ANNA).body()).doesNotContain("error");
      reader.toTheEnd();
      storefront.mesh().assertClean();
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void trafficShifting_halfThenAll(Jdk jdk) throws Exception {
    OpenStorefront storefront = storefront(jdk);
    try (Reader reader = new Reader(Page.of("traffic-shifting"), storefront.mesh())) {
      reader.through("00-all-v1.yaml");
      Poll.untilPasses(() -> assertThat(versions(storefront, 50)).containsOnly("v1"));
      reader.through("10-half-v3.yaml");
      List<String> half = versions(storefront, 400);
      // Five standard deviations: one run in a million is further from the half.
      assertThat(half.stream().filter("v3"::equals).count()).isBetween(150L, 250L);
      assertThat(half).containsOnly("v1", "v3");
      reader.through("20-all-v3.yaml");
      Poll.untilPasses(() -> assertThat(versions(storefront, 50)).containsOnly("v3"));
      reader.toTheEnd();
      storefront.mesh().assertClean();
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void requestTimeouts_cutTheCallAfterHalfASecond(Jdk jdk) throws Exception {
    OpenStorefront storefront = storefront(jdk);
    try (Reader reader = new Reader(Page.of("request-timeouts"), storefront.mesh())) {
      reader.through("10-payments-delay-2s.yaml");
      List<String> slow = reader.through("curl");
      assertThat(slow.toString()).contains("\"state\":\"paid\"");
      assertThat(seconds(slow)).isGreaterThanOrEqualTo(2.0);

      reader.through("20-orders-timeout-half-a-second.yaml");
      List<String> cut = reader.through("curl");
      assertThat(cut.toString()).contains("orders answered 504: upstream request timeout");
      assertThat(seconds(cut)).isBetween(0.5, 1.99);
      assertThat(storefront.visit("/").status()).isEqualTo(502);
      reader.toTheEnd();
      storefront.mesh().assertClean();
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void circuitBreaking_refusesWhatIsTooMuch(Jdk jdk) throws Exception {
    OpenStorefront storefront = storefront(jdk);
    try (Reader reader = new Reader(Page.of("circuit-breaking"), storefront.mesh())) {
      String call = "GET / host=payments:8080 200";
      long before = storefront.logged("payments-v1", call);
      assertThat(reader.through("--calls 1").toString()).contains("\"statuses\":{\"200\":1}");
      assertThat(reader.through("--threads 2").toString()).contains("\"statuses\":{\"200\":20}");
      String tripped = reader.through("--threads 3").toString();
      Matcher counts = Pattern.compile("\"200\":(\\d+),\"503 UO\":(\\d+)}").matcher(tripped);
      assertThat(counts.find()).as(tripped).isTrue();
      int served = Integer.parseInt(counts.group(1));
      int refused = Integer.parseInt(counts.group(2));
      assertThat(served).isPositive();
      assertThat(refused).isPositive();
      assertThat(served + refused).isEqualTo(30);
      assertThat(tripped).contains("reset reason: overflow");
      // The refused ones were never sent, and nobody was ejected for them.
      assertThat(storefront.logged("payments-v1", call) - before).isEqualTo(1 + 20 + served);
      reader.toTheEnd();
      storefront.mesh().assertClean();
    }
  }

  @ParameterizedTest
  @MethodSource("io.inmesh.e2e.Jdk#all")
  void mirroring_v2GetsACopy_andNobodyNotices(Jdk jdk) throws Exception {
    OpenStorefront storefront = storefront(jdk);
    try (Reader reader = new Reader(Page.of("mirroring"), storefront.mesh())) {
      reader.through("00-all-v1.yaml");
      storefront.visit("/plain");
      reader.through("10-mirror-to-v2.yaml");
      Poll.until(
          "the first copy",
          () -> {
            storefront.visit("/try");
            return storefront.logged("orders-v2", "GET /try host=orders:8080 200");
          },
          count -> count > 0);
      for (int i = 0; i < 20; i++) {
        OpenStorefront.Visit visit = storefront.visit("/copied");
        assertThat(visit.status()).isEqualTo(200);
        assertThat(visit.body()).contains("\"version\":\"v1\"").doesNotContain("v2");
      }
      Poll.until(
          "the copies",
          () -> storefront.logged("orders-v2", "GET /copied host=orders:8080 200"),
          count -> count == 20);
      assertThat(storefront.logged("orders-v1", "GET /copied host=orders:8080 200")).isEqualTo(20);
      assertThat(storefront.logged("orders-v2", "GET /plain host=orders:8080 200")).isZero();
      reader.toTheEnd();
      storefront.mesh().assertClean();
    }
  }

  @Test
  void canary_sharesFollowTheWeights_andATypoIsRefused(@TempDir Path own) {
    try (PageMesh mesh = twoPorts(new PageMesh(Jdk.newest(), own));
        Reader typo = new Reader(Page.of("broken"), mesh);
        Reader reader = new Reader(Page.of("canary"), mesh)) {
      reader.through("00-v1-only.yaml");
      assertThat(served(reader.through("Load"), "v2")).isZero();
      reader.through("10-canary-90-10.yaml");
      typo.toTheEnd();
      // Here and below: five standard deviations.
      assertThat(served(reader.through("Load"), "v2")).isBetween(1, 42);
      reader.through("20-half.yaml");
      assertThat(served(reader.through("Load"), "v2")).isBetween(64, 136);
      reader.through("40-rollback.yaml");
      assertThat(served(reader.through("Load"), "v2")).isZero();
      reader.toTheEnd();
      mesh.assertClean();
    }
  }

  @Test
  void headerMatch_testersGetV2(@TempDir Path own) {
    try (PageMesh mesh = twoPorts(new PageMesh(Jdk.newest(), own));
        Reader reader = new Reader(Page.of("header-match"), mesh)) {
      assertThat(served(reader.through("x-user: tester"), "v2")).isEqualTo(100);
      assertThat(served(reader.through("Load"), "v1")).isEqualTo(100);
      reader.toTheEnd();
      mesh.assertClean();
    }
  }

  @Test
  void staticService_reachesWhoIsLeft(@TempDir Path own) {
    try (PageMesh mesh = new PageMesh(Jdk.newest(), own);
        Reader reader = new Reader(Page.of("static-service"), mesh)) {
      String both = reader.through("Load").toString();
      assertThat(both).contains("payments-9091").contains("payments-9092");
      String left = reader.through("Load").toString();
      assertThat(left).doesNotContain("payments-9091").contains("\"payments-9092\":100");
      reader.toTheEnd();
      mesh.assertClean();
    }
  }

  /** The pages that start two versions by hand say where; here that may be taken. */
  private static PageMesh twoPorts(PageMesh mesh) {
    List<String> ports =
        Stream.generate(Mesh::freePort)
            .map(String::valueOf)
            .filter(port -> !port.contains("90")) // So that none looks like another on the page.
            .distinct()
            .limit(2)
            .sorted()
            .toList();
    return mesh.place("9081", ports.get(0)).place("9082", ports.get(1));
  }

  private static OpenStorefront storefront(Jdk jdk) throws IOException {
    jdk.java(); // Skips the test if there is none.
    OpenStorefront open = STOREFRONTS.get(jdk);
    if (open == null) {
      Path own = Files.createDirectories(folder.resolve("jdk" + jdk.major()));
      open = new OpenStorefront(jdk, own);
      STOREFRONTS.put(jdk, open);
    }
    return open;
  }

  /** The versions of orders that served so many visitors. */
  private static List<String> versions(OpenStorefront storefront, int visits, String... headers) {
    Pattern version = Pattern.compile("\"orders\",\"version\":\"(v[0-9])\"");
    return IntStream.range(0, visits)
        .mapToObj(
            i -> {
              String body = storefront.visit("/", headers).body();
              Matcher matcher = version.matcher(body);
              return matcher.find() ? matcher.group(1) : body;
            })
        .toList();
  }

  /** How many calls of a Load a version served. */
  private static int served(List<String> printed, String version) {
    String line = printed.get(printed.size() - 1);
    assertThat(line).contains("\"failed\":0");
    Matcher count = Pattern.compile("\"versions\":.*?\"" + version + "\":(\\d+).*?}").matcher(line);
    return count.find() ? Integer.parseInt(count.group(1)) : 0;
  }

  /** What curl says that the call took. */
  private static double seconds(List<String> printed) {
    String last = printed.get(printed.size() - 1);
    return Double.parseDouble(last.substring(0, last.indexOf(' ')));
  }
}
