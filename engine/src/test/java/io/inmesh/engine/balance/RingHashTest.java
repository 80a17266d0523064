package io.inmesh.engine.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.LbPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Places are those of Envoy's own unit tests, and of the real Envoy's golden cases. */
class RingHashTest {
  private static final long MAXIMUM = 8_388_608;

  private static LoadBalancer ring(List<HashedEndpoint> endpoints, long minimum, long maximum) {
    return new RingHash(endpoints, new LbPolicy.RingHash(minimum, maximum));
  }

  private static LoadBalancer ring(List<HashedEndpoint> endpoints, long minimum) {
    return ring(endpoints, minimum, MAXIMUM);
  }

  /** How many of evenly spread keys go to each port from 90. */
  private static int[] counts(LoadBalancer ring, int ports, int keys) {
    int[] counts = new int[ports];
    for (int i = 0; i < keys; i++) {
      counts[Hashing.port(ring, i * Long.divideUnsigned(-1, keys)) - 90]++;
    }
    return counts;
  }

  @Test
  void pick_key_firstPlaceAtOrAfterIt() {
    LoadBalancer ring =
        ring(Hashing.from90(1 / 6.0, 1 / 6.0, 1 / 6.0, 1 / 6.0, 1 / 6.0, 1 / 6.0), 12);

    assertThat(Hashing.port(ring, 0)).isEqualTo(94);
    assertThat(Hashing.port(ring, -1)).isEqualTo(94);
    assertThat(Hashing.port(ring, 3551244743356806947L)).isEqualTo(95);
    assertThat(Hashing.port(ring, 3551244743356806948L)).isEqualTo(93);
    assertThat(Hashing.port(ring, Long.parseUnsignedLong("16117243373044804880"))).isEqualTo(90);
    assertThat(Hashing.port(ring, Long.parseUnsignedLong("16117243373044804890"))).isEqualTo(94);
  }

  @Test
  void pick_notWanted_nextPlaces() {
    LoadBalancer ring =
        ring(Hashing.from90(1 / 6.0, 1 / 6.0, 1 / 6.0, 1 / 6.0, 1 / 6.0, 1 / 6.0), 12);

    // :94, :92, :90, :95, :93, :91, :91 stand there in this order.
    List<Integer> ports = new ArrayList<>();
    for (int attempt = 0; attempt < 7; attempt++) {
      ports.add(Hashing.port(ring, 0, attempt));
    }
    assertThat(ports).containsExactly(94, 92, 90, 95, 93, 91, 91);
  }

  @Test
  void ring_sizeFixed_placesByShare() {
    LoadBalancer ring = ring(Hashing.from90(1 / 9.0, 2 / 9.0, 2 / 9.0, 4 / 9.0), 9, 9);
    Map<String, Integer> owners =
        Map.of(
            "928266305478181108", 92,
            "3851675632748031481", 93,
            "5583722120771150861", 91,
            "6311230543546372928", 91,
            "7700377290971790572", 93,
            "12559126875973811811", 93,
            "13444792449719432967", 92,
            "13784988426630141778", 93,
            "16117243373044804889", 90);

    owners.forEach(
        (key, port) ->
            assertThat(Hashing.port(ring, Long.parseUnsignedLong(key))).as(key).isEqualTo(port));
  }

  @Test
  void ring_largeEnough_sharesAsEnvoy() {
    LoadBalancer three = ring(Hashing.from90(1 / 6.0, 2 / 6.0, 3 / 6.0), 6144);
    assertThat(counts(three, 3, 6000)).containsExactly(987, 1932, 3081);

    LoadBalancer four = ring(Hashing.from90(1 / 9.0, 2 / 9.0, 2 / 9.0, 4 / 9.0), 9216);
    assertThat(counts(four, 4, 9000)).containsExactly(924, 2009, 2053, 4014);
  }

