package io.inmesh.control.registry;

import io.inmesh.policy.PolicyResource;
import io.inmesh.policy.PolicySpec;
import java.util.Comparator;

/**
 * A policy resource as the store has it: its namespace is set.
 *
 * @param createRevision the store's revision at its creation: who was first
 */
public record StoredPolicy(PolicyResource resource, long createRevision) {
  /** The oldest first; then by name, as Istio. */
  public static final Comparator<StoredPolicy> BY_AGE =
      Comparator.comparingLong(StoredPolicy::createRevision)
          .thenComparing(StoredPolicy::name)
          .thenComparing(StoredPolicy::namespace);

  public String name() {
    return resource.metadata().name();
  }

  public String namespace() {
    return resource.metadata().namespaceOr("default");
  }

  public PolicySpec spec() {
    return resource.spec();
  }
}
