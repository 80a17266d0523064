package io.inmesh.control.store;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Durable keys and values in etcd's shape: one revision counter over the whole store, reads at the
 * current revision, writes that compare and set, and watches from a revision.
 *
 * <p>A write is acknowledged (its future completes) only when it is durable; what was acknowledged
 * survives the death of the process at any moment. All methods may be called by any thread; reads
 * never wait for writes.
 *
 * @see <a href="https://etcd.io/docs/v3.5/learning/data_model/">etcd's data model</a>
 */
public interface Store extends AutoCloseable {

  /** The revision of the newest write; 0 when nothing was ever written. */
  long revision();

  /** The entry under a key. */
  Optional<Entry> get(String key);

  /** The entries whose keys begin so, in key order, and the revision at which this is true. */
  Listing list(String prefix);

  /**
   * Writes a value if the key's modification revision is the one expected.
   *
   * @param expectedModRevision {@link #ABSENT} = only if there is no such key
   * @return completes when durable, or exceptionally with a {@link StoreException} when the store
   *     cannot write; then nothing has changed
   */
  CompletableFuture<WriteResult> put(String key, byte[] value, long expectedModRevision);

  /** Deletes a key if its modification revision is the one expected; else as {@link #put}. */
  CompletableFuture<WriteResult> delete(String key, long expectedModRevision);

  /**
   * The changes of keys that begin so, in order.
   *
   * @param afterRevision the first change delivered is the first after this revision
   * @param ready called, by the store's writer thread, when {@link Watch#poll} has news; must not
   *     block
   * @throws CompactedException when the history no longer reaches back so far: list again
   */
  Watch watch(String prefix, long afterRevision, Runnable ready);

  /** Stops; writes that are queued are still carried out. */
  @Override
  void close();

  /** What {@code expectedModRevision} says for "there must be no such key". */
  long ABSENT = 0;

  /**
   * A key and its value.
   *
   * @param createRevision when the key came into being
   * @param modRevision when it was last written
   * @param version how often it was written since it came into being, from 1
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by revision, never by value
  record Entry(String key, byte[] value, long createRevision, long modRevision, long version) {}

  /** The entries at a revision. */
  record Listing(List<Entry> entries, long revision) {
    public Listing {
      entries = List.copyOf(entries);
    }
  }

  /** How a write ended. */
  sealed interface WriteResult {
    /**
     * It is done and durable.
     *
     * @param entry the entry as written; of a deletion, the entry as it was, with the revision of
     *     the deletion
     */
    record Written(Entry entry) implements WriteResult {}

    /** Nothing has changed: the key is not at the revision expected. */
    record Conflict(Optional<Entry> current) implements WriteResult {}
  }

  /** What happened to a key. */
  enum ChangeType {
    CREATED,
    UPDATED,
    DELETED
  }

  /**
   * One change.
   *
   * @param entry the entry as written; of a deletion, the entry as it was, with the revision of the
   *     deletion
   */
  record Change(ChangeType type, Entry entry) {
    /** When it happened. */
    public long revision() {
      return entry.modRevision();
    }
  }

  /** A position in the history of changes. Used by one thread at a time. */
  interface Watch extends AutoCloseable {
    /**
     * The next changes, at most so many; empty when there is none yet.
     *
     * @throws CompactedException when this watch fell behind the history
     */
    List<Change> poll(int max);

    /** The revision up to which {@link #poll} has looked. */
    long revision();

    @Override
    void close();
  }
}