  @Test
  void ring_maximumBelowWhatIsNeeded_scaledDown() {
    assertThat(counts(ring(Hashing.from90(0.5, 0.5), 1023, 1023), 2, 1023))
        .containsExactly(526, 497);
    int[] counts = counts(ring(Hashing.from90(0.25, 0.25, 0.25, 0.25), 2, 2), 4, 1024);
    assertThat(Arrays.stream(counts).filter(count -> count == 0).count()).isEqualTo(2);
  }

  @Test
  void ring_sizeZero_nobody() {
    assertThat(ring(Hashing.from90(0.5, 0.5), 0).pick(new Random(1), 7, 0)).isNull();
  }

  @Test
  void golden_payments_asTheRealEnvoy() {
    check(
        ring(Hashing.numbered("127.1.2.", 7000, 3), 1024),
        "127.1.2.",
        Map.ofEntries(
            Map.entry("a", 2),
            Map.entry("b", 1),
            Map.entry("c", 1),
            Map.entry("d", 1),
            Map.entry("e", 3),
            Map.entry("user-1", 1),
            Map.entry("user-2", 1),
            Map.entry("user-3", 3),
            Map.entry("jason", 1),
            Map.entry("mary", 2),
            Map.entry("", 2),
            Map.entry("x y", 3)));
  }

  @Test
  void golden_catalog_asTheRealEnvoy() {
    check(
        ring(Hashing.numbered("127.1.4.", 7000, 10), 1024),
        "127.1.4.",
        Map.ofEntries(
            Map.entry("a", 7),
            Map.entry("b", 6),
            Map.entry("c", 1),
            Map.entry("d", 4),
            Map.entry("e", 1),
            Map.entry("user-1", 8),
            Map.entry("user-2", 7),
            Map.entry("user-3", 3),
            Map.entry("jason", 3),
            Map.entry("mary", 8),
            Map.entry("", 5),
            Map.entry("x y", 7)));
  }

  @Test
  void golden_ringSizes_asTheRealEnvoy() {
    check(
        ring(Hashing.numbered("127.1.2.", 7000, 3), 8),
        "127.1.2.",
        Map.of("a", 2, "c", 1, "user-1", 1, "user-3", 2, "", 1, "x y", 3));
    check(
        ring(Hashing.numbered("127.1.2.", 7000, 3), 4096),
        "127.1.2.",
        Map.of("a", 1, "e", 3, "user-2", 2, "user-3", 3, "jason", 2, "mary", 1));
  }

  private static void check(LoadBalancer ring, String prefix, Map<String, Integer> owners) {
    owners.forEach(
        (text, number) ->
            assertThat(Hashing.address(ring, XxHash64.hash(text, 0)))
                .as(text)
                .isEqualTo(prefix + number));
  }

  @Test
  void golden_endpointEjected_asTheRealEnvoy() {
    List<HashedEndpoint> left = new ArrayList<>();
    left.add(new HashedEndpoint(Hashing.load("127.1.2.1", 7000, 1), 0.5));
    left.add(new HashedEndpoint(Hashing.load("127.1.2.3", 7000, 1), 0.5));
    // With all three, e belonged to 3: a ring of one size has more places for each of two.
    check(
        ring(left, 1024),
        "127.1.2.",
        Map.of("a", 1, "b", 1, "e", 1, "user-3", 3, "jason", 1, "mary", 3, "", 1, "x y", 3));
  }

  @Test
  void endpointLeaves_othersKeepTheirPlaces_onlyItsKeysMove() {
    for (int count : new int[] {3, 10, 100}) {
      LoadBalancer all = ring(Hashing.numbered("10.0.0.", 80, count), 1024L * count);
      LoadBalancer left = ring(Hashing.numbered("10.0.0.", 80, count - 1), 1024L * (count - 1));
      assertThat(Kept.part(all, left)).as("of %s", count).isGreaterThanOrEqualTo(1 - 1.1 / count);
    }
  }

  @Test
  void key_ipv6_inBrackets() {
    assertThat(new HashedEndpoint(Hashing.load("2001:db8::1", 80, 1), 1).key())
        .isEqualTo("[2001:db8::1]:80");
  }
}
