package io.inmesh.golden;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.inmesh.golden.GoldenCase.Header;
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
 * What the backends of the recordings do: they obey the header {@code x-echo} and remember what
 * they got. How it comes and goes, by sockets or in memory, is the driver's. Any thread.
 *
 * <p>{@code x-echo} is JSON: {@code {"steps": [STEP...], "by": {"users-1": [STEP...]}}}. The n-th
 * attempt with one {@code x-golden-id} obeys the n-th step, the last one repeats; {@code by} counts
 * and rules for an instance of its own.
 */
public final class Backends {
  private static final JsonNode NO_SCRIPT = GoldenData.JSON.createObjectNode();

  private final Map<String, Instance> instances = new HashMap<>();
  private final Map<Integer, String> portNames = new HashMap<>();
  private final Set<String> closed = new HashSet<>();
  private final Map<String, JsonNode> scripts = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final Map<String, List<Received>> received = new HashMap<>();

  /**
   * One instance of a service; it listens on each port of {@link #ports}.
   *
   * @param h2 it speaks HTTP/2
   */
  public record Instance(String name, String address, boolean h2) {}

  /** What an instance got. */
  public record Received(
      String id,
      String instance,
      String port,
      String method,
      String path,
      String authority,
      List<Header> headers,
      String body) {}

  /** What an instance does about it, after {@code delay}. */
  public sealed interface Reply {
    Duration delay();

    /**
     * A response.
     *
     * @param truncated its body breaks off
     */
    record Response(
        Duration delay, String instance, int status, List<Header> headers, boolean truncated)
        implements Reply {}

    /**
     * The connection, or the HTTP/2 stream, ends without a response.
     *
     * @param abrupt it is reset, not closed
     */
    record Lost(Duration delay, boolean abrupt, boolean streamOnly) implements Reply {}

    /** The HTTP/2 stream is refused: nothing was done (RST_STREAM REFUSED_STREAM). */
    record Refused(Duration delay) implements Reply {}
  }

  /** Those of {@code topology.json}. */
  public Backends() {
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
            new Instance(
                one.get("name").asText(),
                one.get("address").asText(),
                service.get("h2").asBoolean()));
      }
    }
  }

  /** The instances that listen. */
  public List<Instance> listening() {
    return instances.values().stream().filter(each -> !closed.contains(each.name())).toList();
  }

  /** The ports on which each of them listens. */
  public Set<Integer> ports() {
    return Set.copyOf(portNames.keySet());
  }

  /** Nobody listens there. */
  public boolean refuses(String address, int port) {
    Instance instance = instances.get(address);
    return instance == null || closed.contains(instance.name()) || !portNames.containsKey(port);
  }

  /** It speaks HTTP/2. */
  public boolean multiplexes(String address) {
    Instance instance = instances.get(address);
    return instance != null && instance.h2();
  }

  /**
   * Takes a request in, and says what to do about it.
   *
   * @throws IllegalArgumentException if nobody listens there
   */
  public synchronized Reply receive(
      String address,
      int port,
      String method,
      String path,
      String authority,
      List<Header> headers,
      String body) {
    Instance instance = instances.get(address);
    String portName = portNames.get(port);
    if (instance == null || portName == null) {
      throw new IllegalArgumentException("nobody listens at " + address + ":" + port);
    }
    List<Header> named =
        headers.stream()
            .map(each -> new Header(each.name().toLowerCase(Locale.ROOT), each.value()))
            .toList();
    String id = value(named, "x-golden-id");
    received
        .computeIfAbsent(id, unused -> new ArrayList<>())
        .add(new Received(id, instance.name(), portName, method, path, authority, named, body));
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
      boolean reset = action.equals("reset");
      return new Reply.Lost(delay, reset, instance.h2() && reset);
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
  public synchronized List<Received> received(String id) {
    return List.copyOf(received.getOrDefault(id, List.of()));
  }

  private static String value(List<Header> headers, String name) {
    @Nullable String last = null;
    for (Header header : headers) {
      if (header.name().equals(name)) {
        last = header.value(); // of several the last, as a map of them has it
      }
    }
    return last == null ? "" : last;
  }
}
