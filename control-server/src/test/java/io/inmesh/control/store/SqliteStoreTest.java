package io.inmesh.control.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.control.store.Store.Change;
import io.inmesh.control.store.Store.ChangeType;
import io.inmesh.control.store.Store.Entry;
import io.inmesh.control.store.Store.WriteResult;
import io.inmesh.control.store.Store.WriteResult.Conflict;
import io.inmesh.control.store.Store.WriteResult.Written;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest {
  @TempDir Path data;

  @Test
  void put_absentKey_getsTheFirstRevision() {
    try (Store store = SqliteStore.open(data)) {
      Entry entry = written(put(store, "/a", "one", Store.ABSENT));

      assertThat(entry.createRevision()).isEqualTo(1);
      assertThat(entry.modRevision()).isEqualTo(1);
      assertThat(entry.version()).isEqualTo(1);
      assertThat(text(store, "/a")).isEqualTo("one");
      assertThat(store.revision()).isEqualTo(1);
    }
  }

  @Test
  void put_staleRevision_changesNothingAndTellsTheCurrent() {
    try (Store store = SqliteStore.open(data)) {
      put(store, "/a", "one", Store.ABSENT);
      put(store, "/a", "two", 1);

      WriteResult stale = put(store, "/a", "three", 1);

      assertThat(((Conflict) stale).current()).map(Entry::modRevision).contains(2L);
      assertThat(text(store, "/a")).isEqualTo("two");
      assertThat(store.revision()).isEqualTo(2);
    }
  }

  @Test
  void delete_thenPut_beginsANewLife() {
    try (Store store = SqliteStore.open(data)) {
      put(store, "/a", "one", Store.ABSENT);
      written(store.delete("/a", 1).join());
      assertThat(store.get("/a")).isEmpty();
      assertThat(store.delete("/a", Store.ABSENT).join()).isInstanceOf(Conflict.class);

      Entry entry = written(put(store, "/a", "two", Store.ABSENT));

      assertThat(entry.createRevision()).isEqualTo(3);
      assertThat(entry.version()).isEqualTo(1);
    }
  }

  @Test
  void list_prefix_givesItsKeysInOrder() {
    try (Store store = SqliteStore.open(data)) {
      put(store, "/b/2", "x", Store.ABSENT);
      put(store, "/a/1", "x", Store.ABSENT);
      put(store, "/b/1", "x", Store.ABSENT);

      Store.Listing listing = store.list("/b/");

      assertThat(listing.entries()).extracting(Entry::key).containsExactly("/b/1", "/b/2");
      assertThat(listing.revision()).isEqualTo(3);
    }
  }

  @Test
  void writers_race_everyRevisionIsGivenOnce() {
    try (Store store = SqliteStore.open(data)) {
      List<CompletableFuture<WriteResult>> writes = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        writes.add(store.put("/k/" + i % 100, bytes("v" + i), Store.ABSENT));
      }
      long done = writes.stream().filter(write -> write.join() instanceof Written).count();

      assertThat(done).isEqualTo(100);
      assertThat(store.list("/k/").entries())
          .extracting(Entry::modRevision)
          .doesNotHaveDuplicates();
      assertThat(store.revision()).isEqualTo(100);
    }
  }

  @Test
  void watch_fromARevision_deliversWhatFollowsAcrossARestart() throws Exception {
    try (Store store = SqliteStore.open(data)) {
      put(store, "/a", "one", Store.ABSENT);
      put(store, "/b", "x", Store.ABSENT);
      put(store, "/a", "two", 1);
    }
    try (Store store = SqliteStore.open(data)) {
      CountDownLatch news = new CountDownLatch(1);
      try (Store.Watch watch = store.watch("/a", 1, news::countDown)) {
        assertThat(watch.poll(10)).extracting(Change::type).containsExactly(ChangeType.UPDATED);
        assertThat(watch.poll(10)).isEmpty();

        store.delete("/a", 3).join();

        assertThat(news.await(10, TimeUnit.SECONDS)).isTrue();
        Change deleted = watch.poll(10).get(0);
        assertThat(deleted.type()).isEqualTo(ChangeType.DELETED);
        assertThat(deleted.revision()).isEqualTo(4);
        assertThat(new String(deleted.entry().value(), UTF_8)).isEqualTo("two");
      }
    }
  }

  @Test
  void watch_fromACompactedRevision_isToldSo() {
    try (Store store = SqliteStore.open(data, 10)) {
      for (int i = 0; i < 30; i++) {
        put(store, "/k" + i, "x", Store.ABSENT);
      }
      assertThatThrownBy(() -> store.watch("/", 5, () -> {}))
          .isInstanceOf(CompactedException.class)
          .hasMessageContaining("list again");
      assertThat(store.watch("/", 20, () -> {}).poll(100)).hasSize(10);
    }
  }

  @Test
  void revision_afterManyCompactions_survivesARestart() {
    try (Store store = SqliteStore.open(data, 10)) {
      for (int i = 0; i < 1000; i++) {
        put(store, "/k", "v" + i, i);
      }
    }
    try (Store store = SqliteStore.open(data, 10)) {
      assertThat(store.revision()).isEqualTo(1000);
      assertThat(text(store, "/k")).isEqualTo("v999");
      assertThat(written(put(store, "/k", "new", 1000)).modRevision()).isEqualTo(1001);
    }
  }

  @Test
  void open_directoryInUse_isRefused() {
    try (Store store = SqliteStore.open(data)) {
      assertThat(store.revision()).isZero();
      assertThatThrownBy(() -> SqliteStore.open(data))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("another control server is using")
          .hasMessageContaining(data.toString())
          .hasMessageContaining("--data");
    }
  }

  @Test
  void open_directoryIsAFile_saysSo() throws IOException {
    Path file = Files.writeString(data.resolve("file"), "x");

    assertThatThrownBy(() -> SqliteStore.open(file))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("cannot create the data directory " + file);
  }

  @Test
  void open_damagedFile_namesItAndReleasesTheDirectory() throws IOException {
    try (Store store = SqliteStore.open(data)) {
      for (int i = 0; i < 200; i++) {
        put(store, "/k" + i, "x".repeat(1000), Store.ABSENT);
      }
    }
    Path file = data.resolve("store.db");
    byte[] bytes = Files.readAllBytes(file);
    for (int i = 4096; i < bytes.length - 100; i += 50) {
      bytes[i] ^= 0x5a;
    }
    Files.write(file, bytes, StandardOpenOption.TRUNCATE_EXISTING);

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> SqliteStore.open(data))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(file + " is damaged")
          .hasMessageContaining("backup");
    }
  }

  @Test
  void open_fileIsNoDatabase_namesIt() throws IOException {
    Files.writeString(data.resolve("store.db"), "something else entirely".repeat(100));

    assertThatThrownBy(() -> SqliteStore.open(data))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("store.db is damaged");
  }

  @Test
  void put_afterClose_fails() {
    Store store = SqliteStore.open(data);
    store.close();

    assertThatThrownBy(() -> put(store, "/a", "x", Store.ABSENT))
        .hasCauseInstanceOf(StoreException.class);
  }

  private static WriteResult put(Store store, String key, String value, long expected) {
    return store.put(key, bytes(value), expected).join();
  }

  private static Entry written(WriteResult result) {
    assertThat(result).isInstanceOf(Written.class);
    return ((Written) result).entry();
  }

  private static String text(Store store, String key) {
    return new String(store.get(key).orElseThrow().value(), UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
