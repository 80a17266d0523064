package io.inmesh.control.compile;

import io.inmesh.control.registry.ServiceRegistry;
import io.inmesh.control.registry.StoredPolicy;
import io.inmesh.policy.DestinationRule;
import io.inmesh.policy.Hosts;
import io.inmesh.policy.HttpMatch;
import io.inmesh.policy.HttpRoute;
import io.inmesh.policy.PolicyProblem;
import io.inmesh.policy.PolicyResource;
import io.inmesh.policy.ServiceEntry;
import io.inmesh.policy.VirtualService;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.MessageLite;
import io.inmesh.xds.ResourceCache;
import io.inmesh.xds.ResourceType;
import io.inmesh.xds.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Would an agent accept what a resource compiles to? Asked with the agent's own parser, on the
 * bytes that would be sent, before the resource is stored.
 */
public final class AgentCheck {
  private static final int DEFAULT_PORT = 80;

  /** A name under a wildcard, to try the wildcard with. */
  private static final String SOME_LABEL = "any";

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
    MeshState state =
        new MeshState("check", new PolicyIndex(all), services.withPolicies(all), true);
    MeshCompiler compiler = new MeshCompiler(state);
    List<PolicyProblem> problems = new ArrayList<>();
    for (String authority : authorities(state.services(), tried)) {
      rejection(compiler, tried.namespace(), authority)
          .ifPresent(reason -> problems.add(problem(candidate, reason)));
    }
    return problems;
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

  private static Set<String> authorities(ServiceRegistry services, StoredPolicy policy) {
    Set<String> authorities = new LinkedHashSet<>();
    for (String host : hosts(policy)) {
      String name = Hosts.fqdn(host, policy.namespace()).toLowerCase(Locale.ROOT);
      for (int port : ports(services, policy, name)) {
        authorities.add(name.replace("*", SOME_LABEL) + ":" + port);
      }
    }
    return authorities;
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

  private static Set<Integer> ports(ServiceRegistry services, StoredPolicy policy, String host) {
    Set<Integer> ports = new LinkedHashSet<>(services.ports(host, policy.namespace()));
    if (policy.spec() instanceof VirtualService service) {
      for (HttpRoute route : service.http()) {
        route.match().stream().map(HttpMatch::port).filter(port -> port > 0).forEach(ports::add);
      }
    }
    if (ports.isEmpty()) {
      ports.add(DEFAULT_PORT);
    }
    return ports;
  }

  private static Optional<String> rejection(
      MeshCompiler compiler, String namespace, String authority) {
    ResourceCache agent = new ResourceCache();
    agent.subscribe(authority);
    return offer(agent, ResourceType.LISTENER, name -> compiler.listener(namespace, name))
        .or(() -> offer(agent, ResourceType.ROUTE, name -> compiler.routes(namespace, name)))
        .or(() -> offer(agent, ResourceType.CLUSTER, name -> compiler.cluster(namespace, name)))
        .or(() -> offer(agent, ResourceType.ENDPOINT, name -> compiler.endpoints(namespace, name)));
  }

  private static Optional<String> offer(
      ResourceCache agent,
      ResourceType type,
      Function<String, Optional<? extends MessageLite>> compiler) {
    List<Any> resources = new ArrayList<>();
    Set<String> missing = new LinkedHashSet<>();
    for (String name : agent.wanted(type)) {
      compiler
          .apply(name)
          .ifPresentOrElse(
              message ->
                  resources.add(
                      Any.newBuilder()
                          .setTypeUrl(type.typeUrl())
                          .setValue(message.toByteString())
                          .build()),
              () -> missing.add(name));
    }
    return agent.accept(type, resources, missing) instanceof Verdict.Rejected rejected
        ? Optional.of(rejected.reason())
        : Optional.empty();
  }

  private AgentCheck() {}
}
