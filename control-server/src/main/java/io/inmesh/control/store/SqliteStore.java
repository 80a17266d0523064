package io.inmesh.control.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The embedded store: one SQLite file, {@code store.db}, in a directory that no second server can
 * use at the same time.
 *
 * <p><b>Why SQLite</b>, and not a journal of our own or another embedded store: the one hard
 * promise is that an acknowledged write survives whatever happens next, and that the file always
 * opens again. SQLite's write-ahead log with {@code synchronous=FULL} makes that promise, and is
 * the most thoroughly crash-tested code there is for it; operators can look at the file, check it
 * and back it up with a tool that every system has. Its native library costs 12 MB in the server,
 * nothing in agents. An own journal would be smaller and ours to prove.
 *
 * <p>One writer thread takes all writes that wait, carries them out in one transaction and
 * acknowledges them together (group commit), so that many writers share one flush. Reads come from
 * memory, which the writer brings up to date after the commit: policy is a few megabytes.
 */
public final class SqliteStore implements Store {
  /** How many changes a watch can fall behind. */
  private static final int HISTORY_CHANGES = 10_000;

  private static final long HISTORY_BYTES = 64L << 20;

  /** How many writes share a transaction at most. */
  private static final int GROUP = 256;

  /** How many forgotten changes may linger in the file until the next clean-up. */
  private static final int LINGER = 256;

  private static final Pending STOP = new Pending("", null, 0, new CompletableFuture<>());

  private final DataDirectory directory;
  private final SqliteFile file;
  private final History history;
  private final BlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
  private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
  private final Thread writer;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  @GuardedBy("lock")
  private final TreeMap<String, Entry> entries = new TreeMap<>();

  @GuardedBy("lock")
  private long revision;

  /** Up to where the file's history was last cleaned; the writer's. */
  private long forgotten;

  @GuardedBy("queue")
  private boolean closed;

  private SqliteStore(DataDirectory directory, SqliteFile file, History history) {
    this.directory = directory;
    this.file = file;
    this.history = history;
    this.writer = new Thread(this::run, "inmesh-store");
    this.writer.setDaemon(true);
  }

  /**
   * Opens the store in a directory, which is created when it does not exist.
   *
   * @throws StoreException when the directory cannot be used, another server uses it, or the file
   *     is damaged; the message names the file and what to do
   */
  public static SqliteStore open(Path directory) {
    return open(directory, HISTORY_CHANGES);
  }

