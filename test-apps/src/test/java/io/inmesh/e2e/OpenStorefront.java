package io.inmesh.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The storefront as {@code ./meshctl storefront} runs it, with a control server of its own. */
final class OpenStorefront implements AutoCloseable {
  private static final Pattern OPEN = Pattern.compile("shop is open at http://([0-9.:]+)/");
  private static final Set<String> VERSIONS = Set.of("orders-v1", "orders-v2", "orders-v3", "paid");
  private static final String EVERYONE =
      Policies.ROUND_ROBIN + "---\n" + Policies.ROUND_ROBIN.replace("orders", "payments");
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final PageMesh mesh;
  private final Path logs;
  private final Process process;
  private final Output output;
  private final String shop;

  /** What a visitor of the shop got. */
  record Visit(int status, String body, long millis) {}

  OpenStorefront(Jdk jdk, Path folder) {
    mesh = new PageMesh(jdk, folder);
    logs = folder.resolve("storefront");
    ProcessBuilder builder =
        new ProcessBuilder("./meshctl", "storefront", "--port", "0", "--data", logs.toString())
            .directory(Jars.ROOT.toFile())
            .redirectErrorStream(true);
    builder.environment().keySet().removeIf(Bash::isNotForTests);
    builder.environment().putAll(mesh.environment());
    try {
      process = builder.start();
    } catch (IOException e) {
      mesh.close();
      throw new UncheckedIOException(e);
    }
    output = new Output("the storefront", process.getInputStream());
    try {
      shop = output.awaitLine(OPEN, 0, Duration.ofSeconds(60)).group(1);
    } catch (AssertionError e) {
      close();
      throw e;
    }
    mesh.place("127.0.0.1:9080", shop).place(".inmesh/storefront", logs.toString());
    warmUp();
  }

  /** Each service once: a JVM's first calls take long enough to be taken for a fault's delay. */
  private void warmUp() {
    try (Bash terminal = mesh.terminal()) {
      terminal.run("./meshctl apply -f - <<'EOF'\n" + EVERYONE + "EOF");
      Poll.until("orders v1 to v3, and payments", this::seen, VERSIONS::equals);
      terminal.run("./meshctl delete dr/orders dr/payments");
      mesh.awaitSync();
    }
  }

  private Set<String> seen() {
    return IntStream.range(0, 12)
        .mapToObj(i -> visit("/").body())
        .flatMap(body -> VERSIONS.stream().filter(body::contains))
        .collect(Collectors.toSet());
  }

  /** Where it runs. */
  PageMesh mesh() {
    return mesh;
  }

  /** Asks the shop for a page. */
  Visit visit(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + shop + path));
    for (String header : headers) {
      String[] parts = header.split(": ", 2);
      request.header(parts[0], parts[1]);
    }
    long begun = System.nanoTime();
    try {
      HttpResponse<String> response =
          CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      return new Visit(response.statusCode(), response.body(), millis);
    } catch (IOException e) {
      throw new AssertionError("the shop does not answer: " + output.text(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** How often a line is in an instance's log. */
  long logged(String instance, String line) {
    try {
      return Files.readAllLines(logs.resolve(instance + ".log")).stream()
          .filter(line::equals)
          .count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    mesh.close();
  }
}
