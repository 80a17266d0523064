package io.inmesh.engine.explain;

import io.inmesh.engine.Explanation;
import io.inmesh.engine.Explanation.HashedBy;
import io.inmesh.engine.balance.ClusterState;
import io.inmesh.engine.balance.EndpointState;
import io.inmesh.engine.model.CircuitBreakers;
import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.ConnectionLimits;
import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.EndpointGroup;
import io.inmesh.engine.model.LbPolicy;
import io.inmesh.engine.model.OutlierDetection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A cluster: how it chooses, what it allows, and its endpoints.
 *
 * @param live whether to tell what is under way
 */
record ClusterReport(boolean live) {
  private static final int WHOLE = 100;

  /** As CircuitBreakers.UNLIMITED has it; such a limit is left out. */
  private static final long NO_LIMIT = CircuitBreakers.UNLIMITED.maxRequests();

  Map<String, Object> of(Explanation.Load load, @Nullable HashedBy key) {
    Cluster cluster = load.cluster();
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("loadBalancer", balancer(cluster.lbPolicy()));
    if (key != null) {
      report.put("hashKey", key(key));
    }
    report.put("connection", connection(cluster.connection()));
    report.put("limits", limits(cluster.circuitBreakers()));
    if (cluster.outlierDetection() != null) {
      report.put("outlierDetection", outlier(cluster.outlierDetection(), cluster.panicThreshold()));
    }
    if (live) {
      report.put("inUse", inUse(load));
    }
    if (load.state().priorities().size() > 1
        || load.state().priorities().stream().anyMatch(ClusterState.PriorityState::panic)) {
      report.put("priorities", load.state().priorities().stream().map(this::priority).toList());
    }
    report.put("endpoints", endpoints(load));
    return report;
  }

  private static Map<String, Object> balancer(LbPolicy policy) {
    Map<String, Object> report = new LinkedHashMap<>();
    LbPolicy.SlowStart slowStart = null;
    if (policy instanceof LbPolicy.LeastRequest leastRequest) {
      report.put("policy", "LEAST_REQUEST");
      slowStart = leastRequest.slowStart();
    } else if (policy instanceof LbPolicy.RoundRobin roundRobin) {
      report.put("policy", "ROUND_ROBIN");
      slowStart = roundRobin.slowStart();
    } else if (policy instanceof LbPolicy.Random) {
      report.put("policy", "RANDOM");
    } else if (policy instanceof LbPolicy.RingHash ring) {
      report.put("policy", "RING_HASH");
      report.put("minimumRingSize", ring.minimumSize());
    } else if (policy instanceof LbPolicy.Maglev maglev) {
      report.put("policy", "MAGLEV");
      report.put("tableSize", maglev.tableSize());
    } else {
      report.put("policy", "PASSTHROUGH");
    }
    if (slowStart != null) {
      Map<String, Object> warmUp = new LinkedHashMap<>();
      warmUp.put("duration", Texts.of(slowStart.window()));
      warmUp.put("minimumPercent", slowStart.minimumPercent());
      warmUp.put("aggression", slowStart.aggression());
      report.put("warmup", warmUp);
    }
    return report;
  }

