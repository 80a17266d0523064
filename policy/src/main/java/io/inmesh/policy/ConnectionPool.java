package io.inmesh.policy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Limits of one client process towards a host. In both parts, 0 and null are Istio's defaults. */
public record ConnectionPool(Tcp tcp, Http http) {

  /**
   * Of connections, whatever they carry.
   *
   * @param maxConnections 0 = no limit
   * @param connectTimeout at least 1 ms; null = 10 s
   * @param keepAlive whether TCP keep-alive is on
   * @param maxConnectionDuration a connection that is older is not used again; null = no limit
   * @param idleTimeout for a connection without a call, unless {@link Http#idleTimeout} says
   *     otherwise; null = 1 h
   */
  public record Tcp(
      int maxConnections,
      @Nullable Duration connectTimeout,
      boolean keepAlive,
      @Nullable Duration maxConnectionDuration,
      @Nullable Duration idleTimeout) {
    /** Istio's defaults. */
    public static final Tcp DEFAULT = new Tcp(0, null, false, null, null);
  }

  /**
   * Of HTTP calls.
   *
   * @param http1MaxPendingRequests calls that wait for a connection; 0 = no limit
   * @param http2MaxRequests calls at once, whatever the protocol; 0 = no limit
   * @param maxRequestsPerConnection 0 = no limit
   * @param maxRetries calls that are tried again at once; 0 = no limit
   * @param idleTimeout for a connection without a call; null = {@link Tcp#idleTimeout}
   */
  public record Http(
      int http1MaxPendingRequests,
      int http2MaxRequests,
      int maxRequestsPerConnection,
      int maxRetries,
      @Nullable Duration idleTimeout) {
    /** Istio's defaults. */
    public static final Http DEFAULT = new Http(0, 0, 0, 0, null);
  }
}
