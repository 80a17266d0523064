package io.inmesh.cli.demo;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How the parts of the story are started: the control server, and the storefront's apps under the
 * packaged agent.
 *
 * @param home the repository's root
 * @param java the JVM to start
 * @param data where control server and agents keep what they keep
 */
record Storefront(Path home, Path java, Path data) {

  private static final String APPS = "io.inmesh.storefront.";
  private static final int SERVICE_PORT = 8080;

  /** The built files that the storefront and its control server need and that are not there. */
  List<Path> missing() {
    return Stream.of(agent(), controlServer(), apps()).filter(file -> !Files.exists(file)).toList();
  }

  List<String> controlServer(Path ownClasses) {
    return List.of(
        java.toString(),
        "-XX:TieredStopAtLevel=1",
        "-cp",
        controlServer() + File.pathSeparator + ownClasses,
        TiedToParent.class.getName(),
        "io.inmesh.control.ControlServerMain",
        "server",
        "--listen",
        "127.0.0.1:0",
        "--data",
        data.resolve("server").toString());
  }

  /**
   * An instance of a service of the storefront, as service port 8080.
   *
   * @param app the program
   * @param version what its label says; "" for none
   * @param port where it listens
   * @param arguments what else the program is told
   */
  record Instance(String app, String service, String version, int port, List<String> arguments) {
    Instance {
      arguments = List.copyOf(arguments);
    }

    /** Told more. */
    Instance with(String... more) {
      List<String> all = new ArrayList<>(arguments);
      all.addAll(List.of(more));
      return new Instance(app, service, version, port, all);
    }

    static Instance shop(int port, String... arguments) {
      return new Instance("Shop", "shop", "", port, List.of(arguments));
    }

    static Instance orders(String version, int port, String... arguments) {
      return new Instance("Orders", "orders", version, port, List.of(arguments));
    }

    static Instance payments(String version, int port, String... arguments) {
      return new Instance("Payments", "payments", version, port, List.of(arguments));
    }
  }

  /**
   * Starts an instance under the mesh.
   *
   * @param control the control server's URL
   */
  List<String> instance(String control, String namespace, Instance instance) {
    String settings =
        "control="
            + control
            + (namespace.isEmpty() ? "" : ";namespace=" + namespace)
            + ";service="
            + instance.service()
            + (instance.version().isEmpty() ? "" : ";labels=version=" + instance.version())
            + (";ports=" + SERVICE_PORT + ":" + instance.port())
            + (";data.dir=" + data.resolve("agent-" + instance.port()));
    List<String> arguments = new ArrayList<>(List.of("--port", String.valueOf(instance.port())));
    if (!instance.version().isEmpty()) {
      arguments.addAll(List.of("--version", instance.version()));
    }
    arguments.addAll(instance.arguments());
    arguments.add("--until-stdin-closes");
    return app(settings, instance.app(), arguments);
  }

  /** The visitors are outside of the mesh: they have no agent. */
  List<String> load(int shopPort, int callsPerSecond) {
    return app(
        "",
        "Load",
        List.of(
            "--url",
            "http://127.0.0.1:" + shopPort + "/",
            "--rate",
            String.valueOf(callsPerSecond),
            "--interval-millis",
            "100",
            "--until-stdin-closes"));
  }

  /** A command as a user would type it at the repository's root. */
  String typed(List<String> command) {
    return String.join(" ", command)
        .replace(java.toString(), "java")
        .replace(home + "/", "")
        .replaceAll(";data\\.dir=[^ ]*", "")
        .replaceAll("(-javaagent:[^ =]*=)([^ ]*)", "$1'$2'")
        .replace(" --until-stdin-closes", "");
  }

  /** A free port of the loopback interface; the agent has to know it before the app binds it. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new StoryException("there is no free port on the loopback interface", e);
    }
  }

  /** A port that the user wants; it must be free. */
  static int unused(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new StoryException(
          "port " + port + " cannot be used (" + e.getMessage() + "); --port 0 takes a free one.",
          e);
    }
  }

  private List<String> app(String agentSettings, String name, List<String> args) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    if (!agentSettings.isEmpty()) {
      command.add("-javaagent:" + agent() + "=" + agentSettings);
    }
    command.addAll(List.of("-cp", apps().toString(), APPS + name));
    command.addAll(args);
    return command;
  }

  private Path agent() {
    return home.resolve("agent/target/inmesh-agent.jar");
  }

  private Path controlServer() {
    return home.resolve("control-server/target/inmesh-control-server.jar");
  }

  private Path apps() {
    return home.resolve("test-apps/target/classes");
  }
}
