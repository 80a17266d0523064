package io.inmesh.engine.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a route does with the calls that it matches (Envoy: Route.action). */
public sealed interface RouteAction {
  /**
   * Sends them to a cluster, drawn by weight once a call.
   *
   * @param hostRewrite what Host becomes; empty: it stays
   * @param timeout for the whole call, all attempts and back-offs; zero: none
   * @param grpcTimeoutLimit bounds what a gRPC call's own {@code grpc-timeout} may ask for, which
   *     then stands for {@code timeout}; zero: no bound; null: {@code grpc-timeout} is not heeded
   *     (Envoy: max_stream_duration.grpc_timeout_header_max)
   */
  record Forward(
      List<WeightedCluster> clusters,
      PathRewrite pathRewrite,
      String hostRewrite,
      Duration timeout,
      @Nullable Duration grpcTimeoutLimit,
      RetryPolicy retryPolicy,
      List<HashPolicy> hashPolicies,
      List<Mirror> mirrors)
      implements RouteAction {
    public Forward {
      clusters = List.copyOf(clusters);
      hashPolicies = List.copyOf(hashPolicies);
      mirrors = List.copyOf(mirrors);
    }

    /** Plain forwarding. */
    public Forward(List<WeightedCluster> clusters, RetryPolicy retryPolicy) {
      this(
          clusters,
          PathRewrite.None.INSTANCE,
          "",
          Duration.ZERO,
          Duration.ZERO,
          retryPolicy,
          List.of(),
          List.of());
    }
  }

  /**
   * Answers with another place to call (Envoy: RedirectAction).
   *
   * @param status 301, 302, 303, 307 or 308
   * @param scheme {@code http}, {@code https}; empty: as called
   * @param host empty: as called
   * @param port 0: as called, unless {@code scheme} says otherwise
   * @param path the new path, with a query of its own if it has one; empty: as called
   * @param prefixRewrite true: {@code path} replaces what the route matched only
   */
  record Redirect(
      int status, String scheme, String host, int port, String path, boolean prefixRewrite)
      implements RouteAction {}

  /** Answers by itself. */
  record DirectResponse(int status, String body) implements RouteAction {}
}
