package io.inmesh.policy.analysis;

import io.inmesh.policy.Hosts;
import io.inmesh.policy.PolicyResource;
import io.inmesh.policy.PolicySpec;
import java.util.List;

/** A resource that is looked at, or that others are compared with. */
record Subject(PolicyResource resource, ResourceRef ref) {

  static Subject of(PolicyResource resource) {
    return new Subject(resource, ResourceRef.of(resource));
  }

  String namespace() {
    return ref.namespace();
  }

  PolicySpec spec() {
    return resource.spec();
  }

  /** The full name of a host that the resource names. */
  String fqdn(String host) {
    return Hosts.fqdn(host, namespace());
  }

  /** Whether a resource of this namespace that is exported so is seen from another namespace. */
  boolean isSeenFrom(String other, List<String> exportTo) {
    return exportTo.isEmpty()
        || exportTo.contains("*")
        || exportTo.contains(other)
        || (exportTo.contains(".") && namespace().equals(other));
  }
}
