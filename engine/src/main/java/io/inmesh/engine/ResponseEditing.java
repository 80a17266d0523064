package io.inmesh.engine;

import io.inmesh.engine.model.CorsPolicy;
import io.inmesh.engine.route.RoutePlan;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a route does to the headers of responses: of the drawn cluster, then of the route, then
 * CORS, then the cookie of a hash policy. The order is Envoy's.
 */
final class ResponseEditing {

  /**
   * What changes about an endpoint's response, or one of the mesh's own.
   *
   * @param reachedRouter false: the answer came from what is before the router, which neither
   *     applies CORS nor sees what the router changes about the request
   */
  static HeaderEdits edits(
      OutboundCall call,
      RoutePlan plan,
      RoutePlan.@Nullable Destination destination,
      CallExtras extras,
      boolean reachedRouter,
      ResponseView response) {
    if (plan.changesNothing()) {
      return HeaderEdits.NONE;
    }
    if (plan.forward() == null && call.detail().equals(OutboundCall.FAULT)) {
      return HeaderEdits.NONE; // Envoy asks only routes that forward
    }
    HeaderEditor headers = new HeaderEditor(response::header);
    Map<String, String> request = reachedRouter ? extras.request() : extras.asCalled();
    ResponseFacts facts = new ResponseFacts(call, extras, request, response, headers);
    if (destination != null) {
      headers.apply(destination.responseHeaders(), facts);
    }
    headers.apply(plan.responseHeaders(), facts);
    String origin = reachedRouter ? extras.corsOrigin() : null;
    CorsPolicy cors = plan.route().cors();
    if (origin != null && cors != null) {
      allow(headers, cors, origin);
    }
    if (extras.cookie() != null && call.attempts() > 0) {
      headers.add("set-cookie", extras.cookie());
    }
    return headers.edits();
  }

  private static void allow(HeaderEditor headers, CorsPolicy cors, String origin) {
    headers.set("access-control-allow-origin", origin);
    if (cors.allowCredentials()) {
      headers.set("access-control-allow-credentials", "true");
    }
    String exposed = cors.exposeHeaders();
    if (exposed != null && !exposed.isEmpty()) {
      headers.set("access-control-expose-headers", exposed);
    }
  }

  /** A reply of the mesh's own with its edits made. */
  static Step.LocalReply edited(Step.LocalReply reply, HeaderEdits edits) {
    HeaderEditor headers = new HeaderEditor(name -> List.of());
    for (HeaderValue value : reply.headers()) {
      if (!edits.removed().contains(value.name())) {
        headers.add(value.name(), value.value());
      }
    }
    edits.values().forEach(value -> headers.add(value.name(), value.value()));
    if (!reply.body().isEmpty() && headers.header("content-type").isEmpty()) {
      headers.add("content-type", "text/plain");
    }
    return new Step.LocalReply(
        reply.status(), reply.flag(), reply.detail(), reply.body(), headers.edits().values());
  }

  private ResponseEditing() {}
}
