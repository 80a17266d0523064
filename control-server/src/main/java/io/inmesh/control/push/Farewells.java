package io.inmesh.control.push;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * The agents that said goodbye and wait to hear that nobody is sent their way any more: their JVMs
 * end when they do. Owned by the loop's thread.
 */
final class Farewells {
  private final List<Waiting> waiting = new ArrayList<>();

  /**
   * One agent; {@code behind}: the streams that were sent the state without it and have not
   * answered.
   */
  private static final class Waiting {
    private final Runnable farewell;
    private final Set<Object> behind = new HashSet<>();
    private boolean sent;

    Waiting(Runnable farewell) {
      this.farewell = farewell;
    }
  }

  /**
   * An agent left, and the next state that is sent is without it.
   *
   * @return gives up waiting; without effect if the farewell was said already
   */
  Runnable add(Runnable farewell) {
    Waiting one = new Waiting(farewell);
    waiting.add(one);
    return () -> {
      if (waiting.remove(one)) {
        farewell.run();
      }
    };
  }

  /** A new state was sent; these streams' agents have not yet answered. */
  void sent(Collection<?> streams) {
    for (Waiting one : waiting) {
      if (!one.sent) {
        one.sent = true;
        one.behind.addAll(streams);
      }
    }
    say();
  }

  /** A stream's agent has what it was sent, or is gone. */
  void caughtUp(Object stream) {
    for (Waiting one : waiting) {
      one.behind.remove(stream);
    }
    say();
  }

  private void say() {
    for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
      Waiting one = all.next();
      if (one.sent && one.behind.isEmpty()) {
        all.remove();
        one.farewell.run();
      }
    }
  }
}
