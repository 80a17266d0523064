package io.inmesh.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads and checks a {@link VirtualService}, as istiod's validation does. */
final class VirtualServiceParser {

  /** The only gateway there is: every workload of the mesh. */
  static final String MESH = "mesh";

  private static final int MAX_HOSTS = 1000;

  static VirtualService parse(Fields fields) {
    List<String> hosts = hosts(fields);
    List<String> gateways = meshOnly(fields, "gateways");
    Visibility.check(fields);
    fields.notSupportedYet("only http routes are supported so far; remove it", "tls", "tcp");
    boolean otherRoutes = fields.has("tls") || fields.has("tcp");
    List<Value> rules = fields.items("http");
    if (rules.isEmpty() && !otherRoutes) {
      fields.error("http is missing or empty; give it at least one route");
    }
    List<HttpRoute> http = new ArrayList<>();
    for (Value rule : rules) {
      rule.fields().map(HttpRouteParser::parse).ifPresent(http::add);
    }
    fields.end();
    if (!fields.resourceHasErrors()) {
      UnreachableRoutes.warn(http, rules);
    }
    return new VirtualService(hosts, gateways, http);
  }

  private static List<String> hosts(Fields fields) {
    List<String> hosts = new ArrayList<>();
    List<Value> items = fields.items("hosts");
    if (items.isEmpty()) {
      fields.error(
          "hosts is missing or empty: a VirtualService that others delegate to is not supported"
              + " yet; name the hosts it is for, as \"hosts: [orders]\"");
    }
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
      } else if (host.get().equals("*")) {
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

  /** The gateways of a service or of a match: absent, or the mesh. */
  static List<String> meshOnly(Fields fields, String name) {
    for (Value item : fields.items(name)) {
      Optional<String> gateway = item.string();
      if (gateway.isPresent() && !gateway.get().equals(MESH)) {
        item.notSupportedYet(
            "the only gateway is \"mesh\" (every workload), found " + Quoting.quote(gateway.get()));
      }
    }
    return List.of(MESH);
  }

  private VirtualServiceParser() {}
}
