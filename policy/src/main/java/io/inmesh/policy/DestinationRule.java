package io.inmesh.policy;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a host's endpoints are grouped and chosen.
 *
 * @param host as written; {@link Hosts#fqdn} completes it
 * @param loadBalancer null = the default, least request
 * @param subsets in order, their names unique
 * @param connectTimeout null = the default, 10 s
 * @see <a href="https://istio.io/latest/docs/reference/config/networking/destination-rule/">Istio's
 *     reference</a>
 */
public record DestinationRule(
    String host,
    @Nullable LoadBalancer loadBalancer,
    List<Subset> subsets,
    @Nullable Duration connectTimeout)
    implements PolicySpec {

  public DestinationRule {
    subsets = List.copyOf(subsets);
  }

  /** A rule without a connect timeout of its own. */
  public DestinationRule(String host, @Nullable LoadBalancer loadBalancer, List<Subset> subsets) {
    this(host, loadBalancer, subsets, null);
  }
}
