package io.inmesh.control.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The newest changes, bounded in number and in bytes: what a watch reads. A watch that falls behind
 * its end is told so, so nobody's slowness costs memory.
 */
final class History {
  private final int maxChanges;
  private final long maxBytes;

  @GuardedBy("this")
  private final Deque<Store.Change> changes = new ArrayDeque<>();

  @GuardedBy("this")
  private long bytes;

  /** Changes up to this revision are forgotten. */
  @GuardedBy("this")
  private long compacted;

  History(int maxChanges, long maxBytes) {
    this.maxChanges = maxChanges;
    this.maxBytes = maxBytes;
  }

  /** Begins with nothing known before a revision. */
  synchronized void startAfter(long revision) {
    compacted = revision;
  }

  synchronized void append(Store.Change change) {
    changes.addLast(change);
    bytes += size(change);
    while (changes.size() > maxChanges || (bytes > maxBytes && changes.size() > 1)) {
      Store.Change oldest = changes.removeFirst();
      bytes -= size(oldest);
      compacted = oldest.revision();
    }
  }

  synchronized long compacted() {
    return compacted;
  }

  /** At most so many changes after a revision, of every key. */
  synchronized List<Store.Change> after(long revision, int max) {
    if (revision < compacted) {
      throw new CompactedException(revision, compacted);
    }
    List<Store.Change> found = new ArrayList<>();
    if (changes.isEmpty() || changes.getLast().revision() <= revision) {
      return found;
    }
    // Watches are nearly always at the end: walk back from there.
    var backwards = changes.descendingIterator();
    Deque<Store.Change> tail = new ArrayDeque<>();
    while (backwards.hasNext()) {
      Store.Change change = backwards.next();
      if (change.revision() <= revision) {
        break;
      }
      tail.addFirst(change);
    }
    for (Store.Change change : tail) {
      if (found.size() == max) {
        break;
      }
      found.add(change);
    }
    return found;
  }

  private static long size(Store.Change change) {
    return change.entry().value().length + 2L * change.entry().key().length() + 64;
  }
}
