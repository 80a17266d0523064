package io.inmesh.control.compile;

import io.inmesh.control.registry.ServiceEndpoint;
import io.inmesh.control.registry.ServiceRegistry;
import io.inmesh.control.registry.StoredPolicy;
import io.inmesh.policy.Hosts;
import io.inmesh.policy.LoadBalancer;
import io.inmesh.policy.ServiceEntry;
import io.inmesh.policy.ServicePort;
import io.inmesh.policy.Subset;
import io.inmesh.policy.TrafficPolicy;
import io.inmesh.shaded.envoy.config.cluster.v3.Cluster;
import io.inmesh.shaded.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.inmesh.shaded.envoy.config.listener.v3.Listener;
import io.inmesh.shaded.envoy.config.route.v3.Route;
import io.inmesh.shaded.envoy.config.route.v3.RouteConfiguration;
import io.inmesh.xds.Names;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an agent gets under a resource's name, in the API-listener dialect: a listener by the
 * authority that its application called, routes, clusters and endpoints. Immutable; any thread.
 *
 * <p>A host is a mesh host when a ServiceEntry defines it (on its ports) or when a VirtualService
 * or DestinationRule names it: on the ports that its agents serve, or on any port while none of
 * them is connected. A name that can only be a VirtualService's, as no agent will ever serve it, is
 * one on port 80, as in Istio. What a Sidecar does not let a client know is no mesh host for it;
 * where the Sidecar refuses the unknown, such hosts answer 502.
 *
 * <p>A cluster of a host that policy names and nobody serves exists and is empty: the caller gets
 * 503 (UH) at once. A host that nothing knows, a subset that no DestinationRule defines, or a port
 * that the ServiceEntry lacks, has no cluster: 503 (NC).
 */
public final class MeshCompiler {
  private static final int DEFAULT_PORT = 80;

  private final MeshState state;
  private final ServiceRegistry services;
  private final PolicyIndex policies;

  public MeshCompiler(MeshState state) {
    this.state = state;
    this.services = state.services();
    this.policies = state.policies();
  }

  /** As much of a client as decides what it gets: clients that have it in common get the same. */
  public Client narrowed(Client client) {
    return policies.narrowed(client);
  }

  /** The listener for an authority; empty when the authority is no mesh host. */
  public Optional<Listener> listener(Client client, String authority) {
    return plan(client, authority)
        .map(plan -> Resources.listener(authority, client.namespace() + "/" + authority));
  }

  /** The routes under a name that {@link #listener} gave out. */
  public Optional<RouteConfiguration> routes(Client client, String name) {
    String prefix = client.namespace() + "/";
    return name.startsWith(prefix)
        ? plan(client, name.substring(prefix.length()))
            .map(plan -> Resources.routes(name, plan.routes()))
        : Optional.empty();
  }

  /** What policy makes of calls to an authority, and why; the same way as {@link #listener}. */
  public HostReport report(Client client, String authority) {
    return new HostReporter(this, state, client).report(authority);
  }

  /** What a cluster stands for to a client; empty when its name is none of the mesh's. */
  public Optional<ClusterOrigin> origin(Client client, String cluster) {
    return Names.parse(cluster)
        .map(
            parsed -> {
              PolicyIndex.Rule rule = rule(client, parsed.host());
              Subset subset = rule.subsets().get(parsed.subset());
              return new ClusterOrigin(
                  parsed.host(),
                  parsed.port(),
                  parsed.subset(),
                  subset == null ? Map.of() : subset.labels(),
                  rule.names().stream().map(name -> rule.namespace() + "/" + name).toList(),
                  servedBy(client, parsed),
                  exists(client, parsed) ? "" : whyMissing(client, parsed, rule));
            });
  }

  private String whyMissing(Client client, Names cluster, PolicyIndex.Rule rule) {
    if (!cluster.subset().isEmpty() && !rule.subsets().containsKey(cluster.subset())) {
      return rule.names().isEmpty()
          ? "no DestinationRule for " + cluster.host() + " defines subsets"
          : "DestinationRule "
              + rule.namespace()
              + "/"
              + String.join(", ", rule.names())
              + " defines no subset \""
              + cluster.subset()
              + "\"";
    }
    return services
        .entry(cluster.host(), client.namespace())
        .map(entry -> name(entry) + " has no port " + cluster.port())
        .orElse("no service is called " + cluster.host());
  }

  static String name(StoredPolicy policy) {
    return policy.resource().kind().kind() + " " + policy.namespace() + "/" + policy.name();
  }

  /**
   * What becomes of calls to an authority.
   *
   * @param host null: it is unknown, and the unknown is refused
   * @param owner the VirtualService whose rules count; null: there is none
   */
  record Plan(@Nullable MeshHost host, @Nullable StoredPolicy owner, List<Route> routes) {}

