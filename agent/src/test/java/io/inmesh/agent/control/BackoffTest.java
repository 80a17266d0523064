package io.inmesh.agent.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff = new Backoff(new Random(1));

  @Test
  void next_growsFromATenthOfASecondToFiveSeconds() {
    assertThat(backoff.next()).isBetween(50L, 100L);
    for (int i = 0; i < 40; i++) {
      assertThat(backoff.next()).isBetween(50L, 5_000L);
    }
    assertThat(backoff.next()).isBetween(2_500L, 5_000L);
  }

  @Test
  void next_afterAnOutageOfSixSeconds_isAboutASecond() {
    long outage = 0;
    long wait = 0;
    while (outage < 6_000) {
      wait = backoff.next();
      outage += wait;
    }
    assertThat(wait).isBetween(400L, 2_000L);
  }

  @Test
  void reset_beginsAnew() {
    for (int i = 0; i < 20; i++) {
      backoff.next();
    }
    backoff.reset();

    assertThat(backoff.next()).isBetween(50L, 100L);
  }
}
