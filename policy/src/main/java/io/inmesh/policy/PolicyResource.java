package io.inmesh.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One sound policy resource.
 *
 * @param apiVersion as written, {@code networking.istio.io/v1}
 * @param json the document as written (apiVersion, kind, metadata, spec; no status): what is stored
 *     and served. Each call of the accessor gives the caller its own copy.
 */
public record PolicyResource(
    String apiVersion, Kind kind, ResourceMetadata metadata, PolicySpec spec, ObjectNode json) {

  public PolicyResource {
    json = json.deepCopy();
  }

  @Override
  public ObjectNode json() {
    return json.deepCopy();
  }

  /** The resource with a namespace that it must not contradict, if it names one itself. */
  public PolicyResource inNamespace(String namespace) {
    ResourceMetadata filled =
        new ResourceMetadata(
            metadata.name(),
            namespace,
            metadata.labels(),
            metadata.annotations(),
            metadata.resourceVersion(),
            metadata.uid(),
            metadata.generation(),
            metadata.creationTimestamp());
    return new PolicyResource(apiVersion, kind, filled, spec, json);
  }

  /** {@code VirtualService/orders}. */
  public String displayName() {
    return kind.kind() + "/" + metadata.name();
  }
}
