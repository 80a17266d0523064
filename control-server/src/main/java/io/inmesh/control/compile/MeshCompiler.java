package io.inmesh.control.compile;

import io.inmesh.control.registry.ServiceRegistry;
import io.inmesh.control.registry.StoredPolicy;
import io.inmesh.policy.Hosts;
import io.inmesh.policy.ServiceEntry;
import io.inmesh.policy.Subset;
import io.inmesh.shaded.envoy.config.cluster.v3.Cluster;
import io.inmesh.shaded.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.inmesh.shaded.envoy.config.listener.v3.Listener;
import io.inmesh.shaded.envoy.config.route.v3.RouteConfiguration;
import io.inmesh.xds.Names;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an agent of a namespace gets under a resource's name, in the API-listener dialect: a
 * listener by the authority that its application called, routes, clusters and endpoints. Immutable;
 * any thread.
 *
 * <p>A host is a mesh host when a ServiceEntry defines it (on its ports) or when a VirtualService
 * or DestinationRule names it: on the ports that its agents serve, or on any port while none of
 * them is connected. A cluster of a host that nobody serves exists and is empty: the caller gets
 * 503 (UH) at once. A subset that no DestinationRule defines, or a port that the ServiceEntry
 * lacks, has no cluster: 503 (NC).
 */
public final class MeshCompiler {
  private final MeshState state;
  private final ServiceRegistry services;
  private final PolicyIndex policies;

  public MeshCompiler(MeshState state) {
    this.state = state;
    this.services = state.services();
    this.policies = state.policies();
  }

  /** The listener for an authority; empty when the authority is no mesh host. */
  public Optional<Listener> listener(String namespace, String authority) {
    return resolve(namespace, authority)
        .map(host -> Resources.listener(authority, routeName(namespace, authority)));
  }

  /** The routes under a name that {@link #listener} gave out. */
  public Optional<RouteConfiguration> routes(String namespace, String name) {
    if (!name.startsWith(namespace + "/")) {
      return Optional.empty();
    }
    String authority = name.substring(namespace.length() + 1);
    return resolve(namespace, authority).map(host -> routes(namespace, name, host));
  }

  private RouteConfiguration routes(String namespace, String name, MeshHost host) {
    RouteCompiler compiler = new RouteCompiler(services, namespace, host.port());
    return policies
        .virtualService(host.name())
        .map(owner -> compiler.compile(name, owner))
        .orElseGet(
            () -> compiler.defaultRoutes(name, Names.outbound(host.port(), "", host.service())));
  }

  /** A cluster; empty when there is none of that name. */
  public Optional<Cluster> cluster(String namespace, String name) {
    return Names.parse(name).flatMap(parsed -> cluster(namespace, name, parsed));
  }

  private Optional<Cluster> cluster(String namespace, String name, Names parsed) {
    if (!exists(namespace, parsed)) {
      return Optional.empty();
    }
    PolicyIndex.Rule rule = rule(namespace, parsed.host());
    Subset subset = rule.subsets().get(parsed.subset());
    return Optional.of(
        Resources.cluster(
            name,
            rule.trafficPolicy()
                .ofSubset(subset == null ? null : subset.trafficPolicy(), parsed.port())));
  }

  /** A cluster's endpoints, possibly none; empty when there is no such cluster. */
  public Optional<ClusterLoadAssignment> endpoints(String namespace, String name) {
    return Names.parse(name)
        .filter(parsed -> exists(namespace, parsed))
        .map(
            parsed -> {
              Subset subset = rule(namespace, parsed.host()).subsets().get(parsed.subset());
              Map<String, String> labels = subset == null ? Map.of() : subset.labels();
              return Resources.endpoints(
                  name,
                  services.endpoints(parsed.host(), parsed.port(), namespace).stream()
                      .filter(each -> each.labels().entrySet().containsAll(labels.entrySet()))
                      .toList());
            });
  }

  /** Whether agents that connect may add to a cluster's endpoints. */
  public boolean agentsMayServe(String namespace, String clusterName) {
    return Names.parse(clusterName)
        .map(parsed -> services.maySpring(parsed.host(), namespace))
        .orElse(false);
  }

  private boolean exists(String namespace, Names cluster) {
    if (!cluster.subset().isEmpty()
        && !rule(namespace, cluster.host()).subsets().containsKey(cluster.subset())) {
      return false;
    }
    return services
        .entry(cluster.host(), namespace)
        .map(entry -> hasPort(entry, cluster.port()))
        .orElse(true);
  }

  private PolicyIndex.Rule rule(String namespace, String host) {
    return policies
        .rule(host, namespace, serviceNamespace(namespace, host))
        .orElse(PolicyIndex.Rule.NONE);
  }

  /**
   * A mesh host that an authority stands for.
   *
   * @param name what the application called, in full
   * @param service the service that it belongs to: itself, or the wildcard host of a ServiceEntry
   */
  private record MeshHost(String name, String service, int port) {}

  private Optional<MeshHost> resolve(String namespace, String text) {
    Optional<Authority> authority = Authority.parse(text);
    if (authority.isEmpty()) {
      return Optional.empty();
    }
    int port = authority.get().port();
    for (String host : authority.get().candidates(namespace)) {
      Optional<String> entryHost = entryHost(host);
      if (entryHost.isPresent()) {
        boolean served =
            services
                .entry(entryHost.get(), namespace)
                .map(entry -> hasPort(entry, port))
                .orElse(false);
        return served ? Optional.of(new MeshHost(host, entryHost.get(), port)) : Optional.empty();
      }
      if (named(namespace, host)) {
        return onPort(namespace, host, port)
            ? Optional.of(new MeshHost(host, host, port))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private boolean onPort(String namespace, String host, int port) {
    // After a restart agents come back one by one; until then a missing port says nothing.
    Set<Integer> ports = services.ports(host, namespace);
    return ports.isEmpty() || ports.contains(port) || state.settling();
  }

  private boolean named(String namespace, String host) {
    String serviceNamespace = serviceNamespace(namespace, host);
    if (policies.names(host, namespace, serviceNamespace)) {
      return true;
    }
    // A wildcard alone makes no host: it would claim every name that there is on the internet.
    boolean known = services.hosts().contains(host);
    boolean maybe = state.settling() && host.endsWith("." + Hosts.CLUSTER_DOMAIN);
    return (known || maybe) && policies.covers(host, namespace, serviceNamespace);
  }

  private Optional<String> entryHost(String host) {
    if (services.entryHosts().contains(host)) {
      return Optional.of(host);
    }
    return PolicyIndex.wildcards(host).stream().filter(services.entryHosts()::contains).findFirst();
  }

  private String serviceNamespace(String clientNamespace, String host) {
    Optional<StoredPolicy> entry = services.entry(host, clientNamespace);
    if (entry.isPresent()) {
      return entry.get().namespace();
    }
    String suffix = "." + Hosts.CLUSTER_DOMAIN;
    if (!host.endsWith(suffix)) {
      return clientNamespace;
    }
    String nameAndNamespace = host.substring(0, host.length() - suffix.length());
    return nameAndNamespace.substring(nameAndNamespace.indexOf('.') + 1);
  }

  private static boolean hasPort(StoredPolicy entry, int port) {
    return ((ServiceEntry) entry.spec()).ports().stream().anyMatch(each -> each.number() == port);
  }

  private static String routeName(String namespace, String authority) {
    return namespace + "/" + authority;
  }
}
