package io.inmesh.benchmarks.hop;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.inmesh.benchmarks.harness.Figures;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A program: calls one URL through HttpURLConnection as commanded over standard input, and answers
 * each command with one line. An ordinary client that knows nothing of a mesh.
 *
 * <ul>
 *   <li>{@code closed MILLISECONDS}: each thread calls again as soon as it has an answer.
 *   <li>{@code open RATE MILLISECONDS}: that many calls a second, whatever the answers do. Latency
 *       counts from the moment when a call was due, so a stall is seen by every call that it
 *       delayed; {@code service} counts from the moment when it was made.
 * </ul>
 */
public final class LoadClient {

  private static final int THREADS = 4;

  private final OperatingSystemMXBean process =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final ExecutorService workers =
      Executors.newFixedThreadPool(
          THREADS,
          work -> {
            Thread thread = new Thread(work, "caller");
            thread.setDaemon(true);
            return thread;
          });
  private final URL url;

  /** Null: all calls go to {@link #url}. */
  private final @Nullable URL canary;

  private LoadClient(String url, @Nullable String canary) throws MalformedURLException {
    this.url = URI.create(url).toURL();
    this.canary = canary == null ? null : URI.create(canary).toURL();
  }

  public static void main(String[] arguments) throws IOException {
    LoadClient client = new LoadClient(arguments[0], arguments.length > 1 ? arguments[1] : null);
    System.out.println("ready");
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String command = commands.readLine();
    while (command != null) {
      System.out.println(client.obey(command.split(" ", -1)));
      command = commands.readLine();
    }
  }

  private String obey(String[] command) {
    return switch (command[0]) {
      case "closed" -> closed(Long.parseLong(command[1]));
      case "open" -> open(Integer.parseInt(command[1]), Long.parseLong(command[2]));
      default -> throw new IllegalArgumentException("unknown command " + command[0]);
    };
  }

  private String closed(long milliseconds) {
    long end = System.nanoTime() + milliseconds * 1_000_000;
    return "closed "
        + measure(
            () -> {
              Caller caller = new Caller();
              while (System.nanoTime() < end) {
                caller.call();
              }
              return caller;
            });
  }

  private String open(int rate, long milliseconds) {
    int calls = (int) (rate * milliseconds / 1000);
    long[] latency = new long[calls];
    long[] service = new long[calls];
    AtomicInteger next = new AtomicInteger();
    long start = System.nanoTime() + 1_000_000;
    String totals =
        measure(
            () -> {
              Caller caller = new Caller();
              for (int i = next.getAndIncrement(); i < calls; i = next.getAndIncrement()) {
                long due = start + i * 1_000_000_000L / rate;
                long sent = awaitNanoTime(due);
                caller.call();
                long now = System.nanoTime();
                latency[i] = now - due;
                service[i] = now - sent;
              }
              return caller;
            });
    return "open " + totals + quantiles("", latency) + quantiles("service", service);
  }

  private static long awaitNanoTime(long due) {
    long now = System.nanoTime();
    while (now < due) {
      LockSupport.parkNanos(due - now);
      now = System.nanoTime();
    }
    return now;
  }

  private static String quantiles(String prefix, long[] nanos) {
    long[] sorted = Figures.sorted(nanos, nanos.length);
    return String.format(
        " %sP50Nanos=%d %sP99Nanos=%d",
        prefix, Figures.quantile(sorted, 0.50), prefix, Figures.quantile(sorted, 0.99));
  }

  /** Runs the work on every thread and sums up what it cost. */
  private String measure(Supplier<Caller> work) {
    long cpu = process.getProcessCpuTime();
    long start = System.nanoTime();
    List<Future<Caller>> running = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      running.add(
          workers.submit(
              () -> {
                long bytes = threads.getCurrentThreadAllocatedBytes();
                long callerCpu = threads.getCurrentThreadCpuTime();
                Caller caller = work.get();
                caller.cpuNanos = threads.getCurrentThreadCpuTime() - callerCpu;
                caller.allocatedBytes = threads.getCurrentThreadAllocatedBytes() - bytes;
                return caller;
              }));
    }
    Caller total = new Caller();
    for (Future<Caller> one : running) {
      total.add(await(one));
    }
    long nanos = System.nanoTime() - start;
    return String.format(
        "calls=%d failures=%d v2=%d nanos=%d cpuNanos=%d callerCpuNanos=%d allocatedBytes=%d",
        total.calls,
        total.failures,
        total.v2,
        nanos,
        process.getProcessCpuTime() - cpu,
        total.cpuNanos,
        total.allocatedBytes);
  }

  private static Caller await(Future<Caller> running) {
    try {
      return running.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a caller died", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** One thread's calls and what became of them. Owned by that thread until it has ended. */
  private final class Caller {

    private final byte[] buffer = new byte[8192];
    private final SplittableRandom random = new SplittableRandom();
    private long calls;
    private long failures;
    private long v2;
    private long cpuNanos;
    private long allocatedBytes;

    void call() {
      calls++;
      try {
        URL target = canary != null && random.nextInt(10) == 0 ? canary : url;
        HttpURLConnection connection = (HttpURLConnection) target.openConnection();
        try (InputStream body = connection.getInputStream()) {
          int length = body.readNBytes(buffer, 0, buffer.length);
          if (length > 1 && buffer[1] == '2') {
            v2++;
          }
        }
      } catch (IOException e) {
        if (failures++ == 0) {
          System.err.println("first failed call: " + e);
        }
      }
    }

    void add(Caller other) {
      calls += other.calls;
      failures += other.failures;
      v2 += other.v2;
      cpuNanos += other.cpuNanos;
      allocatedBytes += other.allocatedBytes;
    }
  }
}
