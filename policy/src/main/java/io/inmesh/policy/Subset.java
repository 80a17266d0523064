package io.inmesh.policy;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A named part of a host's endpoints.
 *
 * @param labels an endpoint belongs if it has all of these; empty = every endpoint
 * @param loadBalancer null = the rule's
 * @param connectTimeout null = the rule's
 */
public record Subset(
    String name,
    Map<String, String> labels,
    @Nullable LoadBalancer loadBalancer,
    @Nullable Duration connectTimeout) {

  public Subset {
    labels = Map.copyOf(labels);
  }

  /** A subset without a connect timeout of its own. */
  public Subset(String name, Map<String, String> labels, @Nullable LoadBalancer loadBalancer) {
    this(name, labels, loadBalancer, null);
  }
}
