package io.inmesh.agent;

import io.inmesh.agent.config.AgentConfig;
import io.inmesh.agent.control.AgentReport;
import io.inmesh.agent.control.ControlStatus;
import io.inmesh.engine.OutboundPipeline;
import io.inmesh.engine.balance.ClusterState;
import io.inmesh.engine.balance.EndpointState;
import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.MeshSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Writes the status page's JSON; small enough to need no library. */
final class StatusJson {
  private final StringBuilder out = new StringBuilder(1024);

  static String of(
      AgentConfig config,
      AgentReport report,
      ControlStatus control,
      MeshSnapshot snapshot,
      OutboundPipeline pipeline) {
    Map<String, Object> clusters = new TreeMap<>();
    Map<String, Object> loads = new TreeMap<>();
    for (Cluster cluster : snapshot.clusters().values()) {
      clusters.put(
          cluster.name(),
          cluster.endpoints().stream().map(e -> e.address() + ":" + e.port()).toList());
      ClusterState state = pipeline.state(cluster.name());
      if (state != null) {
        loads.put(cluster.name(), load(state));
      }
    }
    Map<String, Object> status = new TreeMap<>();
    status.put("instance", config.instance());
    status.put("namespace", config.namespace());
    status.put("service", config.service());
    status.put("version", report.agentVersion());
    status.put("java", report.javaVersion() + " " + report.javaVendor());
    status.put("inert", report.inert());
    status.put("suppressedErrors", report.suppressedErrors());
    status.put("ports", report.ports().stream().map(p -> p.service() + ":" + p.target()).toList());
    status.put("hooks", report.hooks().stream().map(StatusJson::hook).toList());
    status.put(
        "control",
        Map.of(
            "link", control.link(),
            "server", control.server(),
            "lastError", control.lastError(),
            "versions", control.versions(),
            "hosts", control.hosts()));
    status.put("listeners", snapshot.listeners().keySet().stream().sorted().toList());
    status.put("clusters", clusters);
    status.put("load", loads);
    StatusJson json = new StatusJson();
    json.value(status);
    return json.out.append('\n').toString();
  }

  /** What is under way; an endpoint's calls and, while it is ejected, for how much longer. */
  private static Map<String, Object> load(ClusterState state) {
    Map<String, Object> endpoints = new TreeMap<>();
    for (EndpointState each : state.endpoints()) {
      Duration ejectedFor = each.ejectedFor();
      endpoints.put(
          each.endpoint().address() + ":" + each.endpoint().port(),
          Map.of(
              "active",
              each.active(),
              "ejectedForMillis",
              ejectedFor == null ? 0 : ejectedFor.toMillis()));
    }
    return Map.of(
        "requests", state.requests(),
        "retries", state.retries(),
        "connections", state.connections(),
        "waiting", state.waiting(),
        "endpoints", endpoints);
  }

  private static Map<String, Object> hook(AgentReport.Hook hook) {
    return Map.of(
        "name", hook.name(),
        "state", hook.state(),
        "reason", hook.reason(),
        "library", hook.library(),
        "version", hook.version(),
        "uses", hook.uses());
  }

  private void value(Object value) {
    if (value instanceof Map<?, ?> map) {
      object(map);
    } else if (value instanceof List<?> list) {
      out.append('[');
      for (int i = 0; i < list.size(); i++) {
        out.append(i == 0 ? "" : ",");
        value(list.get(i));
      }
      out.append(']');
    } else if (value instanceof Number || value instanceof Boolean) {
      out.append(value);
    } else {
      string(String.valueOf(value));
    }
  }

  private void object(Map<?, ?> map) {
    out.append('{');
    String separator = "";
    for (Map.Entry<?, ?> entry : new TreeMap<>(map).entrySet()) {
      out.append(separator);
      string(String.valueOf(entry.getKey()));
      out.append(':');
      value(entry.getValue());
      separator = ",";
    }
    out.append('}');
  }

  private void string(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  private StatusJson() {}
}
