package io.inmesh.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a child process wrote to one of its streams, read as it comes by a thread of its own. */
final class Output {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Lock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final String name;
  private boolean ended;

  Output(String name, InputStream stream) {
    this.name = name;
    Thread thread = new Thread(() -> pump(stream), name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Everything so far. */
  String text() {
    lock.lock();
    try {
      return bytes.toString(StandardCharsets.UTF_8);
    } finally {
      lock.unlock();
    }
  }

  /** How many characters came so far: where the next answer begins. */
  int position() {
    return text().length();
  }

  /** Waits for a whole line, after a position, in which the expression is found. */
  Matcher awaitLine(Pattern expression, int from, Duration limit) {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (true) {
        Matcher found = find(expression, from);
        if (found != null) {
          return found;
        }
        if (ended || left <= 0) {
          throw new AssertionError(
              (ended ? name + " ended without a line like " : name + " has no line like ")
                  + expression
                  + "; it has:\n"
                  + text());
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the stream is at its end, and returns all of it. */
  String awaitEnd(Duration limit) {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (!ended) {
        if (left <= 0) {
          throw new AssertionError(name + " is still open");
        }
        left = changed.awaitNanos(left);
      }
      return text();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Matcher find(Pattern expression, int from) {
    String all = text();
    int start = from;
    for (int end = all.indexOf('\n', start); end >= 0; end = all.indexOf('\n', start)) {
      Matcher matcher = expression.matcher(all.substring(start, end));
      if (matcher.find()) {
        return matcher;
      }
      start = end + 1;
    }
    return null;
  }

  private void pump(InputStream stream) {
    byte[] buffer = new byte[8192];
    try (stream) {
      for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
        lock.lock();
        try {
          bytes.write(buffer, 0, read);
          changed.signalAll();
        } finally {
          lock.unlock();
        }
      }
    } catch (IOException e) {
      // The process was destroyed: the stream's end.
    } finally {
      lock.lock();
      try {
        ended = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
