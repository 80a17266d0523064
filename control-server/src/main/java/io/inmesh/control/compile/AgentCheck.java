package io.inmesh.control.compile;

import io.inmesh.control.registry.ServiceRegistry;
import io.inmesh.control.registry.StoredPolicy;
import io.inmesh.policy.Delegate;
import io.inmesh.policy.DestinationRule;
import io.inmesh.policy.Hosts;
import io.inmesh.policy.HttpMatch;
import io.inmesh.policy.HttpRoute;
import io.inmesh.policy.PolicyProblem;
import io.inmesh.policy.PolicyResource;
import io.inmesh.policy.ServiceEntry;
import io.inmesh.policy.Sidecar;
import io.inmesh.policy.Subset;
import io.inmesh.policy.VirtualService;
import io.inmesh.xds.Names;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Would an agent accept what a resource compiles to? Asked with the agent's own parser, on the
 * bytes that would be sent, before the resource is stored: for every host that it is about, and for
 * every kind of client that it tells apart.
 */
public final class AgentCheck {
  private static final int DEFAULT_PORT = 80;

  /** A name under a wildcard, to try the wildcard with. */
  private static final String SOME_LABEL = "any";

  private final MeshCompiler compiler;
  private final PolicyIndex policies;
  private final ServiceRegistry services;

  private AgentCheck(PolicyIndex policies, ServiceRegistry services) {
    this.policies = policies;
    this.services = services;
    this.compiler = new MeshCompiler(new MeshState("check", policies, services, true));
  }

  /**
   * The reasons why an agent would reject the hosts that a resource is about; empty when none.
   *
   * @param policies the policy there is; an older form of the candidate in it is replaced
   * @param services the services there are
   * @param candidate with its namespace
   */
  public static List<PolicyProblem> problems(
      Collection<StoredPolicy> policies, ServiceRegistry services, PolicyResource candidate) {
    List<StoredPolicy> all = new ArrayList<>();
    // The oldest of all, so that it owns its hosts and is what gets tried.
    StoredPolicy tried = new StoredPolicy(candidate, -1);
    all.add(tried);
    policies.stream().filter(policy -> !isSame(policy, tried)).forEach(all::add);
    Set<String> reasons =
        new AgentCheck(new PolicyIndex(all), services.withPolicies(all)).rejections(tried);
    return reasons.stream().map(reason -> problem(candidate, reason)).toList();
  }

  private static PolicyProblem problem(PolicyResource candidate, String reason) {
    return new PolicyProblem(
        PolicyProblem.Severity.ERROR,
        "",
        0,
        0,
        candidate.displayName(),
        "spec",
        "agents would reject what it compiles to: " + reason);
  }

  private static boolean isSame(StoredPolicy a, StoredPolicy b) {
    return a.resource().kind() == b.resource().kind()
        && a.name().equals(b.name())
        && a.namespace().equals(b.namespace());
  }

  private Set<String> rejections(StoredPolicy tried) {
    Set<String> reasons = new LinkedHashSet<>();
    for (Client client : clients(tried)) {
      for (StoredPolicy policy : concerned(tried)) {
        for (String host : hosts(policy)) {
          String name = Hosts.fqdn(host, policy.namespace());
          for (int port : ports(policy, name)) {
            String authority = name.replace("*", SOME_LABEL) + ":" + port;
            AgentView.of(compiler, client, authority).rejection().ifPresent(reasons::add);
            for (String subset : subsets(policy)) {
              String cluster = Names.outbound(port, subset, name);
              AgentView.clusterRejection(compiler, client, cluster).ifPresent(reasons::add);
            }
          }
        }
      }
    }
    return reasons;
  }

  /** The resource itself, or those that delegate to it. */
  private List<StoredPolicy> concerned(StoredPolicy tried) {
    if (!(tried.spec() instanceof VirtualService service && service.isDelegate())) {
      return List.of(tried);
    }
    return policies.all().stream()
        .filter(
            policy ->
                policy.spec() instanceof VirtualService root
                    && root.http().stream().anyMatch(rule -> delegates(rule, policy, tried)))
        .toList();
  }

  private static boolean delegates(HttpRoute rule, StoredPolicy root, StoredPolicy child) {
    Delegate delegate = rule.delegate();
    return delegate != null
        && delegate.name().equals(child.name())
        && (delegate.namespace() == null ? root.namespace() : delegate.namespace())
            .equals(child.namespace());
  }

  /** One for each kind of client that the resource's conditions on clients tell apart. */
  private Set<Client> clients(StoredPolicy tried) {
    Set<Client> clients = new LinkedHashSet<>();
    clients.add(new Client(tried.namespace()));
    for (StoredPolicy policy : concerned(tried)) {
      clients.add(new Client(policy.namespace()));
      if (policy.spec() instanceof VirtualService service) {
        Delegation.rules(policy, policies).stream()
            .flatMap(placed -> placed.rule().match().stream())
            .map(match -> client(match, policy.namespace()))
            .forEach(clients::add);
        service.exportTo().stream()
            .filter(namespace -> !namespace.equals("*") && !namespace.equals("."))
            .map(Client::new)
            .forEach(clients::add);
      }
    }
    if (tried.spec() instanceof DestinationRule rule) {
      clients.add(new Client(tried.namespace(), rule.workloadSelector()));
    } else if (tried.spec() instanceof Sidecar sidecar) {
      clients.add(new Client(tried.namespace(), sidecar.workloadSelector()));
    }
    return clients;
  }

  private static Client client(HttpMatch match, String namespace) {
    return new Client(
        match.sourceNamespace().isEmpty() ? namespace : match.sourceNamespace(),
        match.sourceLabels());
  }

  private static List<String> hosts(StoredPolicy policy) {
    if (policy.spec() instanceof VirtualService service) {
      return service.hosts();
    }
    if (policy.spec() instanceof DestinationRule rule) {
      return List.of(rule.host());
    }
    return policy.spec() instanceof ServiceEntry entry ? entry.hosts() : List.of();
  }

  private static List<String> subsets(StoredPolicy policy) {
    return policy.spec() instanceof DestinationRule rule
        ? rule.subsets().stream().map(Subset::name).toList()
        : List.of();
  }

  private Set<Integer> ports(StoredPolicy policy, String host) {
    Set<Integer> ports = new LinkedHashSet<>(services.ports(host, policy.namespace()));
    if (policy.spec() instanceof VirtualService service) {
      for (HttpRoute route : service.http()) {
        route.match().stream().map(HttpMatch::port).filter(port -> port > 0).forEach(ports::add);
      }
    } else if (policy.spec() instanceof DestinationRule rule) {
      ports.addAll(rule.trafficPolicy().ports().keySet());
      for (Subset subset : rule.subsets()) {
        if (subset.trafficPolicy() != null) {
          ports.addAll(subset.trafficPolicy().ports().keySet());
        }
      }
    }
    if (ports.isEmpty()) {
      ports.add(DEFAULT_PORT);
    }
    return ports;
  }
}
