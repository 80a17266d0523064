package io.inmesh.engine;

import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.HeaderTemplate;
import io.inmesh.engine.model.HeaderTemplate.Fact;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers the templates of a response's headers. */
record ResponseFacts(
    OutboundCall call,
    CallExtras extras,
    Map<String, String> request,
    ResponseView response,
    HeaderEditor headers)
    implements HeaderTemplate.Facts {
  @Override
  public @Nullable String request(String name) {
    return request.get(name);
  }

  @Override
  public @Nullable String response(String name) {
    if (name.equals(":status")) {
      return String.valueOf(response.status());
    }
    List<String> values = headers.header(name);
    return values.isEmpty() ? null : values.get(0);
  }

  @Override
  public @Nullable String fact(Fact fact) {
    Endpoint endpoint = call.endpoint();
    return switch (fact) {
      case PROTOCOL -> extras.protocol();
      case ROUTE_NAME -> call.routeName();
      case UPSTREAM_CLUSTER -> call.statName();
      case UPSTREAM_CLUSTER_RAW -> call.cluster();
      case UPSTREAM_HOST, UPSTREAM_REMOTE_ADDRESS ->
          endpoint == null ? null : endpoint.address() + ":" + endpoint.port();
      case UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT -> endpoint == null ? null : endpoint.address();
      case UPSTREAM_REMOTE_PORT -> endpoint == null ? null : String.valueOf(endpoint.port());
      case UPSTREAM_REQUEST_ATTEMPT_COUNT -> String.valueOf(call.attempts());
      case DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT, DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT ->
          extras.sourceAddress();
      // Envoy has none yet when it works on an answer of its own.
      case RESPONSE_CODE ->
          response instanceof LocalResponse ? "0" : String.valueOf(response.status());
      case RESPONSE_CODE_DETAILS -> call.detail();
      case RESPONSE_FLAGS -> call.flags();
    };
  }
}
