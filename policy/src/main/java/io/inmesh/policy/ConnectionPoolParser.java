package io.inmesh.policy;

import io.inmesh.policy.ConnectionPool.Http;
import io.inmesh.policy.ConnectionPool.Tcp;
import java.util.List;

/** Reads a {@link ConnectionPool}. */
final class ConnectionPoolParser {

  private static final List<String> UPGRADES = List.of("DEFAULT", "DO_NOT_UPGRADE", "UPGRADE");

  static ConnectionPool parse(Fields fields) {
    if (!fields.hasAny("tcp", "http")) {
      fields.error("the connection pool says nothing; give it \"tcp\" or \"http\", or remove it");
    }
    ConnectionPool pool =
        new ConnectionPool(
            fields.object("tcp").map(ConnectionPoolParser::tcp).orElse(Tcp.DEFAULT),
            fields.object("http").map(ConnectionPoolParser::http).orElse(Http.DEFAULT));
    fields.end();
    return pool;
  }

  private static Tcp tcp(Fields fields) {
    fields.object("tcpKeepalive").ifPresent(ConnectionPoolParser::keepAlive);
    Tcp tcp =
        new Tcp(
            fields.number("maxConnections", Integer.MAX_VALUE),
            fields.duration("connectTimeout"),
            fields.has("tcpKeepalive"),
            fields.duration("maxConnectionDuration"),
            fields.duration("idleTimeout"));
    fields.end();
    return tcp;
  }

  /** Keep-alive goes on with any block; Java's sockets take the times from the system. */
  private static void keepAlive(Fields fields) {
    fields.number("probes", Integer.MAX_VALUE);
    fields.duration("time");
    fields.duration("interval");
    if (fields.hasAny("probes", "time", "interval")) {
      fields.noEffect(
          "switches keep-alive on; probes, time and interval are the operating system's");
    }
    fields.end();
  }

  private static Http http(Fields fields) {
    checkProtocol(fields);
    Http http =
        new Http(
            fields.number("http1MaxPendingRequests", Integer.MAX_VALUE),
            fields.number("http2MaxRequests", Integer.MAX_VALUE),
            fields.number("maxRequestsPerConnection", Integer.MAX_VALUE),
            fields.number("maxRetries", Integer.MAX_VALUE),
            fields.duration("idleTimeout"));
    fields.end();
    return http;
  }

  /** The application's library decides between HTTP/1.1 and HTTP/2. */
  private static void checkProtocol(Fields fields) {
    fields.get("useClientProtocol").ifPresent(Value::bool);
    fields
        .get("h2UpgradePolicy")
        .ifPresent(
            value ->
                value
                    .oneOf(UPGRADES, UPGRADES)
                    .filter(policy -> policy.equals("UPGRADE"))
                    .ifPresent(
                        policy ->
                            value.notSupported(
                                "the application's own library decides between HTTP/1.1 and"
                                    + " HTTP/2; write DO_NOT_UPGRADE, or remove it")));
    fields
        .get("maxConcurrentStreams")
        .ifPresent(
            value ->
                value
                    .integer(0, Integer.MAX_VALUE)
                    .ifPresent(
                        streams -> {
                          if (streams > 0) {
                            value.notSupportedYet(
                                "the application's own library limits its streams; remove it");
                          }
                        }));
    fields.notSupportedYet(
        "the application's own library keeps its HTTP/2 connections alive; remove it",
        "http2KeepAlive");
  }

  private ConnectionPoolParser() {}
}
