package io.inmesh.cli.demo;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

  /** The built files that the story needs and that are not there. */
  List<Path> missing() {
    return List.of(agent(), controlServer(), apps()).stream()
        .filter(file -> !Files.exists(file))
        .toList();
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

  List<String> orders(String control, String version, int port) {
    String settings =
        String.format(
            "control=%s;service=orders;labels=version=%s;ports=%d:%d;data.dir=%s",
            control, version, SERVICE_PORT, port, data.resolve("agent-" + port));
    return app(
        settings,
        "Orders",
        List.of("--port", String.valueOf(port), "--version", version, "--until-stdin-closes"));
  }

  List<String> shop(String control, int port) {
    String settings =
        String.format(
            "control=%s;service=shop;ports=%d:%d;data.dir=%s",
            control, SERVICE_PORT, port, data.resolve("agent-" + port));
    return app(settings, "Shop", List.of("--port", String.valueOf(port), "--until-stdin-closes"));
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
