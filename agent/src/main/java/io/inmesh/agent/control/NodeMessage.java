package io.inmesh.agent.control;

import io.inmesh.agent.config.AgentConfig;
import io.inmesh.agent.config.PortMapping;
import io.inmesh.shaded.envoy.config.core.v3.Node;
import io.inmesh.shaded.protobuf.ListValue;
import io.inmesh.shaded.protobuf.Struct;
import io.inmesh.shaded.protobuf.Value;
import java.util.Map;

/**
 * The xDS node of this process. Names and shape of its id and of the metadata outside {@code
 * INMESH} are Istio's, so that an istiod can read them too.
 */
final class NodeMessage {
  static Node of(AgentConfig config, AgentReport report, boolean draining) {
    String domain = config.namespace() + ".svc.cluster.local";
    Struct.Builder labels = Struct.newBuilder();
    for (Map.Entry<String, String> label : config.labels().entrySet()) {
      labels.putFields(label.getKey(), text(label.getValue()));
    }
    Struct metadata =
        Struct.newBuilder()
            .putFields("NAMESPACE", text(config.namespace()))
            .putFields("SERVICE_ACCOUNT", text(config.serviceAccount()))
            .putFields("LABELS", Value.newBuilder().setStructValue(labels).build())
            .putFields("INSTANCE_IPS", text(config.address()))
            .putFields("WORKLOAD_NAME", text(config.instance()))
            .putFields("INMESH", inmesh(config, report, draining))
            .build();
    return Node.newBuilder()
        .setId(
            "sidecar~"
                + config.address()
                + "~"
                + config.instance()
                + "."
                + config.namespace()
                + "~"
                + domain)
        .setCluster(
            (config.service().isEmpty() ? config.instance() : config.service())
                + "."
                + config.namespace())
        .setUserAgentName("inmesh")
        .setUserAgentVersion(report.agentVersion())
        .setMetadata(metadata)
        .build();
  }

  private static Value inmesh(AgentConfig config, AgentReport report, boolean draining) {
    ListValue.Builder ports = ListValue.newBuilder();
    for (PortMapping port : report.ports()) {
      ports.addValues(
          struct(
              Struct.newBuilder()
                  .putFields("service", number(port.service()))
                  .putFields("target", number(port.target()))));
    }
    ListValue.Builder hooks = ListValue.newBuilder();
    for (AgentReport.Hook hook : report.hooks()) {
      hooks.addValues(
          struct(
              Struct.newBuilder()
                  .putFields("name", text(hook.name()))
                  .putFields("state", text(hook.state()))
                  .putFields("reason", text(hook.reason()))
                  .putFields("library", text(hook.library()))
                  .putFields("version", text(hook.version()))
                  .putFields("uses", number(hook.uses()))));
    }
    return struct(
        Struct.newBuilder()
            .putFields("instance", text(config.instance()))
            .putFields("service", text(config.service()))
            .putFields("pid", number(report.pid()))
            .putFields("javaVersion", text(report.javaVersion()))
            .putFields("javaVendor", text(report.javaVendor()))
            .putFields("agentVersion", text(report.agentVersion()))
            .putFields("address", text(config.address()))
            .putFields("ports", Value.newBuilder().setListValue(ports).build())
            .putFields("state", text(draining ? "draining" : "serving"))
            .putFields("hooks", Value.newBuilder().setListValue(hooks).build())
            .putFields("suppressedErrors", number(report.suppressedErrors()))
            .putFields("inert", Value.newBuilder().setBoolValue(report.inert()).build()));
  }

  private static Value struct(Struct.Builder fields) {
    return Value.newBuilder().setStructValue(fields).build();
  }

  private static Value text(String value) {
    return Value.newBuilder().setStringValue(value).build();
  }

  private static Value number(long value) {
    return Value.newBuilder().setNumberValue((double) value).build();
  }

  private NodeMessage() {}
}
