package io.inmesh.control.push;

import io.inmesh.control.registry.AgentReport;
import io.inmesh.control.registry.AgentReport.PortMapping;
import io.inmesh.shaded.envoy.config.core.v3.Node;
import io.inmesh.shaded.protobuf.Struct;
import io.inmesh.shaded.protobuf.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what an agent reports about itself in the node of a request. What is missing or of another
 * type counts as not said: a report never breaks a stream. A node without {@code INMESH} metadata
 * (a stock xDS client) has a name and a namespace and serves nothing.
 */
final class NodeReader {
  private static final String DEFAULT_NAMESPACE = "default";

  static AgentReport read(Node node) {
    Struct metadata = node.getMetadata();
    Struct inmesh = struct(metadata, "INMESH");
    return new AgentReport(
        orElse(text(inmesh, "instance"), node.getId()),
        orElse(text(metadata, "NAMESPACE"), namespaceOf(node.getId())),
        text(inmesh, "service"),
        orElse(text(inmesh, "address"), text(metadata, "INSTANCE_IPS")),
        ports(inmesh),
        labels(node),
        text(inmesh, "state").equals("draining"),
        inmesh.getFieldsOrDefault("inert", Value.getDefaultInstance()).getBoolValue(),
        number(inmesh, "suppressedErrors"),
        orElse(text(inmesh, "agentVersion"), node.getUserAgentVersion()),
        java(inmesh),
        number(inmesh, "pid"),
        hooks(inmesh));
  }

  /** {@code type~address~name.namespace~domain}, as Istio's proxies are named. */
  private static String namespaceOf(String id) {
    String[] parts = id.split("~", -1);
    if (parts.length == 4) {
      int dot = parts[2].lastIndexOf('.');
      if (dot >= 0 && dot < parts[2].length() - 1) {
        return parts[2].substring(dot + 1);
      }
    }
    return DEFAULT_NAMESPACE;
  }

  private static List<PortMapping> ports(Struct inmesh) {
    List<PortMapping> ports = new ArrayList<>();
    for (Value value : list(inmesh, "ports")) {
      long service = number(value.getStructValue(), "service");
      long target = number(value.getStructValue(), "target");
      if (isPort(service) && isPort(target)) {
        ports.add(new PortMapping((int) service, (int) target));
      }
    }
    return ports;
  }

  private static boolean isPort(long number) {
    return number > 0 && number <= 65_535;
  }

  /** With the node's locality, if it has one, as the labels that say the same. */
  private static Map<String, String> labels(Node node) {
    Map<String, String> labels = new LinkedHashMap<>();
    putUnlessEmpty(labels, "topology.kubernetes.io/region", node.getLocality().getRegion());
    putUnlessEmpty(labels, "topology.kubernetes.io/zone", node.getLocality().getZone());
    putUnlessEmpty(labels, "topology.istio.io/subzone", node.getLocality().getSubZone());
    struct(node.getMetadata(), "LABELS")
        .getFieldsMap()
        .forEach((name, value) -> labels.put(name, value.getStringValue()));
    return labels;
  }

  private static void putUnlessEmpty(Map<String, String> labels, String name, String value) {
    if (!value.isEmpty()) {
      labels.put(name, value);
    }
  }

  private static String java(Struct inmesh) {
    return (text(inmesh, "javaVersion") + " " + text(inmesh, "javaVendor")).trim();
  }

  private static List<Map<String, Object>> hooks(Struct inmesh) {
    List<Map<String, Object>> hooks = new ArrayList<>();
    for (Value value : list(inmesh, "hooks")) {
      hooks.add(plain(value.getStructValue()));
    }
    return hooks;
  }

  /** As maps, lists, texts, numbers and booleans. */
  static Map<String, Object> plain(Struct struct) {
    Map<String, Object> map = new LinkedHashMap<>();
    struct.getFieldsMap().forEach((name, value) -> map.put(name, plain(value)));
    return map;
  }

  private static Object plain(Value value) {
    return switch (value.getKindCase()) {
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> value.getBoolValue();
      case NUMBER_VALUE -> plain(value.getNumberValue());
      case STRUCT_VALUE -> plain(value.getStructValue());
      case LIST_VALUE ->
          value.getListValue().getValuesList().stream().map(NodeReader::plain).toList();
      case NULL_VALUE, KIND_NOT_SET -> "";
    };
  }

  /** Struct knows only doubles; whole numbers read better without a point. */
  private static Number plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15 ? (Number) (long) number : number;
  }

  private static Struct struct(Struct struct, String name) {
    return struct.getFieldsOrDefault(name, Value.getDefaultInstance()).getStructValue();
  }

  private static List<Value> list(Struct struct, String name) {
    return struct
        .getFieldsOrDefault(name, Value.getDefaultInstance())
        .getListValue()
        .getValuesList();
  }

  private static String text(Struct struct, String name) {
    return struct.getFieldsOrDefault(name, Value.getDefaultInstance()).getStringValue();
  }

  private static long number(Struct struct, String name) {
    return (long) struct.getFieldsOrDefault(name, Value.getDefaultInstance()).getNumberValue();
  }

  private static String orElse(String text, String fallback) {
    return text.isEmpty() ? fallback : text;
  }

  private NodeReader() {}
}
