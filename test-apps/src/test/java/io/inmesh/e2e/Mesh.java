package io.inmesh.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * One test's part of a mesh: a namespace of its own on a control server, and the applications in
 * it. Closing it ends the applications; the control server is its owner's.
 */
final class Mesh implements AutoCloseable {
  private final ControlServer control;
  private final Jdk jdk;
  private final Path folder;
  private final String namespace;
  private final List<Jvm> applications = new ArrayList<>();

  /** An instance of a service that registered itself. */
  record Member(Jvm jvm, String name, int port) {
    /** The connections and requests that came since it was asked before. */
    String count() {
      return jvm.ask("count");
    }
  }

  Mesh(ControlServer control, Jdk jdk, Path folder) {
    this.control = control;
    this.jdk = jdk;
    this.folder = folder;
    this.namespace =
        Objects.requireNonNull(folder.getFileName())
            .toString()
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]", "");
  }

  String namespace() {
    return namespace;
  }

  /** The agent's arguments that every application here has. */
  String agentArguments() {
    return "control="
        + control.url()
        + ";namespace="
        + namespace
        + ";data.dir="
        + folder.resolve("agent");
  }

  /** Starts an instance that registers itself as service port 8080, with a version label. */
  Member instance(String name, String service, String version) {
    return instance(name, service, version, freePort());
  }

  /** Likewise, on a given port. */
  Member instance(String name, String service, String version, int port) {
    Jvm jvm =
        Jvm.of(jdk)
            .agent(
                agentArguments()
                    + ";service="
                    + service
                    + ";labels=version="
                    + version
                    + ";ports=8080:"
                    + port)
            .main("io.inmesh.testapps.Instance", name, String.valueOf(port))
            .start();
    applications.add(jvm);
    jvm.awaitLine("listening (\\d+)");
    return new Member(jvm, name, port);
  }

  /** Starts an instance that has no agent; a policy may name its port. */
  Member plainInstance(String name) {
    Jvm jvm = Jvm.of(jdk).main("io.inmesh.testapps.Instance", name, "0").start();
    applications.add(jvm);
    int port = Integer.parseInt(jvm.awaitLine("listening (\\d+)").group(1));
    return new Member(jvm, name, port);
  }

  /** Starts a caller with the agent. */
  Jvm caller() {
    return caller(Map.of());
  }

  /** Likewise, with more settings, which win. */
  Jvm caller(Map<String, String> settings) {
    String more =
        settings.entrySet().stream()
            .map(each -> ";" + each.getKey() + "=" + each.getValue())
            .collect(Collectors.joining());
    return started(Jvm.of(jdk).agent(agentArguments() + more));
  }

  /** Starts a caller without it. */
  Jvm bareCaller() {
    return started(Jvm.of(jdk));
  }

  /** Applies policy with {@code meshctl} in this namespace; it must be accepted. */
  String apply(String yaml) {
    try {
      Path file = Files.writeString(Files.createTempFile(folder, "policy", ".yaml"), yaml);
      Jvm.Result result = control.meshctl("apply", "-n", namespace, "-f", file.toString());
      if (result.exitCode() != 0) {
        throw new AssertionError("meshctl apply: " + result);
      }
      return result.stdout();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until so many endpoints of a host are registered. */
  void awaitEndpoints(String host, int number) {
    Poll.until(
        "endpoints of " + host, () -> endpoints(host), endpoints -> endpoints.size() == number);
  }

  /** The registered endpoints of a host, {@code address:port}. */
  List<String> endpoints(String host) {
    String full = host.contains(".") ? host : host + "." + namespace + ".svc.cluster.local";
    for (JsonNode service : control.get("/inmesh/v1/services").path("items")) {
      if (service.path("host").asText().equals(full)) {
        return StreamSupport.stream(service.path("endpoints").spliterator(), false)
            .map(each -> each.path("address").asText() + ":" + each.path("port").asText())
            .toList();
      }
    }
    return List.of();
  }

  /** What the control server knows of the agent in an application. */
  JsonNode agentOf(Jvm application) {
    return Poll.until(
        "the agent of " + application.pid(), () -> find(application), Objects::nonNull);
  }

  /** Waits until an agent has written down what it knows of a host. */
  void awaitLastGood(String host) {
    Poll.until(
        "the last good configuration in " + folder,
        () -> {
          try (Stream<Path> files = Files.walk(folder.resolve("agent"))) {
            return files
                .filter(file -> file.toString().endsWith(".lastgood")) // not one being written
                .anyMatch(file -> text(file).contains("|8080|v1|" + host));
          }
        },
        found -> found);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // Replaced while we looked.
    }
  }

  private @Nullable JsonNode find(Jvm application) {
    for (JsonNode agent : control.get("/inmesh/v1/agents").path("items")) {
      if (agent.path("pid").asLong() == application.pid()) {
        return agent;
      }
    }
    return null; // Not yet.
  }

  /** Starts a caller in a JVM that is as the test wants it. */
  Jvm started(Jvm.Builder builder) {
    Jvm jvm = builder.main("io.inmesh.testapps.Caller").start();
    applications.add(jvm);
    jvm.awaitLine("ready");
    return jvm;
  }

  @Override
  public void close() {
    applications.forEach(Jvm::close);
  }

  /** A port that was free a moment ago. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
