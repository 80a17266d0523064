package io.inmesh.xds;

import static io.inmesh.xds.Messages.ADS;
import static io.inmesh.xds.Messages.any;
import static io.inmesh.xds.Messages.eds;
import static io.inmesh.xds.Messages.listener;
import static io.inmesh.xds.Messages.load;
import static io.inmesh.xds.Messages.manager;
import static io.inmesh.xds.Messages.place;
import static io.inmesh.xds.Messages.route;
import static io.inmesh.xds.Messages.router;
import static io.inmesh.xds.Messages.routes;
import static io.inmesh.xds.Messages.to;
import static io.inmesh.xds.Messages.weighted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.inmesh.shaded.envoy.config.cluster.v3.CircuitBreakers;
import io.inmesh.shaded.envoy.config.cluster.v3.Cluster;
import io.inmesh.shaded.envoy.config.cluster.v3.OutlierDetection;
import io.inmesh.shaded.envoy.config.core.v3.Address;
import io.inmesh.shaded.envoy.config.core.v3.ConfigSource;
import io.inmesh.shaded.envoy.config.core.v3.DataSource;
import io.inmesh.shaded.envoy.config.core.v3.HeaderValue;
import io.inmesh.shaded.envoy.config.core.v3.HeaderValueOption;
import io.inmesh.shaded.envoy.config.core.v3.HealthStatus;
import io.inmesh.shaded.envoy.config.core.v3.Pipe;
import io.inmesh.shaded.envoy.config.core.v3.RoutingPriority;
import io.inmesh.shaded.envoy.config.core.v3.SocketAddress;
import io.inmesh.shaded.envoy.config.endpoint.v3.Endpoint;
import io.inmesh.shaded.envoy.config.endpoint.v3.LbEndpoint;
import io.inmesh.shaded.envoy.config.listener.v3.Listener;
import io.inmesh.shaded.envoy.config.route.v3.DirectResponseAction;
import io.inmesh.shaded.envoy.config.route.v3.HeaderMatcher;
import io.inmesh.shaded.envoy.config.route.v3.QueryParameterMatcher;
import io.inmesh.shaded.envoy.config.route.v3.RateLimit;
import io.inmesh.shaded.envoy.config.route.v3.RedirectAction;
import io.inmesh.shaded.envoy.config.route.v3.RetryPolicy;
import io.inmesh.shaded.envoy.config.route.v3.Route;
import io.inmesh.shaded.envoy.config.route.v3.RouteAction;
import io.inmesh.shaded.envoy.config.route.v3.RouteMatch;
import io.inmesh.shaded.envoy.config.route.v3.VirtualHost;
import io.inmesh.shaded.envoy.config.route.v3.WeightedCluster;
import io.inmesh.shaded.envoy.extensions.filters.common.fault.v3.FaultDelay;
import io.inmesh.shaded.envoy.extensions.filters.http.fault.v3.FaultAbort;
import io.inmesh.shaded.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.inmesh.shaded.envoy.extensions.filters.http.router.v3.Router;
import io.inmesh.shaded.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.inmesh.shaded.envoy.type.matcher.v3.RegexMatchAndSubstitute;
import io.inmesh.shaded.envoy.type.matcher.v3.RegexMatcher;
import io.inmesh.shaded.envoy.type.matcher.v3.StringMatcher;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.ByteString;
import io.inmesh.shaded.protobuf.Duration;
import io.inmesh.shaded.protobuf.UInt32Value;
import io.inmesh.shaded.protobuf.UInt64Value;
import io.inmesh.xds.wire.AgentSettings;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What we do not honour is refused by its path, whatever the server meant by it. */
class RejectedShapesTest {
  private static final String HOST = "virtual_hosts[0].";
  private static final String ROUTE = HOST + "routes[0].";
  private static final String MANAGER_PATH = "api_listener.api_listener.";

