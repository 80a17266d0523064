package io.inmesh.policy.analysis;

import io.inmesh.policy.ConnectionPool;
import io.inmesh.policy.DestinationRule;
import io.inmesh.policy.LoadBalancer;
import io.inmesh.policy.LoadBalancer.ConsistentHash;
import io.inmesh.policy.MessageCode;
import io.inmesh.policy.OutlierDetection;
import io.inmesh.policy.Subset;
import io.inmesh.policy.TrafficPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the policies of a DestinationRule, of its subsets and of its ports do. */
final class TrafficPolicyChecks {

  /** Istio's default. */
  private static final int MAX_EJECTION_PERCENT = 10;

  /** The JDK keeps an idle connection so long, unless the server says otherwise. */
  private static final Duration KEPT = Duration.ofSeconds(5);

  private final Services services;
  private final Report report;
  private boolean ejectionTold;
  private boolean idleTold;

  TrafficPolicyChecks(Services services, Report report) {
    this.services = services;
    this.report = report;
  }

  void check(Subject subject, DestinationRule rule) {
    String host = subject.fqdn(rule.host());
    check(rule.trafficPolicy(), host, "spec.trafficPolicy", false);
    for (int i = 0; i < rule.subsets().size(); i++) {
      Subset subset = rule.subsets().get(i);
      if (subset.trafficPolicy() != null) {
        check(subset.trafficPolicy(), host, "spec.subsets[" + i + "].trafficPolicy", true);
      }
    }
  }

  private void check(TrafficPolicy policy, String host, String path, boolean ofSubset) {
    blocks(policy, host, path);
    Set<Integer> known = services.ports(host);
    // In the order of the ports: the policy's own order is lost, and any other would be chance.
    new TreeMap<>(policy.ports())
        .forEach(
            (port, settings) -> {
              String where = path + ".portLevelSettings";
              if (!known.isEmpty() && !known.contains(port)) {
                report.add(
                    MessageCode.PORT_SETTINGS_UNUSED,
                    where,
                    "they are for the port "
                        + port
                        + ", which the host has not (ports: "
                        + DestinationChecks.joined(known)
                        + ")",
                    "name a port that clients call, not one where endpoints listen");
              }
              if (ofSubset && hashes(settings.loadBalancer())) {
                report.add(
                    MessageCode.HASH_KEY_IGNORED,
                    where,
                    "the hash key for the port "
                        + port
                        + " of a subset does not count, and calls are spread by chance (as with"
                        + " Istio)",
                    "move consistentHash to the subset's or the rule's own loadBalancer");
              }
              blocks(settings, host, where);
            });
  }

  private static boolean hashes(@Nullable LoadBalancer balancer) {
    return balancer != null
        && balancer.algorithm() instanceof ConsistentHash hash
        && hash.key() != null;
  }

  private void blocks(TrafficPolicy policy, String host, String path) {
    ConnectionPool pool = policy.connectionPool();
    if (pool != null) {
      if (policy.retryBudget() != null && pool.http().maxRetries() > 0) {
        report.add(
            MessageCode.NO_EFFECT,
            path + ".connectionPool.http.maxRetries",
            "\"maxRetries\" has no effect beside retryBudget, which takes its place",
            "remove one of them");
      }
      idle(pool.http().idleTimeout(), path + ".connectionPool.http.idleTimeout");
      idle(pool.tcp().idleTimeout(), path + ".connectionPool.tcp.idleTimeout");
    }
    if (policy.outlierDetection() != null) {
      outlier(policy.outlierDetection(), host, path + ".outlierDetection");
    }
  }

  private void idle(@Nullable Duration timeout, String path) {
    if (timeout != null && timeout.compareTo(KEPT) > 0 && !idleTold) {
      idleTold = true;
      report.add(
          MessageCode.BEYOND_HTTP_URL_CONNECTION,
          path,
          "HttpURLConnection keeps an idle connection for 5s, unless the server says otherwise",
          "have the server send \"Keep-Alive: timeout=\" for more");
    }
  }

  private void outlier(OutlierDetection outlier, String host, String path) {
    Integer errors = outlier.consecutive5xxErrors();
    Integer gateway = outlier.consecutiveGatewayErrors();
    Integer local = outlier.consecutiveLocalOriginFailures();
    boolean off =
        errors != null
            && errors == 0
            && (gateway == null || gateway == 0)
            && (!outlier.splitExternalLocalOriginErrors() || (local != null && local == 0));
    if (off) {
      report.add(
          MessageCode.NO_EFFECT,
          path,
          "\"outlierDetection\" has no effect: consecutive5xxErrors is 0, and nothing else ejects"
              + " an endpoint",
          "give a number of errors, or remove the block");
      return;
    }
    int percent =
        outlier.maxEjectionPercent() == 0 ? MAX_EJECTION_PERCENT : outlier.maxEjectionPercent();
    boolean known = services.endpointsAreKnown(host) && !host.startsWith("*");
    List<?> endpoints = known ? services.endpoints(host) : List.of();
    // Envoy ejects the first endpoint if 100 / n percent are allowed.
    int needed = (100 + percent - 1) / percent;
    boolean differs = known ? endpoints.size() >= 2 && endpoints.size() < needed : needed > 2;
    if (differs && !ejectionTold) {
      ejectionTold = true;
      report.add(
          MessageCode.EJECTS_AT_LEAST_ONE,
          path + ".maxEjectionPercent",
          "one endpoint can always be ejected here; with Istio, "
              + percent
              + " percent eject none of fewer than "
              + needed
              + " endpoints"
              + (known ? " (there are " + endpoints.size() + ")" : ""),
          needed > 100 ? "" : "write a higher maxEjectionPercent to have the same with both");
    }
  }
}
