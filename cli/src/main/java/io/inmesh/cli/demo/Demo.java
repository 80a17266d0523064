package io.inmesh.cli.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.inmesh.cli.terminal.Palette;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The demo: prepares a place for the {@link CanaryStory}, has it told, and tidies up.
 *
 * @param live whether the output is a terminal that shows a moving table
 */
public record Demo(
    CommandRunner meshctl, ObjectMapper json, PrintWriter out, Palette palette, boolean live) {

  /**
   * Runs the demo.
   *
   * @param home the repository's root
   * @param java the JVM for the story's processes
   * @param keep whether to leave it all running until the user interrupts
   * @return whether every step was seen to hold
   */
  public boolean run(Path home, Path java, boolean keep) {
    Narrator narrator = new Narrator(out, palette, live);
    Path data = temporaryFolder();
    Storefront storefront = new Storefront(home, java, data);
    List<Path> missing = storefront.missing();
    if (!missing.isEmpty()) {
      narrator.say("Not built: " + missing + ". Run `mvn -DskipTests package` first.");
      return false;
    }
    boolean held = false;
    Children children = new Children(data, () -> delete(data));
    try (children) {
      CanaryStory story = new CanaryStory(meshctl, json, narrator, storefront, children);
      String server = story.tell(ownClasses());
      conclude(narrator);
      held = narrator.allHeld();
      if (keep) {
        keepRunning(narrator, server, data);
      }
    } catch (StoryException e) {
      if (children.isInterrupted()) {
        return false;
      }
      narrator.verdict(false, String.valueOf(e.getMessage()));
    }
    if (held) {
      delete(data);
    } else {
      narrator.say("The logs of the processes are in " + data);
    }
    return held;
  }

  private static void conclude(Narrator narrator) {
    narrator.chapter("What was seen");
    narrator.verdicts().forEach(narrator::say);
  }

  private static void keepRunning(Narrator narrator, String server, Path data) {
    narrator.chapter("It runs on until Ctrl-C. In another terminal:");
    narrator.command("export MESHCTL_SERVER=" + server);
    narrator.command("./meshctl apply -f examples/canary/10-canary-90-10.yaml");
    narrator.command("./meshctl get vs -o yaml");
    narrator.command("./meshctl agents -o wide");
    narrator.command("./meshctl services -o wide");
    narrator.say("The logs are in " + data);
    try {
      Thread.currentThread().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("inmesh-demo-");
    } catch (IOException e) {
      throw new UncheckedIOException("there is no place for temporary files", e);
    }
  }

  private static Path ownClasses() {
    try {
      return Path.of(Demo.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("where these classes are is no URI", e);
    }
  }

  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the demo's folder " + folder, e);
    }
  }
}
