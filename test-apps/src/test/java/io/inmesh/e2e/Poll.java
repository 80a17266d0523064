package io.inmesh.e2e;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** The one place where a test waits for something that it can only ask for again and again. */
final class Poll {
  /** Long enough for a loaded machine; what is waited for is usually there in milliseconds. */
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Duration PAUSE = Duration.ofMillis(20);

  /** An action of a test that may throw. */
  @FunctionalInterface
  interface Check {
    void run() throws Exception;
  }

  /** Asks until the answer is as wanted, and returns it; fails with the last one after a while. */
  static <T> T until(String what, Callable<T> question, Predicate<? super T> wanted) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Object last;
    do {
      try {
        T answer = question.call();
        if (wanted.test(answer)) {
          return answer;
        }
        last = answer;
      } catch (Exception e) {
        last = e;
      }
      pause();
    } while (System.nanoTime() < deadline);
    throw new AssertionError(
        what + ": not within " + PATIENCE.toSeconds() + " s; the last answer was: " + last);
  }

  /** Repeats a check until it passes; its last failure is this one's after a while. */
  static void untilPasses(Check check) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        check.run();
        return;
      } catch (AssertionError | Exception e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
      pause();
    }
  }

  private static void pause() {
    LockSupport.parkNanos(PAUSE.toNanos());
    if (Thread.interrupted()) {
      throw new AssertionError("interrupted");
    }
  }

  private Poll() {}
}
