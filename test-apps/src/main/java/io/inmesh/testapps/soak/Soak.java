package io.inmesh.testapps.soak;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Calls with {@code HttpURLConnection} and does to them what applications do: most are read to
 * their end; others are left half read, not read at all, closed early, disconnected by another
 * thread, interrupted. Which is drawn from a seed. Commands on stdin, one line of answer each:
 *
 * <ul>
 *   <li>{@code begin CALLS SEED URL}: so many calls on eight threads, in the background;
 *   <li>{@code so-far}: how many of them are done;
 *   <li>{@code end}: waits for the last one, and tells what became of them;
 *   <li>{@code calls N URL}: collects garbage and makes plain calls, whose connections end;
 *   <li>{@code level}: collects garbage, and tells what there is of heap, threads and open files.
 * </ul>
 */
public final class Soak {
  private static final int THREADS = 8;
  private static final int TIMEOUT_MILLIS = 400;

  /** What is asked for, of a thousand; the rest is {@code /ok}. */
  private static final Map<String, Integer> PATHS =
      Map.ofEntries(
          Map.entry("/moody", 100),
          Map.entry("/gone", 40),
          Map.entry("/none", 20),
          Map.entry("/last", 20),
          Map.entry("/big", 4),
          Map.entry("/slow", 4),
          Map.entry("/never", 1),
          Map.entry("/reset", 15),
          Map.entry("/end", 15),
          Map.entry("/cut", 15),
          Map.entry("/junk", 2));

  /** What is done to the answer, of a thousand; the rest is read to its end. */
  private static final Map<Manner, Integer> MANNERS =
      Map.of(
          Manner.STATUS_ONLY, 20,
          Manner.CONNECT_ONLY, 5,
          Manner.HALF_READ, 10,
          Manner.CLOSED_EARLY, 20,
          Manner.DISCONNECTED, 20,
          Manner.DISCONNECTED_BY_ANOTHER, 10,
          Manner.INTERRUPTED, 5,
          Manner.SHORT_OF_PATIENCE, 5);

  private enum Manner {
    STATUS_ONLY,
    CONNECT_ONLY,
    HALF_READ,
    CLOSED_EARLY,
    DISCONNECTED,
    DISCONNECTED_BY_ANOTHER,
    INTERRUPTED,
    SHORT_OF_PATIENCE,
    READ
  }

  private final Disturber disturber = new Disturber();
  private final AtomicLong left = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private Caller[] callers = {};

  private Soak() {
    disturber.start();
  }

  /** Runs it; arguments: none. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Soak soak = new Soak();
    System.out.println("ready");
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      System.out.println(soak.obey(line.split(" ", -1)));
    }
    System.exit(0);
  }

  private String obey(String[] words) throws InterruptedException, IOException {
    return switch (words[0]) {
      case "begin" -> begin(Long.parseLong(words[1]), Long.parseLong(words[2]), words[3]);
      case "so-far" -> String.valueOf(done.get());
      case "end" -> end();
      case "calls" -> calls(Integer.parseInt(words[1]), words[2]);
      case "level" -> level();
      default -> "unknown command " + words[0];
    };
  }

  private String begin(long calls, long seed, String url) {
    left.set(calls);
    done.set(0);
    callers = new Caller[THREADS];
    for (int i = 0; i < THREADS; i++) {
      callers[i] = new Caller(url, new SplittableRandom(seed * THREADS + i));
      callers[i].start();
    }
    return "begun";
  }

  private String end() throws InterruptedException {
    Map<String, Integer> outcomes = new TreeMap<>();
    for (Caller caller : callers) {
      caller.join();
      caller.outcomes.forEach((outcome, count) -> outcomes.merge(outcome, count, Integer::sum));
    }
    callers = new Caller[0];
    return "calls=" + done.get() + " outcomes=" + outcomes;
  }

  /** What nobody refers to any more is noticed by the next call. */
  private static String calls(int number, String url) throws IOException {
    System.gc();
    Map<Integer, Integer> statuses = new TreeMap<>();
    for (int i = 0; i < number; i++) {
      HttpURLConnection connection = open(url + "/last");
      int status = connection.getResponseCode();
      statuses.merge(status, 1, Integer::sum);
      drain(status >= 400 ? connection.getErrorStream() : connection.getInputStream());
    }
    return statuses.toString();
  }

