package io.inmesh.benchmarks.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where the files of the project are.
 *
 * @param root the repository's root
 */
public record Project(Path root) {

  /** The project that {@code benchmarks/run} runs for. */
  public static Project current() {
    return new Project(Path.of(System.getProperty("benchmarks.root", ".")).toAbsolutePath());
  }

  /** The class path of the benchmarks' own measured programs. */
  public Path classes() {
    return root.resolve("benchmarks/target/classes");
  }

  public Path agentJar() {
    return root.resolve("agent/target/inmesh-agent.jar");
  }

  public Path controlServerJar() {
    return root.resolve("control-server/target/inmesh-control-server.jar");
  }

  /** The Spring Boot service's class path, as built by {@code benchmarks/spring/pom.xml}. */
  public List<Path> springClassPath() {
    Path target = root.resolve("benchmarks/target/spring");
    return List.of(target.resolve("classes"), target.resolve("lib/*"));
  }

  /** A folder for files of one run; made if missing. */
  public Path scratch(String name) {
    Path folder = root.resolve("benchmarks/target/run").resolve(name);
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + folder, e);
    }
  }

  /** A new empty folder for files of one process. */
  public Path fresh(String prefix) {
    Path folder = scratch("data");
    try {
      return Files.createTempDirectory(folder, prefix + "-");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a folder in " + folder, e);
    }
  }
}
