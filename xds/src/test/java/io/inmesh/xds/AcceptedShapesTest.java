package io.inmesh.xds;

import static io.inmesh.xds.Messages.eds;
import static io.inmesh.xds.Messages.load;
import static io.inmesh.xds.Messages.place;
import static io.inmesh.xds.Messages.route;
import static io.inmesh.xds.Messages.routes;
import static io.inmesh.xds.Messages.to;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.HeaderMatcher;
import io.inmesh.engine.model.LbPolicy;
import io.inmesh.engine.model.QueryParameterMatcher;
import io.inmesh.engine.model.RetryCondition;
import io.inmesh.engine.model.RetryPolicy;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.model.RouteAction;
import io.inmesh.engine.model.StringMatcher;
import io.inmesh.shaded.envoy.config.cluster.v3.Cluster;
import io.inmesh.shaded.envoy.config.core.v3.HealthStatus;
import io.inmesh.shaded.envoy.config.core.v3.Metadata;
import io.inmesh.shaded.envoy.config.route.v3.Decorator;
import io.inmesh.shaded.envoy.config.route.v3.RouteMatch;
import io.inmesh.shaded.envoy.type.matcher.v3.RegexMatcher;
import io.inmesh.shaded.protobuf.BoolValue;
import io.inmesh.shaded.protobuf.UInt32Value;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AcceptedShapesTest {
  /** What Istio sends where policy is silent. */
  private static final Set<RetryCondition> ISTIOS =
      Set.of(
          RetryCondition.CONNECT_FAILURE,
          RetryCondition.REFUSED_STREAM,
          RetryCondition.UNAVAILABLE,
          RetryCondition.CANCELLED);

  private static final io.inmesh.shaded.envoy.type.matcher.v3.StringMatcher.Builder EXACT =
      io.inmesh.shaded.envoy.type.matcher.v3.StringMatcher.newBuilder().setExact("a");

  private static Route parse(RouteMatch.Builder match) throws RejectedException {
    return parse(route(to("v1")).setMatch(match));
  }

  private static Route parse(io.inmesh.shaded.envoy.config.route.v3.Route.Builder route)
      throws RejectedException {
    return RouteParser.parse(routes("r", route).build(), "").virtualHosts().get(0).routes().get(0);
  }

  private static RouteMatch.Builder prefix() {
    return RouteMatch.newBuilder().setPrefix("/");
  }

  @Test
  void path_eachKind() throws RejectedException {
    assertThat(parse(RouteMatch.newBuilder().setPrefix("/a")).match().path())
        .isEqualTo(new StringMatcher.Prefix("/a", false));
    assertThat(
            parse(RouteMatch.newBuilder().setPath("/A").setCaseSensitive(BoolValue.of(false)))
                .match()
                .path())
        .isEqualTo(new StringMatcher.Exact("/A", true));
    StringMatcher regex =
        parse(RouteMatch.newBuilder().setSafeRegex(RegexMatcher.newBuilder().setRegex("/o[0-9]+")))
            .match()
            .path();
    assertThat(((StringMatcher.Regex) regex).pattern().matches("/o12")).isTrue();
    assertThat(((StringMatcher.Regex) regex).pattern().matches("/o12/x")).isFalse();
  }

  @Test
  void headers_eachKind() throws RejectedException {
    var proto = io.inmesh.shaded.envoy.config.route.v3.HeaderMatcher.newBuilder().setName("X-User");
    Route route =
        parse(
            prefix()
                .addHeaders(proto.clone().setStringMatch(EXACT).setInvertMatch(true))
                .addHeaders(proto.clone().setPresentMatch(true))
                .addHeaders(proto.clone().setPresentMatch(false))
                .addHeaders(proto.clone())
                .addHeaders(
                    proto.clone().setStringMatch(EXACT).setTreatMissingHeaderAsEmpty(true)));

    StringMatcher a = new StringMatcher.Exact("a", false);
    StringMatcher present = new StringMatcher.Present();
    assertThat(route.match().headers())
        .containsExactly(
            new HeaderMatcher("x-user", a, true, false),
            new HeaderMatcher("x-user", present, false, false),
            new HeaderMatcher("x-user", present, true, false),
            new HeaderMatcher("x-user", present, false, false),
            new HeaderMatcher("x-user", a, false, true));
  }

  @Test
  void queryParameters_eachKind() throws RejectedException {
    var proto =
        io.inmesh.shaded.envoy.config.route.v3.QueryParameterMatcher.newBuilder().setName("q");
    Route route =
        parse(
            prefix()
                .addQueryParameters(proto.clone().setStringMatch(EXACT.clone().setIgnoreCase(true)))
                .addQueryParameters(proto.clone().setPresentMatch(true)));

    assertThat(route.match().queryParameters())
        .containsExactly(
            new QueryParameterMatcher("q", new StringMatcher.Exact("a", true)),
            new QueryParameterMatcher("q", new StringMatcher.Present()));
  }

  private static RetryPolicy retries(io.inmesh.shaded.envoy.config.route.v3.Route.Builder route)
      throws RejectedException {
    return ((RouteAction.Forward) parse(route).action()).retryPolicy();
  }

  @Test
  void retryPolicy_asIstioSendsIt() throws RejectedException {
    var policy =
        io.inmesh.shaded.envoy.config.route.v3.RetryPolicy.newBuilder()
            .setRetryOn("connect-failure,refused-stream,unavailable,cancelled")
            .setNumRetries(UInt32Value.of(2))
            .addRetryHostPredicate(
                io.inmesh.shaded.envoy.config.route.v3.RetryPolicy.RetryHostPredicate.newBuilder()
                    .setName("envoy.retry_host_predicates.previous_hosts"))
            .setHostSelectionRetryMaxAttempts(5);

    assertThat(retries(route(to("v1").setRetryPolicy(policy))))
        .isEqualTo(new RetryPolicy(ISTIOS, 2, 5));
    assertThat(
            retries(
                route(
                    to("v1")
                        .setRetryPolicy(
                            policy
                                .clone()
                                .clearNumRetries()
                                .clearHostSelectionRetryMaxAttempts()))))
        .as("Envoy's defaults")
        .isEqualTo(new RetryPolicy(ISTIOS, 1, 1));
    assertThat(retries(route(to("v1")))).isEqualTo(RetryPolicy.NONE);
  }

  @Test
  void harmlessFields_areSkipped() throws RejectedException {
    var decorated =
        route(to("v1"))
            .setName("named")
            .setMetadata(Metadata.getDefaultInstance())
            .setDecorator(Decorator.newBuilder().setOperation("orders:8080/*"))
            .setStatPrefix("x");

    assertThat(parse(decorated).name()).isEqualTo("named");
    assertThat(
            RouteParser.parse(
                    routes("r", decorated)
                        .setValidateClusters(BoolValue.of(false))
                        .setIgnorePortInHostMatching(true)
                        .build(),
                    "")
                .name())
        .isEqualTo("r");
  }

  @Test
  void listener_withRoutesInside() throws RejectedException {
    var parsed =
        ListenerParser.parse(
            Messages.listener(
                    "orders:8080",
                    Messages.manager("").setRouteConfig(routes("inside", route(to("v1")))))
                .build());

    assertThat(parsed.routeName()).isNull();
    assertThat(parsed.routes()).isNotNull().extracting(r -> r.name()).isEqualTo("inside");
  }

  @Test
  void cluster_eds() throws RejectedException {
    var named = eds("v1").setLbPolicy(Cluster.LbPolicy.LEAST_REQUEST);
    named.setEdsClusterConfig(named.getEdsClusterConfig().toBuilder().setServiceName("somewhere"));

    assertThat(ClusterParser.parse(named.build()))
        .isEqualTo(
            new ClusterParser.Parsed(
                "v1", LbPolicy.LEAST_REQUEST, Duration.ofSeconds(10), "somewhere", null));
    assertThat(ClusterParser.parse(eds("v1").clearConnectTimeout().build()))
        .as("Envoy's defaults")
        .isEqualTo(
            new ClusterParser.Parsed(
                "v1", LbPolicy.ROUND_ROBIN, Duration.ofSeconds(5), "v1", null));
  }

  @Test
  void cluster_static_hasItsEndpointsInside() throws RejectedException {
    Cluster cluster =
        Cluster.newBuilder()
            .setName("v1")
            .setType(Cluster.DiscoveryType.STATIC)
            .setLoadAssignment(load("v1", place("127.0.0.1", 1)))
            .build();

    assertThat(ClusterParser.parse(cluster).endpoints())
        .containsExactly(new Endpoint("127.0.0.1", 1, 1));
  }

  @Test
  void endpoints_healthAndWeightAndTwice() throws RejectedException {
    assertThat(
            ClusterParser.endpoints(
                load(
                        "v1",
                        place("a", 1).setHealthStatus(HealthStatus.HEALTHY),
                        place("b", 2).setLoadBalancingWeight(UInt32Value.of(7)),
                        place("c", 3).setHealthStatus(HealthStatus.UNHEALTHY),
                        place("d", 4).setHealthStatus(HealthStatus.DRAINING),
                        place("e", 5).setHealthStatus(HealthStatus.TIMEOUT),
                        place("a", 1).setLoadBalancingWeight(UInt32Value.of(9)))
                    .build(),
                ""))
        .containsExactly(new Endpoint("a", 1, 1), new Endpoint("b", 2, 7));
  }

  @Test
  void endpoints_none_isAnAnswer() throws RejectedException {
    assertThat(ClusterParser.endpoints(load("v1").clearEndpoints().build(), "")).isEmpty();
  }
}
