package io.inmesh.xds;

import io.inmesh.engine.model.EndpointGroup;
import io.inmesh.engine.model.RouteConfiguration;
import io.inmesh.shaded.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.InvalidProtocolBufferException;
import io.inmesh.xds.wire.AgentSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From the bytes of a resource to its name and parsed form, or to the reason why not. */
final class ResourceParser {
  /** One type's parser. */
  interface Parse<T> {
    Map.Entry<String, T> apply(Any any) throws InvalidProtocolBufferException, RejectedException;
  }

  /**
   * All resources of a response by name.
   *
   * @param problems gets one line for each resource that cannot be used
   */
  static <T> Map<String, Held<T>> parse(
      ResourceType type, List<Any> resources, Parse<T> parser, List<String> problems) {
    Map<String, Held<T>> parsed = new LinkedHashMap<>();
    for (int i = 0; i < resources.size(); i++) {
      Any any = resources.get(i);
      if (!any.getTypeUrl().equals(type.typeUrl())) {
        problems.add(
            type.shortName()
                + " resource "
                + i
                + ": type '"
                + any.getTypeUrl()
                + "' is not "
                + type.typeUrl());
        continue;
      }
      try {
        Map.Entry<String, T> entry = parser.apply(any);
        parsed.put(entry.getKey(), new Held<>(entry.getValue(), any));
      } catch (InvalidProtocolBufferException e) {
        problems.add(
            type.shortName() + " resource " + i + ": cannot be decoded: " + e.getMessage());
      } catch (RejectedException e) {
        problems.add(e.getMessage());
      } catch (RuntimeException | StackOverflowError e) {
        // A mistake of ours, or nesting without end, must cost this response and not the stream.
        problems.add(type.shortName() + " resource " + i + ": cannot be parsed: " + e);
      }
    }
    return parsed;
  }

  static Map.Entry<String, AgentSettings> settings(Any any)
      throws InvalidProtocolBufferException, RejectedException {
    var message = AgentSettings.parseFrom(any.getValue());
    return named(
        "AgentSettings",
        message.getName(),
        () -> {
          FieldGuard.requireNothingLeft(message.toBuilder().clearName().clearInert().build(), "");
          return message;
        });
  }

  static Map.Entry<String, ListenerParser.Parsed> listener(Any any)
      throws InvalidProtocolBufferException, RejectedException {
    var message = io.inmesh.shaded.envoy.config.listener.v3.Listener.parseFrom(any.getValue());
    return named("Listener", message.getName(), () -> ListenerParser.parse(message));
  }

  static Map.Entry<String, RouteConfiguration> route(Any any)
      throws InvalidProtocolBufferException, RejectedException {
    var message =
        io.inmesh.shaded.envoy.config.route.v3.RouteConfiguration.parseFrom(any.getValue());
    return named("RouteConfiguration", message.getName(), () -> RouteParser.parse(message, ""));
  }

  static Map.Entry<String, ClusterParser.Parsed> cluster(Any any)
      throws InvalidProtocolBufferException, RejectedException {
    var message = io.inmesh.shaded.envoy.config.cluster.v3.Cluster.parseFrom(any.getValue());
    return named("Cluster", message.getName(), () -> ClusterParser.parse(message));
  }

  static Map.Entry<String, List<EndpointGroup>> load(Any any)
      throws InvalidProtocolBufferException, RejectedException {
    var message = ClusterLoadAssignment.parseFrom(any.getValue());
    return named(
        "ClusterLoadAssignment", message.getClusterName(), () -> EndpointParser.parse(message, ""));
  }

  private interface Body<T> {
    T parse() throws RejectedException;
  }

  private static <T> Map.Entry<String, T> named(String kind, String name, Body<T> body)
      throws RejectedException {
    if (name.isEmpty()) {
      throw new RejectedException(kind, "has no name");
    }
    try {
      return Map.entry(name, body.parse());
    } catch (RejectedException e) {
      throw new RejectedException(kind + " " + name, String.valueOf(e.getMessage()));
    }
  }

  private ResourceParser() {}
}
