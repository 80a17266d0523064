package io.inmesh.policy;

import io.inmesh.policy.Sidecar.Egress;
import io.inmesh.policy.Sidecar.HostSelector;
import io.inmesh.policy.Sidecar.OutboundTrafficPolicy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads and checks a {@link Sidecar}. */
final class SidecarParser {

  private static final List<String> MODES =
      List.of(OutboundTrafficPolicy.ALLOW_ANY.name(), OutboundTrafficPolicy.REGISTRY_ONLY.name());
  private static final List<String> CAPTURE_MODES = List.of("DEFAULT", "IPTABLES", "NONE");
  private static final String NOT_A_SERVER =
      "an agent does not stand before the process's ports; remove it";

  static Sidecar parse(Fields fields) {
    Map<String, String> selector =
        fields
            .object("workloadSelector")
            .map(found -> SelectorParser.labels(found, "labels"))
            .orElse(Map.of());
    List<Egress> egress = new ArrayList<>();
    Set<Integer> ports = new HashSet<>();
    List<Value> items = fields.items("egress");
    for (int i = 0; i < items.size(); i++) {
      boolean last = i == items.size() - 1;
      items.get(i).fields().ifPresent(found -> egress.add(egress(found, ports, last)));
    }
    Optional<OutboundTrafficPolicy> outbound =
        fields.object("outboundTrafficPolicy").map(SidecarParser::outbound);
    fields.notSupported(NOT_A_SERVER, "ingress", "inboundConnectionPool");
    if (items.isEmpty()
        && !fields.hasAny("outboundTrafficPolicy", "ingress", "inboundConnectionPool")) {
      fields.error(
          "the Sidecar is empty; write \"egress: [{hosts: ['./*']}]\" or"
              + " \"outboundTrafficPolicy: {mode: REGISTRY_ONLY}\"");
    }
    fields.end();
    return new Sidecar(selector, egress, outbound.orElse(null));
  }

  private static Egress egress(Fields fields, Set<Integer> ports, boolean last) {
    Optional<Fields> port = fields.object("port");
    int number = port.map(SidecarParser::port).orElse(0);
    if (port.isPresent()) {
      if (number != 0 && !ports.add(number)) {
        fields.error("port " + number + " is here twice; put its hosts into one entry");
      }
    } else if (!fields.has("port") && !last) {
      fields.error("an entry without a port is for all other ports and must be the last one");
    }
    fields.notSupported("calls are not caught at an address of the mesh's; remove it", "bind");
    fields
        .get("captureMode")
        .ifPresent(
            value ->
                value
                    .oneOf(CAPTURE_MODES, List.of("DEFAULT"))
                    .filter(mode -> !mode.equals("DEFAULT"))
                    .ifPresent(
                        mode ->
                            value.notSupported(
                                "an agent is in the process and captures nothing; write DEFAULT,"
                                    + " or remove it")));
    List<HostSelector> hosts = new ArrayList<>();
    List<Value> items = fields.items("hosts");
    if (items.isEmpty()) {
      fields.error("hosts is missing or empty; write \"hosts: ['./*']\" for the own namespace");
    }
    for (Value item : items) {
      item.string().flatMap(text -> host(item, text)).ifPresent(hosts::add);
    }
    fields.end();
    return new Egress(number, hosts);
  }

  private static int port(Fields fields) {
    int number =
        fields
            .required("number", "a port is named by its number")
            .map(value -> value.integer(1, 65535).orElse(0))
            .orElse(0);
    fields.required("protocol", "write \"protocol: HTTP\"").ifPresent(ServiceEntryParser::protocol);
    fields.text("name");
    fields.notSupported("it has no meaning for a caller; remove it", "targetPort");
    fields.end();
    return number;
  }

  private static Optional<HostSelector> host(Value value, String text) {
    int slash = text.indexOf('/');
    if (slash <= 0 || slash == text.length() - 1) {
      value.error(
          "expected namespace/host, found "
              + Quoting.quote(text)
              + "; write \"./"
              + (slash == 0 || text.isEmpty() ? "*" : Quoting.shorten(text.replace("/", "")))
              + "\" for the own namespace, \"*/...\" for any");
      return Optional.empty();
    }
    String namespace = text.substring(0, slash);
    String host = text.substring(slash + 1);
    if (!Set.of("*", ".", "~").contains(namespace)) {
      NameRules.namespace(namespace).ifPresent(value::error);
    }
    if (!host.equals("*")) {
      if (host.indexOf('.') < 0) {
        value.error(
            "short names are not possible here; write the full name, as \"./"
                + Quoting.shorten(host)
                + ".NAMESPACE.svc.cluster.local\"");
      } else if (host.startsWith("*") && !host.startsWith("*.")) {
        value.error("a wildcard stands for whole parts, as \"*.example.com\"");
      } else {
        NameRules.host(host).ifPresent(value::error);
      }
    }
    return Optional.of(new HostSelector(namespace, host));
  }

  private static OutboundTrafficPolicy outbound(Fields fields) {
    // What the API has for 0, and so for a mode that is not written.
    OutboundTrafficPolicy policy =
        fields
            .get("mode")
            .flatMap(value -> value.oneOf(MODES, MODES))
            .map(OutboundTrafficPolicy::valueOf)
            .orElse(OutboundTrafficPolicy.REGISTRY_ONLY);
    fields.notSupportedYet("unknown hosts are called directly; remove it", "egressProxy");
    fields.end();
    return policy;
  }

  private SidecarParser() {}
}
