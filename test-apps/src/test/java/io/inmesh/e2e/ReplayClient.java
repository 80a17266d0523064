package io.inmesh.e2e;

import io.inmesh.golden.GoldenCall;
import io.inmesh.golden.GoldenCase.Header;
import io.inmesh.golden.Outcome;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.regex.Pattern;

/**
 * The application of a replay: a {@code RemoteCaller} in a JVM of its own with the packaged agent.
 * Calls may be made by several threads at once.
 */
final class ReplayClient implements AutoCloseable {
  private static final String HTTP_SUFFIX = ":80";

  /** An address that nobody has, or somebody whom a test has no business with. */
  private static final Pattern NOT_LOOPBACK = Pattern.compile("^(?!127\\.)\\d+\\.");

  private static final Outcome LEFT_ALONE =
      new Outcome(0, false, List.of(), null, null, "", true, "not sent", Duration.ZERO);

  private final Jvm jvm;
  private final int port;
  private final ConcurrentLinkedDeque<Line> free = new ConcurrentLinkedDeque<>();

  /** One connection to the caller: a question, an answer, the next question. */
  private record Line(Socket socket, BufferedReader answers, BufferedWriter orders) {}

  /** Of a JVM that begins with a {@code RemoteCaller}. */
  ReplayClient(Jvm jvm) {
    this.jvm = jvm;
    this.port = Integer.parseInt(jvm.awaitLine("listening (\\d+)").group(1));
  }

  /** Makes a call, and returns what the application got. */
  Outcome call(GoldenCall call) {
    int colon = call.target().lastIndexOf(':');
    if (NOT_LOOPBACK.matcher(call.target()).find()) {
      return LEFT_ALONE;
    }
    List<String> order = new ArrayList<>();
    order.add("call");
    order.add(call.method());
    String own = hostAsWritten(call, call.target().substring(0, colon));
    order.add(own);
    order.add(call.target().substring(colon + 1));
    order.add(call.path());
    order.add(call.body());
    String implied = own + call.target().substring(colon);
    implied = implied.endsWith(HTTP_SUFFIX) ? own : implied;
    if (!implied.equals(call.authority())) {
      order.add("Host");
      order.add(call.authority());
    }
    call.headers().forEach(header -> order.addAll(List.of(header.name(), header.value())));
    return outcome(ask(order));
  }

  /** Closes the connections that calls left open. */
  void forget() {
    ask(List.of("forget"));
  }

  String stderr() {
    return jvm.stderr();
  }

  @Override
  public void close() {
    jvm.close();
  }

  private static String hostAsWritten(GoldenCall call, String host) {
    String authority = call.authority();
    return authority.toLowerCase(Locale.ROOT).startsWith(host)
        ? authority.substring(0, host.length())
        : host;
  }

  private static Outcome outcome(List<String> words) {
    int status = Integer.parseInt(words.get(0));
    boolean whole = Boolean.parseBoolean(words.get(2));
    String failure = words.get(3);
    List<Header> headers = new ArrayList<>();
    String backend = null;
    String flags = "";
    String details = "";
    for (int i = 5; i < words.size(); i += 2) {
      String value = words.get(i + 1);
      switch (words.get(i).toLowerCase(Locale.ROOT)) {
        case "x-backend" -> backend = value;
        case "x-inmesh-response-flags" -> flags = value;
        case "x-inmesh-response-code-details" -> details = value;
        default -> headers.add(new Header(words.get(i), value));
      }
    }
    // The mesh answers for itself; who does not find the host, or nobody there, was left alone.
    boolean untouched =
        failure.startsWith("java.net.UnknownHostException")
            || failure.startsWith("java.net.ConnectException");
    return new Outcome(
        status == 0 && !untouched ? -1 : status,
        status != 0 && !whole,
        headers,
        backend == null ? utf8(words.get(4)) : null,
        backend,
        flags,
        status == 0,
        details + " " + failure,
        Duration.ofNanos(Long.parseLong(words.get(1)) * 1_000));
  }

  /** The client gives each byte as a character. */
  private static String utf8(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private List<String> ask(List<String> words) {
    try {
      Line line = free.poll();
      Line used = line == null ? connect() : line;
      used.orders.write(
          String.join(" ", words.stream().map(ReplayClient::encoded).toList()) + "\n");
      used.orders.flush();
      String answer = used.answers.readLine();
      if (answer == null) {
        throw new AssertionError("the client is gone; stderr:\n" + jvm.stderr());
      }
      free.push(used);
      return Arrays.stream(answer.split(" ", -1))
          .map(each -> URLDecoder.decode(each, StandardCharsets.UTF_8))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("the client does not answer: " + jvm.stderr(), e);
    }
  }

  private static String encoded(String word) {
    return URLEncoder.encode(word, StandardCharsets.UTF_8);
  }

  private Line connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    return new Line(
        socket,
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)),
        new BufferedWriter(
            new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.US_ASCII)));
  }
}