  private static Map<String, Object> key(HashedBy key) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("present", key.present() && key.cookie() == null);
    if (key.cookie() != null) {
      report.put("cookieMade", key.cookie().substring(0, key.cookie().indexOf('=')));
    } else if (key.present()) {
      report.put("hash", String.format(Locale.ROOT, "%016x", key.value()));
    }
    if (key.endpoint() != null) {
      report.put("endpoint", address(key.endpoint()));
    }
    return report;
  }

  private static Map<String, Object> connection(ConnectionLimits connection) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("connectTimeout", Texts.of(connection.connect()));
    put(report, "idleTimeout", connection.idle());
    put(report, "maxConnectionDuration", connection.maxDuration());
    if (connection.maxRequests() > 0) {
      report.put("maxRequestsPerConnection", connection.maxRequests());
    }
    if (connection.keepAlive()) {
      report.put("tcpKeepalive", true);
    }
    return report;
  }

  private static void put(Map<String, Object> report, String name, Duration duration) {
    if (!duration.isZero()) {
      report.put(name, Texts.of(duration));
    }
  }

  private static Map<String, Object> limits(CircuitBreakers limits) {
    Map<String, Object> report = new LinkedHashMap<>();
    putLimit(report, "maxConnections", limits.maxConnections());
    putLimit(report, "maxPendingRequests", limits.maxPendingRequests());
    putLimit(report, "maxRequests", limits.maxRequests());
    if (limits.retryBudget() == null) {
      putLimit(report, "maxRetries", limits.maxRetries());
    } else {
      Map<String, Object> budget = new LinkedHashMap<>();
      budget.put("percent", limits.retryBudget().percent());
      budget.put("minRetryConcurrency", limits.retryBudget().minimum());
      report.put("retryBudget", budget);
    }
    return report;
  }

  private static void putLimit(Map<String, Object> report, String name, long limit) {
    if (limit < NO_LIMIT) {
      report.put(name, limit);
    }
  }

  private static Map<String, Object> outlier(OutlierDetection outlier, double panicThreshold) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("consecutive5xxErrors", outlier.consecutive5xx());
    report.put("consecutiveGatewayErrors", outlier.consecutiveGateway());
    report.put("splitExternalLocalOriginErrors", outlier.splitLocalOrigin());
    if (outlier.splitLocalOrigin()) {
      report.put("consecutiveLocalOriginFailures", outlier.consecutiveLocalOrigin());
    }
    report.put("interval", Texts.of(outlier.interval()));
    report.put("baseEjectionTime", Texts.of(outlier.baseEjectionTime()));
    report.put("maxEjectionTime", Texts.of(outlier.maxEjectionTime()));
    report.put("maxEjectionPercent", outlier.maxEjectionPercent());
    report.put("alwaysEjectOneHost", outlier.alwaysEjectOne());
    report.put("minHealthPercent", panicThreshold);
    return report;
  }

  private static Map<String, Object> inUse(Explanation.Load load) {
    ClusterState state = load.state();
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("requests", state.requests());
    report.put("retries", state.retries());
    if (load.cluster().circuitBreakers().limitsConnections()) {
      report.put("connections", state.connections());
      report.put("waiting", state.waiting());
    }
    return report;
  }

  private Map<String, Object> priority(ClusterState.PriorityState priority) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("priority", priority.priority());
    report.put("percent", priority.percent());
    report.put("panic", priority.panic());
    return report;
  }

  /** In the order of the groups; of an address that is there twice the first one, as for calls. */
  List<Map<String, Object>> endpoints(Explanation.Load load) {
    Map<String, EndpointState> states = new HashMap<>();
    load.state().endpoints().forEach(state -> states.put(address(state.endpoint()), state));
    List<Map<String, Object>> reports = new ArrayList<>();
    for (EndpointGroup group : load.cluster().groups()) {
      for (Endpoint endpoint : group.endpoints()) {
        EndpointState state = states.remove(address(endpoint));
        if (state != null) {
          reports.add(endpoint(group, state));
        }
      }
    }
    return reports;
  }

  private Map<String, Object> endpoint(EndpointGroup group, EndpointState state) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("address", state.endpoint().address());
    report.put("port", state.endpoint().port());
    report.put("locality", Texts.of(group.locality()));
    report.put("priority", group.priority());
    if (group.weight() > 0) {
      report.put("localityWeight", group.weight());
    }
    report.put("weight", state.endpoint().weight());
    if (!live) {
      // Nobody has called it here: that it is registered is all that is known.
      report.put("health", "registered");
      return report;
    }
    report.put("health", state.ejectedFor() == null ? "healthy" : "ejected");
    report.put("activeRequests", state.active());
    if (state.ejectedFor() != null) {
      report.put("ejectedFor", Texts.of(seconds(state.ejectedFor())));
    }
    report.put("ejections", state.ejections());
    report.put("consecutive5xx", state.consecutive5xx());
    report.put("consecutiveGatewayErrors", state.consecutiveGateway());
    report.put("consecutiveLocalOriginFailures", state.consecutiveLocalOrigin());
    if (state.warmUp() < 1) {
      report.put("warmUpPercent", Math.round(state.warmUp() * WHOLE));
    }
    return report;
  }

  /** Rounded up: nobody is interested in its milliseconds, and it is not over at 0. */
  private static Duration seconds(Duration left) {
    return Duration.ofSeconds(Objects.requireNonNull(left).plusNanos(999_999_999).toSeconds());
  }

  private static String address(Endpoint endpoint) {
    return endpoint.address() + ":" + endpoint.port();
  }
}
