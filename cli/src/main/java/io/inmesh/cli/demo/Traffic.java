package io.inmesh.cli.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** What the visitors of the shop count, as it comes in. */
final class Traffic {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();

  /** Guarded by the lock. */
  private Counts latest = Counts.NONE;

  /** Guarded by the lock. */
  private boolean ended;

  /** Reads a Load's standard output on a thread of its own, until it ends. */
  void follow(BufferedReader lines, ObjectMapper json) {
    Thread reader = new Thread(() -> read(lines, json), "demo-traffic");
    reader.setDaemon(true);
    reader.start();
  }

  Counts latest() {
    lock.lock();
    try {
      return latest;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for counts of a kind, or the time's end; the latest counts either way. */
  Counts await(Predicate<Counts> wanted, long millis) {
    long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
    lock.lock();
    try {
      while (!wanted.test(latest) && !ended && nanos > 0) {
        nanos = news.awaitNanos(nanos);
      }
      if (ended) {
        throw new StoryException("the visitors are gone: the process that makes the calls ended");
      }
      return latest;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoryException("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  private void read(BufferedReader lines, ObjectMapper json) {
    try {
      lines.lines().forEach(line -> tell(Counts.parse(json, line), false));
    } catch (UncheckedIOException e) {
      // The visitors were ended with their pipe: told as every end is.
      tell(latest(), true);
    } finally {
      try {
        lines.close();
      } catch (IOException e) {
        tell(latest(), true);
      }
      tell(latest(), true);
    }
  }

  private void tell(Counts counts, boolean end) {
    lock.lock();
    try {
      latest = counts;
      ended = end;
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
