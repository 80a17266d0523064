package io.inmesh.control.compile;

import io.inmesh.policy.ConnectionPool;
import io.inmesh.policy.LoadBalancer;
import io.inmesh.policy.OutlierDetection;
import io.inmesh.policy.TrafficPolicy;
import io.inmesh.shaded.envoy.config.cluster.v3.CircuitBreakers;
import io.inmesh.shaded.envoy.config.cluster.v3.Cluster;
import io.inmesh.shaded.envoy.config.cluster.v3.UpstreamConnectionOptions;
import io.inmesh.shaded.envoy.config.core.v3.Http1ProtocolOptions;
import io.inmesh.shaded.envoy.config.core.v3.Http2ProtocolOptions;
import io.inmesh.shaded.envoy.config.core.v3.RuntimeDouble;
import io.inmesh.shaded.envoy.config.core.v3.TcpKeepalive;
import io.inmesh.shaded.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.inmesh.shaded.protobuf.BoolValue;
import io.inmesh.shaded.protobuf.UInt64Value;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A TrafficPolicy as Envoy's Cluster, with Istio's defaults where it is silent: least request, no
 * limits, 10 s to connect, no panic, and of outlier detection only what is asked for.
 */
final class ClusterCompiler {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final long NO_LIMIT = 0xFFFF_FFFFL;
  private static final int ALWAYS = 100;
  private static final String OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

  /** Protocols of ports that a proxy speaks HTTP/2 to. */
  private static final Set<String> HTTP2 = Set.of("HTTP2", "GRPC", "GRPC-WEB");

  /**
   * @param policy what counts for the cluster's port and subset
   * @param protocol of the port; "" when nobody says
   */
  static Cluster compile(String name, TrafficPolicy policy, String protocol) {
    Cluster.Builder cluster =
        Cluster.newBuilder()
            .setName(name)
            // So that the name of a subset with dots stays one word of a metric; as Istio.
            .setAltStatName(name + ";")
            .setCircuitBreakers(circuitBreakers(policy));
    balance(cluster, policy.loadBalancer(), name);
    connect(cluster, policy.connectionPool(), protocol);
    OutlierDetection outlier = policy.outlierDetection();
    if (outlier != null) {
      cluster.setOutlierDetection(outlierDetection(outlier));
    }
    cluster.setCommonLbConfig(
        cluster.getCommonLbConfig().toBuilder()
            .setHealthyPanicThreshold(
                Wire.percent(outlier == null ? 0 : outlier.minHealthPercent())));
    return cluster.build();
  }

  private static void balance(
      Cluster.Builder cluster, @Nullable LoadBalancer balancer, String name) {
    LoadBalancer.Algorithm algorithm =
        balancer == null ? LoadBalancer.Simple.LEAST_REQUEST : balancer.algorithm();
    if (algorithm == LoadBalancer.Simple.PASSTHROUGH) {
      cluster
          .setType(Cluster.DiscoveryType.ORIGINAL_DST)
          .setLbPolicy(Cluster.LbPolicy.CLUSTER_PROVIDED);
      return;
    }
    cluster
        .setType(Cluster.DiscoveryType.EDS)
        .setEdsClusterConfig(
            Cluster.EdsClusterConfig.newBuilder().setEdsConfig(Resources.ADS).setServiceName(name));
    if (algorithm instanceof LoadBalancer.ConsistentHash hash) {
      hash(cluster, hash.table());
    } else {
      simple(cluster, (LoadBalancer.Simple) algorithm, balancer);
    }
    LoadBalancer.LocalitySetting locality = balancer == null ? null : balancer.locality();
    if (locality == null || !Boolean.FALSE.equals(locality.enabled())) {
      cluster.setCommonLbConfig(
          Cluster.CommonLbConfig.newBuilder()
              .setLocalityWeightedLbConfig(
                  Cluster.CommonLbConfig.LocalityWeightedLbConfig.getDefaultInstance()));
    }
  }

