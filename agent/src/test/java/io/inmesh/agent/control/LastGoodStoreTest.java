package io.inmesh.agent.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.agent.AgentLog;
import io.inmesh.agent.config.LogLevel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastGoodStoreTest {
  // JUnit sets it.
  @SuppressWarnings("NullAway.Init")
  @TempDir
  private Path folder;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @Test
  void load_afterSave_isWhatWasSaved() throws IOException {
    store("shop", "default").save(ControlFixtures.host("orders:8080", 9081));

    assertThat(store("shop", "default").load())
        .isEqualTo(ControlFixtures.host("orders:8080", 9081));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(said()).isEmpty();
  }

  @Test
  void load_withoutFile_isEmptyAndSilent() {
    assertThat(store("shop", "default").load()).isEmpty();
    assertThat(said()).isEmpty();
  }

  @Test
  void load_everyTruncation_isIgnoredAndReported() throws IOException {
    store("shop", "default").save(ControlFixtures.host("orders:8080", 9081));
    byte[] whole = Files.readAllBytes(file());

    for (int length = 0; length < whole.length; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));
      assertThat(store("shop", "default").load()).as("%d bytes", length).isEmpty();
    }
    assertThat(said()).contains("is ignored: it is damaged");
  }

  @Test
  void load_flippedBits_areIgnored() throws IOException {
    store("shop", "default").save(ControlFixtures.host("orders:8080", 9081));
    byte[] whole = Files.readAllBytes(file());
    Random random = new Random(7);

    for (int i = 0; i < 500; i++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file(), damaged);
      assertThat(store("shop", "default").load()).isEmpty();
    }
  }

  @Test
  void load_anothersFile_isIgnoredAndNamesTheOwner() throws IOException {
    store("shop", "default").save(ControlFixtures.host("orders:8080", 9081));
    Path mine = file();
    store("cart", "default").save(ControlFixtures.host("orders:8080", 1));
    Path other =
        folder.resolve(LastGoodStore.fileName(ControlFixtures.config(folder, "cart", "default")));
    Files.write(other, Files.readAllBytes(mine));

    assertThat(store("cart", "default").load()).isEmpty();
    assertThat(said()).contains("it belongs to service 'shop' in namespace 'default'");
  }

  @Test
  void save_whereNothingCanBeWritten_warnsOnce() throws IOException {
    Path blocked = Files.writeString(folder.resolve("a-file"), "in the way");
    AgentLog log = new AgentLog(LogLevel.WARN, said);
    LastGoodStore store =
        new LastGoodStore(ControlFixtures.config(blocked.resolve("data"), "shop", "default"), log);

    store.save(ControlFixtures.host("orders:8080", 9081));
    store.save(ControlFixtures.host("orders:8080", 9082));

    assertThat(said().lines()).hasSize(1);
    assertThat(said()).contains("set data.dir to one that is");
  }

  @Test
  void names_thatAreNoFileNames_stayApart() {
    store("a/b", "default").save(ControlFixtures.host("orders:8080", 1));
    store("a-b", "default").save(ControlFixtures.host("orders:8080", 2));

    assertThat(store("a/b", "default").load()).isEqualTo(ControlFixtures.host("orders:8080", 1));
    assertThat(store("a-b", "default").load()).isEqualTo(ControlFixtures.host("orders:8080", 2));
  }

  private LastGoodStore store(String service, String namespace) {
    return new LastGoodStore(
        ControlFixtures.config(folder, service, namespace), new AgentLog(LogLevel.WARN, said));
  }

  private Path file() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.filter(f -> f.toString().contains("shop")).toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }
}