  private static String level() {
    System.gc();
    UnixOperatingSystemMXBean system =
        (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long files = system.getOpenFileDescriptorCount();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024;
    int threads = ManagementFactory.getThreadMXBean().getThreadCount();
    return "heapKiB=" + heap + " threads=" + threads + " files=" + files;
  }

  private static HttpURLConnection open(String url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    return connection;
  }

  private static void drain(@Nullable InputStream body) throws IOException {
    if (body != null) {
      try (body) {
        body.transferTo(OutputStream.nullOutputStream());
      }
    }
  }

  private static <K> K draw(Map<K, Integer> shares, K otherwise, SplittableRandom random) {
    int drawn = random.nextInt(1000);
    for (Map.Entry<K, Integer> share : shares.entrySet()) {
      drawn -= share.getValue();
      if (drawn < 0) {
        return share.getKey();
      }
    }
    return otherwise;
  }

  /** Does things a little later. */
  private static final class Disturber extends Thread {
    private final DelayQueue<Later> tasks = new DelayQueue<>();

    Disturber() {
      super("disturber");
      setDaemon(true);
    }

    void add(Runnable task, long delayNanos) {
      tasks.add(new Later(task, System.nanoTime() + delayNanos));
    }

    @Override
    public void run() {
      try {
        while (true) {
          tasks.take().task.run();
        }
      } catch (InterruptedException e) {
        interrupt();
      }
    }
  }

  private record Later(Runnable task, long atNanos) implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(atNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }

  /** One thread's calls. */
  private final class Caller extends Thread {
    private final String url;
    private final SplittableRandom random;

    // Read by others after this thread's end only.
    private final Map<String, Integer> outcomes = new TreeMap<>();

    Caller(String url, SplittableRandom random) {
      super("caller");
      this.url = url;
      this.random = random;
      setDaemon(true);
    }

    @Override
    public void run() {
      while (left.getAndDecrement() > 0) {
        Manner manner = draw(MANNERS, Manner.READ, random);
        String outcome;
        try {
          outcome = call(draw(PATHS, "/ok", random), manner);
        } catch (IOException e) {
          outcome = e.getClass().getSimpleName();
        } catch (RuntimeException e) {
          // The JDK's own, whose connection has gone from under it.
          outcome = e.getClass().getSimpleName();
          if (manner != Manner.DISCONNECTED_BY_ANOTHER) {
            e.printStackTrace();
          }
        }
        Thread.interrupted();
        outcomes.merge(outcome, 1, Integer::sum);
        outcomes.merge(manner.name(), 1, Integer::sum);
        done.incrementAndGet();
      }
    }

    private String call(String path, Manner manner) throws IOException {
      HttpURLConnection connection = open(url + path);
      connection.setRequestProperty("x-user", String.valueOf(random.nextInt(100)));
      if (manner == Manner.SHORT_OF_PATIENCE) {
        connection.setReadTimeout(1 + random.nextInt(5));
      }
      Runnable disturbance = disturbance(connection, manner);
      if (disturbance != null) {
        disturber.add(disturbance, random.nextInt(2_000) * 1_000L);
      }
      send(connection);
      if (manner == Manner.CONNECT_ONLY) {
        connection.connect();
        return "connected";
      }
      int status = connection.getResponseCode();
      InputStream body = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
      if (body != null) {
        read(connection, body, manner);
      }
      return String.valueOf(status);
    }

    /** What another thread does in the middle of whatever the call is at; null: nothing. */
    private @Nullable Runnable disturbance(HttpURLConnection connection, Manner manner) {
      return switch (manner) {
        case DISCONNECTED_BY_ANOTHER -> connection::disconnect;
        case INTERRUPTED -> this::interrupt;
        default -> null;
      };
    }

    private void send(HttpURLConnection connection) throws IOException {
      switch (random.nextInt(20)) {
        case 0 -> connection.setRequestMethod("HEAD");
        case 1 -> connection.setRequestMethod("DELETE");
        case 2, 3 -> write(connection);
        case 4 -> {
          connection.setFixedLengthStreamingMode(100);
          write(connection);
        }
        case 5 -> {
          connection.setChunkedStreamingMode(0);
          write(connection);
        }
        default -> {
          // A plain GET.
        }
      }
    }

    private void write(HttpURLConnection connection) throws IOException {
      connection.setDoOutput(true);
      try (OutputStream out = connection.getOutputStream()) {
        out.write(new byte[100]);
      }
    }

    private void read(HttpURLConnection connection, InputStream body, Manner manner)
        throws IOException {
      switch (manner) {
        case STATUS_ONLY, CONNECT_ONLY -> {
          // The body is left where it is.
        }
        case HALF_READ -> body.readNBytes(300);
        case CLOSED_EARLY -> {
          body.readNBytes(300);
          body.close();
        }
        case DISCONNECTED -> {
          body.readNBytes(random.nextInt(300));
          connection.disconnect();
        }
        case DISCONNECTED_BY_ANOTHER, INTERRUPTED, SHORT_OF_PATIENCE, READ -> drain(body);
      }
    }
  }
}
