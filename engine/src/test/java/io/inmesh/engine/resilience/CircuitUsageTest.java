package io.inmesh.engine.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.CircuitBreakers;
import io.inmesh.engine.model.CircuitBreakers.RetryBudget;
import org.junit.jupiter.api.Test;

class CircuitUsageTest {
  private final CircuitUsage usage = new CircuitUsage();

  private static CircuitBreakers budget(double percent, int minimum) {
    return new CircuitBreakers(100, 100, 100, 0, new RetryBudget(percent, minimum));
  }

  @Test
  void begin_atTheLimit_refusedUntilOneEnds() {
    CircuitBreakers limits = new CircuitBreakers(1, 2, 3, 4, null);

    for (int i = 0; i < 3; i++) {
      assertThat(usage.beginRequest(limits)).isTrue();
    }
    assertThat(usage.beginRequest(limits)).isFalse();
    usage.endRequest();
    assertThat(usage.beginRequest(limits)).isTrue();
    for (int i = 0; i < 4; i++) {
      assertThat(usage.beginRetry(limits)).isTrue();
    }
    assertThat(usage.beginRetry(limits)).isFalse();

    assertThat(usage.requests()).isEqualTo(3);
    assertThat(usage.retries()).isEqualTo(4);
  }

  @Test
  void begin_limitLowered_refusedUntilBelowTheNewOne() {
    CircuitBreakers wide = new CircuitBreakers(9, 9, 9, 9, null);
    CircuitBreakers narrow = new CircuitBreakers(1, 1, 1, 1, null);
    usage.beginRequest(wide);
    usage.beginRequest(wide);

    assertThat(usage.beginRequest(narrow)).isFalse();
    usage.endRequest();
    assertThat(usage.beginRequest(narrow)).isFalse();
    usage.endRequest();
    assertThat(usage.beginRequest(narrow)).isTrue();
  }

  @Test
  void retryBudget_partOfWhatIsActive_roundedDown() {
    CircuitBreakers limits = budget(20, 1);
    for (int i = 0; i < 14; i++) {
      usage.beginRequest(limits);
    }
    // 2.8 of 14.
    assertThat(usage.beginRetry(limits)).isTrue();
    assertThat(usage.beginRetry(limits)).isTrue();
    assertThat(usage.beginRetry(limits)).isFalse();

    usage.beginRequest(limits);
    assertThat(usage.beginRetry(limits)).isTrue();
    assertThat(usage.beginRetry(limits)).isFalse();
  }

  @Test
  void retryBudget_nothingActive_theMinimum() {
    CircuitBreakers limits = budget(20, 3);
    for (int i = 0; i < 3; i++) {
      assertThat(usage.beginRetry(limits)).isTrue();
    }
    assertThat(usage.beginRetry(limits)).isFalse();
    usage.endRetry();
    assertThat(usage.beginRetry(limits)).isTrue();
  }

  @Test
  void retryBudget_set_takesThePlaceOfMaxRetries() {
    assertThat(usage.beginRetry(budget(0, 1))).isTrue();
    assertThat(usage.beginRetry(budget(0, 1))).isFalse();
    assertThat(usage.beginRetry(budget(0, 0))).isFalse();
  }
}