  static SqliteStore open(Path path, int historyChanges) {
    DataDirectory directory = DataDirectory.claim(path);
    try {
      SqliteFile file = SqliteFile.open(directory.file("store.db"));
      SqliteStore store =
          new SqliteStore(directory, file, new History(historyChanges, HISTORY_BYTES));
      try {
        store.load();
      } catch (RuntimeException e) {
        file.close();
        throw e;
      }
      store.writer.start();
      return store;
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  private void load() {
    lock.writeLock().lock();
    try {
      file.readEntries(entry -> entries.put(entry.key(), entry));
      List<Change> changes = new ArrayList<>();
      file.readChanges(changes::add);
      // The newest change is never forgotten, so it carries the revision across restarts.
      revision = changes.isEmpty() ? 0 : changes.get(changes.size() - 1).revision();
      history.startAfter(changes.isEmpty() ? revision : changes.get(0).revision() - 1);
      changes.forEach(history::append);
      forgotten = history.compacted();
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public long revision() {
    lock.readLock().lock();
    try {
      return revision;
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public Optional<Entry> get(String key) {
    lock.readLock().lock();
    try {
      return Optional.ofNullable(entries.get(key));
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public Listing list(String prefix) {
    lock.readLock().lock();
    try {
      List<Entry> found = new ArrayList<>();
      for (Map.Entry<String, Entry> entry : entries.tailMap(prefix, true).entrySet()) {
        if (!entry.getKey().startsWith(prefix)) {
          break;
        }
        found.add(entry.getValue());
      }
      return new Listing(found, revision);
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public CompletableFuture<WriteResult> put(String key, byte[] value, long expectedModRevision) {
    return submit(new Pending(key, value.clone(), expectedModRevision, new CompletableFuture<>()));
  }

  @Override
  public CompletableFuture<WriteResult> delete(String key, long expectedModRevision) {
    return submit(new Pending(key, null, expectedModRevision, new CompletableFuture<>()));
  }

  private CompletableFuture<WriteResult> submit(Pending pending) {
    synchronized (queue) {
      if (closed) {
        pending.result.completeExceptionally(new StoreException("the control server is stopping"));
      } else {
        queue.add(pending);
      }
    }
    return pending.result;
  }

  @Override
  public Watch watch(String prefix, long afterRevision, Runnable ready) {
    if (afterRevision < history.compacted()) {
      throw new CompactedException(afterRevision, history.compacted());
    }
    watchers.add(ready);
    return new Position(prefix, afterRevision, ready);
  }

  @Override
  public void close() {
    synchronized (queue) {
      if (closed) {
        return;
      }
      closed = true;
      queue.add(STOP);
    }
    boolean interrupted = false;
    while (writer.isAlive()) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        interrupted = true; // what is queued must be written all the same
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    try {
      file.close();
    } finally {
      directory.close();
    }
  }

  private void run() {
    List<Pending> batch = new ArrayList<>();
    boolean stopping = false;
    while (!stopping) {
      batch.clear();
      try {
        batch.add(queue.take());
      } catch (InterruptedException e) {
        continue; // nobody has a reason to: stopping is a message in the queue
      }
      queue.drainTo(batch, GROUP - 1);
      stopping = batch.remove(STOP);
      if (!batch.isEmpty()) {
        carryOut(batch);
      }
    }
  }

  private void carryOut(List<Pending> batch) {
    Map<String, Optional<Entry>> staged = new HashMap<>();
    List<Change> changes = new ArrayList<>();
    List<WriteResult> results = new ArrayList<>();
    long next = revision() + 1;
    try {
      for (Pending pending : batch) {
        Optional<Entry> current = staged.getOrDefault(pending.key, get(pending.key));
        Change change = pending.changeOf(current, next);
        if (change == null) {
          results.add(new WriteResult.Conflict(current));
          continue;
        }
        next++;
        file.write(change);
        changes.add(change);
        results.add(new WriteResult.Written(change.entry()));
        staged.put(
            pending.key,
            change.type() == ChangeType.DELETED ? Optional.empty() : Optional.of(change.entry()));
      }
      long compacted = history.compacted();
      if (compacted - forgotten >= LINGER) {
        file.forgetChanges(compacted);
        forgotten = compacted;
      }
      file.commit();
    } catch (SQLException e) {
      fail(batch, e);
      return;
    }
    publish(changes, next - 1);
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).result.complete(results.get(i));
    }
    if (!changes.isEmpty()) {
      watchers.forEach(Runnable::run);
    }
  }

  private void fail(List<Pending> batch, SQLException e) {
    try {
      file.rollback();
    } catch (SQLException second) {
      e.addSuppressed(second);
    }
    StoreException failure = file.explain("write to", e);
    for (Pending pending : batch) {
      pending.result.completeExceptionally(failure);
    }
  }

  private void publish(List<Change> changes, long newest) {
    lock.writeLock().lock();
    try {
      for (Change change : changes) {
        if (change.type() == ChangeType.DELETED) {
          entries.remove(change.entry().key());
        } else {
          entries.put(change.entry().key(), change.entry());
        }
        history.append(change);
      }
      revision = newest;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * A write that waits for its turn.
   *
   * @param value null = delete
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared by value
  private record Pending(
      String key, byte @Nullable [] value, long expected, CompletableFuture<WriteResult> result) {

    /** What it changes, or null when the key is not as expected. */
    @Nullable Change changeOf(Optional<Entry> current, long revision) {
      if (current.map(Entry::modRevision).orElse(ABSENT) != expected) {
        return null;
      }
      if (value != null) {
        long created = current.map(Entry::createRevision).orElse(revision);
        long version = current.map(Entry::version).orElse(0L) + 1;
        return new Change(
            current.isPresent() ? ChangeType.UPDATED : ChangeType.CREATED,
            new Entry(key, value, created, revision, version));
      }
      return current
          .map(
              old ->
                  new Change(
                      ChangeType.DELETED,
                      new Entry(key, old.value(), old.createRevision(), revision, old.version())))
          .orElse(null);
    }
  }

  private final class Position implements Watch {
    private final String prefix;
    private final Runnable ready;
    private volatile long position;

    Position(String prefix, long position, Runnable ready) {
      this.prefix = prefix;
      this.position = position;
      this.ready = ready;
    }

    @Override
    public List<Change> poll(int max) {
      List<Change> found = new ArrayList<>();
      while (found.size() < max) {
        List<Change> next = history.after(position, max - found.size());
        if (next.isEmpty()) {
          break;
        }
        for (Change change : next) {
          if (change.entry().key().startsWith(prefix)) {
            found.add(change);
          }
        }
        position = next.get(next.size() - 1).revision();
      }
      return found;
    }

    @Override
    public long revision() {
      return position;
    }

    @Override
    public void close() {
      watchers.remove(ready);
    }
  }
}
