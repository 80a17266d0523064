package io.inmesh.engine;

import io.inmesh.engine.model.CorsPolicy;
import io.inmesh.engine.model.HeaderTemplate;
import io.inmesh.engine.model.HeaderTemplate.Fact;
import io.inmesh.engine.model.PathRewrite;
import io.inmesh.engine.model.RouteAction;
import io.inmesh.engine.model.RouteAction.Forward;
import io.inmesh.engine.route.CorsRules;
import io.inmesh.engine.route.PathRewriting;
import io.inmesh.engine.route.RoutePlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Takes from a request all that its call will need, and works out what is sent in its place:
 * headers of the drawn cluster, then of the route; Host likewise; then the path. The order, and
 * what templates see meanwhile, is Envoy's. Used by one thread, once.
 */
final class CallPreparation implements HeaderTemplate.Facts {
  /** What Envoy's connection manager and router take out of requests; see {@link RequestView}. */
  private static final List<String> CONTROL_HEADERS =
      List.of(
          "x-envoy-retry-on",
          "x-envoy-retry-grpc-on",
          "x-envoy-max-retries",
          "x-envoy-retriable-status-codes",
          "x-envoy-retriable-header-names",
          "x-envoy-hedge-on-per-try-timeout",
          "x-envoy-upstream-rq-timeout-ms",
          "x-envoy-upstream-rq-per-try-timeout-ms",
          "x-envoy-upstream-rq-timeout-alt-response",
          "x-envoy-upstream-stream-duration-ms",
          "x-envoy-upstream-alt-stat-name",
          "x-envoy-expected-rq-timeout-ms",
          "x-envoy-decorator-operation",
          "x-envoy-force-trace",
          "x-envoy-ip-tags",
          "x-envoy-original-url");

  private final OutboundRequest request;
  private final RoutePlan plan;
  private final RoutePlan.@Nullable Destination destination;
  private final String statName;
  private final HeaderEditor headers;
  private String host;
  private String target;

  /**
   * @param statName what templates call the cluster
   */
  CallPreparation(
      OutboundRequest request,
      RoutePlan plan,
      RoutePlan.@Nullable Destination destination,
      String statName) {
    this.request = request;
    this.plan = plan;
    this.destination = destination;
    this.statName = statName;
    this.headers = new HeaderEditor(request::header);
    this.host = request.host();
    this.target = request.target();
  }

  /** The head of the first attempt. */
  RequestHead head() {
    if (request.view().mayHaveControlHeaders()) {
      for (String name : CONTROL_HEADERS) {
        if (!request.header(name).isEmpty()) {
          headers.remove(name);
        }
      }
    }
    if (plan.attemptCount()) {
      headers.set(OutboundCall.ATTEMPT_COUNT, "1");
    }
    Forward forward = plan.forward();
    if (forward != null && destination != null) {
      headers.apply(destination.requestHeaders(), this);
      if (!destination.hostRewrite().isEmpty()) {
        host = destination.hostRewrite();
      }
      headers.apply(plan.requestHeaders(), this);
      if (!forward.hostRewrite().isEmpty()) {
        headers.set("x-envoy-original-host", host);
        host = forward.hostRewrite();
      }
      if (!(forward.pathRewrite() instanceof PathRewrite.None)) {
        headers.set("x-envoy-original-path", target);
        target =
            PathRewriting.rewritten(forward.pathRewrite(), plan.route().match().path(), target);
      }
    }
    return new RequestHead(target, host, headers.edits());
  }

  /** Everything else; after {@link #head}. */
  CallExtras extras(boolean grpc, RandomGenerator random) {
    if (plan.changesNothing() && !grpc) {
      return CallExtras.NONE;
    }
    Duration grpcTimeout = grpc ? Grpc.timeout(request.header("grpc-timeout")) : Duration.ZERO;
    CorsPolicy cors = plan.route().cors();
    String origin = null;
    List<HeaderValue> preflight = null;
    Forward forward = plan.forward();
    if (cors != null && forward != null) {
      String sent = request.first("origin");
      if (sent != null && !sent.isEmpty()) {
        origin = CorsRules.allows(cors, sent) ? sent : null;
        preflight = preflight(cors, origin);
      }
    }
    HashKey key = HashKey.NONE;
    if (forward != null && !forward.hashPolicies().isEmpty()) {
      key =
          HashKey.of(
              forward.hashPolicies(),
              headers::header,
              target,
              request.view().sourceAddress(),
              random);
    }
    return new CallExtras(
        grpcTimeout,
        location(),
        origin,
        preflight,
        key.present(),
        key.value(),
        key.cookie(),
        request.view().protocol(),
        request.view().sourceAddress(),
        captured(this::request),
        plan.answersItself() ? captured(this::asCalled) : Map.of());
  }