  /** Empty when calls to an authority pass untouched. */
  Optional<Plan> plan(Client client, String text) {
    Optional<Authority> authority = Authority.parse(text);
    if (authority.isEmpty()) {
      return Optional.empty();
    }
    int port = authority.get().port();
    Scope scope = policies.scope(client);
    boolean passes = !scope.refusesTheUnknown();
    for (String host : authority.get().candidates(client.namespace())) {
      Optional<MeshHost> found = resolve(client, host, port);
      if (found.isPresent()) {
        MeshHost mesh = found.get();
        // Who may know a name that only a VirtualService has, depends on the VirtualService.
        if (!mesh.isService() || scope.knows(mesh.service(), namespace(client, host), port)) {
          Optional<Plan> plan = plan(client, scope, mesh, authority.get().host());
          if (plan.isPresent()) {
            return plan;
          }
        }
      } else {
        passes |= isServed(client, host, port) && scope.knows(host, namespace(client, host), port);
      }
    }
    return passes ? Optional.empty() : Optional.of(new Plan(null, null, RouteCompiler.refusal()));
  }

  /** Whether a host is a service, or may become one, that no policy is about. */
  boolean isServed(Client client, String host, int port) {
    return isService(host) && onPort(client, host, port);
  }

  private boolean isService(String host) {
    return services.hosts().contains(host)
        || (state.settling() && host.endsWith("." + Hosts.CLUSTER_DOMAIN));
  }

  /**
   * @param written the host as the application wrote it: a VirtualService that names {@code
   *     orders.shop}, which Istio does not complete, competes for it with one for the full name
   */
  private Optional<Plan> plan(Client client, Scope scope, MeshHost host, String written) {
    RouteCompiler compiler = routes(client, host.port());
    for (String name : host.owners()) {
      Set<String> names = new HashSet<>(Set.of(name));
      if (name.equals(host.service())) {
        names.add(written);
      }
      for (StoredPolicy owner : policies.virtualServices(names, client)) {
        boolean ofService = host.isOfService(name) && PolicyIndex.hosts(owner).contains(name);
        if (scope.knows(name, owner.namespace(), host.port())
            && (ofService || servesAt(client, owner, host.port()))) {
          List<Route> routes = compiler.compile(owner);
          if (!routes.isEmpty()) {
            return Optional.of(new Plan(host, owner, routes)); // the others' rules do not count
          }
        }
      }
    }
    return host.isService()
        ? Optional.of(new Plan(host, null, compiler.defaultRoutes(host.service())))
        : Optional.empty();
  }

  RouteCompiler routes(Client client, int port) {
    return new RouteCompiler(services, policies, client, port, each -> rule(client, each));
  }

  /** A cluster; empty when there is none of that name. */
  public Optional<Cluster> cluster(Client client, String name) {
    return Names.parse(name)
        .filter(parsed -> exists(client, parsed))
        .map(
            parsed ->
                ClusterCompiler.compile(name, policy(client, parsed), protocol(client, parsed)));
  }

  /** A cluster's endpoints, possibly none; empty when there is no such cluster. */
  public Optional<ClusterLoadAssignment> endpoints(Client client, String name) {
    return Names.parse(name)
        .filter(parsed -> exists(client, parsed))
        .map(
            parsed -> {
              TrafficPolicy policy = policy(client, parsed);
              LoadBalancer balancer = policy.loadBalancer();
              return Resources.endpoints(
                  name,
                  Localities.groups(
                      servedBy(client, parsed),
                      client,
                      balancer == null ? null : balancer.locality(),
                      policy.outlierDetection() != null));
            });
  }

  private List<ServiceEndpoint> servedBy(Client client, Names cluster) {
    Subset subset = rule(client, cluster.host()).subsets().get(cluster.subset());
    Map<String, String> labels = subset == null ? Map.of() : subset.labels();
    return services.endpoints(cluster.host(), cluster.port(), client.namespace()).stream()
        .filter(each -> each.labels().entrySet().containsAll(labels.entrySet()))
        .toList();
  }

  /** Whether agents that connect may add to a cluster's endpoints. */
  public boolean agentsMayServe(String namespace, String clusterName) {
    return Names.parse(clusterName)
        .map(parsed -> services.maySpring(parsed.host(), namespace))
        .orElse(false);
  }

  private TrafficPolicy policy(Client client, Names cluster) {
    return rule(client, cluster.host()).policy(cluster.subset(), cluster.port());
  }

  private String protocol(Client client, Names cluster) {
    return services.entry(cluster.host(), client.namespace()).stream()
        .flatMap(entry -> ((ServiceEntry) entry.spec()).ports().stream())
        .filter(port -> port.number() == cluster.port())
        .map(ServicePort::protocol)
        .findFirst()
        .orElse("");
  }

  private boolean exists(Client client, Names cluster) {
    if (!cluster.subset().isEmpty()
        && !rule(client, cluster.host()).subsets().containsKey(cluster.subset())) {
      return false;
    }
    return services
        .entry(cluster.host(), client.namespace())
        .map(entry -> hasPort(entry, cluster.port()))
        .orElseGet(() -> isService(cluster.host()) || policies.names(cluster.host()));
  }

  private PolicyIndex.Rule rule(Client client, String host) {
    return policies.rule(host, client, namespace(client, host)).orElse(PolicyIndex.Rule.NONE);
  }

