package io.inmesh.control.api;

import io.inmesh.policy.Kind;

/** Which resource is meant. */
record ResourceName(Kind kind, String namespace, String name) {
  /** What the keys of all policy in the store begin with. */
  static final String ROOT = "/registry/";

  /** {@code virtualservices.networking.istio.io}, as Kubernetes names a kind of resource. */
  String pluralDotGroup() {
    return kind.plural() + "." + kind.group();
  }

  /** {@code VirtualService.networking.istio.io}. */
  String kindDotGroup() {
    return kind.kind() + "." + kind.group();
  }

  /** Where it is stored. */
  String key() {
    return prefix(kind, namespace) + name;
  }

  /** What the keys of a kind begin with. */
  static String prefix(Kind kind) {
    return ROOT + kind.group() + "/" + kind.plural() + "/";
  }

  /** What the keys of a kind in a namespace begin with. */
  static String prefix(Kind kind, String namespace) {
    return prefix(kind) + namespace + "/";
  }
}
