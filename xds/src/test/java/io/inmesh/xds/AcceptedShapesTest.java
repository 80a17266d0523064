package io.inmesh.xds;

import static io.inmesh.xds.FilterConfigs.FAULT;
import static io.inmesh.xds.Messages.TYPES;
import static io.inmesh.xds.Messages.any;
import static io.inmesh.xds.Messages.route;
import static io.inmesh.xds.Messages.routes;
import static io.inmesh.xds.Messages.to;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.CorsPolicy;
import io.inmesh.engine.model.FaultPolicy;
import io.inmesh.engine.model.HashPolicy;
import io.inmesh.engine.model.HeaderMatcher;
import io.inmesh.engine.model.HeaderMutations;
import io.inmesh.engine.model.Mirror;
import io.inmesh.engine.model.PathRewrite;
import io.inmesh.engine.model.Percentage;
import io.inmesh.engine.model.QueryParameterMatcher;
import io.inmesh.engine.model.RetryCondition;
import io.inmesh.engine.model.RetryPolicy;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.model.RouteAction;
import io.inmesh.engine.model.RouteOrigin;
import io.inmesh.engine.model.StringMatcher;
import io.inmesh.engine.model.WeightedCluster;
import io.inmesh.shaded.envoy.config.core.v3.DataSource;
import io.inmesh.shaded.envoy.config.core.v3.HeaderValue;
import io.inmesh.shaded.envoy.config.core.v3.HeaderValueOption;
import io.inmesh.shaded.envoy.config.core.v3.Metadata;
import io.inmesh.shaded.envoy.config.core.v3.RuntimeFractionalPercent;
import io.inmesh.shaded.envoy.config.route.v3.Decorator;
import io.inmesh.shaded.envoy.config.route.v3.DirectResponseAction;
import io.inmesh.shaded.envoy.config.route.v3.FilterConfig;
import io.inmesh.shaded.envoy.config.route.v3.RedirectAction;
import io.inmesh.shaded.envoy.config.route.v3.RouteMatch;
import io.inmesh.shaded.envoy.extensions.filters.common.fault.v3.FaultDelay;
import io.inmesh.shaded.envoy.extensions.filters.http.fault.v3.FaultAbort;
import io.inmesh.shaded.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.inmesh.shaded.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.inmesh.shaded.envoy.type.matcher.v3.RegexMatchAndSubstitute;
import io.inmesh.shaded.envoy.type.matcher.v3.RegexMatcher;
import io.inmesh.shaded.envoy.type.v3.FractionalPercent;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.BoolValue;
import io.inmesh.shaded.protobuf.ByteString;
import io.inmesh.shaded.protobuf.Struct;
import io.inmesh.shaded.protobuf.UInt32Value;
import io.inmesh.shaded.protobuf.Value;
import java.time.Duration;
import java.util.List;
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

  private static RouteAction.Forward forward(
      io.inmesh.shaded.envoy.config.route.v3.RouteAction.Builder action) throws RejectedException {
    return (RouteAction.Forward) parse(route(action)).action();
  }

  /** A route that still needs an action. */
  private static io.inmesh.shaded.envoy.config.route.v3.Route.Builder plain() {
    return route(to("v1")).clearRoute();
  }

  private static io.inmesh.shaded.protobuf.Duration seconds(int seconds) {
    return io.inmesh.shaded.protobuf.Duration.newBuilder().setSeconds(seconds).build();
  }

  private static HeaderValueOption.Builder add(String name, String value) {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value));
  }

  private static HeaderValueOption.Builder set(String name, String value) {
    return add(name, value)
        .setAppendAction(HeaderValueOption.HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD);
  }

  /** Two seconds for all, then an abort for half of them. */
  private static Any fault(int status) {
    HTTPFault fault =
        HTTPFault.newBuilder()
            .setDelay(
                FaultDelay.newBuilder()
                    .setFixedDelay(seconds(2))
                    .setPercentage(FractionalPercent.newBuilder().setNumerator(200)))
            .setAbort(
                FaultAbort.newBuilder()
                    .setHttpStatus(status)
                    .setPercentage(FractionalPercent.newBuilder().setNumerator(50)))
            .build();
    return any(FilterConfigs.FAULT_TYPE, fault.toByteString());
  }

  private static Any cors() {
    var cors =
        io.inmesh.shaded.envoy.extensions.filters.http.cors.v3.CorsPolicy.newBuilder()
            .addAllowOriginStringMatch(EXACT)
            .setAllowMethods("GET,POST")
            .setMaxAge("60")
            .setAllowCredentials(BoolValue.of(true))
            .setFilterEnabled(
                RuntimeFractionalPercent.newBuilder()
                    .setDefaultValue(FractionalPercent.newBuilder().setNumerator(100)))
            .build();
    return any(TYPES + "envoy.extensions.filters.http.cors.v3.CorsPolicy", cors.toByteString());
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
  void origin_isReadWhereItIsTold() throws RejectedException {
    assertThat(parse(route(to("v1"))).origin()).isEqualTo(RouteOrigin.UNKNOWN);
    String config = "/apis/networking.istio.io/v1/namespaces/shop/virtual-service/orders";
    Struct istio = Struct.newBuilder().putFields("config", text(config)).build();
    Metadata byIstiod = Metadata.newBuilder().putFilterMetadata("istio", istio).build();
    assertThat(parse(route(to("v1")).setMetadata(byIstiod)).origin())
        .isEqualTo(new RouteOrigin(config, "", -1));
    Struct ours =
        Struct.newBuilder()
            .putFields("rule", text("http[1]"))
            .putFields("match", Value.newBuilder().setNumberValue(2).build())
            .build();
    assertThat(
            parse(
                    route(to("v1"))
                        .setMetadata(byIstiod.toBuilder().putFilterMetadata("inmesh", ours)))
                .origin())
        .isEqualTo(new RouteOrigin(config, "http[1]", 2));
    Struct strange = Struct.newBuilder().putFields("config", Value.getDefaultInstance()).build();
    assertThat(
            parse(
                    route(to("v1"))
                        .setMetadata(Metadata.newBuilder().putFilterMetadata("istio", strange)))
                .origin())
        .isEqualTo(RouteOrigin.UNKNOWN);
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  @Test
  void rewrites_eachKind() throws RejectedException {
    assertThat(forward(to("v1").setPrefixRewrite("/x")).pathRewrite())
        .isEqualTo(new PathRewrite.Matched("/x"));
    assertThat(forward(to("v1")).pathRewrite()).isEqualTo(PathRewrite.None.INSTANCE);
    RouteAction.Forward regex =
        forward(
            to("v1")
                .setHostRewriteLiteral("other")
                .setRegexRewrite(
                    RegexMatchAndSubstitute.newBuilder()
                        .setPattern(RegexMatcher.newBuilder().setRegex("/(a)/(b)"))
                        .setSubstitution("/\\2\\\\\\1")));
    assertThat(regex.hostRewrite()).isEqualTo("other");
    assertThat(regex.pathRewrite())
        .isInstanceOfSatisfying(
            PathRewrite.Regex.class,
            rewrite -> {
              assertThat(rewrite.pattern().pattern()).isEqualTo("/(a)/(b)");
              assertThat(rewrite.substitution()).isEqualTo("/\\2\\\\\\1");
            });
  }

  @Test
  void timeouts_unsetIsEnvoysDefault() throws RejectedException {
    assertThat(forward(to("v1")).timeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(forward(to("v1")).grpcTimeoutLimit()).as("not heeded").isNull();
    RouteAction.Forward forward =
        forward(
            to("v1")
                .setTimeout(seconds(0))
                .setMaxStreamDuration(
                    io.inmesh.shaded.envoy.config.route.v3.RouteAction.MaxStreamDuration
                        .newBuilder()
                        .setGrpcTimeoutHeaderMax(seconds(3))));
    assertThat(forward.timeout()).isEqualTo(Duration.ZERO);
    assertThat(forward.grpcTimeoutLimit()).isEqualTo(Duration.ofSeconds(3));
  }

  @SuppressWarnings("deprecation")
  @Test
  void grpcTimeout_asIstioSendsIt() throws RejectedException {
    RouteAction.Forward forward =
        forward(to("v1").setTimeout(seconds(2)).setMaxGrpcTimeout(seconds(0)));
    assertThat(forward.timeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(forward.grpcTimeoutLimit()).isEqualTo(Duration.ZERO);
  }

  @Test
  void retryPolicy_everyField() throws RejectedException {
    var policy =
        io.inmesh.shaded.envoy.config.route.v3.RetryPolicy.newBuilder()
            .setRetryOn("5xx, retriable-status-codes,reset-before-request,retriable-headers,")
            .addRetriableStatusCodes(418)
            .setNumRetries(UInt32Value.of(7))
            .setPerTryTimeout(seconds(2))
            .setRetryBackOff(
                io.inmesh.shaded.envoy.config.route.v3.RetryPolicy.RetryBackOff.newBuilder()
                    .setBaseInterval(seconds(1)));

    assertThat(forward(to("v1").setRetryPolicy(policy)).retryPolicy())
        .isEqualTo(
            new RetryPolicy(
                Set.of(
                    RetryCondition.SERVER_ERROR,
                    RetryCondition.RETRIABLE_STATUS_CODES,
                    RetryCondition.RESET_BEFORE_REQUEST),
                Set.of(418),
                7,
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                0));
  }

  @Test
  void retryPolicy_ofTheHost_isForRoutesWithoutOne() throws RejectedException {
    var own = io.inmesh.shaded.envoy.config.route.v3.RetryPolicy.newBuilder().setRetryOn("reset");
    var config =
        routes("r", route(to("v1")), route(to("v2").setRetryPolicy(own.clone().setRetryOn("5xx"))));
    config.setVirtualHosts(0, config.getVirtualHosts(0).toBuilder().setRetryPolicy(own));

    var parsed = RouteParser.parse(config.build(), "").virtualHosts().get(0).routes();
    assertThat(((RouteAction.Forward) parsed.get(0).action()).retryPolicy().conditions())
        .containsExactly(RetryCondition.RESET);
    assertThat(((RouteAction.Forward) parsed.get(1).action()).retryPolicy().conditions())
        .containsExactly(RetryCondition.SERVER_ERROR);
  }

  @Test
  void hashPolicies_eachKind() throws RejectedException {
    var header =
        io.inmesh.shaded.envoy.config.route.v3.RouteAction.HashPolicy.newBuilder()
            .setHeader(
                io.inmesh.shaded.envoy.config.route.v3.RouteAction.HashPolicy.Header.newBuilder()
                    .setHeaderName("X-User"));
    var cookie =
        io.inmesh.shaded.envoy.config.route.v3.RouteAction.HashPolicy.Cookie.newBuilder()
            .setName("c")
            .setPath("/p");
    RouteAction.Forward forward =
        forward(
            to("v1")
                .addHashPolicy(header)
                .addHashPolicy(
                    io.inmesh.shaded.envoy.config.route.v3.RouteAction.HashPolicy.newBuilder()
                        .setCookie(cookie))
                .addHashPolicy(
                    io.inmesh.shaded.envoy.config.route.v3.RouteAction.HashPolicy.newBuilder()
                        .setCookie(cookie.clone().setTtl(seconds(60))))
                .addHashPolicy(
                    io.inmesh.shaded.envoy.config.route.v3.RouteAction.HashPolicy.newBuilder()
                        .setQueryParameter(
                            io.inmesh.shaded.envoy.config.route.v3.RouteAction.HashPolicy
                                .QueryParameter.newBuilder()
                                .setName("q")))
                .addHashPolicy(
                    io.inmesh.shaded.envoy.config.route.v3.RouteAction.HashPolicy.newBuilder()
                        .setConnectionProperties(
                            io.inmesh.shaded.envoy.config.route.v3.RouteAction.HashPolicy
                                .ConnectionProperties.newBuilder()
                                .setSourceIp(true))));

    assertThat(forward.hashPolicies())
        .containsExactly(
            new HashPolicy.Header("x-user"),
            new HashPolicy.Cookie("c", null, "/p"),
            new HashPolicy.Cookie("c", Duration.ofMinutes(1), "/p"),
            new HashPolicy.QueryParameter("q"),
            new HashPolicy.SourceIp());
  }

  @Test
  void mirrors_withAndWithoutShare() throws RejectedException {
    var mirror =
        io.inmesh.shaded.envoy.config.route.v3.RouteAction.RequestMirrorPolicy.newBuilder()
            .setCluster("m")
            .setDisableShadowHostSuffixAppend(true);
    RouteAction.Forward forward =
        forward(
            to("v1")
                .addRequestMirrorPolicies(mirror)
                .addRequestMirrorPolicies(
                    mirror
                        .clone()
                        .setRuntimeFraction(
                            RuntimeFractionalPercent.newBuilder()
                                .setDefaultValue(
                                    FractionalPercent.newBuilder()
                                        .setNumerator(125)
                                        .setDenominator(
                                            FractionalPercent.DenominatorType.TEN_THOUSAND)))));

    assertThat(forward.mirrors())
        .containsExactly(new Mirror("m", Percentage.ALL), new Mirror("m", new Percentage(12_500)));
  }

  @Test
  void weightedClusters_changeHeadersAndHost() throws RejectedException {
    var weighted =
        Messages.weighted("a", 3)
            .addRequestHeadersToAdd(set("X-A", "1"))
            .addRequestHeadersToRemove("X-Gone")
            .addResponseHeadersToAdd(add("x-b", "2"))
            .setHostRewriteLiteral("other");
    var action =
        io.inmesh.shaded.envoy.config.route.v3.RouteAction.newBuilder()
            .setWeightedClusters(
                io.inmesh.shaded.envoy.config.route.v3.WeightedCluster.newBuilder()
                    .addClusters(weighted));

    assertThat(forward(action).clusters())
        .containsExactly(
            new WeightedCluster(
                "a",
                3,
                new HeaderMutations(
                    List.of("x-gone"), List.of(new HeaderMutations.Value("x-a", "1", false))),
                new HeaderMutations(
                    List.of(), List.of(new HeaderMutations.Value("x-b", "2", true))),
                "other"));
  }

  @Test
  void headers_ofOuterLevels_comeAfterTheRoutes() throws RejectedException {
    var config =
        routes("r", route(to("v1")).addRequestHeadersToAdd(set("a", "1")))
            .addRequestHeadersToAdd(set("c", "3"));
    config.setVirtualHosts(
        0,
        config.getVirtualHosts(0).toBuilder()
            .addRequestHeadersToRemove("a")
            .addRequestHeadersToAdd(add("b", "2")));

    assertThat(
            RouteParser.parse(config.build(), "")
                .virtualHosts()
                .get(0)
                .routes()
                .get(0)
                .requestHeaders())
        .as("the virtual host removes what the route set")
        .isEqualTo(
            new HeaderMutations(
                List.of("a"),
                List.of(
                    new HeaderMutations.Value("b", "2", true),
                    new HeaderMutations.Value("c", "3", false))));
  }

  @SuppressWarnings("deprecation")
  @Test
  void headers_deprecatedAppendIsHeeded() throws RejectedException {
    var option =
        HeaderValueOption.newBuilder()
            .setHeader(HeaderValue.newBuilder().setKey("a").setValue("%REQ(x)%%%"))
            .setAppend(BoolValue.of(false));
    assertThat(parse(route(to("v1")).addRequestHeadersToAdd(option)).requestHeaders().values())
        .containsExactly(new HeaderMutations.Value("a", "%REQ(x)%%%", false));
  }

  @Test
  void redirect_eachPart() throws RejectedException {
    var redirect =
        RedirectAction.newBuilder()
            .setHostRedirect("other")
            .setPortRedirect(81)
            .setPathRedirect("/new?q=1")
            .setResponseCode(RedirectAction.RedirectResponseCode.PERMANENT_REDIRECT);
    assertThat(parse(plain().setRedirect(redirect)).action())
        .isEqualTo(new RouteAction.Redirect(308, "", "other", 81, "/new?q=1", false));
    assertThat(
            parse(
                    plain()
                        .setRedirect(
                            RedirectAction.newBuilder()
                                .setHttpsRedirect(true)
                                .setPrefixRewrite("/p")))
                .action())
        .isEqualTo(new RouteAction.Redirect(301, "https", "", 0, "/p", true));
  }

  @Test
  void directResponse_textAndBytes() throws RejectedException {
    var response = DirectResponseAction.newBuilder().setStatus(418);
    assertThat(
            parse(
                    plain()
                        .setDirectResponse(
                            response
                                .clone()
                                .setBody(DataSource.newBuilder().setInlineString("tea"))))
                .action())
        .isEqualTo(new RouteAction.DirectResponse(418, "tea"));
    assertThat(
            parse(
                    plain()
                        .setDirectResponse(
                            response
                                .clone()
                                .setBody(
                                    DataSource.newBuilder()
                                        .setInlineBytes(ByteString.copyFromUtf8("té")))))
                .action())
        .isEqualTo(new RouteAction.DirectResponse(418, "té"));
    assertThat(parse(plain().setDirectResponse(response)).action())
        .isEqualTo(new RouteAction.DirectResponse(418, ""));
  }

  @Test
  void faultAndCors_ofTheNearestLevel() throws RejectedException {
    var config =
        routes("r", route(to("v1")), route(to("v1")).putTypedPerFilterConfig(FAULT, fault(503)));
    config.setVirtualHosts(
        0,
        config.getVirtualHosts(0).toBuilder()
            .putTypedPerFilterConfig(FAULT, fault(500))
            .putTypedPerFilterConfig(FilterConfigs.CORS, cors()));

    var parsed = RouteParser.parse(config.build(), "").virtualHosts().get(0).routes();
    assertThat(parsed.get(0).fault().abort())
        .isEqualTo(new FaultPolicy.Abort(new Percentage(500_000), 500, -1));
    assertThat(parsed.get(1).fault().abort())
        .isEqualTo(new FaultPolicy.Abort(new Percentage(500_000), 503, -1));
    assertThat(parsed.get(1).fault().delay())
        .isEqualTo(new FaultPolicy.Delay(Percentage.ALL, Duration.ofSeconds(2)));
    assertThat(parsed.get(1).cors())
        .isEqualTo(
            new CorsPolicy(
                List.of(new StringMatcher.Exact("a", false)),
                "GET,POST",
                null,
                null,
                "60",
                true,
                true));
  }

  @Test
  void filterConfig_wrapped() throws RejectedException {
    Any wrapped =
        any(
            TYPES + "envoy.config.route.v3.FilterConfig",
            FilterConfig.newBuilder()
                .setConfig(fault(500))
                .setIsOptional(true)
                .build()
                .toByteString());
    assertThat(parse(route(to("v1")).putTypedPerFilterConfig(FAULT, wrapped)).fault().abort())
        .isEqualTo(new FaultPolicy.Abort(new Percentage(500_000), 500, -1));
  }

  @Test
  void routes_haveNoFaultWithoutItsFilter() throws RejectedException {
    var faulty = routes("inside", route(to("v1")).putTypedPerFilterConfig(FAULT, fault(500)));
    var without = Messages.manager("").setRouteConfig(faulty);
    var with =
        without
            .clone()
            .addHttpFilters(
                0,
                Messages.filter(FAULT, FilterConfigs.FAULT_TYPE, HTTPFault.getDefaultInstance()));

    assertThat(effectiveFault(without)).isEqualTo(FaultPolicy.NONE);
    assertThat(effectiveFault(with)).isNotEqualTo(FaultPolicy.NONE);
  }

  private static FaultPolicy effectiveFault(HttpConnectionManager.Builder manager)
      throws RejectedException {
    var parsed = ListenerParser.parse(Messages.listener("orders:8080", manager).build());
    return parsed
        .effective(requireNonNull(parsed.routes()))
        .virtualHosts()
        .get(0)
        .routes()
        .get(0)
        .fault();
  }

  @Test
  void filters_thatCountOrAreOptional_areSkipped() throws RejectedException {
    var manager =
        Messages.manager("r")
            .addHttpFilters(
                0,
                Messages.filter(
                    "envoy.filters.http.grpc_stats",
                    TYPES + "envoy.extensions.filters.http.grpc_stats.v3.FilterConfig",
                    HTTPFault.getDefaultInstance()))
            .addHttpFilters(
                0,
                Messages.filter("mine", TYPES + "mine", HTTPFault.getDefaultInstance())
                    .setIsOptional(true));

    assertThat(ListenerParser.parse(Messages.listener("l", manager).build()).filters()).isEmpty();
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
}
