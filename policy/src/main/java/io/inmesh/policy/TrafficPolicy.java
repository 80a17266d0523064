package io.inmesh.policy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How calls to a host, or to a subset of it, are balanced and bounded. A null block says nothing.
 *
 * @param retryBudget when not null, it takes the place of {@link ConnectionPool.Http#maxRetries}
 * @param ports what replaces the blocks above for one service port, by its number; without ports
 *     and retry budgets of their own
 */
public record TrafficPolicy(
    @Nullable LoadBalancer loadBalancer,
    @Nullable ConnectionPool connectionPool,
    @Nullable OutlierDetection outlierDetection,
    @Nullable RetryBudget retryBudget,
    Map<Integer, TrafficPolicy> ports) {

  /** Says nothing. */
  public static final TrafficPolicy NONE = new TrafficPolicy(null, null, null, null, Map.of());

  public TrafficPolicy {
    ports = Map.copyOf(ports);
  }

  /**
   * Retries at once.
   *
   * @param percent of the active calls, 0-100; Istio's default is 20
   * @param minRetryConcurrency so many are allowed in any case, at least 1; Istio's default is 3
   */
  public record RetryBudget(double percent, int minRetryConcurrency) {}

  /**
   * What counts for one service port: settings of the port replace the others as a whole (what they
   * do not say is the default), but for the retry budget, which a port cannot have.
   */
  public TrafficPolicy atPort(int port) {
    TrafficPolicy own = ports.get(port);
    return own == null
        ? new TrafficPolicy(loadBalancer, connectionPool, outlierDetection, retryBudget, Map.of())
        : new TrafficPolicy(
            own.loadBalancer, own.connectionPool, own.outlierDetection, retryBudget, Map.of());
  }

  /**
   * What counts for a subset at one service port: this is the rule's policy; each block that the
   * subset's has replaces the rule's as a whole, and settings of the subset for the port replace
   * all.
   */
  public TrafficPolicy ofSubset(@Nullable TrafficPolicy subset, int port) {
    TrafficPolicy rule = atPort(port);
    if (subset == null) {
      return rule;
    }
    return new TrafficPolicy(
            subset.loadBalancer == null ? rule.loadBalancer : subset.loadBalancer,
            subset.connectionPool == null ? rule.connectionPool : subset.connectionPool,
            subset.outlierDetection == null ? rule.outlierDetection : subset.outlierDetection,
            subset.retryBudget == null ? rule.retryBudget : subset.retryBudget,
            subset.ports)
        .atPort(port);
  }
}
