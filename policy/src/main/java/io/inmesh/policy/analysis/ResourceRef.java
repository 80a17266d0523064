package io.inmesh.policy.analysis;

import io.inmesh.policy.Kind;
import io.inmesh.policy.PolicyResource;

/** Which resource is meant. */
public record ResourceRef(Kind kind, String namespace, String name) {

  /** The namespace of a resource that names none; {@code meshctl}'s and Kubernetes's default. */
  public static final String DEFAULT_NAMESPACE = "default";

  /** The resource; one without a namespace is of {@link #DEFAULT_NAMESPACE}. */
  public static ResourceRef of(PolicyResource resource) {
    return new ResourceRef(
        resource.kind(),
        resource.metadata().namespaceOr(DEFAULT_NAMESPACE),
        resource.metadata().name());
  }

  /** {@code shop/orders}. */
  String qualifiedName() {
    return namespace + "/" + name;
  }

  /** As istioctl writes it: {@code VirtualService shop/orders}. */
  @Override
  public String toString() {
    return kind + " " + qualifiedName();
  }
}
