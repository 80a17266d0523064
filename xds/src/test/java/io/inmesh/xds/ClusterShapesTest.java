package io.inmesh.xds;

import static io.inmesh.xds.Messages.TYPES;
import static io.inmesh.xds.Messages.any;
import static io.inmesh.xds.Messages.eds;
import static io.inmesh.xds.Messages.load;
import static io.inmesh.xds.Messages.place;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.CircuitBreakers;
import io.inmesh.engine.model.ConnectionLimits;
import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.EndpointGroup;
import io.inmesh.engine.model.LbPolicy;
import io.inmesh.engine.model.Locality;
import io.inmesh.engine.model.OutlierDetection;
import io.inmesh.shaded.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.inmesh.shaded.envoy.config.cluster.v3.Cluster;
import io.inmesh.shaded.envoy.config.cluster.v3.UpstreamConnectionOptions;
import io.inmesh.shaded.envoy.config.core.v3.HealthStatus;
import io.inmesh.shaded.envoy.config.core.v3.Http2ProtocolOptions;
import io.inmesh.shaded.envoy.config.core.v3.HttpProtocolOptions;
import io.inmesh.shaded.envoy.config.core.v3.TcpKeepalive;
import io.inmesh.shaded.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.inmesh.shaded.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.inmesh.shaded.envoy.type.v3.Percent;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.BoolValue;
import io.inmesh.shaded.protobuf.UInt32Value;
import io.inmesh.shaded.protobuf.UInt64Value;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterShapesTest {
  private static final ConnectionLimits CONNECTION =
      new ConnectionLimits(Duration.ofSeconds(10), Duration.ofHours(1), Duration.ZERO, 0, false);

  private static final CircuitBreakers ENVOYS = new CircuitBreakers(1024, 1024, 1024, 3, null);

  private static io.inmesh.shaded.protobuf.Duration seconds(int seconds) {
    return io.inmesh.shaded.protobuf.Duration.newBuilder().setSeconds(seconds).build();
  }

  private static ClusterParser.Parsed parse(Cluster.Builder cluster) throws RejectedException {
    return ClusterParser.parse(cluster.build());
  }

  @Test
  void cluster_eds() throws RejectedException {
    var named = eds("v1").setLbPolicy(Cluster.LbPolicy.LEAST_REQUEST);
    named.setEdsClusterConfig(named.getEdsClusterConfig().toBuilder().setServiceName("somewhere"));

    assertThat(parse(named))
        .isEqualTo(
            new ClusterParser.Parsed(
                "v1",
                LbPolicy.LEAST_REQUEST,
                CONNECTION,
                ENVOYS,
                null,
                50,
                false,
                "somewhere",
                null,
                "v1"));
    assertThat(parse(named.clone().setAltStatName("short")).statName()).isEqualTo("short");
    var silent = parse(eds("v1").clearConnectTimeout());
    assertThat(silent.connection().connect())
        .as("Envoy's default")
        .isEqualTo(Duration.ofSeconds(5));
    assertThat(silent.lbPolicy()).isEqualTo(LbPolicy.ROUND_ROBIN);
    assertThat(silent.endpointsName()).isEqualTo("v1");
  }

  @Test
  void cluster_static_hasItsEndpointsInside() throws RejectedException {
    var cluster =
        Cluster.newBuilder()
            .setName("v1")
            .setType(Cluster.DiscoveryType.STATIC)
            .setLoadAssignment(load("v1", place("127.0.0.1", 1)));

    assertThat(parse(cluster).groups())
        .containsExactly(
            new EndpointGroup(Locality.UNKNOWN, 0, 0, List.of(new Endpoint("127.0.0.1", 1, 1))));
  }

  @Test
  void cluster_originalDestination_passesThrough() throws RejectedException {
    var parsed =
        parse(
            Cluster.newBuilder()
                .setName("v1")
                .setType(Cluster.DiscoveryType.ORIGINAL_DST)
                .setLbPolicy(Cluster.LbPolicy.CLUSTER_PROVIDED));

    assertThat(parsed.lbPolicy()).isEqualTo(new LbPolicy.Passthrough());
    assertThat(parsed.groups()).isEmpty();
  }

  @Test
  void lbPolicy_eachKind() throws RejectedException {
    var slow =
        Cluster.SlowStartConfig.newBuilder()
            .setSlowStartWindow(seconds(30))
            .setMinWeightPercent(Percent.newBuilder().setValue(20))
            .build();
    LbPolicy.SlowStart start = new LbPolicy.SlowStart(Duration.ofSeconds(30), 20, 1);

    assertThat(parse(eds("c").setLbPolicy(Cluster.LbPolicy.RANDOM)).lbPolicy())
        .isEqualTo(new LbPolicy.Random());
    assertThat(
            parse(
                    eds("c")
                        .setRoundRobinLbConfig(
                            Cluster.RoundRobinLbConfig.newBuilder().setSlowStartConfig(slow)))
                .lbPolicy())
        .isEqualTo(new LbPolicy.RoundRobin(start));
    assertThat(
            parse(
                    eds("c")
                        .setLbPolicy(Cluster.LbPolicy.LEAST_REQUEST)
                        .setLeastRequestLbConfig(
                            Cluster.LeastRequestLbConfig.newBuilder()
                                .setChoiceCount(UInt32Value.of(2))
                                .setSlowStartConfig(slow)))
                .lbPolicy())
        .isEqualTo(new LbPolicy.LeastRequest(start));
    assertThat(parse(eds("c").setLbPolicy(Cluster.LbPolicy.RING_HASH)).lbPolicy())
        .isEqualTo(new LbPolicy.RingHash(1024, 8_388_608));
    assertThat(
            parse(
                    eds("c")
                        .setLbPolicy(Cluster.LbPolicy.RING_HASH)
                        .setRingHashLbConfig(
                            Cluster.RingHashLbConfig.newBuilder()
                                .setMinimumRingSize(UInt64Value.of(8))))
                .lbPolicy())
        .isEqualTo(new LbPolicy.RingHash(8, 8_388_608));
    assertThat(parse(eds("c").setLbPolicy(Cluster.LbPolicy.MAGLEV)).lbPolicy())
        .isEqualTo(new LbPolicy.Maglev(65_537));
    assertThat(
            parse(
                    eds("c")
                        .setLbPolicy(Cluster.LbPolicy.MAGLEV)
                        .setMaglevLbConfig(
                            Cluster.MaglevLbConfig.newBuilder().setTableSize(UInt64Value.of(101))))
                .lbPolicy())
        .isEqualTo(new LbPolicy.Maglev(101));
  }

  @Test
  void connection_everyField() throws RejectedException {
    var options =
        io.inmesh.shaded.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.newBuilder()
            .setCommonHttpProtocolOptions(
                HttpProtocolOptions.newBuilder()
                    .setIdleTimeout(seconds(5))
                    .setMaxConnectionDuration(seconds(50))
                    .setMaxRequestsPerConnection(UInt32Value.of(9)))
            .setExplicitHttpConfig(
                io.inmesh.shaded.envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                    .ExplicitHttpConfig.newBuilder()
                    .setHttp2ProtocolOptions(
                        Http2ProtocolOptions.newBuilder()
                            .setMaxConcurrentStreams(UInt32Value.of(7))))
            .build();
    String name = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    assertThat(
            parse(
                    eds("c")
                        .putTypedExtensionProtocolOptions(
                            name, any(TYPES + name, options.toByteString()))
                        .setUpstreamConnectionOptions(
                            UpstreamConnectionOptions.newBuilder()
                                .setTcpKeepalive(
                                    TcpKeepalive.newBuilder()
                                        .setKeepaliveTime(UInt32Value.of(60)))))
                .connection())
        .isEqualTo(
            new ConnectionLimits(
                Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(50), 9, true));
  }

  @SuppressWarnings("deprecation")
  @Test
  void connection_requestsInTheOldPlace() throws RejectedException {
    assertThat(
            parse(eds("c").setMaxRequestsPerConnection(UInt32Value.of(4)))
                .connection()
                .maxRequests())
        .isEqualTo(4);
  }

  @Test
  void circuitBreakers_everyFieldAndIstiosNoLimit() throws RejectedException {
    var limits =
        Thresholds.newBuilder()
            .setMaxConnections(UInt32Value.of(-1))
            .setMaxPendingRequests(UInt32Value.of(1))
            .setMaxRequests(UInt32Value.of(2))
            .setTrackRemaining(true)
            .setRetryBudget(
                Thresholds.RetryBudget.newBuilder()
                    .setBudgetPercent(Percent.newBuilder().setValue(25)));

    assertThat(parse(withLimits(limits)).circuitBreakers())
        .isEqualTo(
            new CircuitBreakers(0xFFFF_FFFFL, 1, 2, 3, new CircuitBreakers.RetryBudget(25, 3)));
  }

  private static Cluster.Builder withLimits(Thresholds.Builder limits) {
    return eds("c")
        .setCircuitBreakers(
            io.inmesh.shaded.envoy.config.cluster.v3.CircuitBreakers.newBuilder()
                .addThresholds(limits));
  }

  @Test
  void outlierDetection_asIstioSendsIt() throws RejectedException {
    var istios =
        io.inmesh.shaded.envoy.config.cluster.v3.OutlierDetection.newBuilder()
            .setEnforcingSuccessRate(UInt32Value.of(0));
    assertThat(outlier(istios))
        .as("nothing said")
        .isEqualTo(
            new OutlierDetection(
                5,
                0,
                0,
                false,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                10,
                false));
    assertThat(
            outlier(
                istios
                    .clone()
                    .setConsecutive5Xx(UInt32Value.of(0))
                    .setEnforcingConsecutive5Xx(UInt32Value.of(0))
                    .setConsecutiveGatewayFailure(UInt32Value.of(2))
                    .setEnforcingConsecutiveGatewayFailure(UInt32Value.of(100))
                    .setSplitExternalLocalOriginErrors(true)
                    .setConsecutiveLocalOriginFailure(UInt32Value.of(3))
                    .setEnforcingConsecutiveLocalOriginFailure(UInt32Value.of(100))
                    .setEnforcingLocalOriginSuccessRate(UInt32Value.of(0))
                    .setInterval(seconds(1))
                    .setBaseEjectionTime(seconds(400))
                    .setMaxEjectionPercent(UInt32Value.of(50))
                    .setAlwaysEjectOneHost(BoolValue.of(true))))
        .isEqualTo(
            new OutlierDetection(
                0,
                2,
                3,
                true,
                Duration.ofSeconds(1),
                Duration.ofSeconds(400),
                Duration.ofSeconds(400),
                50,
                true));
  }

  private static OutlierDetection outlier(
      io.inmesh.shaded.envoy.config.cluster.v3.OutlierDetection.Builder message)
      throws RejectedException {
    return requireNonNull(parse(eds("c").setOutlierDetection(message)).outlierDetection());
  }

  @Test
  void panicThreshold_zeroIsNotUnset() throws RejectedException {
    var never =
        Cluster.CommonLbConfig.newBuilder().setHealthyPanicThreshold(Percent.getDefaultInstance());
    assertThat(parse(eds("c").setCommonLbConfig(never)).panicThreshold()).isZero();
  }

  @Test
  void endpoints_healthAndWeightAndTwice() throws RejectedException {
    var assignment =
        load(
            "v1",
            place("a", 1).setHealthStatus(HealthStatus.HEALTHY),
            place("b", 2).setLoadBalancingWeight(UInt32Value.of(7)),
            place("c", 3).setHealthStatus(HealthStatus.UNHEALTHY),
            place("d", 4).setHealthStatus(HealthStatus.DRAINING),
            place("e", 5).setHealthStatus(HealthStatus.TIMEOUT),
            place("a", 1).setLoadBalancingWeight(UInt32Value.of(9)));
    assertThat(EndpointParser.parse(assignment.build(), ""))
        .containsExactly(
            new EndpointGroup(
                Locality.UNKNOWN, 0, 0, List.of(new Endpoint("a", 1, 1), new Endpoint("b", 2, 7))));
  }

  @Test
  void endpoints_none_isAnAnswer() throws RejectedException {
    assertThat(EndpointParser.parse(load("v1").clearEndpoints().build(), "")).isEmpty();
  }

  private static LocalityLbEndpoints.Builder locality(String zone, int priority, int weight) {
    return load("c", place(zone, 1)).getEndpoints(0).toBuilder()
        .setLocality(
            io.inmesh.shaded.envoy.config.core.v3.Locality.newBuilder()
                .setRegion("r")
                .setZone(zone))
        .setPriority(priority)
        .setLoadBalancingWeight(UInt32Value.of(weight));
  }

  @Test
  void localities_weightsCountWhereTheClusterSaysSo() throws RejectedException {
    var assignment =
        ClusterLoadAssignment.newBuilder()
            .setClusterName("c")
            .addEndpoints(locality("a", 0, 3))
            .addEndpoints(locality("b", 0, 1).clearLoadBalancingWeight())
            .addEndpoints(locality("d", 1, 1).clearLoadBalancingWeight());
    List<EndpointGroup> groups = EndpointParser.parse(assignment.build(), "");
    var weighted =
        Cluster.CommonLbConfig.newBuilder()
            .setLocalityWeightedLbConfig(
                Cluster.CommonLbConfig.LocalityWeightedLbConfig.getDefaultInstance());

    assertThat(parse(eds("c")).with(groups).groups())
        .containsExactly(group("a", 0, 0), group("b", 0, 0), group("d", 1, 0));
    assertThat(parse(eds("c").setCommonLbConfig(weighted)).with(groups).groups())
        .as("without a weight beside one that has one, a locality gets nothing")
        .containsExactly(group("a", 0, 3), group("d", 1, 0));
  }

  private static EndpointGroup group(String zone, int priority, int weight) {
    return new EndpointGroup(
        new Locality("r", zone, ""), priority, weight, List.of(new Endpoint(zone, 1, 1)));
  }

  @Test
  void protocolOptions_empty() throws RejectedException {
    String name = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
    Any nothing = Any.newBuilder().setTypeUrl(TYPES + name).build();
    assertThat(parse(eds("c").putTypedExtensionProtocolOptions(name, nothing)).connection())
        .isEqualTo(CONNECTION);
  }
}