  private static void hash(Cluster.Builder cluster, LoadBalancer.HashTable table) {
    if (table instanceof LoadBalancer.Maglev maglev) {
      cluster
          .setLbPolicy(Cluster.LbPolicy.MAGLEV)
          .setMaglevLbConfig(
              Cluster.MaglevLbConfig.newBuilder().setTableSize(UInt64Value.of(maglev.size())));
    } else {
      int minimum = ((LoadBalancer.RingHash) table).minimumSize();
      cluster
          .setLbPolicy(Cluster.LbPolicy.RING_HASH)
          .setRingHashLbConfig(
              Cluster.RingHashLbConfig.newBuilder().setMinimumRingSize(UInt64Value.of(minimum)));
    }
  }

  private static void simple(
      Cluster.Builder cluster, LoadBalancer.Simple algorithm, @Nullable LoadBalancer balancer) {
    LoadBalancer.Warmup warmup = balancer == null ? null : balancer.warmup();
    switch (algorithm) {
      case RANDOM -> cluster.setLbPolicy(Cluster.LbPolicy.RANDOM);
      case ROUND_ROBIN -> {
        cluster.setLbPolicy(Cluster.LbPolicy.ROUND_ROBIN);
        if (warmup != null) {
          cluster.setRoundRobinLbConfig(
              Cluster.RoundRobinLbConfig.newBuilder().setSlowStartConfig(slowStart(warmup)));
        }
      }
      case LEAST_REQUEST -> {
        cluster.setLbPolicy(Cluster.LbPolicy.LEAST_REQUEST);
        if (warmup != null) {
          cluster.setLeastRequestLbConfig(
              Cluster.LeastRequestLbConfig.newBuilder().setSlowStartConfig(slowStart(warmup)));
        }
      }
      case PASSTHROUGH -> throw new IllegalArgumentException("has no endpoints to balance");
    }
  }

  private static Cluster.SlowStartConfig slowStart(LoadBalancer.Warmup warmup) {
    return Cluster.SlowStartConfig.newBuilder()
        .setSlowStartWindow(Wire.duration(warmup.duration()))
        // Envoy wants a key, which nothing sets.
        .setAggression(
            RuntimeDouble.newBuilder()
                .setDefaultValue(warmup.aggression())
                .setRuntimeKey("inmesh.slow_start.aggression"))
        .setMinWeightPercent(Wire.percent(warmup.minimumPercent()))
        .build();
  }

  private static CircuitBreakers circuitBreakers(TrafficPolicy policy) {
    ConnectionPool pool = policy.connectionPool();
    ConnectionPool.Tcp tcp = pool == null ? ConnectionPool.Tcp.DEFAULT : pool.tcp();
    ConnectionPool.Http http = pool == null ? ConnectionPool.Http.DEFAULT : pool.http();
    CircuitBreakers.Thresholds.Builder limits =
        CircuitBreakers.Thresholds.newBuilder()
            .setMaxConnections(Wire.number(limit(tcp.maxConnections())))
            .setMaxPendingRequests(Wire.number(limit(http.http1MaxPendingRequests())))
            .setMaxRequests(Wire.number(limit(http.http2MaxRequests())))
            .setMaxRetries(Wire.number(limit(http.maxRetries())))
            .setTrackRemaining(true);
    TrafficPolicy.RetryBudget budget = policy.retryBudget();
    if (budget != null) {
      limits.setRetryBudget(
          CircuitBreakers.Thresholds.RetryBudget.newBuilder()
              .setBudgetPercent(Wire.percent(budget.percent()))
              .setMinRetryConcurrency(Wire.number(budget.minRetryConcurrency())));
    }
    return CircuitBreakers.newBuilder().addThresholds(limits).build();
  }

  private static long limit(int policy) {
    return policy == 0 ? NO_LIMIT : policy;
  }

