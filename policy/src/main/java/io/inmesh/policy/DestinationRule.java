package io.inmesh.policy;

import java.util.List;
import java.util.Map;

/**
 * How a host's endpoints are grouped and chosen, and how calls to them are bounded.
 *
 * @param host as written; {@link Hosts#fqdn} completes it
 * @param trafficPolicy {@link TrafficPolicy#NONE} when there is none
 * @param subsets in order, their names unique
 * @param exportTo the namespaces whose calls it is for: names, {@code .} for the resource's own,
 *     {@code *} for all; empty = all
 * @param workloadSelector the labels that a caller must have, all of them; empty = every caller. A
 *     rule with any is for callers of its own namespace only
 * @see <a href="https://istio.io/latest/docs/reference/config/networking/destination-rule/">Istio's
 *     reference</a>
 */
public record DestinationRule(
    String host,
    TrafficPolicy trafficPolicy,
    List<Subset> subsets,
    List<String> exportTo,
    Map<String, String> workloadSelector)
    implements PolicySpec {

  public DestinationRule {
    subsets = List.copyOf(subsets);
    exportTo = List.copyOf(exportTo);
    workloadSelector = Map.copyOf(workloadSelector);
  }
}
