package io.inmesh.control.compile;

import io.inmesh.policy.CorsPolicy;
import io.inmesh.policy.FaultInjection;
import io.inmesh.shaded.envoy.config.core.v3.RuntimeFractionalPercent;
import io.inmesh.shaded.envoy.config.route.v3.FilterConfig;
import io.inmesh.shaded.envoy.config.route.v3.Route;
import io.inmesh.shaded.envoy.extensions.filters.common.fault.v3.FaultDelay;
import io.inmesh.shaded.envoy.extensions.filters.http.fault.v3.FaultAbort;
import io.inmesh.shaded.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.inmesh.shaded.protobuf.BoolValue;

/** Faults and CORS of a rule as settings of Envoy's filters. */
final class FilterCompiler {
  private static final double ALL = 100;

  static void fault(Route.Builder route, FaultInjection policy) {
    HTTPFault.Builder fault = HTTPFault.newBuilder();
    FaultInjection.Delay delay = policy.delay();
    if (delay != null) {
      fault.setDelay(
          FaultDelay.newBuilder()
              .setFixedDelay(Wire.duration(delay.fixedDelay()))
              .setPercentage(Wire.share(delay.percent())));
    }
    FaultInjection.Abort abort = policy.abort();
    if (abort != null) {
      FaultAbort.Builder answer =
          FaultAbort.newBuilder().setPercentage(Wire.share(abort.percent()));
      if (abort.grpcStatus() >= 0) {
        answer.setGrpcStatus(abort.grpcStatus());
      } else {
        answer.setHttpStatus(abort.httpStatus());
      }
      fault.setAbort(answer);
    }
    route.putTypedPerFilterConfig(
        "envoy.filters.http.fault",
        Wire.any("envoy.extensions.filters.http.fault.v3.HTTPFault", fault.build()));
  }

  /** Wrapped as optional: gRPC's own clients refuse settings of a filter that they do not know. */
  static void cors(Route.Builder route, CorsPolicy policy) {
    var cors =
        io.inmesh.shaded.envoy.extensions.filters.http.cors.v3.CorsPolicy.newBuilder()
            .setAllowMethods(String.join(",", policy.allowMethods()))
            .setAllowHeaders(String.join(",", policy.allowHeaders()))
            .setExposeHeaders(String.join(",", policy.exposeHeaders()))
            .setForwardNotMatchingPreflights(BoolValue.of(policy.forwardUnmatchedPreflights()))
            .setFilterEnabled(
                RuntimeFractionalPercent.newBuilder().setDefaultValue(Wire.share(ALL)));
    policy
        .allowOrigins()
        .forEach(origin -> cors.addAllowOriginStringMatch(MatchCompiler.string(origin)));
    if (policy.maxAge() != null) {
      cors.setMaxAge(Long.toString(policy.maxAge().toSeconds()));
    }
    if (policy.allowCredentials() != null) {
      cors.setAllowCredentials(BoolValue.of(policy.allowCredentials()));
    }
    FilterConfig optional =
        FilterConfig.newBuilder()
            .setConfig(Wire.any("envoy.extensions.filters.http.cors.v3.CorsPolicy", cors.build()))
            .setIsOptional(true)
            .build();
    route.putTypedPerFilterConfig(
        "envoy.filters.http.cors", Wire.any("envoy.config.route.v3.FilterConfig", optional));
  }

  private FilterCompiler() {}
}
