package io.inmesh.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads and checks a {@link VirtualService}, as istiod's validation does. */
final class VirtualServiceParser {

  private static final int MAX_HOSTS = 1000;

  static VirtualService parse(Fields fields, String namespace) {
    List<String> gateways = Gateways.parse(fields);
    boolean mesh = gateways.isEmpty() || gateways.contains(VirtualService.MESH);
    List<Value> hostItems = fields.items("hosts");
    List<String> hosts = hosts(fields, hostItems, mesh);
    boolean delegate = hostItems.isEmpty();
    if (delegate && !gateways.isEmpty()) {
      fields.error(
          "hosts is missing or empty, and so others delegate to this VirtualService: then it has"
              + " no gateways; remove them, or name the hosts, as \"hosts: [orders]\"");
    }
    List<String> exportTo = Visibility.parse(fields, namespace);
    fields.notSupportedYet("only http routes are supported so far; remove it", "tls", "tcp");
    List<Value> rules = fields.items("http");
    if (rules.isEmpty() && !fields.hasAny("tls", "tcp")) {
      fields.error("http is missing or empty; give it at least one route");
    }
    List<HttpRoute> http = new ArrayList<>();
    for (Value rule : rules) {
      rule.fields().map(found -> HttpRouteParser.parse(found, delegate)).ifPresent(http::add);
    }
    fields.end();
    if (!fields.resourceHasErrors()) {
      UnreachableRoutes.warn(http, rules);
    }
    return new VirtualService(
        hosts, gateways.isEmpty() ? List.of(VirtualService.MESH) : gateways, http, exportTo);
  }

  private static List<String> hosts(Fields fields, List<Value> items, boolean mesh) {
    List<String> hosts = new ArrayList<>();
    if (items.size() > MAX_HOSTS) {
      fields.error("at most " + MAX_HOSTS + " hosts are possible, found " + items.size());
      return hosts;
    }
    for (Value item : items) {
      Optional<String> host = item.string();
      if (host.isEmpty()) {
        continue;
      }
      Optional<String> problem = NameRules.host(host.get());
      if (problem.isPresent()) {
        item.error(problem.get());
      } else if (mesh && host.get().equals("*")) {
        item.error("a wildcard host * is not allowed in the mesh; name the hosts, or \"*.domain\"");
      } else {
        overlap(host.get(), hosts).ifPresent(item::error);
        hosts.add(host.get());
      }
    }
    return hosts;
  }

  /** Two hosts of one resource must not cover a common name. */
  private static Optional<String> overlap(String host, List<String> before) {
    for (String other : before) {
      if (Hosts.matches(other, host) || Hosts.matches(host, other)) {
        return Optional.of(
            "duplicate hosts: "
                + Quoting.quote(host)
                + " and "
                + Quoting.quote(other)
                + " cover the same name; remove one");
      }
    }
    return Optional.empty();
  }

  private VirtualServiceParser() {}
}