  private Map<String, String> captured(Function<String, @Nullable String> fields) {
    if (plan.headersForResponse().isEmpty()) {
      return Map.of();
    }
    Map<String, String> captured = new HashMap<>();
    for (String name : plan.headersForResponse()) {
      String value = fields.apply(name);
      if (value != null) {
        captured.put(name, value);
      }
    }
    return captured;
  }

  private @Nullable String asCalled(String name) {
    return switch (name) {
      case ":authority", "host" -> request.host();
      case ":path" -> request.target();
      case ":method", ":scheme" -> request.field(name);
      default -> request.first(name);
    };
  }

  /** Null if this is no preflight, or one that the service shall answer. */
  private @Nullable List<HeaderValue> preflight(CorsPolicy cors, @Nullable String origin) {
    String method = request.first("access-control-request-method");
    if (!request.view().method().equals("OPTIONS") || method == null || method.isEmpty()) {
      return null;
    }
    if (origin == null && cors.forwardNotMatchingPreflights()) {
      return null;
    }
    List<HeaderValue> answer = new ArrayList<>();
    if (origin != null) {
      answer.add(new HeaderValue("access-control-allow-origin", origin));
    }
    if (cors.allowCredentials()) {
      answer.add(new HeaderValue("access-control-allow-credentials", "true"));
    }
    allow(answer, "access-control-allow-methods", cors.allowMethods(), method);
    String asked = request.first("access-control-request-headers");
    allow(answer, "access-control-allow-headers", cors.allowHeaders(), asked == null ? "" : asked);
    if (origin != null && cors.exposeHeaders() != null) {
      answer.add(new HeaderValue("access-control-expose-headers", cors.exposeHeaders()));
    }
    if (cors.maxAge() != null) {
      answer.add(new HeaderValue("access-control-max-age", cors.maxAge()));
    }
    return answer;
  }

  /** A list that is {@code *} allows what was asked for. */
  private static void allow(
      List<HeaderValue> answer, String name, @Nullable String allowed, String asked) {
    if (allowed != null && !allowed.isEmpty()) {
      answer.add(new HeaderValue(name, allowed.equals("*") ? asked : allowed));
    }
  }

  private String location() {
    if (plan.route().action() instanceof RouteAction.DirectResponse direct) {
      // What was created, or is elsewhere, is where it was called: so has Envoy it.
      boolean says = direct.status() == 201 || (direct.status() >= 300 && direct.status() < 400);
      return says ? request.scheme() + "://" + request.host() + request.target() : "";
    }
    if (!(plan.route().action() instanceof RouteAction.Redirect redirect)) {
      return "";
    }
    String scheme = redirect.scheme().isEmpty() ? request.scheme() : redirect.scheme();
    String port = redirect.port() == 0 ? "" : ":" + redirect.port();
    String authority = redirect.host().isEmpty() ? hostForRedirect(scheme, port) : redirect.host();
    return scheme
        + "://"
        + authority
        + port
        + PathRewriting.redirected(redirect, plan.route().match().path(), request.target());
  }

  /** Host as called, without its port where the redirect or the new scheme brings another. */
  private String hostForRedirect(String scheme, String port) {
    String called = request.host();
    int colon = called.lastIndexOf(':');
    if (colon < 0 || colon < called.lastIndexOf(']')) {
      return called;
    }
    String calledPort = called.substring(colon);
    String implied = request.scheme().equals("https") ? ":443" : ":80";
    boolean strip =
        !port.isEmpty() || (!scheme.equals(request.scheme()) && calledPort.equals(implied));
    return strip ? called.substring(0, colon) : called;
  }

  @Override
  public @Nullable String request(String name) {
    return switch (name) {
      case ":authority", "host" -> host;
      case ":path" -> target;
      case ":method", ":scheme" -> request.field(name);
      default -> first(headers.header(name));
    };
  }

  private static @Nullable String first(List<String> values) {
    return values.isEmpty() ? null : values.get(0);
  }

  @Override
  public @Nullable String response(String name) {
    return null;
  }

  @Override
  public @Nullable String fact(Fact fact) {
    return switch (fact) {
      case PROTOCOL -> request.view().protocol();
      case ROUTE_NAME -> plan.route().name();
      case UPSTREAM_CLUSTER -> statName;
      case UPSTREAM_CLUSTER_RAW -> destination == null ? null : destination.cluster();
      case UPSTREAM_REQUEST_ATTEMPT_COUNT -> "1";
      case DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT, DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT ->
          request.view().sourceAddress();
      case RESPONSE_CODE -> "0";
      case RESPONSE_FLAGS -> "-";
      case UPSTREAM_HOST,
          UPSTREAM_REMOTE_ADDRESS,
          UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT,
          UPSTREAM_REMOTE_PORT,
          RESPONSE_CODE_DETAILS ->
          null;
    };
  }
}
