package io.inmesh.engine.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.CircuitBreakers;
import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.ConnectionLimits;
import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.LbPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClusterLoadTest {
  private final Random random = new Random(17);
  private final AtomicLong clock = new AtomicLong();

  /** Endpoints {@code e:1}, {@code e:2} and so on, of these weights. */
  private ClusterLoad load(LbPolicy policy, int... weights) {
    return load(policy, null, weights);
  }

  private ClusterLoad load(LbPolicy policy, @Nullable ClusterLoad before, int... weights) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int weight : weights) {
      endpoints.add(new Endpoint("e", endpoints.size() + 1, weight));
    }
    Cluster cluster = new Cluster("c", policy, Duration.ofSeconds(10), endpoints);
    return new ClusterLoad(cluster, before, random, clock::get);
  }

  private EndpointLoad pick(ClusterLoad load) {
    EndpointLoad picked = load.pick(Pick.ANY);
    assertThat(picked).isNotNull();
    return Objects.requireNonNull(picked);
  }

  private EndpointLoad endpoint(ClusterLoad load, int port) {
    for (int i = 0; i < 10_000; i++) {
      EndpointLoad picked = pick(load);
      if (picked.endpoint().port() == port) {
        return picked;
      }
    }
    throw new AssertionError("endpoint " + port + " is never picked");
  }

  private int[] picks(ClusterLoad load, int times) {
    int[] counts = new int[load.cluster().endpoints().size()];
    for (int i = 0; i < times; i++) {
      counts[pick(load).endpoint().port() - 1]++;
    }
    return counts;
  }

  private static double chiSquare(int[] counts, double... shares) {
    int total = 0;
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      total += counts[i];
      sum += shares[i];
    }
    double chiSquare = 0;
    for (int i = 0; i < counts.length; i++) {
      double expected = total * shares[i] / sum;
      chiSquare += Math.pow(counts[i] - expected, 2) / expected;
    }
    return chiSquare;
  }

  // The bounds of chi-square are those of p = 0.001.

  @Test
  void leastRequest_idle_even() {
    ClusterLoad load = load(LbPolicy.LEAST_REQUEST, 1, 1, 1, 1, 1);

    assertThat(chiSquare(picks(load, 50_000), 1, 1, 1, 1, 1)).isLessThan(18.47);
  }

  @Test
  void leastRequest_oneBusy_onlyIfDrawnTwice() {
    ClusterLoad load = load(LbPolicy.LEAST_REQUEST, 7, 7, 7, 7);
    endpoint(load, 1).acquire();

    // Of 16 pairs one is the busy one twice; the other three share the rest.
    assertThat(chiSquare(picks(load, 50_000), 1, 5, 5, 5)).isLessThan(16.27);
  }

  @Test
  void leastRequest_weights_byWeightOverActive() {
    ClusterLoad load = load(LbPolicy.LEAST_REQUEST, 1, 2, 6);
    assertThat(chiSquare(picks(load, 50_000), 1, 2, 6)).isLessThan(13.82);

    EndpointLoad busy = endpoint(load, 3);
    busy.acquire();
    busy.acquire();

    assertThat(chiSquare(picks(load, 50_000), 1, 2, 2)).isLessThan(13.82);
  }

  @Test
  void leastRequest_weightsAndNobodyBusy_smooth() {
    ClusterLoad load = load(LbPolicy.LEAST_REQUEST, 1, 3);

    for (int round = 0; round < 5; round++) {
      assertThat(picks(load, 4)).containsExactly(1, 3);
    }
  }

  @Test
  void leastRequest_weightsAndAllVeryBusy_byWeightOverActive() {
    ClusterLoad load = load(LbPolicy.LEAST_REQUEST, 1, 2, 6);
    for (int port = 1; port <= 3; port++) {
      EndpointLoad busy = endpoint(load, port);
      for (int i = 0; i < 200 * port; i++) {
        busy.acquire();
      }
    }

    assertThat(chiSquare(picks(load, 50_000), 1.0 / 201, 2.0 / 401, 6.0 / 601)).isLessThan(13.82);
  }

  @Test
  void random_anyWeights_even() {
    ClusterLoad load = load(new LbPolicy.Random(), 1, 5, 100);

    assertThat(chiSquare(picks(load, 50_000), 1, 1, 1)).isLessThan(13.82);
  }

  @Test
  void ringHash_noKey_drawn() {
    ClusterLoad load = load(new LbPolicy.RingHash(60_000, 8_000_000), 1, 2, 3);

    // The shares of the ring itself are off by a little.
    int[] counts = picks(load, 20_000);
    assertThat(chiSquare(counts, 1, 2, 3)).isLessThan(13.82);
  }

  @Test
  void hashing_key_sameEndpointInEverySnapshot() {
    for (LbPolicy policy : List.of(new LbPolicy.RingHash(1024, 4096), new LbPolicy.Maglev(65537))) {
      ClusterLoad load = load(policy, 1, 1, 1, 1);
      Pick pick = new Pick(List.of(), 0, true, XxHash64.hash("jason", 0));
      Endpoint first = Objects.requireNonNull(load.pick(pick)).endpoint();
      for (int i = 0; i < 10; i++) {
        load = load(policy, load, 1, 1, 1, 1);
        assertThat(Objects.requireNonNull(load.pick(pick)).endpoint()).isEqualTo(first);
      }
    }
  }

  @Test
  void hashing_keyAndTried_anotherButAlwaysTheSame() {
    for (LbPolicy policy : List.of(new LbPolicy.RingHash(1024, 4096), new LbPolicy.Maglev(65537))) {
      ClusterLoad load = load(policy, 1, 1, 1, 1);
      long key = XxHash64.hash("jason", 0);
      Endpoint first =
          Objects.requireNonNull(load.pick(new Pick(List.of(), 0, true, key))).endpoint();
      Pick again = new Pick(List.of(first), 20, true, key);
      Endpoint second = Objects.requireNonNull(load.pick(again)).endpoint();
      assertThat(second).isNotEqualTo(first);
      assertThat(Objects.requireNonNull(load.pick(again)).endpoint()).isEqualTo(second);
    }
  }

  @Test
  void pick_passthrough_null() {
    assertThat(load(new LbPolicy.Passthrough(), 1, 1).pick(Pick.ANY)).isNull();
  }

  @Test
  void roundRobin_equalWeights_eachInTurn() {
    ClusterLoad load = load(LbPolicy.ROUND_ROBIN, 3, 3, 3);

    for (int round = 0; round < 5; round++) {
      assertThat(picks(load, 3)).containsExactly(1, 1, 1);
    }
  }

  @Test
  void roundRobin_weights_exactInEachRoundAndSpreadOut() {
    ClusterLoad load = load(LbPolicy.ROUND_ROBIN, 10, 20, 50);
    assertThat(picks(load, 8)).containsExactly(1, 2, 5);
    assertThat(picks(load, 8)).containsExactly(1, 2, 5);

    int run = 0;
    int longest = 0;
    for (int i = 0; i < 80; i++) {
      run = pick(load).endpoint().port() == 3 ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    assertThat(longest).isLessThanOrEqualTo(3);
  }

  @Test
  void roundRobin_hugeWeights_boundedSchedule() {
    ClusterLoad load = load(LbPolicy.ROUND_ROBIN, Integer.MAX_VALUE, Integer.MAX_VALUE - 1, 1);

    int[] counts = picks(load, 40_000);
    assertThat(counts[0]).isBetween(19_900, 20_100);
    assertThat(counts[2]).isBetween(1, 50);
  }

  @Test
  void roundRobin_start_isRandom() {
    Set<Integer> starts = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      starts.add(pick(load(LbPolicy.ROUND_ROBIN, 1, 1, 1)).endpoint().port());
    }
    assertThat(starts).containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void roundRobin_newSnapshot_goesOnWhereItWas() {
    ClusterLoad load = load(LbPolicy.ROUND_ROBIN, 1, 1, 1);
    int last = pick(load).endpoint().port();

    ClusterLoad next = load(LbPolicy.ROUND_ROBIN, load, 1, 1, 1);
    assertThat(pick(next).endpoint().port()).isEqualTo(last % 3 + 1);
  }

  @Test
  void pick_noEndpoint_null() {
    assertThat(load(LbPolicy.LEAST_REQUEST).pick(Pick.ANY)).isNull();
    assertThat(load(LbPolicy.ROUND_ROBIN).pick(Pick.ANY)).isNull();
  }

  @Test
  void pick_triedBefore_avoidedUntilTheLastAttempt() {
    ClusterLoad load = load(LbPolicy.ROUND_ROBIN, 1, 1);
    List<Endpoint> both = load.cluster().endpoints();

    for (int i = 0; i < 20; i++) {
      EndpointLoad other = load.pick(new Pick(both.subList(0, 1), 1, false, 0));
      assertThat(other).isNotNull();
      assertThat(Objects.requireNonNull(other).endpoint().port()).isEqualTo(2);
      assertThat(load.pick(new Pick(both, 5, false, 0))).isNotNull();
    }
  }

  @Test
  void pick_oneOfTwoTried_isNeverTheTriedOne() {
    ClusterLoad load = load(LbPolicy.LEAST_REQUEST, 1, 1);
    List<Endpoint> dead = load.cluster().endpoints().subList(0, 1);
    endpoint(load, 2).acquire(); // the dead one looks less busy

    for (int i = 0; i < 1_000; i++) {
      assertThat(load.pick(new Pick(dead, 5, false, 0))).isSameAs(endpoint(load, 2));
    }
  }

  @Test
  void newSnapshot_endpointStays_keepsItsCount() {
    ClusterLoad load = load(LbPolicy.LEAST_REQUEST, 1, 1);
    EndpointLoad held = endpoint(load, 1);
    held.acquire();

    ClusterLoad next = load(LbPolicy.LEAST_REQUEST, load, 1, 5, 1);
    assertThat(endpoint(next, 1).active()).isEqualTo(1);
    held.release();
    assertThat(endpoint(next, 1).active()).isZero();
  }

  @Test
  void newSnapshot_endpointLeft_forgotten() {
    ClusterLoad load = load(LbPolicy.LEAST_REQUEST, 1, 1);
    EndpointLoad held = endpoint(load, 2);
    held.acquire();
    ClusterLoad without = load(LbPolicy.LEAST_REQUEST, load, 1);
    assertThat(without.has("e", 2)).isFalse();

    ClusterLoad again = load(LbPolicy.LEAST_REQUEST, without, 1, 1);
    assertThat(endpoint(again, 2).active()).isZero();
    held.release();
    assertThat(endpoint(again, 2).active()).isZero();
  }

  @Test
  void sameAddressTwice_oneCounter() {
    List<Endpoint> twice = List.of(new Endpoint("e", 1, 1), new Endpoint("e", 1, 1));
    ClusterLoad load =
        new ClusterLoad(
            new Cluster("c", LbPolicy.ROUND_ROBIN, Duration.ofSeconds(10), twice),
            null,
            random,
            clock::get);
    pick(load).acquire();

    assertThat(pick(load).active()).isEqualTo(1);
    assertThat(load.state().endpoints()).hasSize(1);
  }

  @Test
  void limits_newSnapshot_countsStayAndTheNewLimitsHold() {
    ClusterLoad one = new ClusterLoad(limited(1), null, random, clock::get);
    assertThat(one.beginRequest()).isTrue();
    assertThat(one.beginRetry()).isTrue();
    assertThat(one.beginRequest()).isFalse();
    List<String> turns = new ArrayList<>();
    Endpoint endpoint = new Endpoint("e", 1, 1);
    for (String name : List.of("a", "b")) {
      assertThat(one.connections().enter(endpoint, () -> turns.add(name))).isNotNull();
    }
    assertThat(one.connections().enter(endpoint, () -> {})).isNull();
    assertThat(turns).isEmpty();

    ClusterLoad two = new ClusterLoad(limited(2), one, random, clock::get);
    assertThat(turns).containsExactly("b");
    assertThat(two.beginRequest()).isTrue();
    assertThat(two.beginRequest()).isFalse();
    assertThat(two.beginRetry()).isTrue();
    assertThat(two.beginRetry()).isFalse();

    // What began under the old one may end there.
    one.endRequest();
    one.endRetry();
    assertThat(two.state())
        .extracting(
            ClusterState::requests,
            ClusterState::retries,
            ClusterState::connections,
            ClusterState::waiting)
        .containsExactly(1L, 1L, 2, 0);
  }

  private static Cluster limited(int limit) {
    return new Cluster(
        "c",
        LbPolicy.LEAST_REQUEST,
        List.of(),
        ConnectionLimits.DEFAULT,
        new CircuitBreakers(limit, limit, limit, limit, null),
        null,
        0);
  }
}
