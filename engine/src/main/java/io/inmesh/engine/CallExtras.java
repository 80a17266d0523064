package io.inmesh.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a call remembers of its request beyond the head that is sent; most calls need nothing.
 *
 * @param grpcTimeout what {@code grpc-timeout} asks for; zero: nothing
 * @param location where a redirect leads, or what a direct response has made; empty if the route
 *     does neither
 * @param corsOrigin the origin, if it is an allowed one
 * @param preflight the headers that answer a CORS preflight; null if it is none, or goes through
 * @param hasKey true if {@code key} decides in a hashing load balancer
 * @param cookie a Set-Cookie for the response; null: none
 * @param protocol of the request
 * @param sourceAddress of the caller; empty if it is not known
 * @param request what templates for the response read of the request as it is sent, by name
 * @param asCalled the same of the request as it came
 */
record CallExtras(
    Duration grpcTimeout,
    String location,
    @Nullable String corsOrigin,
    @Nullable List<HeaderValue> preflight,
    boolean hasKey,
    long key,
    @Nullable String cookie,
    String protocol,
    String sourceAddress,
    Map<String, String> request,
    Map<String, String> asCalled) {
  static final CallExtras NONE =
      new CallExtras(Duration.ZERO, "", null, null, false, 0, null, "", "", Map.of(), Map.of());
}
