package io.inmesh.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
    List<PolicyResource> resources =
        SourceText.decode(bytes, diagnostics)
            .map(text -> resources(text, diagnostics))
            .orElse(List.of());
    return new ParsedPolicies(resources, diagnostics.problems());
  }

  /**
   * Reads a text.
   *
   * @param source the name that problems are reported under, a file's usually
   */
  public static ParsedPolicies parse(String source, String text) {
    Diagnostics diagnostics = new Diagnostics(source);
    List<PolicyResource> resources =
        SourceText.check(text, diagnostics)
            .map(checked -> resources(checked, diagnostics))
            .orElse(List.of());
    return new ParsedPolicies(resources, diagnostics.problems());
  }

  private static List<PolicyResource> resources(String text, Diagnostics diagnostics) {
    List<PolicyResource> resources = new ArrayList<>();
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
          for (PolicyResource resource : parser.parse(document)) {
            resources.add(resource);
            if (!names.add(resource.metadata().namespace() + "/" + resource.displayName())) {
              diagnostics.warning(
                  document.position(),
                  "metadata.name",
                  resource.displayName() + " is in this input more than once; the last one counts");
            }
          }
        });
    if (documents[0] == 0 && diagnostics.problems().isEmpty()) {
      diagnostics.beginResource();
      diagnostics.error(
          "holds no resource: it is empty, or has comments only; each resource is a document with"
              + " apiVersion, kind, metadata and spec");
    }
    return resources;
  }

  private PolicyParser() {}
}
