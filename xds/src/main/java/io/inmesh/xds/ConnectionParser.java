package io.inmesh.xds;

import io.inmesh.engine.model.ConnectionLimits;
import io.inmesh.shaded.envoy.config.cluster.v3.Cluster;
import io.inmesh.shaded.envoy.config.core.v3.TcpKeepalive;
import io.inmesh.shaded.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.InvalidProtocolBufferException;
import io.inmesh.shaded.protobuf.UInt32Value;
import java.time.Duration;
import java.util.Map;

/**
 * How long and for how much a cluster's connections are used: Envoy spreads that over the cluster,
 * {@code upstream_connection_options} and {@code HttpProtocolOptions}.
 *
 * <p>Skipped: which HTTP version is spoken, and {@code max_concurrent_streams}, as that is for the
 * application's library to decide; of {@code tcp_keepalive} the numbers, as the JDK's sockets take
 * the operating system's.
 */
final class ConnectionParser {
  private static final String OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
  private static final String OPTIONS_TYPE = "type.googleapis.com/" + OPTIONS;

  /** Envoy's defaults. */
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private static final Duration IDLE = Duration.ofHours(1);

  /** So that milliseconds of it fit into an int, which is what sockets take. */
  private static final Duration LONGEST_CONNECT = Duration.ofHours(24);

  @SuppressWarnings("deprecation") // istiod sets max_requests_per_connection in both places
  static ConnectionLimits parse(Cluster message) throws RejectedException {
    HttpProtocolOptions options = options(message.getTypedExtensionProtocolOptionsMap());
    String path = "typed_extension_protocol_options['" + OPTIONS + "']";
    FieldGuard.requireNothingLeft(
        options.toBuilder().clearCommonHttpProtocolOptions().clearExplicitHttpConfig().build(),
        path);
    requireVersionOnly(options, path + ".explicit_http_config");
    var common = options.getCommonHttpProtocolOptions();
    path = path + ".common_http_protocol_options";
    FieldGuard.requireNothingLeft(
        common.toBuilder()
            .clearIdleTimeout()
            .clearMaxConnectionDuration()
            .clearMaxRequestsPerConnection()
            .build(),
        path);
    UInt32Value requests =
        common.hasMaxRequestsPerConnection()
            ? common.getMaxRequestsPerConnection()
            : message.getMaxRequestsPerConnection();
    if (requests.getValue() < 0) {
      throw new RejectedException("max_requests_per_connection", "does not fit into 31 bits");
    }
    return new ConnectionLimits(
        connect(message),
        common.hasIdleTimeout()
            ? Durations.parse(common.getIdleTimeout(), path + ".idle_timeout")
            : IDLE,
        Durations.parse(common.getMaxConnectionDuration(), path + ".max_connection_duration"),
        requests.getValue(),
        keepAlive(message));
  }

  private static HttpProtocolOptions options(Map<String, Any> all) throws RejectedException {
    for (Map.Entry<String, Any> entry : all.entrySet()) {
      String path = "typed_extension_protocol_options['" + entry.getKey() + "']";
      if (!entry.getKey().equals(OPTIONS) || !entry.getValue().getTypeUrl().equals(OPTIONS_TYPE)) {
        throw new RejectedException(
            path, "type '" + entry.getValue().getTypeUrl() + "' is not supported");
      }
      try {
        return HttpProtocolOptions.parseFrom(entry.getValue().getValue());
      } catch (InvalidProtocolBufferException e) {
        throw new RejectedException(path, "cannot be decoded: " + e.getMessage());
      }
    }
    return HttpProtocolOptions.getDefaultInstance();
  }

  private static void requireVersionOnly(HttpProtocolOptions options, String path)
      throws RejectedException {
    var explicit = options.getExplicitHttpConfig();
    FieldGuard.requireNothingLeft(
        explicit.toBuilder().clearHttpProtocolOptions().clearHttp2ProtocolOptions().build(), path);
    FieldGuard.requireNothingLeft(
        explicit.getHttpProtocolOptions(), path + ".http_protocol_options");
    FieldGuard.requireNothingLeft(
        explicit.getHttp2ProtocolOptions().toBuilder().clearMaxConcurrentStreams().build(),
        path + ".http2_protocol_options");
  }

  private static Duration connect(Cluster message) throws RejectedException {
    if (!message.hasConnectTimeout()) {
      return CONNECT;
    }
    Duration connect = Durations.positive(message.getConnectTimeout(), "connect_timeout");
    if (connect.compareTo(LONGEST_CONNECT) >= 0) {
      throw new RejectedException(
          "connect_timeout",
          "must be below "
              + LONGEST_CONNECT.toHours()
              + " h, but is "
              + connect.toSeconds()
              + " s");
    }
    return connect;
  }

  private static boolean keepAlive(Cluster message) throws RejectedException {
    var options = message.getUpstreamConnectionOptions();
    String path = "upstream_connection_options";
    FieldGuard.requireNothingLeft(options.toBuilder().clearTcpKeepalive().build(), path);
    TcpKeepalive keepAlive = options.getTcpKeepalive();
    FieldGuard.requireNothingLeft(
        keepAlive.toBuilder()
            .clearKeepaliveProbes()
            .clearKeepaliveTime()
            .clearKeepaliveInterval()
            .build(),
        path + ".tcp_keepalive");
    return options.hasTcpKeepalive();
  }

  private ConnectionParser() {}
}