  private static void connect(
      Cluster.Builder cluster, @Nullable ConnectionPool pool, String protocol) {
    ConnectionPool.Tcp tcp = pool == null ? ConnectionPool.Tcp.DEFAULT : pool.tcp();
    ConnectionPool.Http http = pool == null ? ConnectionPool.Http.DEFAULT : pool.http();
    cluster.setConnectTimeout(
        Wire.duration(tcp.connectTimeout() == null ? CONNECT_TIMEOUT : tcp.connectTimeout()));
    if (tcp.keepAlive()) {
      cluster.setUpstreamConnectionOptions(
          UpstreamConnectionOptions.newBuilder()
              .setTcpKeepalive(TcpKeepalive.getDefaultInstance()));
    }
    HttpProtocolOptions options = httpOptions(tcp, http, HTTP2.contains(protocol));
    if (options.getSerializedSize() > 0) {
      cluster.putTypedExtensionProtocolOptions(OPTIONS, Wire.any(OPTIONS, options));
    }
  }

  /** Nothing where everything is Envoy's default: HTTP/1.1, for an hour of idleness. */
  private static HttpProtocolOptions httpOptions(
      ConnectionPool.Tcp tcp, ConnectionPool.Http http, boolean http2) {
    var common = io.inmesh.shaded.envoy.config.core.v3.HttpProtocolOptions.newBuilder();
    Duration idle = http.idleTimeout() == null ? tcp.idleTimeout() : http.idleTimeout();
    if (idle != null) {
      common.setIdleTimeout(Wire.duration(idle));
    }
    if (tcp.maxConnectionDuration() != null) {
      common.setMaxConnectionDuration(Wire.duration(tcp.maxConnectionDuration()));
    }
    if (http.maxRequestsPerConnection() > 0) {
      common.setMaxRequestsPerConnection(Wire.number(http.maxRequestsPerConnection()));
    }
    HttpProtocolOptions.Builder options = HttpProtocolOptions.newBuilder();
    if (!http2 && common.build().getSerializedSize() == 0) {
      return options.build();
    }
    var version = HttpProtocolOptions.ExplicitHttpConfig.newBuilder();
    if (http2) {
      version.setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance());
    } else {
      version.setHttpProtocolOptions(Http1ProtocolOptions.getDefaultInstance());
    }
    return options.setCommonHttpProtocolOptions(common).setExplicitHttpConfig(version).build();
  }

  private static io.inmesh.shaded.envoy.config.cluster.v3.OutlierDetection outlierDetection(
      OutlierDetection policy) {
    var outlier =
        io.inmesh.shaded.envoy.config.cluster.v3.OutlierDetection.newBuilder()
            // Endpoints are not compared with each other.
            .setEnforcingSuccessRate(Wire.number(0))
            // D4(b): of two endpoints one is ejected, whatever maxEjectionPercent says.
            .setAlwaysEjectOneHost(BoolValue.of(true));
    Integer serverErrors = policy.consecutive5xxErrors();
    if (serverErrors != null) {
      outlier
          .setConsecutive5Xx(Wire.number(serverErrors))
          .setEnforcingConsecutive5Xx(Wire.number(serverErrors > 0 ? ALWAYS : 0));
    }
    Integer gatewayErrors = policy.consecutiveGatewayErrors();
    if (gatewayErrors != null) {
      outlier
          .setConsecutiveGatewayFailure(Wire.number(gatewayErrors))
          .setEnforcingConsecutiveGatewayFailure(Wire.number(gatewayErrors > 0 ? ALWAYS : 0));
    }
    if (policy.splitExternalLocalOriginErrors()) {
      outlier
          .setSplitExternalLocalOriginErrors(true)
          .setEnforcingLocalOriginSuccessRate(Wire.number(0));
      Integer localFailures = policy.consecutiveLocalOriginFailures();
      if (localFailures != null) {
        outlier
            .setConsecutiveLocalOriginFailure(Wire.number(localFailures))
            .setEnforcingConsecutiveLocalOriginFailure(Wire.number(localFailures > 0 ? ALWAYS : 0));
      }
    }
    if (policy.interval() != null) {
      outlier.setInterval(Wire.duration(policy.interval()));
    }
    if (policy.baseEjectionTime() != null) {
      outlier.setBaseEjectionTime(Wire.duration(policy.baseEjectionTime()));
    }
    if (policy.maxEjectionPercent() > 0) {
      outlier.setMaxEjectionPercent(Wire.number(policy.maxEjectionPercent()));
    }
    return outlier.build();
  }

  private ClusterCompiler() {}
}
