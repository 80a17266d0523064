package io.inmesh.cli;

import io.inmesh.policy.ParsedPolicies;
import io.inmesh.policy.PolicyParser;
import io.inmesh.policy.PolicyProblem;
import io.inmesh.policy.PolicyResource;
import io.inmesh.policy.ResourcePlace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The policy that {@code -f} names: the documents of files, of folders in the order of their file
 * names, and of standard input.
 *
 * @param documents the sound resources, in the order of their files and places
 * @param problems of all files
 * @param texts what each file holds, by its name, in order
 */
record PolicyFiles(
    List<Document> documents, List<PolicyProblem> problems, Map<String, byte[]> texts) {

  private static final String STDIN = "standard input";

  private static final int STDIN_LIMIT = 64 << 20;

  /** A resource and where it stands. */
  record Document(PolicyResource resource, ResourcePlace place) {

    String source() {
      return place.source();
    }

    /** {@code file:line} of a field, or of the resource. */
    String at(String path) {
      return source() + ":" + place.line(path);
    }
  }

  PolicyFiles {
    documents = List.copyOf(documents);
    problems = List.copyOf(problems);
    texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
  }

  /**
   * Reads and parses all.
   *
   * @param names files, folders, or "-" for standard input
   * @throws UnusableFileException if one cannot be read or a folder holds no policy
   */
  static PolicyFiles read(List<String> names, boolean recursive, InputStream stdin) {
    List<Document> documents = new ArrayList<>();
    List<PolicyProblem> problems = new ArrayList<>();
    Map<String, byte[]> texts = texts(names, recursive, stdin);
    texts.forEach((source, text) -> add(source, text, documents, problems));
    return new PolicyFiles(documents, problems, texts);
  }

  /** Reads all without looking at what it means; each file once, by its name. */
  static Map<String, byte[]> texts(List<String> names, boolean recursive, InputStream stdin) {
    Map<String, byte[]> texts = new LinkedHashMap<>();
    for (String name : names) {
      if (name.equals("-")) {
        texts.computeIfAbsent(STDIN, source -> bytes(stdin));
      } else {
        files(Path.of(name), recursive)
            .forEach(file -> texts.computeIfAbsent(file.toString(), source -> bytes(file)));
      }
    }
    return texts;
  }

  List<PolicyProblem> errors() {
    return problems.stream().filter(PolicyProblem::isError).toList();
  }

  List<PolicyProblem> warnings() {
    return problems.stream().filter(problem -> !problem.isError()).toList();
  }

  private static void add(
      String source, byte[] bytes, List<Document> documents, List<PolicyProblem> problems) {
    ParsedPolicies parsed = PolicyParser.parse(source, bytes);
    for (int i = 0; i < parsed.resources().size(); i++) {
      documents.add(new Document(parsed.resources().get(i), parsed.places().get(i)));
    }
    problems.addAll(parsed.problems());
  }

  private static List<Path> files(Path path, boolean recursive) {
    if (!Files.exists(path)) {
      throw new UnusableFileException("there is no file or folder '" + path + "'.");
    }
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> walk = Files.walk(path, recursive ? Integer.MAX_VALUE : 1)) {
      List<Path> found =
          walk.filter(Files::isRegularFile).filter(PolicyFiles::isPolicy).sorted().toList();
      if (found.isEmpty()) {
        throw new UnusableFileException(
            "the folder '"
                + path
                + "' holds no .yaml, .yml or .json file"
                + (recursive ? "." : "; -R looks into its folders too."));
      }
      return found;
    } catch (IOException e) {
      throw new UnusableFileException("cannot list the folder '" + path + "': " + e, e);
    }
  }

  private static boolean isPolicy(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UnusableFileException("cannot read '" + file + "': " + e, e);
    }
  }

  private static byte[] bytes(InputStream stdin) {
    try {
      return stdin.readNBytes(STDIN_LIMIT);
    } catch (IOException e) {
      throw new UnusableFileException("cannot read standard input: " + e, e);
    }
  }
}
