package io.inmesh.control.golden;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/**
 * A clock that moves when there is nothing left to do, and what is to be done when: a
 * discrete-event scheduler. Events of one moment run in the order in which they were made. One
 * thread.
 */
final class VirtualTime {
  /** Not zero, so that nothing takes it for "never"; and near an overflow of a careless sum. */
  private static final long START = Long.MAX_VALUE - Duration.ofDays(365).toNanos();

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
  private long now = START;
  private long made;

  private record Event(long at, long order, Runnable action) {}

  long nanos() {
    return now;
  }

  void after(Duration delay, Runnable action) {
    events.add(new Event(now + Math.max(0, delay.toNanos()), made++, action));
  }

  /** Lets events happen until the condition holds. */
  void runUntil(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Event next = events.poll();
      if (next == null) {
        throw new IllegalStateException("nothing more will happen, and it is not done");
      }
      happen(next);
    }
  }

  /** Lets everything happen that is due within a time. */
  void pass(Duration time) {
    long end = now + time.toNanos();
    for (Event next = events.peek(); next != null && next.at() <= end; next = events.peek()) {
      events.remove();
      happen(next);
    }
    now = end;
  }

  private void happen(Event event) {
    now = event.at();
    event.action().run();
  }
}
