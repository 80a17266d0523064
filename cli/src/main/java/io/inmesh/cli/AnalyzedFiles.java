package io.inmesh.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inmesh.cli.PolicyFiles.Document;
import io.inmesh.policy.Kind;
import io.inmesh.policy.MessageCode;
import io.inmesh.policy.PolicyProblem;
import io.inmesh.policy.PolicyResource;
import io.inmesh.policy.analysis.Finding;
import io.inmesh.policy.analysis.ResourceRef;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Files as an analysis sees them.
 *
 * @param found each resource, where it stands; of two with one name, the last
 * @param refused what the parser refuses
 * @param notes what is passed over
 */
record AnalyzedFiles(Map<ResourceRef, Document> found, List<Finding> refused, List<String> notes) {

  private static final int MAX_KINDS = 10;

  AnalyzedFiles {
    refused = List.copyOf(refused);
    notes = List.copyOf(notes);
  }

  /**
   * Reads and parses all, folders with their folders.
   *
   * @param namespace of resources that name none
   */
  static AnalyzedFiles read(List<String> names, String namespace, InputStream stdin) {
    PolicyFiles files = PolicyFiles.read(names, true, stdin);
    Map<ResourceRef, List<Document>> documents = new LinkedHashMap<>();
    for (Document document : files.documents()) {
      ResourceRef ref = ResourceRef.of(in(namespace, document.resource()));
      documents.computeIfAbsent(ref, unused -> new ArrayList<>()).add(document);
    }
    List<String> notes = new ArrayList<>();
    Map<ResourceRef, Document> found = new LinkedHashMap<>();
    documents.forEach(
        (ref, all) -> {
          Document last = all.get(all.size() - 1);
          found.put(ref, new Document(in(namespace, last.resource()), last.place()));
          if (all.size() > 1) {
            notes.add(
                ref + " is there " + all.size() + " times; the one at " + last.at("") + " counts.");
          }
        });
    List<Finding> refused = new ArrayList<>();
    Map<String, Integer> foreign = new TreeMap<>();
    for (PolicyProblem problem : files.errors()) {
      if (problem.code() == MessageCode.NOT_POLICY) {
        foreign.merge(problem.resource().replaceFirst("/.*", ""), 1, Integer::sum);
      } else {
        refused.add(refused(problem, files, namespace));
      }
    }
    if (!foreign.isEmpty()) {
      int count = foreign.values().stream().mapToInt(Integer::intValue).sum();
      List<String> kinds = foreign.keySet().stream().limit(MAX_KINDS).toList();
      notes.add(
          count
              + (count == 1 ? " document is" : " documents are")
              + " no policy, and passed over: "
              + String.join(", ", kinds)
              + (foreign.size() > MAX_KINDS ? ", ..." : "")
              + ".");
    }
    return new AnalyzedFiles(found, refused, notes);
  }

  private static PolicyResource in(String namespace, PolicyResource resource) {
    return resource.inNamespace(resource.metadata().namespaceOr(namespace));
  }

  private static Finding refused(PolicyProblem problem, PolicyFiles files, String namespace) {
    String place = problem.source() + (problem.line() > 0 ? ":" + problem.line() : "");
    ResourceRef ref = named(problem, files, namespace);
    boolean named = ref != null || problem.resource().isEmpty();
    return new Finding(
        problem.code(),
        ref,
        problem.path(),
        place,
        (named ? "" : problem.resource() + ": ") + problem.message(),
        "");
  }

  /** The resource that a problem is of, as far as its head can be read. */
  private static @Nullable ResourceRef named(
      PolicyProblem problem, PolicyFiles files, String namespace) {
    int slash = problem.resource().indexOf('/');
    Optional<Kind> kind =
        slash < 0 ? Optional.empty() : Kind.of(problem.resource().substring(0, slash));
    if (kind.isEmpty()) {
      return null;
    }
    String name = problem.resource().substring(slash + 1);
    byte[] text = files.texts().getOrDefault(problem.source(), new byte[0]);
    String written =
        ResourceHead.read(text).stream()
            .flatMap(List::stream)
            .filter(head -> head.kind().equals(kind.get().kind()) && head.name().equals(name))
            .filter(head -> head.line() <= Math.max(1, problem.line()))
            .reduce((first, second) -> second)
            .map(ResourceHead::namespace)
            .orElse("");
    return new ResourceRef(kind.get(), written.isEmpty() ? namespace : written, name);
  }

  List<PolicyResource> resources() {
    return found.values().stream().map(Document::resource).toList();
  }

  /** The resources as a server takes them, with their namespaces. */
  List<ObjectNode> documents() {
    List<ObjectNode> documents = new ArrayList<>();
    found.forEach(
        (ref, document) -> {
          ObjectNode json = document.resource().json();
          json.withObject("/metadata").put("namespace", ref.namespace());
          documents.add(json);
        });
    return documents;
  }

  boolean holds(ResourceRef ref) {
    return found.containsKey(ref);
  }

  /** A finding with its place, if it is of a file. */
  Finding located(Finding finding) {
    ResourceRef ref = finding.resource();
    Document document = ref == null ? null : found.get(ref);
    return document == null || !finding.reference().isEmpty()
        ? finding
        : finding.at(document.at(finding.path()));
  }
}
