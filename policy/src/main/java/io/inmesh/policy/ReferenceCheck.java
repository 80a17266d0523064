package io.inmesh.policy;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Tells which names in a resource point nowhere. */
public final class ReferenceCheck {

  /** The warnings about one resource. */
  public static List<PolicyProblem> warnings(
      Collection<PolicyResource> all, PolicyResource applied, Set<String> knownHosts) {
    return List.of();
  }

  private ReferenceCheck() {}
}
