package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * A control server, and terminals whose commands mean it. Places that a page names and that may be
 * taken on this machine are others here; what commands print is told with the page's.
 */
final class PageMesh implements AutoCloseable {
  private final Jdk jdk;
  private final Path folder;
  private final ControlServer control;
  private final Map<String, String> places = new LinkedHashMap<>();

  PageMesh(Jdk jdk, Path folder) {
    this.jdk = jdk;
    this.folder = folder;
    jdk.java(); // Skips the test if there is none.
    this.control = new ControlServer(folder.resolve("server"));
  }

  /** What a page calls so is this here. */
  PageMesh place(String onPage, String here) {
    places.put(onPage, here);
    return this;
  }

  /** A shell at the repository's root, with the JDK before all others. */
  Bash terminal() {
    return new Bash(environment());
  }

  /** Variables for a process that shall mean this mesh, on the JDK. */
  Map<String, String> environment() {
    Path home = jdk.java().resolve("../..").normalize();
    Map<String, String> environment = new HashMap<>();
    environment.put("JAVA_HOME", home.toString());
    environment.put("PATH", home.resolve("bin") + ":" + System.getenv("PATH"));
    environment.put("MESHCTL_SERVER", control.url());
    environment.put("INMESH_CONTROL", control.url());
    // Longer than an agent waits by default: it is not what pages are about, and machines are slow.
    environment.put("INMESH_STARTUP_WAIT", "20s");
    environment.put("INMESH_DATA_DIR", folder.resolve("agent").toString());
    return environment;
  }

  /** A page's command, as it has to be here. */
  String here(String command) {
    String here = command;
    for (Map.Entry<String, String> place : places.entrySet()) {
      here = here.replace(place.getKey(), place.getValue());
    }
    return here;
  }

  /** What a command printed here, as it would be on the page. */
  List<String> asOnPage(List<String> lines) {
    return lines.stream().map(this::asOnPage).toList();
  }

  private String asOnPage(String line) {
    String there = line;
    for (Map.Entry<String, String> place : places.entrySet()) {
      there = there.replace(place.getValue(), place.getKey());
    }
    return there;
  }

  /** Waits until each agent has what the control server wants it to have. */
  void awaitSync() {
    Poll.until(
        "all agents to be in sync",
        () -> control.get("/inmesh/v1/agents").path("items"),
        agents ->
            StreamSupport.stream(agents.spliterator(), false)
                .filter(agent -> agent.path("state").asText().equals("connected"))
                .noneMatch(agent -> agent.path("sync").toString().contains("STALE")));
  }

  /** No policy may be left when a page's cleanup is done. */
  void assertClean() {
    for (String kind : List.of("virtualservices", "destinationrules", "serviceentries")) {
      JsonNode left = control.get("/apis/networking.istio.io/v1/" + kind).path("items");
      assertThat(left).as(kind + " after the cleanup").isEmpty();
    }
  }

  @Override
  public void close() {
    control.close();
  }
}
