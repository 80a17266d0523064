package io.inmesh.policy;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A resource's metadata, as in Kubernetes.
 *
 * @param namespace null when the document names none: whoever applies it decides
 * @param resourceVersion the version that the writer saw, null when it does not care
 * @param uid the server's identifier, null in what users write
 * @param generation how often the server saw the spec change; 0 in what users write
 * @param creationTimestamp when the server first stored it, null in what users write
 */
public record ResourceMetadata(
    String name,
    @Nullable String namespace,
    Map<String, String> labels,
    Map<String, String> annotations,
    @Nullable String resourceVersion,
    @Nullable String uid,
    long generation,
    @Nullable Instant creationTimestamp) {

  public ResourceMetadata {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /** The namespace, or the one given when the document names none. */
  public String namespaceOr(String fallback) {
    return namespace == null ? fallback : namespace;
  }
}