  /**
   * A mesh host that an authority stands for.
   *
   * @param host its full name
   * @param service the service that it belongs to: itself, or the wildcard host of a ServiceEntry
   * @param owners the hosts of the VirtualServices that may be about it, the most specific first
   * @param isService false: only a VirtualService makes it one
   */
  record MeshHost(String host, String service, int port, List<String> owners, boolean isService) {
    /** Whether a VirtualService's host stands for the service, and so for all ports of it. */
    boolean isOfService(String owner) {
      return isService && PolicyIndex.chain(service).contains(owner);
    }
  }

  Optional<MeshHost> resolve(Client client, String host, int port) {
    Optional<String> entryHost =
        PolicyIndex.chain(host).stream().filter(services.entryHosts()::contains).findFirst();
    if (entryHost.isPresent()) {
      return services
          .entry(entryHost.get(), client.namespace())
          .filter(entry -> hasPort(entry, port))
          .map(
              entry ->
                  new MeshHost(host, entryHost.get(), port, owners(host, entryHost.get()), true))
          .or(() -> unserved(client, host, port));
    }
    if (services.hosts().contains(host) || host.endsWith("." + Hosts.CLUSTER_DOMAIN)) {
      return isMeshHost(client, host) && onPort(client, host, port)
          ? Optional.of(new MeshHost(host, host, port, PolicyIndex.chain(host), true))
          : Optional.empty();
    }
    return unserved(client, host, port);
  }

  /** A name under a service's wildcard may have VirtualServices of its own, other wildcards not. */
  private static List<String> owners(String host, String service) {
    Set<String> owners = new LinkedHashSet<>();
    owners.add(host);
    owners.addAll(PolicyIndex.chain(service));
    return List.copyOf(owners);
  }

  /**
   * Whether a VirtualService is about a port, for hosts of it that no service has: Istio serves
   * these on the ports of the services that its other hosts name, and on port 80 if they name none.
   */
  private boolean servesAt(Client client, StoredPolicy owner, int port) {
    Set<Integer> ports = new HashSet<>();
    for (String host : PolicyIndex.hosts(owner)) {
      services.hosts().stream()
          .filter(service -> owns(client, owner, host, service))
          .forEach(service -> ports.addAll(services.ports(service, client.namespace())));
    }
    return ports.isEmpty() ? port == DEFAULT_PORT : ports.contains(port);
  }

  /** Whether a VirtualService's host names a service, and none goes before if it is a wildcard. */
  private boolean owns(Client client, StoredPolicy owner, String host, String service) {
    if (!host.startsWith("*")) {
      return host.equals(service);
    }
    return Hosts.matches(host, service)
        && PolicyIndex.chain(service).stream()
            .flatMap(each -> policies.virtualServices(each, client).stream())
            .findFirst()
            .filter(owner::equals)
            .isPresent();
  }

  /** A host that a VirtualService names, and no service has. */
  private Optional<MeshHost> unserved(Client client, String host, int port) {
    if (services.entryHosts().contains(host)) {
      return Optional.empty();
    }
    List<String> owners =
        PolicyIndex.chain(host).stream()
            .filter(
                each ->
                    policies.virtualServices(each, client).stream()
                        .anyMatch(owner -> servesAt(client, owner, port)))
            .filter(each -> !isOfServices(each))
            .toList();
    return owners.isEmpty()
        ? Optional.empty()
        : Optional.of(new MeshHost(host, host, port, owners, false));
  }

  /** A wildcard that services fit stands for these services, and for no other name. */
  private boolean isOfServices(String wildcard) {
    return wildcard.startsWith("*")
        && services.hosts().stream().anyMatch(service -> Hosts.matches(wildcard, service));
  }

  private boolean onPort(Client client, String host, int port) {
    // After a restart agents come back one by one; until then a missing port says nothing.
    Set<Integer> ports = services.ports(host, client.namespace());
    return ports.isEmpty() || ports.contains(port) || state.settling();
  }

  private boolean isMeshHost(Client client, String host) {
    String serviceNamespace = namespace(client, host);
    if (policies.names(host, client, serviceNamespace)) {
      return true;
    }
    // A wildcard alone makes no host: it would claim every name that there is.
    return isService(host) && policies.covers(host, client, serviceNamespace);
  }

  /** The namespace of the service that has a host. */
  String namespace(Client client, String host) {
    Optional<StoredPolicy> entry =
        PolicyIndex.chain(host).stream()
            .flatMap(each -> services.entry(each, client.namespace()).stream())
            .findFirst();
    if (entry.isPresent()) {
      return entry.get().namespace();
    }
    String suffix = "." + Hosts.CLUSTER_DOMAIN;
    if (!host.endsWith(suffix)) {
      return client.namespace();
    }
    String nameAndNamespace = host.substring(0, host.length() - suffix.length());
    return nameAndNamespace.substring(nameAndNamespace.indexOf('.') + 1);
  }

  static boolean hasPort(StoredPolicy entry, int port) {
    return ((ServiceEntry) entry.spec()).ports().stream().anyMatch(each -> each.number() == port);
  }
}
