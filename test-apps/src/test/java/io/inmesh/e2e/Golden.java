package io.inmesh.e2e;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The world of the golden tour: servers whose ports stay the same from run to run, so that runs can
 * be compared without changing a byte. Runs are one after the other.
 */
@SuppressWarnings("StringConcatToTextBlock") // Lines on the wire end with CR and LF.
final class Golden implements Closeable {
  /** The one thing that the JDK draws by lot: its part of a digest authentication. */
  private static final Pattern CLIENT_NONCE = Pattern.compile("cnonce=\"[^\"]*\"");

  private final TourScript script = new TourScript();
  private final Map<String, Backend> recorded = new LinkedHashMap<>();
  private final List<Closeable> others = new ArrayList<>();
  private final Map<String, Integer> ports = new LinkedHashMap<>();
  private final Path hosts;
  private final Path store;

  /** What one run showed: its transcript and, by server, what each connection sent. */
  record Seen(int exitCode, String transcript, String stderr, Map<String, List<String>> wire) {}

  Golden(Path folder) throws Exception {
    hosts = Files.writeString(folder.resolve("hosts"), namesOfStops());
    store = certificate(folder);
    record("main", new Backend(1, script));
    record("other", new Backend(2, script));
    record("single", new Backend(3, script));
    record("proxy", new Backend(4, Golden::proxy));
    record("socks", new Backend(4, Wire::read));
    record("tls", new Backend(tls(), script));
    // A failed handshake's bytes are random: what the client makes of it is what counts.
    unrecorded("tls-untrusted", new Backend(tls(), script));
    unrecorded("tls-plain", new Backend(1, wire -> wire.send("HTTP/1.1 200 OK\r\n\r\n")));
    refused();
    full();
  }

  /** A port that refuses every connection. */
  int refusedPort() {
    return Objects.requireNonNull(ports.get("refused"));
  }

  /** Tours once, in a JVM that the caller may add to. */
  Seen run(Jdk jdk, UnaryOperator<Jvm.Builder> additions) {
    script.forget();
    recorded.values().forEach(Backend::forget);
    List<String> arguments = new ArrayList<>();
    ports.forEach((name, port) -> arguments.add(name + "=" + port));
    arguments.add("truststore=" + store);
    Jvm.Builder builder = Jvm.of(jdk).jvmArgument("-Djdk.net.hosts.file=" + hosts);
    Jvm.Result result =
        additions
            .apply(builder)
            .main("io.inmesh.testapps.tour.HttpUrlConnectionTour", arguments.toArray(String[]::new))
            .run();
    Map<String, List<String>> wire = new LinkedHashMap<>();
    recorded.forEach(
        (name, backend) ->
            wire.put(
                name,
                backend.recorded().stream()
                    .map(bytes -> CLIENT_NONCE.matcher(bytes).replaceAll("cnonce=RANDOM"))
                    .toList()));
    return new Seen(result.exitCode(), result.stdout(), result.stderr(), wire);
  }

  @Override
  public void close() throws IOException {
    for (Closeable each : others) {
      each.close();
    }
  }

  private static String namesOfStops() {
    StringBuilder names = new StringBuilder();
    names.append("127.0.0.4 proxy.test\n").append("127.0.0.1 localhost alpha_odd.test\n");
    for (int stop = 0; stop < 400; stop++) {
      names.append("127.0.0.1 alpha" + stop + ".test\n");
      names.append("127.0.0.2 beta" + stop + ".test\n");
      names.append("127.0.0.3 gamma" + stop + ".test\n");
    }
    return names.toString();
  }

  private void record(String name, Backend backend) {
    recorded.put(name, backend);
    unrecorded(name, backend);
  }

  private void unrecorded(String name, Backend backend) {
    ports.put(name, backend.port());
    others.add(backend);
  }

  /** An HTTP proxy that answers itself; it asks for a password where the path says so. */
  private static void proxy(Wire wire) throws IOException {
    for (Wire.Head head = wire.readHead(); head != null; head = wire.readHead()) {
      if (head.method().equals("CONNECT")) {
        wire.send("HTTP/1.1 403 No tunnels\r\nContent-Length: 0\r\n\r\n");
      } else if (head.path().equals("/needs-password")
          && head.header("Proxy-Authorization") == null) {
        wire.send(
            "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\n"
                + "Content-Length: 0\r\n\r\n");
      } else {
        wire.send("HTTP/1.1 200 Proxied\r\nContent-Length: 7\r\n\r\nproxied");
      }
    }
  }

  /** A port that is taken, so that nobody else listens there, but refuses every connection. */
  private void refused() throws IOException {
    Socket bound = new Socket();
    bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    others.add(bound);
    ports.put("refused", bound.getLocalPort());
  }

  /** A port whose backlog is full, so that connecting to it takes for ever. */
  private void full() throws IOException {
    ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    others.add(listener);
    ports.put("full", listener.getLocalPort());
    for (int i = 0; i < 20; i++) {
      Socket filling = new Socket();
      others.add(filling);
      try {
        filling.connect(listener.getLocalSocketAddress(), 200);
      } catch (SocketTimeoutException e) {
        return;
      }
    }
    throw new IllegalStateException("the backlog takes everybody");
  }

  private static Path certificate(Path folder) throws Exception {
    Path store = folder.resolve("tls.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-alias",
                "tls",
                "-keyalg",
                "EC",
                "-validity",
                "30",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost")
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IllegalStateException("keytool: " + said);
    }
    return store;
  }

  private ServerSocket tls() throws Exception {
    KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, "changeit".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context
        .getServerSocketFactory()
        .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }
}
