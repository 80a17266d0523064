package io.inmesh.cli.api;

import io.inmesh.policy.Kind;

/**
 * Which resource.
 *
 * @param version of the API that it is addressed under: {@code v1}
 */
public record ResourceId(Kind kind, String version, String namespace, String name) {

  /** A resource under the preferred version of its kind. */
  public ResourceId(Kind kind, String namespace, String name) {
    this(kind, kind.versions().get(0), namespace, name);
  }

  /** {@code virtualservice.networking.istio.io/orders}, as kubectl names a resource. */
  public String qualifiedName() {
    return kind.singular() + "." + kind.group() + "/" + name;
  }
}