  private static String reason(ResourceType type, Any any) {
    return ((Verdict.Rejected) new ResourceCache().accept(type, List.of(any), Set.of())).reason();
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("badRoutes")
  void accept_badRoute(Route.Builder route, String reason) {
    assertThat(reason(ResourceType.ROUTE, any(ResourceType.ROUTE, routes("r", route).build())))
        .startsWith("RouteConfiguration r: " + ROUTE + reason);
  }

  @SuppressWarnings("deprecation")
  static Stream<Arguments> badRoutes() {
    RouteMatch.Builder slash = RouteMatch.newBuilder().setPrefix("/");
    HeaderMatcher.Builder header = HeaderMatcher.newBuilder().setName("x");
    QueryParameterMatcher.Builder parameter = QueryParameterMatcher.newBuilder().setName("q");
    StringMatcher.Builder suffix = StringMatcher.newBuilder().setSuffix("z");
    return Stream.of(
        arguments(
            route(to("v1").addRateLimits(RateLimit.getDefaultInstance())),
            "route.rate_limits: not supported"),
        arguments(
            route(to("v1").setIdleTimeout(Duration.newBuilder().setSeconds(1))),
            "route.idle_timeout: not supported"),
        arguments(
            route(to("v1").setTimeout(Duration.newBuilder().setNanos(-1))),
            "route.timeout: must not be negative"),
        arguments(
            route(
                to("v1")
                    .setMaxStreamDuration(
                        RouteAction.MaxStreamDuration.newBuilder()
                            .setMaxStreamDuration(Duration.newBuilder().setSeconds(1)))),
            "route.max_stream_duration.max_stream_duration: below the route's timeout"),
        arguments(
            route(to("v1").setPrefixRewrite("/x").setRegexRewrite(rewrite("a", "b"))),
            "route.regex_rewrite: cannot be together with prefix_rewrite"),
        arguments(
            route(to("v1").setRegexRewrite(rewrite("(a)", "\\2"))),
            "route.regex_rewrite.substitution: '\\2': \\ needs a group's digit up to 1"),
        arguments(
            route(to("v1").setRegexRewrite(rewrite("a", "b\\"))),
            "route.regex_rewrite.substitution: 'b\\': \\ needs"),
        arguments(
            route(to("v1").setRegexRewrite(rewrite("(", ""))),
            "route.regex_rewrite.pattern.regex: "),
        arguments(
            route(
                to("v1")
                    .addRequestMirrorPolicies(
                        RouteAction.RequestMirrorPolicy.newBuilder().setCluster("m"))),
            "route.request_mirror_policies[0].disable_shadow_host_suffix_append: only true"),
        arguments(
            route(to("v1").addHashPolicy(RouteAction.HashPolicy.getDefaultInstance())),
            "route.hash_policy[0]: says nothing to hash"),
        arguments(
            route(to("v1").addHashPolicy(RouteAction.HashPolicy.newBuilder().setTerminal(true))),
            "route.hash_policy[0].terminal: not supported"),
        arguments(route(to("v1").setPriority(RoutingPriority.HIGH)), "route.priority: HIGH is not"),
        arguments(route(RouteAction.newBuilder()), "route: neither cluster nor weighted_clusters"),
        arguments(route(to("")), "route.cluster: is empty"),
        arguments(
            Route.newBuilder()
                .setMatch(slash)
                .setDirectResponse(DirectResponseAction.newBuilder().setStatus(99)),
            "direct_response.status: 99 is not in 200-599"),
        arguments(
            Route.newBuilder()
                .setMatch(slash)
                .setDirectResponse(
                    DirectResponseAction.newBuilder()
                        .setStatus(200)
                        .setBody(DataSource.newBuilder().setInlineString("x".repeat(4097)))),
            "direct_response.body: has 4097 bytes, more than the 4096"),
        arguments(
            Route.newBuilder()
                .setMatch(slash)
                .setDirectResponse(
                    DirectResponseAction.newBuilder()
                        .setStatus(200)
                        .setBody(
                            DataSource.newBuilder()
                                .setInlineBytes(ByteString.copyFrom(new byte[] {-1})))),
            "direct_response.body.inline_bytes: is not UTF-8"),
        arguments(
            Route.newBuilder()
                .setMatch(slash)
                .setRedirect(RedirectAction.newBuilder().setStripQuery(true)),
            "redirect.strip_query: not supported"),
        arguments(
            Route.newBuilder()
                .setMatch(slash)
                .setRedirect(RedirectAction.newBuilder().setPortRedirect(65_536)),
            "redirect.port_redirect: 65536 is not in 0-65535"),
        arguments(
            Route.newBuilder().setMatch(slash), "route: is missing, and there is no redirect or"),
        arguments(
            route(to("v1")).addRequestHeadersToRemove(":path"),
            "request_headers_to_remove[0]: ':path' cannot be changed"),
        arguments(
            route(to("v1")).addResponseHeadersToAdd(header("Host", "x")),
            "response_headers_to_add[0].header.key: 'Host' cannot be changed"),
        arguments(
            route(to("v1")).addRequestHeadersToAdd(header("x", "%NOT_A_COMMAND%")),
            "request_headers_to_add[0].header.value: '%NOT_A_COMMAND%' is not supported"),
        arguments(
            route(to("v1")).addRequestHeadersToAdd(header("x", "50%")),
            "request_headers_to_add[0].header.value: '50%' has a % that begins no command"),
        arguments(
            route(to("v1")).addRequestHeadersToAdd(header("x", "y").setKeepEmptyValue(true)),
            "request_headers_to_add[0].keep_empty_value: not supported"),
        arguments(
            route(to("v1")).putTypedPerFilterConfig("lua", any("x", ByteString.EMPTY)),
            "typed_per_filter_config['lua']: type 'x' is not supported"),
        arguments(
            faulty(HTTPFault.newBuilder().setUpstreamCluster("x")),
            "typed_per_filter_config['envoy.filters.http.fault'].upstream_cluster: not"),
        arguments(
            faulty(HTTPFault.newBuilder().setAbort(FaultAbort.newBuilder().setHttpStatus(600))),
            "typed_per_filter_config['envoy.filters.http.fault'].abort.http_status: 600 is not"),
        arguments(
            faulty(HTTPFault.newBuilder().setDelay(FaultDelay.getDefaultInstance())),
            "typed_per_filter_config['envoy.filters.http.fault'].delay.fixed_delay: is missing"),
        arguments(
            route(to("v1")).setMatch(RouteMatch.newBuilder().setPathSeparatedPrefix("/a")),
            "match.path_separated_prefix: not supported"),
        arguments(
            route(to("v1")).setMatch(RouteMatch.newBuilder()),
            "match: a prefix, path or safe_regex is needed"),
        arguments(
            route(to("v1"))
                .setMatch(
                    RouteMatch.newBuilder()
                        .setSafeRegex(RegexMatcher.newBuilder().setRegex("a(?=b)"))),
            "match.safe_regex.regex: "),
        arguments(
            route(to("v1")).setMatch(slash.clone().addHeaders(header.clone().setExactMatch("a"))),
            "match.headers[0].exact_match: not supported"),
        arguments(
            route(to("v1")).setMatch(slash.clone().addHeaders(header.clone().setName(""))),
            "match.headers[0].name: is empty"),
        arguments(
            route(to("v1"))
                .setMatch(
                    slash
                        .clone()
                        .addHeaders(header)
                        .addHeaders(header.clone().setStringMatch(suffix))),
            "match.headers[1].string_match.suffix: not supported"),
        arguments(
            route(to("v1"))
                .setMatch(
                    slash
                        .clone()
                        .addHeaders(
                            header
                                .clone()
                                .setPresentMatch(true)
                                .setTreatMissingHeaderAsEmpty(true))),
            "match.headers[0].treat_missing_header_as_empty: is only supported with string_match"),
        arguments(
            route(to("v1"))
                .setMatch(
                    slash.clone().addQueryParameters(parameter.clone().setPresentMatch(false))),
            "match.query_parameters[0].present_match: false is not supported"),
        arguments(weights(), "route.weighted_clusters: the weights add up to 0"),
        arguments(
            weights(weighted("a", 0), weighted("b", 0)),
            "route.weighted_clusters: the weights add up to 0"),
        arguments(
            weights(weighted("a", Integer.MAX_VALUE), weighted("b", 1)),
            "route.weighted_clusters: the weights add up to 2147483648"),
        arguments(
            weights(weighted("a", -1)),
            "route.weighted_clusters.clusters[0].weight: does not fit into 31 bits"),
        arguments(weights(weighted("", 1)), "route.weighted_clusters.clusters[0].name: is empty"),
        arguments(
            weights(weighted("a", 1).addRequestHeadersToRemove("host")),
            "route.weighted_clusters.clusters[0].request_headers_to_remove[0]: 'host' cannot"),
        arguments(
            retries(RetryPolicy.newBuilder().setRetryOn("connect-failure,sometimes")),
            "route.retry_policy.retry_on: 'sometimes' is not supported"),
        arguments(
            retries(
                RetryPolicy.newBuilder().setPerTryIdleTimeout(Duration.newBuilder().setSeconds(1))),
            "route.retry_policy.per_try_idle_timeout: not supported"),
        arguments(
            retries(
                RetryPolicy.newBuilder()
                    .setRetryBackOff(RetryPolicy.RetryBackOff.getDefaultInstance())),
            "route.retry_policy.retry_back_off.base_interval: must be above 0"),
        arguments(
            retries(RetryPolicy.newBuilder().setNumRetries(UInt32Value.of(-1))),
            "route.retry_policy.num_retries: does not fit into 31 bits"),
        arguments(
            retries(
                RetryPolicy.newBuilder()
                    .addRetryHostPredicate(
                        RetryPolicy.RetryHostPredicate.newBuilder().setName("mine"))),
            "route.retry_policy.retry_host_predicate[0]: 'mine' is not supported"));
  }

  private static RegexMatchAndSubstitute rewrite(String regex, String substitution) {
    return RegexMatchAndSubstitute.newBuilder()
        .setPattern(RegexMatcher.newBuilder().setRegex(regex))
        .setSubstitution(substitution)
        .build();
  }

  private static HeaderValueOption.Builder header(String name, String value) {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value));
  }

  private static Route.Builder faulty(HTTPFault.Builder fault) {
    return route(to("v1"))
        .putTypedPerFilterConfig(
            FilterConfigs.FAULT, any(FilterConfigs.FAULT_TYPE, fault.build().toByteString()));
  }

  private static Route.Builder weights(WeightedCluster.ClusterWeight.Builder... weights) {
    WeightedCluster.Builder all = WeightedCluster.newBuilder();
    for (WeightedCluster.ClusterWeight.Builder weight : weights) {
      all.addClusters(weight);
    }
    return route(RouteAction.newBuilder().setWeightedClusters(all));
  }

  private static Route.Builder retries(RetryPolicy.Builder policy) {
    return route(to("v1").setRetryPolicy(policy));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("badHosts")
  void accept_badVirtualHost(VirtualHost.Builder host, String reason) {
    Any any = any(ResourceType.ROUTE, routes("r").setVirtualHosts(0, host).build());
    assertThat(reason(ResourceType.ROUTE, any)).startsWith("RouteConfiguration r: " + reason);
  }

  static Stream<Arguments> badHosts() {
    VirtualHost.Builder host = VirtualHost.newBuilder().setName("h");
    return Stream.of(
        arguments(host, HOST + "domains: at least one domain is needed"),
        arguments(host.clone().addDomains("a*b"), HOST + "domains[0]: 'a*b': one * is allowed"),
        arguments(host.clone().addDomains("*a*"), HOST + "domains[0]: '*a*': one * is allowed"),
        arguments(host.clone().addDomains(""), HOST + "domains[0]: ''"),
        arguments(
            host.clone().addDomains("a").addDomains("A"), HOST + "domains: 'A' is there twice"),
        arguments(host.clone().addDomains("*").setRequireTlsValue(1), HOST + "require_tls: not"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("badListeners")
  void accept_badListener(Listener.Builder listener, String reason) {
    Any any = any(ResourceType.LISTENER, listener.build());
    assertThat(reason(ResourceType.LISTENER, any)).startsWith("Listener l: " + reason);
  }

  @SuppressWarnings("deprecation")
  static Stream<Arguments> badListeners() {
    ConfigSource file = ConfigSource.newBuilder().setPath("/etc").build();
    Rds.Builder rds = manager("r").getRds().toBuilder();
    return Stream.of(
        arguments(listener("l", manager("r")).setTransparent(bool()), "transparent: not supported"),
        arguments(Listener.newBuilder().setName("l"), "api_listener: is missing"),
        arguments(
            listener("l", manager("r").setServerName("x")),
            MANAGER_PATH + "server_name: not supported"),
        arguments(
            listener("l", manager("r").clearRds()),
            MANAGER_PATH.substring(0, MANAGER_PATH.length() - 1) + ": neither rds nor"),
        arguments(listener("l", manager("")), MANAGER_PATH + "rds.route_config_name: is empty"),
        arguments(
            listener("l", manager("r").setRds(rds.clone().setConfigSource(file))),
            MANAGER_PATH + "rds.config_source.path: not supported"),
        arguments(
            listener("l", manager("r").setRds(rds.clone().clearConfigSource())),
            MANAGER_PATH + "rds.config_source: only ads and self are supported"),
        arguments(
            listener(
                "l",
                manager("r")
                    .setHttpFilters(
                        0, router().setName("lua").setTypedConfig(any("x", ByteString.EMPTY)))),
            MANAGER_PATH + "http_filters[0]: 'lua' is not supported"),
        arguments(
            listener(
                "l",
                manager("r")
                    .addHttpFilters(
                        0,
                        Messages.filter(
                            FilterConfigs.FAULT,
                            FilterConfigs.FAULT_TYPE,
                            HTTPFault.getDefaultInstance()))
                    .addHttpFilters(
                        0,
                        Messages.filter(
                            FilterConfigs.CORS,
                            Messages.TYPES + "envoy.extensions.filters.http.cors.v3.Cors",
                            HTTPFault.getDefaultInstance()))),
            MANAGER_PATH + "http_filters[1]: a fault filter behind cors"),
        arguments(
            listener("l", manager("r").setHttpFilters(0, router().setDisabled(true))),
            MANAGER_PATH + "http_filters[0].disabled: not supported"),
        arguments(
            listener(
                "l",
                manager("r")
                    .setHttpFilters(
                        0,
                        router()
                            .setTypedConfig(
                                any(
                                    router().getTypedConfig().getTypeUrl(),
                                    Router.newBuilder()
                                        .setRespectExpectedRqTimeout(true)
                                        .build()
                                        .toByteString())))),
            MANAGER_PATH
                + "http_filters[0].typed_config.respect_expected_rq_timeout: not supported"),
        arguments(
            listener(
                "l",
                manager("")
                    .setRouteConfig(routes("r", route(to("v1").setAutoHostRewrite(bool()))))),
            MANAGER_PATH + "route_config." + ROUTE + "route.auto_host_rewrite: not supported"));
  }

  private static io.inmesh.shaded.protobuf.BoolValue bool() {
    return io.inmesh.shaded.protobuf.BoolValue.of(true);
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("badClusters")
  void accept_badCluster(Cluster.Builder cluster, String reason) {
    Any any = any(ResourceType.CLUSTER, cluster.build());
    assertThat(reason(ResourceType.CLUSTER, any)).startsWith("Cluster c: " + reason);
  }

  static Stream<Arguments> badClusters() {
    Duration.Builder time = Duration.newBuilder();
    return Stream.of(
        arguments(
            eds("c").setOutlierDetection(OutlierDetection.getDefaultInstance()),
            "outlier_detection.enforcing_success_rate: only 0 is supported"),
        arguments(
            eds("c")
                .setOutlierDetection(
                    OutlierDetection.newBuilder()
                        .setEnforcingSuccessRate(UInt32Value.of(0))
                        .setEnforcingConsecutive5Xx(UInt32Value.of(50))),
            "outlier_detection.enforcing_consecutive_5xx: 50: only 0 and 100 are supported"),
        arguments(
            eds("c")
                .setCircuitBreakers(
                    CircuitBreakers.newBuilder()
                        .addThresholds(
                            CircuitBreakers.Thresholds.newBuilder()
                                .setPriority(RoutingPriority.HIGH))),
            "circuit_breakers.thresholds[0].priority: only DEFAULT is supported"),
        arguments(
            eds("c")
                .setLbPolicy(Cluster.LbPolicy.RING_HASH)
                .setRingHashLbConfig(
                    Cluster.RingHashLbConfig.newBuilder()
                        .setHashFunction(Cluster.RingHashLbConfig.HashFunction.MURMUR_HASH_2)),
            "ring_hash_lb_config.hash_function: not supported"),
        arguments(
            eds("c")
                .setLbPolicy(Cluster.LbPolicy.MAGLEV)
                .setMaglevLbConfig(
                    Cluster.MaglevLbConfig.newBuilder().setTableSize(UInt64Value.of(100))),
            "maglev_lb_config.table_size: 100 is no prime number"),
        arguments(
            eds("c").setMaglevLbConfig(Cluster.MaglevLbConfig.getDefaultInstance()),
            "maglev_lb_config: is not for this lb_policy"),
        arguments(
            eds("c").setLbPolicy(Cluster.LbPolicy.CLUSTER_PROVIDED),
            "lb_policy: CLUSTER_PROVIDED and the type ORIGINAL_DST only go together"),
        arguments(
            eds("c")
                .setCommonLbConfig(
                    Cluster.CommonLbConfig.newBuilder()
                        .setZoneAwareLbConfig(
                            Cluster.CommonLbConfig.ZoneAwareLbConfig.getDefaultInstance())),
            "common_lb_config.zone_aware_lb_config: not supported"),
        arguments(
            eds("c").putTypedExtensionProtocolOptions("x", any("y", ByteString.EMPTY)),
            "typed_extension_protocol_options['x']: type 'y' is not supported"),
        arguments(eds("c").setLbPolicyValue(77), "lb_policy: 77 is not supported"),
        arguments(eds("c").setType(Cluster.DiscoveryType.STRICT_DNS), "type: STRICT_DNS is not"),
        arguments(eds("c").setConnectTimeout(time), "connect_timeout: must be above 0"),
        arguments(
            eds("c").setConnectTimeout(time.clone().setSeconds(Long.MAX_VALUE).setNanos(1)),
            "connect_timeout: must be below 365 days"),
        arguments(
            eds("c").setConnectTimeout(time.clone().setSeconds(86_400)),
            "connect_timeout: must be below 24 h"),
        arguments(
            eds("c").setConnectTimeout(time.clone().setNanos(-5)),
            "connect_timeout: must not be negative"),
        arguments(
            eds("c").setLoadAssignment(load("c")), "load_assignment: an EDS cluster has none"),
        arguments(
            eds("c").setType(Cluster.DiscoveryType.STATIC),
            "eds_cluster_config: a STATIC cluster has none"),
        arguments(
            eds("c").clearEdsClusterConfig(),
            "eds_cluster_config.eds_config: only ads and self are supported"),
        arguments(
            Cluster.newBuilder()
                .setName("c")
                .setType(Cluster.DiscoveryType.STATIC)
                .setLoadAssignment(load("c", place("", 1))),
            "load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.address: is empty"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("badEndpoints")
  void accept_badEndpoint(LbEndpoint.Builder endpoint, String reason) {
    Any any = any(ResourceType.ENDPOINT, load("c", place("127.0.0.1", 1), endpoint).build());
    assertThat(reason(ResourceType.ENDPOINT, any))
        .startsWith("ClusterLoadAssignment c: endpoints[0].lb_endpoints[1]." + reason);
  }

  static Stream<Arguments> badEndpoints() {
    LbEndpoint.Builder udp =
        at(
            Address.newBuilder()
                .setSocketAddress(
                    SocketAddress.newBuilder()
                        .setAddress("h")
                        .setPortValue(1)
                        .setProtocol(SocketAddress.Protocol.UDP)));
    LbEndpoint.Builder pipe = at(Address.newBuilder().setPipe(Pipe.newBuilder().setPath("/x")));
    return Stream.of(
        arguments(place("h", 0), "endpoint.address.port_value: 0 is not in 1-65535"),
        arguments(place("h", 65_536), "endpoint.address.port_value: 65536 is not in 1-65535"),
        arguments(udp, "endpoint.address.protocol: not supported"),
        arguments(pipe, "endpoint.address: only socket_address is supported"),
        arguments(
            place("h", 1).setHealthStatus(HealthStatus.DEGRADED),
            "health_status: 5 is not supported"),
        arguments(
            place("h", 1).setLoadBalancingWeight(UInt32Value.of(0)),
            "load_balancing_weight: 0 is not in 1-2147483647"),
        arguments(
            place("h", 1).setLoadBalancingWeight(UInt32Value.of(-1)),
            "load_balancing_weight: 4294967295 is not in 1-2147483647"));
  }

  private static LbEndpoint.Builder at(Address.Builder address) {
    return LbEndpoint.newBuilder().setEndpoint(Endpoint.newBuilder().setAddress(address));
  }

  @Test
  void endpoints_priorityAndPolicyAndTooMuchWeight() {
    var twoLevels = load("c", place("h", 1));
    twoLevels.setEndpoints(0, twoLevels.getEndpoints(0).toBuilder().setPriority(129));
    assertThat(reason(ResourceType.ENDPOINT, any(ResourceType.ENDPOINT, twoLevels.build())))
        .isEqualTo("ClusterLoadAssignment c: endpoints[0].priority: 129 is not in 0-128");

    var heavy =
        load(
            "c",
            place("h", 1).setLoadBalancingWeight(UInt32Value.of(Integer.MAX_VALUE)),
            place("h", 2));
    assertThat(reason(ResourceType.ENDPOINT, any(ResourceType.ENDPOINT, heavy.build())))
        .isEqualTo("ClusterLoadAssignment c: endpoints: the weights add up to 2147483648");
  }

  @Test
  void unknownField_isNamedByItsNumber() {
    ByteString inCluster = Messages.withUnknownField(eds("c").build());
    assertThat(reason(ResourceType.CLUSTER, any(ResourceType.CLUSTER.typeUrl(), inCluster)))
        .isEqualTo("Cluster c: field number 19001 (unknown to this agent version): not supported");

    ByteString inManager = Messages.withUnknownField(manager("r").build());
    Listener deep =
        listener("l", manager("r"))
            .setApiListener(
                listener("l", manager("r")).getApiListener().toBuilder()
                    .setApiListener(any(Messages.MANAGER, inManager)))
            .build();
    assertThat(reason(ResourceType.LISTENER, any(ResourceType.LISTENER, deep)))
        .startsWith("Listener l: " + MANAGER_PATH + "field number 19001");
  }

  @Test
  void settings_unknownFieldAndMalformedBytes() {
    AgentSettings settings = AgentSettings.newBuilder().setName("a").setInert(true).build();
    assertThat(
            reason(
                ResourceType.SETTINGS,
                any(ResourceType.SETTINGS.typeUrl(), Messages.withUnknownField(settings))))
        .startsWith("AgentSettings a: field number 19001");
    assertThat(
            new ResourceCache()
                .accept(
                    ResourceType.SETTINGS, List.of(any(ResourceType.SETTINGS, settings)), Set.of()))
        .isEqualTo(new Verdict.Accepted());
  }

  /** Truncated or flipped, it is an answer: accepted as something else, or a reason. */
  @Test
  void damagedBytes_neverThrow() {
    List<Any> whole =
        List.of(
            listener("l", "r"),
            routes("r", "v1"),
            Messages.cluster("c"),
            Messages.endpoints("c", 1));
    List<ResourceType> types =
        List.of(
            ResourceType.LISTENER, ResourceType.ROUTE, ResourceType.CLUSTER, ResourceType.ENDPOINT);
    for (int i = 0; i < whole.size(); i++) {
      byte[] bytes = whole.get(i).getValue().toByteArray();
      for (int at = 0; at < bytes.length; at++) {
        assertAnswered(types.get(i), ByteString.copyFrom(bytes, 0, at));
        for (int bit = 0; bit < 8; bit++) {
          byte[] flipped = bytes.clone();
          flipped[at] ^= (byte) (1 << bit);
          assertAnswered(types.get(i), ByteString.copyFrom(flipped));
        }
      }
    }
  }

  private static void assertAnswered(ResourceType type, ByteString bytes) {
    assertThat(new ResourceCache().accept(type, List.of(any(type.typeUrl(), bytes)), Set.of()))
        .isNotNull();
  }

  @Test
  void configSource_adsIsOneOfTheTwoThatAreSupported() throws RejectedException {
    ListenerParser.requireAds(ADS, "x");
  }
}
