package io.inmesh.control.golden;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.inmesh.control.golden.GoldenCase.Header;
import io.inmesh.engine.model.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The backends of the recordings, without sockets: they obey the header {@code x-echo} and remember
 * what they got.
 *
 * <p>{@code x-echo} is JSON: {@code {"steps": [STEP...], "by": {"users-1": [STEP...]}}}. The n-th
 * attempt with one {@code x-golden-id} obeys the n-th step, the last one repeats; {@code by} counts
 * and rules for an instance of its own.
 */
final class Backends {
  private static final JsonNode NO_SCRIPT = GoldenData.JSON.createObjectNode();

  private final Map<String, Instance> instances = new HashMap<>();
  private final Map<Integer, String> portNames = new HashMap<>();
  private final Set<String> closed = new HashSet<>();
  private final Map<String, JsonNode> scripts = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final List<Received> received = new ArrayList<>();

  private record Instance(String name, boolean h2) {}

  /** What an instance got. */
  record Received(
      String id,
      String instance,
      String port,
      String method,
      String path,
      String authority,
      List<Header> headers,
      String body) {}

  /** What an instance does about it, after {@code delay}. */
  sealed interface Reply {
    Duration delay();

    /**
     * A response.
     *
     * @param truncated its body breaks off
     */
    record Response(
        Duration delay, String instance, int status, List<Header> headers, boolean truncated)
        implements Reply {}

    /** The connection, or the HTTP/2 stream, ends without a response. */
    record Lost(Duration delay, boolean streamOnly) implements Reply {}

    /** The HTTP/2 stream is refused: nothing was done (RST_STREAM REFUSED_STREAM). */
    record Refused(Duration delay) implements Reply {}
  }

  Backends() {
    JsonNode topology = GoldenData.tree("topology.json");
    topology.get("closed").forEach(each -> closed.add(each.asText()));
    topology
        .get("backendPorts")
        .properties()
        .forEach(each -> portNames.put(each.getValue().asInt(), each.getKey()));
    for (JsonNode service : topology.get("services")) {
      for (JsonNode one : service.get("instances")) {
        instances.put(
            one.get("address").asText(),
            new Instance(one.get("name").asText(), service.get("h2").asBoolean()));
      }
    }
  }

  /** Nobody listens there. */
  boolean refuses(Endpoint endpoint) {
    Instance instance = instances.get(endpoint.address());
    return instance == null
        || closed.contains(instance.name())
        || !portNames.containsKey(endpoint.port());
  }

  /** It speaks HTTP/2. */
  boolean multiplexes(Endpoint endpoint) {
    Instance instance = instances.get(endpoint.address());
    return instance != null && instance.h2();
  }

  Reply receive(
      Endpoint endpoint,
      String method,
      String path,
      String authority,
      List<Header> headers,
      String body) {
    Instance instance = instances.get(endpoint.address());
    String port = portNames.get(endpoint.port());
    if (instance == null || port == null) {
      throw new IllegalArgumentException("nobody listens at " + endpoint);
    }
    List<Header> named =
        headers.stream()
            .map(each -> new Header(each.name().toLowerCase(Locale.ROOT), each.value()))
            .toList();
    String id = value(named, "x-golden-id");
    received.add(new Received(id, instance.name(), port, method, path, authority, named, body));
    JsonNode step = step(id, instance.name(), script(value(named, "x-echo")));
    return reply(step, instance, named);
  }

  private JsonNode script(String text) {
    return scripts.computeIfAbsent(
        text,
        t -> {
          try {
            return t.isEmpty() ? NO_SCRIPT : GoldenData.JSON.readTree(t);
          } catch (JsonProcessingException e) {
            return NO_SCRIPT; // as the real ones: what is no script is none
          }
        });
  }

  private JsonNode step(String id, String instance, JsonNode script) {
    int n = counts.merge(id, 1, Integer::sum);
    int own = counts.merge(id + " " + instance, 1, Integer::sum);
    JsonNode by = script.path("by").path(instance);
    JsonNode steps = by.isArray() ? by : script.path("steps");
    int turn = by.isArray() ? own : n;
    return steps.size() == 0 ? NO_SCRIPT : steps.get(Math.min(turn, steps.size()) - 1);
  }

  private static Reply reply(JsonNode step, Instance instance, List<Header> request) {
    Duration delay = Duration.ofMillis(step.path("delayMs").asLong());
    String action = step.path("action").asText();
    if (instance.h2() && action.equals("refuse")) {
      return new Reply.Refused(delay);
    }
    if (action.equals("reset") || action.equals("close")) {
      return new Reply.Lost(delay, instance.h2() && action.equals("reset"));
    }
    List<Header> headers = new ArrayList<>();
    boolean grpc = instance.h2() && value(request, "content-type").startsWith("application/grpc");
    headers.add(new Header("content-type", grpc ? "application/grpc" : "application/json"));
    step.path("headers")
        .properties()
        .forEach(
            each -> {
              if (each.getValue().isArray()) {
                each.getValue()
                    .forEach(value -> headers.add(new Header(each.getKey(), value.asText())));
              } else {
                headers.add(new Header(each.getKey(), each.getValue().asText()));
              }
            });
    return new Reply.Response(
        delay,
        instance.name(),
        step.path("status").asInt(200),
        headers,
        action.equals("reset-mid"));
  }

  /** What came with an id, in order of arrival. */
  List<Received> received(String id) {
    return received.stream().filter(each -> each.id().equals(id)).toList();
  }

  static String value(List<Header> headers, String name) {
    @Nullable String last = null;
    for (Header header : headers) {
      if (header.name().equals(name)) {
        last = header.value(); // of several the last, as a map of them has it
      }
    }
    return last == null ? "" : last;
  }
}
