package io.inmesh.control.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {
  private final VirtualTime time = new VirtualTime();
  private final List<String> happened = new ArrayList<>();

  @Test
  void runUntil_eventsOutOfOrder_happenByTimeThenByAge() {
    time.after(Duration.ofMillis(2), () -> happened.add("c"));
    time.after(Duration.ofMillis(1), () -> happened.add("a"));
    time.after(Duration.ofMillis(1), () -> happened.add("b"));
    time.runUntil(() -> happened.size() == 3);
    assertThat(happened).containsExactly("a", "b", "c");
  }

  @Test
  void pass_eventMakesAnother_bothHappenIfDue() {
    long start = time.nanos();
    time.after(
        Duration.ofMillis(1),
        () -> time.after(Duration.ofMillis(1), () -> happened.add("at " + passed(start))));
    time.after(Duration.ofMillis(6), () -> happened.add("late"));
    time.pass(Duration.ofMillis(5));
    assertThat(happened).containsExactly("at 2");
    assertThat(passed(start)).isEqualTo(5);
  }

  @Test
  void runUntil_nothingMore_fails() {
    assertThatThrownBy(() -> time.runUntil(() -> false)).isInstanceOf(IllegalStateException.class);
  }

  private long passed(long start) {
    return Duration.ofNanos(time.nanos() - start).toMillis();
  }
}
