package io.inmesh.testapps;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Calls services with {@code HttpURLConnection} as it is told on stdin; each command is answered by
 * one line.
 *
 * <ul>
 *   <li>{@code see METHOD URL [Name=value ...]}: one call, all that an application can see of it;
 *   <li>{@code within MILLIS METHOD URL}: the same with that read timeout;
 *   <li>{@code stream URL}: a POST whose body is not buffered;
 *   <li>{@code calls N URL [Name=value ...]}: so many calls, one after the other, counted by
 *       answer;
 *   <li>{@code crowd N URL}: so many calls at once, each on a thread of its own;
 *   <li>{@code traffic URL}, {@code so-far}, {@code stop}: calls without end, about 1,000 a second;
 *   <li>{@code watch LABEL}: waits until the traffic is answered by LABEL, and says when;
 *   <li>{@code direct URL}: one call with {@code Proxy.NO_PROXY};
 *   <li>{@code quit}.
 * </ul>
 */
public final class Caller {
  private static final int TIMEOUT_MILLIS = 10_000;

  private @Nullable Traffic traffic;
  private int readTimeoutMillis = TIMEOUT_MILLIS;

  /** Runs it; arguments: none. */
  public static void main(String[] args) throws IOException {
    Caller caller = new Caller();
    System.out.println("ready");
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      if (line.equals("quit")) {
        return;
      }
      System.out.println(caller.obey(line.split(" ", -1)));
    }
  }

  private String obey(String[] words) {
    return switch (words[0]) {
      case "see" -> see(words, null);
      case "within" -> {
        readTimeoutMillis = Integer.parseInt(words[1]);
        String[] rest = words.clone();
        System.arraycopy(words, 2, rest, 1, words.length - 2);
        String seen = see(Arrays.copyOf(rest, words.length - 1), null);
        readTimeoutMillis = TIMEOUT_MILLIS;
        yield seen;
      }
      case "stream" -> stream(words[1]);
      case "direct" -> see(new String[] {"see", "GET", words[1]}, Proxy.NO_PROXY);
      case "calls" -> {
        Counts counts = new Counts();
        for (int i = Integer.parseInt(words[1]); i > 0; i--) {
          counts.call(words[2], words);
        }
        yield counts.toString();
      }
      case "crowd" -> crowd(Integer.parseInt(words[1]), words[2]);
      case "traffic" -> {
        traffic = new Traffic(words[1]);
        traffic.start();
        yield "started";
      }
      case "so-far" -> String.valueOf(traffic);
      case "stop" -> traffic == null ? "none" : traffic.end();
      case "watch" -> traffic == null ? "none" : traffic.await(words[1]);
      default -> "unknown command " + words[0];
    };
  }

  /** Each call's status, flags and time in milliseconds; and how many threads there were more. */
  private static String crowd(int number, String url) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    CountDownLatch start = new CountDownLatch(1);
    List<String> answers = Collections.synchronizedList(new ArrayList<>());
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      Thread caller = new Thread(() -> answers.add(inCrowd(url, start)), "crowd");
      caller.start();
      callers.add(caller);
    }
    int before = threads.getThreadCount();
    threads.resetPeakThreadCount();
    start.countDown();
    for (Thread caller : callers) {
      try {
        caller.join();
      } catch (InterruptedException e) {
        return "interrupted";
      }
    }
    return "more=" + (threads.getPeakThreadCount() - before) + " answers=" + answers;
  }

  private static String inCrowd(String url, CountDownLatch start) {
    try {
      start.await();
      long begin = System.nanoTime();
      HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
      connection.setReadTimeout(TIMEOUT_MILLIS);
      int status = connection.getResponseCode();
      String flags = connection.getHeaderField("x-inmesh-response-flags");
      text(status >= 400 ? connection.getErrorStream() : connection.getInputStream());
      return status + " " + flags + " " + (System.nanoTime() - begin) / 1_000_000;
    } catch (IOException | InterruptedException e) {
      return e.toString();
    }
  }

  private static String stream(String url) {
    try {
      HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
      connection.setReadTimeout(TIMEOUT_MILLIS);
      connection.setDoOutput(true);
      connection.setFixedLengthStreamingMode(4);
      connection.getOutputStream().write(new byte[] {'b', 'o', 'd', 'y'});
      return "status=" + connection.getResponseCode();
    } catch (IOException e) {
      return "failed=" + e;
    }
  }

  private String see(String[] words, @Nullable Proxy proxy) {
    HttpURLConnection connection = null;
    try {
      URL url = new URL(words[2]);
      connection =
          (HttpURLConnection) (proxy == null ? url.openConnection() : url.openConnection(proxy));
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(readTimeoutMillis);
      connection.setRequestMethod(words[1]);
      addHeaders(connection, words);
      if (words[1].startsWith("P")) {
        connection.setDoOutput(true);
        connection.getOutputStream().write(new byte[] {'b', 'o', 'd', 'y'});
      }
      int status = connection.getResponseCode();
      InputStream body = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
      return "status="
          + status
          + " message="
          + connection.getResponseMessage()
          + " url="
          + connection.getURL()
          + " class="
          + connection.getClass().getName()
          + " proxy="
          + connection.usingProxy()
          + " fields="
          + new TreeMap<>(withoutNullKey(connection))
          + " body="
          + text(body).replace("\r", "").replace('\n', '|');
    } catch (IOException e) {
      return "failed="
          + e.getClass().getName()
          + ": "
          + e.getMessage()
          + (connection == null ? "" : " url=" + connection.getURL());
    }
  }

  private static Map<String, Object> withoutNullKey(HttpURLConnection connection) {
    Map<String, Object> fields = new TreeMap<>();
    connection
        .getHeaderFields()
        .forEach(
            (name, values) -> {
              if (name != null) {
                fields.put(name, values);
              }
            });
    return fields;
  }

  private static void addHeaders(HttpURLConnection connection, String[] words) {
    for (int i = 3; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      connection.addRequestProperty(words[i].substring(0, equals), words[i].substring(equals + 1));
    }
  }

  private static String text(@Nullable InputStream stream) throws IOException {
    if (stream == null) {
      return "";
    }
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  /** How calls were answered; one thread at a time changes it. */
  private static final class Counts {
    private final Map<String, Integer> answers = new TreeMap<>();
    private int failed;
    private String firstFailure = "";

    /** One call; returns how it was answered. */
    synchronized String call(String url, String[] words) {
      String answer;
      try {
        HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        addHeaders(connection, words);
        int status = connection.getResponseCode();
        answer = status == 200 ? text(connection.getInputStream()) : "status-" + status;
        if (status != 200) {
          text(connection.getErrorStream());
          fail(answer);
        }
      } catch (IOException e) {
        answer = e.getClass().getName();
        fail(e.toString());
      }
      answers.merge(answer, 1, Integer::sum);
      return answer;
    }

    private void fail(String why) {
      failed++;
      if (firstFailure.isEmpty()) {
        firstFailure = why;
      }
    }

    @Override
    public synchronized String toString() {
      return "answers=" + answers + " failed=" + failed + " first=" + firstFailure;
    }
  }

  /** Calls without end. */
  private static final class Traffic extends Thread {
    private final String url;
    private final Counts counts = new Counts();
    private volatile boolean ended;
    private volatile String last = "";
    private volatile long lastSince;

    Traffic(String url) {
      super("traffic");
      this.url = url;
      setDaemon(true);
    }

    @Override
    public void run() {
      while (!ended) {
        String answer = counts.call(url, new String[0]);
        if (!answer.equals(last)) {
          lastSince = System.currentTimeMillis();
          last = answer;
        }
        LockSupport.parkNanos(500_000);
      }
    }

    String await(String label) {
      long deadline = System.nanoTime() + 20_000_000_000L;
      while (!last.equals(label)) {
        if (System.nanoTime() > deadline) {
          return "never";
        }
        LockSupport.parkNanos(500_000);
      }
      return "since=" + lastSince;
    }

    String end() {
      ended = true;
      while (isAlive()) {
        LockSupport.parkNanos(500_000);
      }
      return toString();
    }

    @Override
    public String toString() {
      return counts.toString();
    }
  }
}
