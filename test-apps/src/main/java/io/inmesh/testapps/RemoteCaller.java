package io.inmesh.testapps;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls services with {@code HttpURLConnection} as it is told over connections to a port of
 * loopback, which it prints; whoever wants calls at the same time makes several of these. A line
 * orders something, a line answers it. Words are separated by a space and URL-encoded.
 *
 * <ul>
 *   <li>{@code call METHOD HOST PORT PATH BODY [NAME VALUE]...}: one call; the answer is {@code
 *       STATUS MICROS WHOLE FAILURE BODY [NAME VALUE]...}, with status 0 if there was none and the
 *       failure empty if there was none;
 *   <li>{@code forget}: closes the connections that are kept for further calls.
 * </ul>
 *
 * <p>It ends when its stdin does.
 */
public final class RemoteCaller {
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int FIRST_HEADER = 5;

  private final Deque<HttpURLConnection> lastFirst = new ArrayDeque<>();

  /** Runs it; arguments: none. */
  public static void main(String[] args) throws IOException {
    ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    RemoteCaller caller = new RemoteCaller();
    daemon("orders", () -> caller.accept(listener));
    System.out.println("listening " + listener.getLocalPort());
    while (System.in.read() >= 0) {
      // Nobody has to say anything there.
    }
  }

  private static void daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept(ServerSocket listener) {
    try {
      while (true) {
        Socket socket = listener.accept();
        daemon("caller", () -> serve(socket));
      }
    } catch (IOException e) {
      System.err.println("no more orders: " + e);
    }
  }

  private void serve(Socket socket) {
    try (socket;
        BufferedReader orders =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        BufferedWriter answers =
            new BufferedWriter(
                new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.US_ASCII))) {
      socket.setTcpNoDelay(true);
      for (String line = orders.readLine(); line != null; line = orders.readLine()) {
        answers.write(obey(line) + "\n");
        answers.flush();
      }
    } catch (IOException e) {
      System.err.println("an order was broken off: " + e);
    }
  }

  private String obey(String line) {
    if (line.equals("forget")) {
      forget();
      return "forgot";
    }
    List<String> words = new ArrayList<>();
    for (String word : line.split(" ", -1)) {
      words.add(URLDecoder.decode(word, StandardCharsets.UTF_8));
    }
    return call(words.subList(1, words.size()));
  }

  private synchronized void forget() {
    // Each closes one idle connection to where its call went: that which became idle last.
    lastFirst.forEach(HttpURLConnection::disconnect);
    lastFirst.clear();
  }

  private synchronized void ended(HttpURLConnection connection) {
    lastFirst.push(connection);
  }

  private String call(List<String> order) {
    Answer answer = new Answer();
    try {
      URL url = new URL("http", order.get(1), Integer.parseInt(order.get(2)), order.get(3));
      HttpURLConnection connection = (HttpURLConnection) url.openConnection();
      make(connection, order, answer);
      ended(connection);
    } catch (IOException e) {
      answer.failure = e.toString();
    }
    return answer.toString();
  }

  private static void make(HttpURLConnection connection, List<String> order, Answer answer) {
    try {
      connection.setInstanceFollowRedirects(false);
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      connection.setRequestMethod(order.get(0));
      for (int i = FIRST_HEADER; i < order.size(); i += 2) {
        connection.addRequestProperty(order.get(i), order.get(i + 1));
      }
      String body = order.get(4);
      if (!body.isEmpty()) {
        connection.setDoOutput(true);
        connection.getOutputStream().write(body.getBytes(StandardCharsets.ISO_8859_1));
      }
      answer.read(connection);
    } catch (IOException e) {
      answer.failure = e.toString();
    }
  }

  /** What an application sees of a call, as it comes to know it. */
  private static final class Answer {
    private final long begunNanos = System.nanoTime();
    private final List<String> headers = new ArrayList<>();
    private int status;
    private boolean whole;
    private String failure = "";
    private String body = "";

    void read(HttpURLConnection connection) throws IOException {
      status = connection.getResponseCode();
      for (int i = 1; connection.getHeaderFieldKey(i) != null; i++) {
        headers.add(connection.getHeaderFieldKey(i));
        headers.add(connection.getHeaderField(i));
      }
      body = text(status >= 400 ? connection.getErrorStream() : connection.getInputStream());
      whole = true;
    }

    private static String text(@Nullable InputStream stream) throws IOException {
      if (stream == null) {
        return "";
      }
      // Not closed: after that, disconnect would not close the idle connection any more.
      return new String(stream.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
      List<String> words = new ArrayList<>();
      words.add(String.valueOf(status));
      words.add(String.valueOf((System.nanoTime() - begunNanos) / 1_000));
      words.add(String.valueOf(whole));
      words.add(failure);
      words.add(body);
      words.addAll(headers);
      StringBuilder line = new StringBuilder();
      for (String word : words) {
        line.append(line.isEmpty() ? "" : " ")
            .append(URLEncoder.encode(word, StandardCharsets.UTF_8));
      }
      return line.toString();
    }
  }
}
