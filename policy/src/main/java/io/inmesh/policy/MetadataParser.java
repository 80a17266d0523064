package io.inmesh.policy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;

/** Reads a resource's metadata by Kubernetes' rules. */
final class MetadataParser {

  static Optional<ResourceMetadata> parse(Fields fields) {
    Optional<Value> name = fields.required("name", "each resource needs a name of its own");
    name.flatMap(Value::string)
        .flatMap(NameRules::resourceName)
        .ifPresent(problem -> name.ifPresent(value -> value.error(problem)));
    // As in Kubernetes, an empty namespace is none.
    Optional<Value> namespace = fields.get("namespace").filter(value -> !value.isEmptyText());
    namespace
        .flatMap(Value::string)
        .flatMap(NameRules::namespace)
        .ifPresent(problem -> namespace.ifPresent(value -> value.error(problem)));
    Map<String, String> labels =
        fields.get("labels").map(v -> v.stringMap(NameRules::checkLabel)).orElse(Map.of());
    Map<String, String> annotations =
        fields.get("annotations").map(v -> v.stringMap((key, value) -> {})).orElse(Map.of());
    Optional<String> resourceVersion = fields.get("resourceVersion").flatMap(Value::string);
    Optional<String> uid = fields.get("uid").flatMap(Value::string);
    int generation =
        fields
            .get("generation")
            .map(value -> value.integer(0, Integer.MAX_VALUE).orElse(0))
            .orElse(0);
    Optional<Instant> created = fields.get("creationTimestamp").flatMap(MetadataParser::instant);
    fields.notSupportedYet("give the resource a name", "generateName");
    // The server's own, or another tool's; kept as written, without effect.
    fields.ignore(
        "managedFields",
        "selfLink",
        "finalizers",
        "ownerReferences",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "clusterName");
    fields.end();
    if (name.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ResourceMetadata(
            name.get().text(),
            namespace.map(Value::text).orElse(null),
            labels,
            annotations,
            resourceVersion.orElse(null),
            uid.orElse(null),
            generation,
            created.orElse(null)));
  }

  private static Optional<Instant> instant(Value value) {
    Optional<String> text = value.string();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(text.get()).toInstant());
    } catch (DateTimeException e) {
      value.error(
          "expected a time as \"2026-11-24T10:00:00Z\", found "
              + Quoting.quote(text.get())
              + "; the server sets it, so remove it");
      return Optional.empty();
    }
  }

  private MetadataParser() {}
}
