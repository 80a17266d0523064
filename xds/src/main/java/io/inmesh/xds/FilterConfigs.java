package io.inmesh.xds;

import io.inmesh.engine.model.CorsPolicy;
import io.inmesh.engine.model.FaultPolicy;
import io.inmesh.engine.model.Percentage;
import io.inmesh.engine.model.StringMatcher;
import io.inmesh.shaded.envoy.config.route.v3.FilterConfig;
import io.inmesh.shaded.envoy.extensions.filters.common.fault.v3.FaultDelay;
import io.inmesh.shaded.envoy.extensions.filters.http.fault.v3.FaultAbort;
import io.inmesh.shaded.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's typed_per_filter_config: faults and CORS of a route, or of what is around it.
 *
 * @param fault null: as the level above says
 * @param cors null: as the level above says
 */
record FilterConfigs(@Nullable FaultPolicy fault, @Nullable CorsPolicy cors) {
  static final FilterConfigs NONE = new FilterConfigs(null, null);

  static final String FAULT = "envoy.filters.http.fault";
  static final String CORS = "envoy.filters.http.cors";

  private static final String TYPES = "type.googleapis.com/";
  static final String FAULT_TYPE = TYPES + "envoy.extensions.filters.http.fault.v3.HTTPFault";
  private static final String CORS_TYPE =
      TYPES + "envoy.extensions.filters.http.cors.v3.CorsPolicy";
  private static final String WRAPPER_TYPE = TYPES + "envoy.config.route.v3.FilterConfig";

  /** What a level says itself, else what is around it. */
  FilterConfigs within(FilterConfigs around) {
    return new FilterConfigs(
        fault == null ? around.fault : fault, cors == null ? around.cors : cors);
  }

  static FilterConfigs parse(Map<String, Any> configs, String path) throws RejectedException {
    FaultPolicy fault = null;
    CorsPolicy cors = null;
    // In order, so that of several mistakes the same one is named each time.
    for (Map.Entry<String, Any> entry : new TreeMap<>(configs).entrySet()) {
      String entryPath = path + ".typed_per_filter_config['" + entry.getKey() + "']";
      Any config = unwrapped(entry.getValue(), entryPath);
      try {
        if (config.getTypeUrl().equals(FAULT_TYPE) && entry.getKey().equals(FAULT)) {
          fault = fault(HTTPFault.parseFrom(config.getValue()), entryPath);
        } else if (config.getTypeUrl().equals(CORS_TYPE) && entry.getKey().equals(CORS)) {
          cors =
              cors(
                  io.inmesh.shaded.envoy.extensions.filters.http.cors.v3.CorsPolicy.parseFrom(
                      config.getValue()),
                  entryPath);
        } else {
          throw new RejectedException(
              entryPath, "type '" + config.getTypeUrl() + "' is not supported");
        }
      } catch (InvalidProtocolBufferException e) {
        throw new RejectedException(entryPath, "cannot be decoded: " + e.getMessage());
      }
    }
    return fault == null && cors == null ? NONE : new FilterConfigs(fault, cors);
  }

  private static Any unwrapped(Any config, String path) throws RejectedException {
    if (!config.getTypeUrl().equals(WRAPPER_TYPE)) {
      return config;
    }
    try {
      FilterConfig wrapper = FilterConfig.parseFrom(config.getValue());
      FieldGuard.requireNothingLeft(
          wrapper.toBuilder().clearConfig().clearIsOptional().build(), path);
      return wrapper.getConfig();
    } catch (InvalidProtocolBufferException e) {
      throw new RejectedException(path, "cannot be decoded: " + e.getMessage());
    }
  }

  /** Statistics aside, every setting but delay and abort asks for more than the model knows. */
  static FaultPolicy fault(HTTPFault message, String path) throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder().clearDelay().clearAbort().clearDisableDownstreamClusterStats().build(),
        path);
    return new FaultPolicy(
        message.hasDelay() ? delay(message.getDelay(), path + ".delay") : null,
        message.hasAbort() ? abort(message.getAbort(), path + ".abort") : null);
  }

  private static FaultPolicy.Delay delay(FaultDelay message, String path) throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder().clearFixedDelay().clearPercentage().build(), path);
    if (!message.hasFixedDelay()) {
      throw new RejectedException(path + ".fixed_delay", "is missing");
    }
    return new FaultPolicy.Delay(
        share(message.getPercentage(), path),
        Durations.positive(message.getFixedDelay(), path + ".fixed_delay"));
  }

  private static FaultPolicy.Abort abort(FaultAbort message, String path) throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder().clearHttpStatus().clearGrpcStatus().clearPercentage().build(), path);
    Percentage share = share(message.getPercentage(), path);
    return switch (message.getErrorTypeCase()) {
      case HTTP_STATUS -> {
        int status = message.getHttpStatus();
        if (status < 200 || status > 599) {
          throw new RejectedException(path + ".http_status", status + " is not in 200-599");
        }
        yield new FaultPolicy.Abort(share, status, -1);
      }
      case GRPC_STATUS -> {
        int status = message.getGrpcStatus();
        if (status < 0) {
          throw new RejectedException(path + ".grpc_status", "does not fit into 31 bits");
        }
        yield new FaultPolicy.Abort(share, 0, status);
      }
      default -> throw new RejectedException(path, "http_status or grpc_status is needed");
    };
  }

  private static Percentage share(
      io.inmesh.shaded.envoy.type.v3.FractionalPercent message, String path)
      throws RejectedException {
    return Percentages.parse(message, path + ".percentage");
  }

  private static CorsPolicy cors(
      io.inmesh.shaded.envoy.extensions.filters.http.cors.v3.CorsPolicy message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder()
            .clearAllowOriginStringMatch()
            .clearAllowMethods()
            .clearAllowHeaders()
            .clearExposeHeaders()
            .clearMaxAge()
            .clearAllowCredentials()
            .clearFilterEnabled()
            .clearForwardNotMatchingPreflights()
            .build(),
        path);
    if (message.hasFilterEnabled()
        && !Percentages.parse(message.getFilterEnabled(), path + ".filter_enabled")
            .equals(Percentage.ALL)) {
      throw new RejectedException(path + ".filter_enabled", "only 100 percent is supported");
    }
    List<StringMatcher> origins = new ArrayList<>();
    for (int i = 0; i < message.getAllowOriginStringMatchCount(); i++) {
      origins.add(
          RouteMatchParser.string(
              message.getAllowOriginStringMatch(i),
              RouteParser.at(path, "allow_origin_string_match", i)));
    }
    return new CorsPolicy(
        origins,
        nonEmpty(message.getAllowMethods()),
        nonEmpty(message.getAllowHeaders()),
        nonEmpty(message.getExposeHeaders()),
        nonEmpty(message.getMaxAge()),
        message.getAllowCredentials().getValue(),
        !message.hasForwardNotMatchingPreflights()
            || message.getForwardNotMatchingPreflights().getValue());
  }

  private static @Nullable String nonEmpty(String text) {
    return text.isEmpty() ? null : text;
  }
}
