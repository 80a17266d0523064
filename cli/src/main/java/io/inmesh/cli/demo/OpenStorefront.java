package io.inmesh.cli.demo;

import io.inmesh.cli.api.ControlServer;
import io.inmesh.cli.demo.Storefront.Instance;
import io.inmesh.cli.terminal.Palette;
import io.inmesh.cli.terminal.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * {@code meshctl storefront}: the services of a small shop under the mesh, for policy to be tried
 * on. The shop asks orders; orders v1 asks nobody; orders v2 and v3 ask payments, and differ in how
 * long they wait for it.
 *
 * @param control the control server that the agents are told of
 * @param namespace of all services
 */
public record OpenStorefront(
    ControlServer control, String namespace, PrintWriter out, Palette palette) {

  private static final String PAYMENTS = "http://payments:8080/";
  private static final long START_MILLIS = 60_000;
  private static final long POLL_MILLIS = 50;

  /**
   * Runs the services until the user interrupts.
   *
   * @param home the repository's root
   * @param java the JVM for the services
   * @param data where logs and agents' files go; made if missing
   * @param port the shop's; 0 for a free one
   * @throws StoryException when they do not come up, or all have ended by themselves
   * @throws io.inmesh.cli.api.UnreachableException when there is no control server
   */
  public void run(Path home, Path java, Path data, int port) {
    Storefront storefront = new Storefront(home, java, data);
    List<Path> missing = storefront.missing();
    if (!missing.isEmpty()) {
      throw new StoryException(
          "not built: " + missing + ". Run `mvn -DskipTests package` in " + home + ".");
    }
    control.version(); // A control server that is not there is told before anything is started.
    make(data);
    int shopPort = port == 0 ? Storefront.freePort() : Storefront.unused(port);
    try (Children children = new Children(data, () -> {})) {
      Map<String, Instance> instances = instances(shopPort);
      Map<String, Process> processes = new LinkedHashMap<>();
      instances.forEach(
          (name, instance) -> processes.put(name, start(storefront, children, name, instance)));
      awaitRegistration(children, instances, processes);
      tell(children, instances, shopPort);
      CompletableFuture.allOf(
              processes.entrySet().stream()
                  .map(
                      each ->
                          each.getValue().onExit().thenRun(() -> ended(children, each.getKey())))
                  .toArray(CompletableFuture[]::new))
          .join();
      if (!children.isInterrupted()) {
        throw new StoryException("all services have ended.");
      }
    }
  }

  private static Map<String, Instance> instances(int shopPort) {
    Map<String, Instance> instances = new LinkedHashMap<>();
    instances.put("payments-v1", payments("v1"));
    instances.put("orders-v1", orders("v1"));
    instances.put("orders-v2", orders("v2", "--payments", PAYMENTS));
    instances.put(
        "orders-v3", orders("v3", "--payments", PAYMENTS, "--payments-timeout-millis", "2000"));
    instances.put("shop", Instance.shop(shopPort, "--log-requests"));
    return instances;
  }

  private static Instance payments(String version) {
    return Instance.payments(
        version, Storefront.freePort(), "--instance", "payments-" + version, "--log-requests");
  }

  private static Instance orders(String version, String... more) {
    Instance plain =
        Instance.orders(
            version, Storefront.freePort(), "--instance", "orders-" + version, "--log-requests");
    return plain.with(more);
  }

  private Process start(Storefront storefront, Children children, String name, Instance instance) {
    return children.start(
        name, storefront.instance(control.address().toString(), namespace, instance));
  }

  private void awaitRegistration(
      Children children, Map<String, Instance> instances, Map<String, Process> processes) {
    Set<Integer> ports =
        instances.values().stream().map(Instance::port).collect(Collectors.toSet());
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
    while (!registeredPorts().containsAll(ports)) {
      processes.forEach(
          (name, process) -> {
            if (!process.isAlive()) {
              throw new StoryException(name + " did not start:\n" + children.logTail(name, 20));
            }
          });
      if (System.nanoTime() > deadline) {
        throw new StoryException(
            "not all services are registered after "
                + START_MILLIS / 1_000
                + " s; their logs are in "
                + children.log("shop").getParent());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
    }
  }

  private Set<Integer> registeredPorts() {
    return control.services().stream()
        .filter(service -> service.path("namespace").asText().equals(namespace))
        .flatMap(service -> service.path("endpoints").valueStream())
        .map(endpoint -> endpoint.path("port").asInt())
        .collect(Collectors.toSet());
  }

  private void tell(Children children, Map<String, Instance> instances, int shopPort) {
    TextTable table = new TextTable("NAME", "SERVICE", "LISTENS AT", "LOG");
    instances.forEach(
        (name, instance) ->
            table.row(
                name,
                instance.service() + ":8080",
                "127.0.0.1:" + instance.port(),
                children.log(name).toString()));
    table.lines(palette).forEach(out::println);
    out.println();
    out.println("The shop is open at http://127.0.0.1:" + shopPort + "/ until Ctrl-C.");
    out.flush();
  }

  private void ended(Children children, String name) {
    if (!children.isInterrupted()) {
      out.println(name + " has ended; its log is " + children.log(name));
      out.flush();
    }
  }

  private static void make(Path data) {
    try {
      Files.createDirectories(data);
    } catch (IOException e) {
      throw new StoryException("cannot make the folder " + data + ": " + e.getMessage(), e);
    }
  }
}
