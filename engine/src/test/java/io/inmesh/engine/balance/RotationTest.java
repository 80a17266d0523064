package io.inmesh.engine.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.CircuitBreakers;
import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.ConnectionLimits;
import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.EndpointGroup;
import io.inmesh.engine.model.LbPolicy;
import io.inmesh.engine.model.LbPolicy.SlowStart;
import io.inmesh.engine.model.Locality;
import io.inmesh.engine.model.OutlierDetection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who gets calls while endpoints come, fail and return; on a fake clock. */
class RotationTest {
  private static final OutlierDetection FIRST_ERROR =
      new OutlierDetection(
          1,
          0,
          0,
          false,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(300),
          100,
          false);

  private final Random random = new Random(4711);
  private final AtomicLong clock = new AtomicLong();

  private static Cluster cluster(LbPolicy policy, double panicThreshold, EndpointGroup... groups) {
    return new Cluster(
        "c",
        policy,
        List.of(groups),
        ConnectionLimits.DEFAULT,
        CircuitBreakers.UNLIMITED,
        FIRST_ERROR,
        panicThreshold);
  }

  /** So many endpoints of weight 1, numbered from 1. */
  private static EndpointGroup group(String name, int priority, int weight, int count) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      endpoints.add(new Endpoint(name + i, 80, 1));
    }
    return new EndpointGroup(new Locality("r", name, ""), priority, weight, endpoints);
  }

  private ClusterLoad load(Cluster cluster) {
    return load(cluster, null);
  }

  private ClusterLoad load(Cluster cluster, @Nullable ClusterLoad before) {
    return new ClusterLoad(cluster, before, random, clock::get);
  }

  private void pass(double seconds) {
    clock.addAndGet((long) (seconds * 1e9));
  }

  /** Makes the named endpoint fail once, which ejects it. */
  private static void fail(ClusterLoad load, String... addresses) {
    for (String address : addresses) {
      EndpointLoad bad = null;
      for (int i = 0; i < 100_000 && bad == null; i++) {
        EndpointLoad picked =
            Objects.requireNonNull(
                load.pick(new Pick(List.of(), 0, true, i * 0x9E3779B97F4A7C15L)));
        bad = picked.endpoint().address().equals(address) ? picked : null;
      }
      Objects.requireNonNull(bad, address).responded(503);
    }
  }

  /** How many of so many picks go to each endpoint. */
  private static Map<String, Integer> picks(ClusterLoad load, int times) {
    Map<String, Integer> counts = new TreeMap<>();
    for (int i = 0; i < times; i++) {
      EndpointLoad picked = load.pick(Pick.ANY);
      counts.merge(picked == null ? "none" : picked.endpoint().address(), 1, Integer::sum);
    }
    return counts;
  }

  @Test
  void ejected_anyPolicy_notPickedUntilItReturns() {
    for (LbPolicy policy :
        List.of(
            LbPolicy.LEAST_REQUEST,
            LbPolicy.ROUND_ROBIN,
            new LbPolicy.Random(),
            new LbPolicy.RingHash(1024, 4096),
            new LbPolicy.Maglev(251))) {
      ClusterLoad load = load(cluster(policy, 0, group("a", 0, 0, 3)));
      fail(load, "a2");
      assertThat(picks(load, 200)).as("%s", policy).containsOnlyKeys("a1", "a3");
      pass(29.9);
      assertThat(picks(load, 200)).as("%s", policy).containsOnlyKeys("a1", "a3");
      pass(0.1);
      assertThat(picks(load, 200)).as("%s", policy).containsOnlyKeys("a1", "a2", "a3");
    }
  }

  @Test
  void hashing_endpointEjected_itsKeysMoveAndComeBack() {
    ClusterLoad load = load(cluster(new LbPolicy.RingHash(1024, 4096), 0, group("a", 0, 0, 5)));
    List<String> before = owners(load);
    fail(load, "a2");
    List<String> meanwhile = owners(load);
    int moved = 0;
    for (int i = 0; i < before.size(); i++) {
      assertThat(meanwhile.get(i)).isNotEqualTo("a2");
      moved += meanwhile.get(i).equals(before.get(i)) ? 0 : 1;
    }
    // A fifth, and some of the others' own: they share the ring's size, and stand on more places.
    assertThat(moved).isBetween(200, 400);
    pass(30);
    assertThat(owners(load)).isEqualTo(before);
  }

  private static List<String> owners(ClusterLoad load) {
    List<String> owners = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      Pick pick = new Pick(List.of(), 0, true, XxHash64.hash("k" + i, 0));
      owners.add(Objects.requireNonNull(load.pick(pick)).endpoint().address());
    }
    return owners;
  }

  @Test
  void roundRobin_ejectedAndBack_evenAmongThoseThatAreIn() {
    ClusterLoad load = load(cluster(LbPolicy.ROUND_ROBIN, 0, group("a", 0, 0, 3)));
    fail(load, "a1");
    assertThat(picks(load, 10)).isEqualTo(Map.of("a2", 5, "a3", 5));
    pass(30);
    assertThat(picks(load, 9)).isEqualTo(Map.of("a1", 3, "a2", 3, "a3", 3));
  }

  @Test
  void allEjected_panicOff_null() {
    ClusterLoad load = load(cluster(LbPolicy.ROUND_ROBIN, 0, group("a", 0, 0, 2)));
    fail(load, "a1", "a2");
    assertThat(picks(load, 5)).isEqualTo(Map.of("none", 5));
    pass(30);
    assertThat(picks(load, 4)).isEqualTo(Map.of("a1", 2, "a2", 2));
  }

  @Test
  void allEjected_panicOn_allAreUsed() {
    ClusterLoad load = load(cluster(LbPolicy.ROUND_ROBIN, 50, group("a", 0, 0, 4)));
    fail(load, "a1", "a2");
    assertThat(picks(load, 4)).isEqualTo(Map.of("a3", 2, "a4", 2));
    fail(load, "a3");
    assertThat(picks(load, 8)).isEqualTo(Map.of("a1", 2, "a2", 2, "a3", 2, "a4", 2));
  }

  @Test
  void priorities_firstFails_nextTakesWhatItCannot() {
    ClusterLoad load =
        load(cluster(LbPolicy.ROUND_ROBIN, 0, group("b", 1, 0, 1), group("a", 0, 0, 2)));
    assertThat(picks(load, 100)).containsOnlyKeys("a1", "a2");
    fail(load, "a1");
    Map<String, Integer> seventy = picks(load, 10_000);
    assertThat(seventy).containsOnlyKeys("a2", "b1");
    assertThat(seventy.get("a2")).isBetween(6_800, 7_200);
    fail(load, "a2");
    assertThat(picks(load, 100)).isEqualTo(Map.of("b1", 100));
    pass(30);
    assertThat(picks(load, 100)).containsOnlyKeys("a1", "a2");
  }

  @Test
  void localities_weights_exactByTurn() {
    ClusterLoad load =
        load(cluster(LbPolicy.ROUND_ROBIN, 0, group("a", 0, 80, 2), group("b", 0, 20, 3)));
    assertThat(picks(load, 60)).isEqualTo(Map.of("a1", 24, "a2", 24, "b1", 4, "b2", 4, "b3", 4));
  }

  @Test
  void localities_partAvailable_overprovisionedShare() {
    ClusterLoad load =
        load(cluster(LbPolicy.ROUND_ROBIN, 0, group("a", 0, 1, 2), group("b", 0, 1, 5)));
    // 4 of 5, by 1.4, is enough for the whole weight; 1 of 2 for 0.7 of it.
    fail(load, "b1");
    Map<String, Integer> even = picks(load, 4_000);
    assertThat(part(even, "a1") + part(even, "a2")).isEqualTo(0.5);
    fail(load, "a1");
    Map<String, Integer> less = picks(load, 17_000);
    assertThat(less.get("a2")).isBetween(6_990, 7_010);
  }

  @Test
  void localities_weightZero_onlyWhenNobodyElseIsLeft() {
    ClusterLoad load =
        load(cluster(LbPolicy.ROUND_ROBIN, 0, group("a", 0, 1, 1), group("b", 0, 0, 2)));
    assertThat(picks(load, 20)).isEqualTo(Map.of("a1", 20));
    fail(load, "a1");
    assertThat(picks(load, 20)).isEqualTo(Map.of("b1", 10, "b2", 10));
  }

  @Test
  void localities_noWeights_byTheirEndpoints() {
    ClusterLoad load =
        load(cluster(LbPolicy.ROUND_ROBIN, 0, group("a", 0, 0, 1), group("b", 0, 0, 3)));
    assertThat(picks(load, 8)).isEqualTo(Map.of("a1", 2, "b1", 2, "b2", 2, "b3", 2));
  }

  @Test
  void localities_hashing_weightIsSharedOut() {
    ClusterLoad load =
        load(cluster(new LbPolicy.Maglev(65_537), 0, group("a", 0, 3, 1), group("b", 0, 1, 3)));
    int[] counts = new int[2];
    for (int i = 0; i < 65_537; i++) {
      EndpointLoad picked = Objects.requireNonNull(load.pick(new Pick(List.of(), 0, true, i)));
      counts[picked.endpoint().address().startsWith("a") ? 0 : 1]++;
    }
    assertThat(counts[0] / 65_537.0).isBetween(0.749, 0.751);
  }

  @Test
  void newSnapshot_ejectedStaysSo_removedIsForgotten() {
    ClusterLoad load = load(cluster(LbPolicy.ROUND_ROBIN, 0, group("a", 0, 0, 3)));
    fail(load, "a1", "a3");
    ClusterLoad two = load(cluster(LbPolicy.ROUND_ROBIN, 0, group("a", 0, 0, 2)), load);
    assertThat(picks(two, 5)).isEqualTo(Map.of("a2", 5));

    ClusterLoad three = load(cluster(LbPolicy.ROUND_ROBIN, 0, group("a", 0, 0, 3)), two);
    assertThat(picks(three, 6)).isEqualTo(Map.of("a2", 3, "a3", 3));
    // A call of the first snapshot fails late.
    fail(load, "a2");
    assertThat(picks(three, 6)).isEqualTo(Map.of("a3", 6));
    pass(30);
    assertThat(picks(three, 6)).isEqualTo(Map.of("a1", 2, "a2", 2, "a3", 2));
  }

  @Test
  void newSnapshot_sameEndpoints_countsAndEjectionsStay() {
    ClusterLoad load = load(cluster(LbPolicy.ROUND_ROBIN, 0, group("a", 0, 0, 3)));
    fail(load, "a1");
    EndpointLoad held = Objects.requireNonNull(load.pick(Pick.ANY));
    held.acquire();

    ClusterLoad next = load(cluster(new LbPolicy.Random(), 0, group("a", 0, 0, 3)), load);
    assertThat(picks(next, 50)).containsOnlyKeys("a2", "a3");
    assertThat(next.state().endpoints()).extracting(EndpointState::active).contains(1);
    held.release();
    assertThat(next.state().endpoints()).extracting(EndpointState::active).containsOnly(0);
    pass(30);
    assertThat(picks(next, 50)).containsOnlyKeys("a1", "a2", "a3");
  }

  @Test
  void newSnapshots_nobodyCalledBetween_countsAndEjectionsStay() {
    ClusterLoad load = load(cluster(LbPolicy.ROUND_ROBIN, 0, group("a", 0, 0, 3)));
    fail(load, "a1");
    EndpointLoad held = Objects.requireNonNull(load.pick(Pick.ANY));
    held.acquire();

    ClusterLoad next = load(cluster(LbPolicy.ROUND_ROBIN, 0, group("a", 0, 0, 5)), load);
    ClusterLoad last = load(cluster(LbPolicy.ROUND_ROBIN, 0, group("a", 0, 0, 4)), next);

    assertThat(picks(last, 30)).containsOnlyKeys("a2", "a3", "a4");
    assertThat(last.state().endpoints()).extracting(EndpointState::active).contains(1);
    // A call under way sees the one between for the first time: a4 is another there, and none that
    // the detector knows.
    fail(next, "a2", "a4", "a5");
    assertThat(picks(last, 30)).containsOnlyKeys("a3", "a4");
  }

  @Test
  void newSnapshots_detectionOffBetween_beginsAnew() {
    Cluster on = cluster(LbPolicy.ROUND_ROBIN, 0, group("a", 0, 0, 2));
    ClusterLoad load = load(on);
    fail(load, "a1");

    ClusterLoad again = load(on, load(withoutDetection(on), load));
    assertThat(picks(again, 4)).isEqualTo(Map.of("a1", 2, "a2", 2));
    fail(again, "a1");
    assertThat(picks(again, 4)).isEqualTo(Map.of("a2", 4));
    pass(30);
    assertThat(picks(again, 4)).isEqualTo(Map.of("a1", 2, "a2", 2));
  }

  private static Cluster withoutDetection(Cluster on) {
    return new Cluster(
        "c",
        LbPolicy.ROUND_ROBIN,
        on.groups(),
        ConnectionLimits.DEFAULT,
        CircuitBreakers.UNLIMITED,
        null,
        0);
  }

  @Test
  void newSnapshot_detectionOn_beginsToCount() {
    Cluster on = cluster(LbPolicy.ROUND_ROBIN, 0, group("a", 0, 0, 2));
    ClusterLoad before = load(withoutDetection(on));
    fail(before, "a1");
    assertThat(picks(before, 4)).isEqualTo(Map.of("a1", 2, "a2", 2));
    ClusterLoad load = load(on, before);
    fail(load, "a1");
    assertThat(picks(load, 4)).isEqualTo(Map.of("a2", 4));
  }

  @Test
  void tried_everybodyElseInAnotherPriority_staysWhereCallsGo() {
    ClusterLoad load =
        load(cluster(LbPolicy.ROUND_ROBIN, 0, group("a", 0, 0, 2), group("b", 1, 0, 2)));
    List<Endpoint> both = load.cluster().groups().get(0).endpoints();
    Pick pick = new Pick(both, 5, false, 0);
    for (int i = 0; i < 20; i++) {
      assertThat(both).contains(Objects.requireNonNull(load.pick(pick)).endpoint());
    }
    // One is ejected: the next priority has a part, and is better than a tried one.
    fail(load, "a1");
    for (int i = 0; i < 20; i++) {
      assertThat(both).doesNotContain(Objects.requireNonNull(load.pick(pick)).endpoint());
    }
  }

  @Test
  void newSnapshot_detectionOff_allAreBack() {
    Cluster cluster = cluster(LbPolicy.ROUND_ROBIN, 0, group("a", 0, 0, 2));
    ClusterLoad load = load(cluster);
    fail(load, "a1");
    Cluster off =
        new Cluster(
            "c",
            LbPolicy.ROUND_ROBIN,
            cluster.groups(),
            ConnectionLimits.DEFAULT,
            CircuitBreakers.UNLIMITED,
            null,
            0);
    assertThat(picks(load(off, load), 4)).isEqualTo(Map.of("a1", 2, "a2", 2));
  }

  @Test
  void state_ejectedAndBusy_told() {
    ClusterLoad load = load(cluster(LbPolicy.ROUND_ROBIN, 0, group("a", 0, 0, 2)));
    pass(2);
    fail(load, "a1");
    EndpointLoad other = Objects.requireNonNull(load.pick(Pick.ANY));
    other.acquire();
    load.beginRequest();

    ClusterState state = load.state();
    assertThat(state.requests()).isEqualTo(1);
    assertThat(state.endpoints())
        .containsExactly(
            new EndpointState(new Endpoint("a1", 80, 1), 0, Duration.ofSeconds(38), 0, 1, 0, 1, 1),
            new EndpointState(new Endpoint("a2", 80, 1), 1, null, 0, 0, 0, 0, 1));
    assertThat(state.priorities()).containsExactly(new ClusterState.PriorityState(0, 100, false));
    pass(38);
    assertThat(load.state().endpoints().get(0).ejectedFor()).isNull();
    assertThat(load.state().endpoints().get(0).ejections()).isEqualTo(1);
  }

  // Slow start.

  private static final SlowStart TEN_SECONDS = new SlowStart(Duration.ofSeconds(10), 10, 1);

  private static double part(Map<String, Integer> counts, String address) {
    int all = counts.values().stream().mapToInt(i -> i).sum();
    return counts.getOrDefault(address, 0) / (double) all;
  }

  @Test
  void warmUp_allAreNew_even() {
    for (LbPolicy policy :
        List.of(new LbPolicy.RoundRobin(TEN_SECONDS), new LbPolicy.LeastRequest(TEN_SECONDS))) {
      Map<String, Integer> counts = picks(load(cluster(policy, 0, group("a", 0, 0, 2))), 20_000);
      assertThat(part(counts, "a1")).isBetween(0.48, 0.52);
    }
  }

  @Test
  void warmUp_newcomer_shareGrowsWithItsAge() {
    for (LbPolicy policy :
        List.of(new LbPolicy.RoundRobin(TEN_SECONDS), new LbPolicy.LeastRequest(TEN_SECONDS))) {
      ClusterLoad load = load(cluster(policy, 0, group("a", 0, 0, 1)));
      pass(60);
      load = load(cluster(policy, 0, group("a", 0, 0, 2)), load);

      assertThat(load.state().endpoints())
          .extracting(EndpointState::warmUp)
          .containsExactly(1.0, 0.1);
      // At first the minimum of 10 %, then its age's part of the window; of the other's 100 %.
      assertThat(part(picks(load, 20_000), "a2")).isBetween(0.08, 0.10);
      pass(0.5);
      assertThat(part(picks(load, 20_000), "a2")).isBetween(0.08, 0.10);
      pass(4.5);
      assertThat(part(picks(load, 20_000), "a2")).isBetween(0.32, 0.35);
      assertThat(load.state().endpoints().get(1).warmUp()).isEqualTo(0.5);
      pass(5);
      assertThat(part(picks(load, 20_000), "a2")).isBetween(0.48, 0.52);
      assertThat(load.state().endpoints().get(1).warmUp()).isEqualTo(1);
    }
  }

  @Test
  void warmUp_aggression_bendsTheCurve() {
    LbPolicy policy = new LbPolicy.RoundRobin(new SlowStart(Duration.ofSeconds(10), 10, 2));
    ClusterLoad load = load(cluster(policy, 0, group("a", 0, 0, 1)));
    pass(60);
    load = load(cluster(policy, 0, group("a", 0, 0, 2)), load);
    pass(2.5);
    // The square root of a quarter is a half: a third of all.
    assertThat(part(picks(load, 20_000), "a2")).isBetween(0.32, 0.35);
  }

  @Test
  void warmUp_backFromEjection_isNotNew() {
    LbPolicy policy = new LbPolicy.RoundRobin(TEN_SECONDS);
    ClusterLoad load = load(cluster(policy, 0, group("a", 0, 0, 2)));
    pass(60);
    fail(load, "a1");
    assertThat(picks(load, 10)).isEqualTo(Map.of("a2", 10));
    pass(30);
    assertThat(picks(load, 10)).isEqualTo(Map.of("a1", 5, "a2", 5));
  }
}
