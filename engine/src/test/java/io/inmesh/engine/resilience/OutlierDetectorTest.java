package io.inmesh.engine.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.OutlierDetection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OutlierDetectorTest {
  private static final OutlierDetection FIVE = detection(5, 0, 0, false, 100, false);

  // Near the end of its range, as System.nanoTime may be.
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 25_000_000_000L);

  private static OutlierDetection detection(
      int consecutive5xx, int gateway, int local, boolean split, int percent, boolean one) {
    return new OutlierDetection(
        consecutive5xx,
        gateway,
        local,
        split,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(300),
        percent,
        one);
  }

  private OutlierDetector detector = new OutlierDetector(FIVE, clock::get);

  private List<EndpointHealth> cluster(OutlierDetection config, int members) {
    detector = new OutlierDetector(config, clock::get);
    List<EndpointHealth> health = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      health.add(detector.join());
    }
    detector.advance(config, members);
    return health;
  }

  private void pass(double seconds) {
    clock.addAndGet((long) (seconds * 1e9));
  }

  private static void answers(EndpointHealth health, int status, int times) {
    for (int i = 0; i < times; i++) {
      health.responded(status);
    }
  }

  /** Whether it is out after the sweeps that are due by now. */
  private boolean isOut(EndpointHealth health) {
    detector.sweepIfDue();
    return health.ejected();
  }

  @Test
  void consecutive5xx_thresholdReached_ejectedAtOnce() {
    EndpointHealth bad = cluster(FIVE, 2).get(0);

    answers(bad, 500, 4);
    assertThat(bad.ejected()).isFalse();
    answers(bad, 599, 1);
    assertThat(bad.ejected()).isTrue();
    assertThat(bad.consecutive5xx()).isZero();
  }

  @Test
  void consecutive5xx_successInBetween_startsAnew() {
    EndpointHealth bad = cluster(FIVE, 2).get(0);
    for (int i = 0; i < 10; i++) {
      answers(bad, 503, 4);
      answers(bad, i % 2 == 0 ? 200 : 404, 1);
    }
    assertThat(bad.ejected()).isFalse();
    assertThat(bad.consecutive5xx()).isZero();
  }

  @Test
  void consecutive5xx_statusAbove599_noError() {
    EndpointHealth odd = cluster(FIVE, 2).get(0);
    answers(odd, 600, 9);
    assertThat(odd.ejected()).isFalse();
  }

  @Test
  void threshold_zero_off() {
    EndpointHealth bad = cluster(detection(0, 0, 0, false, 100, false), 2).get(0);
    answers(bad, 503, 1_000);
    bad.connectFailed();
    assertThat(bad.ejected()).isFalse();
  }

  @Test
  void gateway_other5xxInBetween_startsAnew() {
    EndpointHealth bad = cluster(detection(0, 3, 0, false, 100, false), 2).get(0);
    answers(bad, 502, 2);
    answers(bad, 500, 1);
    answers(bad, 503, 2);
    assertThat(bad.ejected()).isFalse();
    answers(bad, 504, 1);
    assertThat(bad.ejected()).isTrue();
  }

  @Test
  void localFailures_notSplit_countAsGatewayErrors() {
    EndpointHealth bad = cluster(detection(0, 3, 1, false, 100, false), 2).get(0);
    bad.connectFailed();
    bad.reset();
    assertThat(bad.ejected()).isFalse();
    bad.timedOut();
    assertThat(bad.ejected()).isTrue();
    assertThat(bad.consecutive5xx()).isEqualTo(3);
  }

  @Test
  void localFailures_split_countForThemselves() {
    EndpointHealth bad = cluster(detection(5, 1, 2, true, 100, false), 2).get(0);
    bad.connectFailed();
    assertThat(bad.consecutive5xx()).isZero();
    bad.connected();
    bad.reset();
    bad.responded(200);
    bad.timedOut();
    assertThat(bad.ejected()).isFalse();
    bad.connectFailed();
    assertThat(bad.ejected()).isTrue();
  }

  @Test
  void connected_notSplit_saysNothingAboutAnswers() {
    EndpointHealth bad = cluster(FIVE, 2).get(0);
    for (int i = 0; i < 5; i++) {
      bad.connected();
      bad.responded(503);
    }
    assertThat(bad.ejected()).isTrue();
  }

  @Test
  void maxEjectionPercent_counted_withTheOneToEject() {
    assertThat(ejectable(2, 49)).isZero();
    assertThat(ejectable(2, 50)).isEqualTo(1);
    assertThat(ejectable(3, 33)).isZero();
    assertThat(ejectable(3, 34)).isEqualTo(1);
    assertThat(ejectable(3, 67)).isEqualTo(2);
    assertThat(ejectable(9, 10)).isZero();
    assertThat(ejectable(10, 10)).isEqualTo(1);
    assertThat(ejectable(1, 100)).isEqualTo(1);
    assertThat(ejectable(7, 100)).isEqualTo(7);
    assertThat(ejectable(7, 0)).isZero();
  }

  private long ejectable(int members, int percent) {
    List<EndpointHealth> all = cluster(detection(1, 0, 0, false, percent, false), members);
    all.forEach(health -> health.responded(503));
    return all.stream().filter(EndpointHealth::ejected).count();
  }

  @Test
  void maxEjectionPercent_refused_countStartsAnew() {
    List<EndpointHealth> both = cluster(detection(2, 0, 0, false, 50, false), 2);
    answers(both.get(0), 503, 2);
    answers(both.get(1), 503, 2);
    assertThat(both.get(1).ejected()).isFalse();
    assertThat(both.get(1).consecutive5xx()).isZero();

    // As soon as there is room, it takes a whole bout to be ejected.
    pass(30);
    answers(both.get(1), 503, 1);
    assertThat(both.get(0).ejected()).isFalse();
    assertThat(both.get(1).ejected()).isFalse();
    answers(both.get(1), 503, 1);
    assertThat(both.get(1).ejected()).isTrue();
  }

  @Test
  void alwaysEjectOne_whateverThePercentage_oneButNotTheOnlyOne() {
    OutlierDetection config = detection(1, 0, 0, false, 0, true);
    List<EndpointHealth> three = cluster(config, 3);
    three.forEach(health -> health.responded(503));
    assertThat(three.stream().map(EndpointHealth::ejected)).containsExactly(true, false, false);

    EndpointHealth only = cluster(config, 1).get(0);
    answers(only, 503, 10);
    assertThat(only.ejected()).isFalse();
  }

  @Test
  void ejection_timeOver_returnsAtTheNextSweepOnly() {
    EndpointHealth bad = cluster(FIVE, 2).get(0);
    pass(3);
    answers(bad, 503, 5);
    assertThat(bad.ejectedFor()).isEqualTo(Duration.ofSeconds(37));

    // Its 30 s are over at 33 s; sweeps are at 30 s and 40 s.
    pass(36.9);
    assertThat(isOut(bad)).isTrue();
    pass(0.1);
    assertThat(isOut(bad)).isFalse();
    assertThat(bad.ejectedFor()).isNull();
  }

  @Test
  void ejection_sixtySecondsEveryThirty_returnsAfterSixtyToNinety() {
    OutlierDetection seconds =
        new OutlierDetection(
            5,
            0,
            0,
            false,
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(300),
            10,
            true);
    for (int start = 0; start < 30; start++) {
      EndpointHealth bad = cluster(seconds, 3).get(0);
      pass(start);
      answers(bad, 503, 5);
      pass(59.999);
      assertThat(isOut(bad)).isTrue();
      pass(30.001);
      assertThat(isOut(bad)).isFalse();
    }
  }

  @Test
  void ejection_atASweep_returnsAfterExactlyItsTime() {
    EndpointHealth bad = cluster(FIVE, 2).get(0);
    pass(20);
    answers(bad, 503, 5);
    pass(29.999);
    assertThat(isOut(bad)).isTrue();
    pass(0.001);
    assertThat(isOut(bad)).isFalse();
  }

  @Test
  void ejection_again_longerEachTimeUpToTheLongest() {
    EndpointHealth bad = cluster(FIVE, 2).get(0);
    for (int seconds : new int[] {30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 300, 300}) {
      answers(bad, 503, 5);
      assertThat(bad.ejectedFor()).isEqualTo(Duration.ofSeconds(seconds));
      pass(seconds);
      assertThat(isOut(bad)).isFalse();
    }
  }

  @Test
  void ejection_afterGoodIntervals_eachTakesOneOff() {
    EndpointHealth bad = cluster(FIVE, 2).get(0);
    for (int i = 0; i < 4; i++) {
      answers(bad, 503, 5);
      pass(30 * (i + 1));
      assertThat(isOut(bad)).isFalse();
    }
    // Four times; two whole intervals go by, then some.
    pass(29);
    answers(bad, 503, 5);
    assertThat(bad.ejectedFor()).isEqualTo(Duration.ofSeconds(91));
    pass(91);
    assertThat(isOut(bad)).isFalse();
    pass(100_000);
    answers(bad, 503, 5);
    assertThat(bad.ejectedFor()).isLessThanOrEqualTo(Duration.ofSeconds(40));
  }

  @Test
  void return_nobodyLookedInTime_countsAsInTime() {
    EndpointHealth bad = cluster(FIVE, 2).get(0);
    answers(bad, 503, 5);
    answers(bad, 503, 3);
    // Back at 30 s, and good for seven whole intervals by 100 s: as if never ejected.
    pass(100);
    answers(bad, 503, 4);
    assertThat(bad.ejected()).isFalse();
    answers(bad, 503, 1);
    assertThat(bad.ejectedFor()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void return_countsOfMeanwhile_cleared() {
    EndpointHealth bad = cluster(detection(3, 4, 0, false, 100, false), 2).get(0);
    answers(bad, 503, 3);
    assertThat(bad.ejected()).isTrue();
    assertThat(bad.consecutiveGateway()).isEqualTo(3);
    // Calls that were under way.
    answers(bad, 503, 2);
    pass(30);
    assertThat(isOut(bad)).isFalse();
    assertThat(bad.consecutive5xx()).isZero();
    assertThat(bad.consecutiveGateway()).isZero();
  }

  @Test
  void version_eachEjectionAndReturn_changes() {
    List<EndpointHealth> both = cluster(detection(1, 0, 0, false, 100, false), 2);
    int start = detector.version();
    both.get(0).responded(500);
    assertThat(detector.version()).isEqualTo(start + 1);
    both.get(0).responded(500);
    assertThat(detector.version()).isEqualTo(start + 1);
    both.get(1).responded(500);
    assertThat(detector.version()).isEqualTo(start + 2);
    pass(30);
    detector.sweepIfDue();
    assertThat(detector.version()).isEqualTo(start + 3);
    detector.sweepIfDue();
    assertThat(detector.version()).isEqualTo(start + 3);
  }

  @Test
  void advance_memberLeft_makesRoomAndCannotBeEjected() {
    OutlierDetection config = detection(1, 0, 0, false, 34, false);
    List<EndpointHealth> three = cluster(config, 3);
    three.get(0).responded(503);
    three.get(1).responded(503);
    assertThat(three.get(1).ejected()).isFalse();

    three.get(0).leave();
    EndpointHealth fresh = detector.join();
    detector.advance(config, 3);
    three.get(1).responded(503);
    assertThat(three.get(1).ejected()).isTrue();
    pass(60);
    three.get(0).responded(503);
    assertThat(fresh.ejected()).isFalse();
    fresh.responded(503);
    assertThat(fresh.ejected()).isTrue();
  }

  @Test
  void advance_newTimes_holdForWhoIsOut() {
    EndpointHealth bad = cluster(FIVE, 2).get(0);
    answers(bad, 503, 5);
    OutlierDetection shorter =
        new OutlierDetection(
            5,
            0,
            0,
            false,
            Duration.ofSeconds(5),
            Duration.ofSeconds(7),
            Duration.ofSeconds(300),
            100,
            false);
    detector.advance(shorter, 2);
    assertThat(bad.ejectedFor()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void times_beyondTheClock_neverReturnsAndNothingOverflows() {
    Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
    OutlierDetection config =
        new OutlierDetection(1, 0, 0, false, forever, forever, forever, 100, false);
    EndpointHealth bad = cluster(config, 2).get(0);
    bad.responded(503);
    pass(1_000_000);
    assertThat(isOut(bad)).isTrue();
  }
}
