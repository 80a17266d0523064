package io.inmesh.policy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A named part of a host's endpoints.
 *
 * @param labels an endpoint belongs if it has all of these; empty = every endpoint
 * @param trafficPolicy null = the rule's; else see {@link TrafficPolicy#ofSubset}
 */
public record Subset(
    String name, Map<String, String> labels, @Nullable TrafficPolicy trafficPolicy) {

  public Subset {
    labels = Map.copyOf(labels);
  }

  /** A subset without a policy of its own. */
  public Subset(String name, Map<String, String> labels) {
    this(name, labels, null);
  }
}
