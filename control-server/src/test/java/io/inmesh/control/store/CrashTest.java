package io.inmesh.control.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A writer process is killed with SIGKILL at a random moment; the store must open and hold exactly
 * what was acknowledged, plus at most what was in flight.
 *
 * <p>The long form, 50 rounds of up to 2000 writes: {@code mvn -pl control-server verify
 * -Dtest=CrashTest -Dinmesh.full=true}.
 */
class CrashTest {
  private static final boolean FULL = Boolean.getBoolean("inmesh.full");
  private static final int ROUNDS = FULL ? 50 : 5;
  private static final int WRITES = FULL ? 2000 : 200;

  @TempDir Path data;

  @Test
  void writer_isKilled_acknowledgedWritesAreThere() throws Exception {
    Random random = new Random(42);
    List<String> expected = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      int from = expected.size();
      int fatal = random.nextInt(WRITES);
      int acknowledged = from + writeUntilKilled(from, fatal);
      try (Store store = SqliteStore.open(data)) {
        List<String> there = store.list("/").entries().stream().map(Store.Entry::key).toList();
        assertThat(there.size()).as("round " + round).isBetween(acknowledged, acknowledged + 1);
        expected.clear();
        for (int i = 0; i < there.size(); i++) {
          expected.add(Writer.key(i));
        }
        assertThat(there).isEqualTo(expected);
        assertThat(store.revision()).isEqualTo(there.size());
        assertThat(store.list("/").entries())
            .allSatisfy(entry -> assertThat(entry.value()).isEqualTo(Writer.value(entry.key())));
      }
    }
  }

  /** How many writes were acknowledged before the process died. */
  private int writeUntilKilled(int from, int fatal) throws IOException, InterruptedException {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                data.toString(),
                Integer.toString(from),
                Integer.toString(WRITES))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int acknowledged = 0;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(writer.getInputStream(), UTF_8))) {
      while (lines.readLine() != null) {
        if (acknowledged == fatal) {
          // SIGKILL, while the next write is on its way; by the handle, because
          // Process.destroyForcibly() also throws away the acknowledgements not read yet.
          boolean unused = writer.toHandle().destroyForcibly();
        }
        acknowledged++;
      }
    } finally {
      writer.destroyForcibly().waitFor();
    }
    return acknowledged;
  }

  /** The process that dies: acknowledges each write on stdout. */
  static final class Writer {
    public static void main(String[] args) {
      int from = Integer.parseInt(args[1]);
      int count = Integer.parseInt(args[2]);
      try (Store store = SqliteStore.open(Path.of(args[0]))) {
        for (int i = from; i < from + count; i++) {
          var unused = store.put(key(i), value(key(i)), Store.ABSENT).join();
          System.out.println(key(i));
          System.out.flush();
        }
      }
    }

    static String key(int number) {
      return "/%08d".formatted(number);
    }

    static byte[] value(String key) {
      return (key + "=").repeat(50).getBytes(UTF_8);
    }

    private Writer() {}
  }
}
