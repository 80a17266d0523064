package io.inmesh.benchmarks.propagation;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.util.concurrent.locks.LockSupport;

/**
 * A program: calls a URL about a thousand times a second until its standard input ends, and tells
 * each change of the version that answers: {@code changed version=V firstNewNanos=N lastOldNanos=N
 * calls=N failures=N}. The first is when the first answer of the new version was read, the second
 * when the last call that the old one answered was made; both on the clock of {@link
 * System#nanoTime()}.
 */
public final class VersionWatcher {

  private static final long PAUSE_NANOS = 500_000;

  private final URL url;
  private final byte[] buffer = new byte[4096];
  private long calls;
  private long failures;
  private int version;
  private long lastOldNanos;

  private VersionWatcher(URL url) {
    this.url = url;
  }

  public static void main(String[] arguments) throws IOException {
    VersionWatcher watcher = new VersionWatcher(URI.create(arguments[0]).toURL());
    Thread calling = new Thread(watcher::watch, "caller");
    calling.setDaemon(true);
    calling.start();
    System.in.transferTo(OutputStream.nullOutputStream());
  }

  private void watch() {
    while (true) {
      long made = System.nanoTime();
      int answered = call();
      if (answered == 0) {
        failures++;
      } else if (answered != version) {
        tellChange(answered, System.nanoTime());
      }
      lastOldNanos = made;
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private void tellChange(int newVersion, long firstNewNanos) {
    version = newVersion;
    System.out.println(
        String.format(
            "changed version=%d firstNewNanos=%d lastOldNanos=%d calls=%d failures=%d",
            newVersion, firstNewNanos, lastOldNanos, calls, failures));
  }

  /** The version that answered, or 0 for a failed call. */
  private int call() {
    calls++;
    try {
      HttpURLConnection connection = (HttpURLConnection) url.openConnection();
      try (InputStream body = connection.getInputStream()) {
        int length = body.readNBytes(buffer, 0, buffer.length);
        return length > 1 ? buffer[1] - '0' : 0;
      }
    } catch (IOException e) {
      System.err.println("failed call: " + e);
      return 0;
    }
  }
}
