package io.inmesh.policy;

import io.inmesh.policy.YamlNode.Mapping;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Reads policy: YAML 1.2 or JSON, one document or many, {@code List}s of resources included. No
 * input makes it throw or run long: sizes, depth and aliases are bounded, and what is wrong is
 * returned as {@link PolicyProblem}s.
 *
 * <p>Threading: any thread.
 */
public final class PolicyParser {

  /**
   * Reads bytes, which must be UTF-8; a byte order mark is passed over.
   *
   * @param source the name that problems are reported under, a file's usually
   */
  public static ParsedPolicies parse(String source, byte[] bytes) {
    Diagnostics diagnostics = new Diagnostics(source);
    return parsed(source, SourceText.decode(bytes, diagnostics), diagnostics);
  }

  /**
   * Reads a text.
   *
   * @param source the name that problems are reported under, a file's usually
   */
  public static ParsedPolicies parse(String source, String text) {
    Diagnostics diagnostics = new Diagnostics(source);
    return parsed(source, SourceText.check(text, diagnostics), diagnostics);
  }

  private static ParsedPolicies parsed(
      String source, Optional<String> text, Diagnostics diagnostics) {
    List<PolicyResource> resources = new ArrayList<>();
    List<ResourcePlace> places = new ArrayList<>();
    text.ifPresent(
        checked ->
            read(
                checked,
                diagnostics,
                (resource, root) -> {
                  resources.add(resource);
                  places.add(new ResourcePlace(source, root));
                }));
    return new ParsedPolicies(resources, places, diagnostics.problems());
  }

  private static void read(
      String text, Diagnostics diagnostics, BiConsumer<PolicyResource, Mapping> resources) {
    Set<String> names = new HashSet<>();
    ResourceParser parser = new ResourceParser(diagnostics);
    int[] documents = {0};
    YamlReader.read(
        text,
        diagnostics,
        document -> {
          if (document.isNull()) {
            return;
          }
          documents[0]++;
          parser.parse(
              document,
              (resource, root) -> {
                resources.accept(resource, root);
                if (!names.add(resource.metadata().namespace() + "/" + resource.displayName())) {
                  diagnostics.warning(
                      document.position(),
                      "metadata.name",
                      resource.displayName()
                          + " is in this input more than once; the last one counts");
                }
              });
        });
    if (documents[0] == 0 && diagnostics.problems().isEmpty()) {
      diagnostics.beginResource();
      diagnostics.error(
          "holds no resource: it is empty, or has comments only; each resource is a document with"
              + " apiVersion, kind, metadata and spec");
    }
  }

  private PolicyParser() {}
}
