package io.inmesh.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inmesh.policy.YamlNode.Mapping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** From a document to a resource: what kind it is, its metadata, its spec. */
final class ResourceParser {

  private static final List<String> KINDS = Arrays.stream(Kind.values()).map(Kind::kind).toList();

  /** Kinds of Istio and of the Gateway API that later versions of the mesh will know. */
  private static final List<String> LATER_KINDS =
      List.of(
          "AuthorizationPolicy",
          "EnvoyFilter",
          "GRPCRoute",
          "Gateway",
          "HTTPRoute",
          "PeerAuthentication",
          "ProxyConfig",
          "RequestAuthentication",
          "Telemetry",
          "WasmPlugin",
          "WorkloadGroup");

  private final Diagnostics diagnostics;

  ResourceParser(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  /** Hands on the sound resources of a document: none, one, or the items of a list. */
  void parse(YamlNode document, BiConsumer<PolicyResource, Mapping> resources) {
    if (!(document instanceof Mapping root)) {
      diagnostics.error(
          document.position(),
          "",
          "expected a resource (an object with apiVersion, kind, metadata and spec), found "
              + document.describe());
      return;
    }
    Value kind = new Fields(root, "", diagnostics).get("kind").orElse(null);
    if (kind != null && isList(kind.text())) {
      items(root, resources);
    } else {
      resource(root).ifPresent(resource -> resources.accept(resource, root));
    }
  }

  /** {@code List}, as kubectl writes it, or a list of one kind, as the server answers. */
  private static boolean isList(String kind) {
    return kind.equals("List")
        || (kind.endsWith("List") && KINDS.contains(kind.substring(0, kind.length() - 4)));
  }

  private void items(Mapping root, BiConsumer<PolicyResource, Mapping> resources) {
    Fields fields = new Fields(root, "", diagnostics);
    fields.ignore("apiVersion", "kind", "metadata");
    Optional<Value> items = fields.required("items", "a List holds resources there");
    fields.end();
    boolean damaged = diagnostics.resourceHasErrors();
    for (Value item : items.map(Value::items).orElse(List.of())) {
      diagnostics.beginResource();
      if (item.node() instanceof Mapping mapping) {
        resource(mapping)
            .filter(resource -> !damaged)
            .ifPresent(resource -> resources.accept(resource, mapping));
      } else {
        item.error("expected a resource, found " + item.node().describe());
      }
    }
  }

  private Optional<PolicyResource> resource(Mapping root) {
    Fields fields = new Fields(root, "", diagnostics);
    nameIt(root);
    Optional<Kind> kind = kind(fields, isForeign(root));
    if (kind.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> apiVersion = apiVersion(fields, kind.get());
    Optional<ResourceMetadata> metadata =
        fields
            .required("metadata", "write \"metadata: {name: ...}\"")
            .flatMap(Value::fields)
            .flatMap(MetadataParser::parse);
    String namespace = metadata.map(found -> found.namespaceOr("")).orElse("");
    Optional<PolicySpec> spec =
        fields
            .required("spec", "it holds what the " + kind.get() + " says")
            .flatMap(Value::fields)
            .flatMap(found -> spec(kind.get(), found, namespace));
    // As Kubernetes does: the status is the server's, and what a client writes there is dropped.
    fields.ignore("status");
    fields.end();
    if (diagnostics.resourceHasErrors()
        || apiVersion.isEmpty()
        || metadata.isEmpty()
        || spec.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode json = JsonTree.object(root);
    json.remove("status");
    return Optional.of(
        new PolicyResource(apiVersion.get(), kind.get(), metadata.get(), spec.get(), json));
  }

  /** Problems name the resource from the first one on, as far as it has a name. */
  private void nameIt(Mapping root) {
    Diagnostics silent = new Diagnostics("");
    Fields fields = new Fields(root, "", silent);
    String kind = fields.get("kind").map(Value::text).orElse("");
    String name =
        fields.object("metadata").flatMap(found -> found.get("name")).map(Value::text).orElse("");
    if (!kind.isEmpty()) {
      diagnostics.nameResource(
          Quoting.shorten(kind) + (name.isEmpty() ? "" : "/" + Quoting.shorten(name)));
    }
  }

  /** Whether the document is for another tool, by its API group. */
  private static boolean isForeign(Mapping root) {
    YamlNode.Entry entry = root.entry("apiVersion");
    return entry != null
        && entry.value() instanceof YamlNode.Scalar scalar
        && !scalar.text().contains("istio");
  }

  private static Optional<Kind> kind(Fields fields, boolean foreign) {
    Value value =
        fields
            .required("kind", "one of " + Quoting.list(KINDS))
            .filter(found -> found.string().isPresent())
            .orElse(null);
    if (value == null) {
      return Optional.empty();
    }
    for (Kind kind : Kind.values()) {
      if (kind.kind().equals(value.text())) {
        return Optional.of(kind);
      }
    }
    String supported = "; supported so far: " + Quoting.list(KINDS);
    if (LATER_KINDS.contains(value.text())) {
      value.error("the kind " + value.text() + " is not supported yet" + supported);
    } else {
      List<String> all = new ArrayList<>(KINDS);
      all.addAll(LATER_KINDS);
      value.error(
          foreign ? MessageCode.NOT_POLICY : MessageCode.SCHEMA_VALIDATION_ERROR,
          "unknown kind "
              + Quoting.quote(value.text())
              + NearestName.hint(value.text(), all)
              + " (supported: "
              + Quoting.list(KINDS)
              + ")"
              + (foreign ? "; it is no policy of the mesh, apply it with the tool it is for" : ""));
    }
    return Optional.empty();
  }

  private static Optional<String> apiVersion(Fields fields, Kind kind) {
    Optional<Value> value =
        fields.required("apiVersion", "write \"apiVersion: " + kind.group() + "/v1\"");
    Optional<String> text = value.flatMap(Value::string);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    List<String> known = kind.versions().stream().map(v -> kind.group() + "/" + v).toList();
    if (!known.contains(text.get())) {
      value
          .get()
          .error(
              "unknown apiVersion "
                  + Quoting.quote(text.get())
                  + " for a "
                  + kind
                  + NearestName.hint(text.get(), known)
                  + " (allowed: "
                  + Quoting.list(known)
                  + ")");
      return Optional.empty();
    }
    return text;
  }

  private static Optional<PolicySpec> spec(Kind kind, Fields fields, String namespace) {
    return switch (kind) {
      case VIRTUAL_SERVICE -> Optional.of(VirtualServiceParser.parse(fields, namespace));
      case DESTINATION_RULE ->
          DestinationRuleParser.parse(fields, namespace).map(PolicySpec.class::cast);
      case SERVICE_ENTRY -> ServiceEntryParser.parse(fields).map(PolicySpec.class::cast);
      case WORKLOAD_ENTRY -> WorkloadEntryParser.parse(fields).map(PolicySpec.class::cast);
      case SIDECAR -> Optional.of(SidecarParser.parse(fields));
    };
  }
}
