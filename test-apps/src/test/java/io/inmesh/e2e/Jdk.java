package io.inmesh.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** A JDK that tests fork JVMs with; {@code home} is null when this machine has none of it. */
record Jdk(int major, @Nullable Path home) {
  private static final int[] WANTED = {17, 25};
  private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)");
  private static final List<Path> FOLDERS =
      List.of(
          Path.of("/usr/lib/jvm"),
          Path.of("/opt/java"),
          Path.of("/Library/Java/JavaVirtualMachines"),
          Path.of(System.getProperty("user.home"), ".sdkman", "candidates", "java"),
          Path.of(System.getProperty("user.home"), ".jdks"));
  private static final List<Jdk> ALL = find();

  /** One per wanted major version, present or not. */
  static List<Jdk> all() {
    return ALL;
  }

  /** The newest of {@link #all()} that this machine has, for what one JDK is enough to show. */
  static Jdk newest() {
    return ALL.stream().filter(jdk -> jdk.home != null).reduce((a, b) -> b).orElseThrow();
  }

  /** Its {@code java}; skips the running test when there is none. */
  Path java() {
    return tool("java");
  }

  /** One of its tools; skips the running test when the JDK is missing. */
  Path tool(String name) {
    Path there = home;
    Assumptions.assumeTrue(
        there != null,
        () ->
            "skipped: no JDK "
                + major
                + " on this machine; looked at java.home, INMESH_TEST_JDKS and "
                + FOLDERS);
    if (there == null) {
      throw new IllegalStateException("an assumption that failed went on");
    }
    return there.resolve("bin").resolve(name);
  }

  @Override
  public String toString() {
    return "JDK " + major;
  }

  private static List<Jdk> find() {
    List<Path> homes = new ArrayList<>();
    homes.add(Path.of(System.getProperty("java.home")));
    String configured = System.getenv("INMESH_TEST_JDKS");
    if (configured != null) {
      Pattern.compile(Pattern.quote(System.getProperty("path.separator")))
          .splitAsStream(configured)
          .filter(entry -> !entry.isBlank())
          .map(Path::of)
          .forEach(homes::add);
    }
    for (Path folder : FOLDERS) {
      if (Files.isDirectory(folder)) {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
          children.forEach(
              child -> {
                homes.add(child);
                homes.add(child.resolve("Contents/Home"));
              });
        } catch (IOException e) {
          throw new UncheckedIOException("cannot list " + folder, e);
        }
      }
    }
    List<Jdk> found = new ArrayList<>();
    for (int wanted : WANTED) {
      Path home = homes.stream().filter(each -> majorOf(each) == wanted).findFirst().orElse(null);
      found.add(new Jdk(wanted, home));
    }
    return List.copyOf(found);
  }

  private static int majorOf(Path home) {
    Path release = home.resolve("release");
    if (!Files.isRegularFile(release) || !Files.isExecutable(home.resolve("bin/java"))) {
      return -1;
    }
    try {
      Matcher matcher = VERSION.matcher(Files.readString(release));
      return matcher.find() ? Integer.parseInt(matcher.group(1)) : -1;
    } catch (IOException e) {
      return -1;
    }
  }
}
