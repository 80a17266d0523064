package io.inmesh.testapps;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Calls a URL, then lists all threads each time a line comes in: {@code thread NAME daemon=B
 * priority=N loader=CLASS}, and {@code end}.
 */
public final class Threads {
  /** Runs it; arguments: the URL. */
  public static void main(String[] args) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) new URL(args[0]).openConnection();
    System.out.println("called " + connection.getResponseCode());
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (commands.readLine() != null) {
      for (Map.Entry<Thread, StackTraceElement[]> each : Thread.getAllStackTraces().entrySet()) {
        Thread thread = each.getKey();
        ClassLoader loader = thread.getContextClassLoader();
        System.out.println(
            "thread "
                + thread.getName()
                + " daemon="
                + thread.isDaemon()
                + " priority="
                + thread.getPriority()
                + " loader="
                + (loader == null ? "none" : loader.getClass().getName()));
      }
      System.out.println("end");
    }
  }

  private Threads() {}
}
