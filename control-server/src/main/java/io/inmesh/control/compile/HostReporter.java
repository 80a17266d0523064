package io.inmesh.control.compile;

import io.inmesh.control.compile.HostReport.Fate;
import io.inmesh.control.compile.HostReport.Other;
import io.inmesh.control.compile.MeshCompiler.MeshHost;
import io.inmesh.control.compile.MeshCompiler.Plan;
import io.inmesh.control.registry.ServiceRegistry;
import io.inmesh.control.registry.StoredPolicy;
import io.inmesh.policy.ServiceEntry;
import io.inmesh.policy.ServicePort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells why {@link MeshCompiler} makes of an authority what it does. The verdict is the compiler's;
 * here are the words.
 */
final class HostReporter {
  private final MeshCompiler compiler;
  private final PolicyIndex policies;
  private final ServiceRegistry services;
  private final Client client;
  private final Scope scope;

  HostReporter(MeshCompiler compiler, MeshState state, Client client) {
    this.compiler = compiler;
    this.policies = state.policies();
    this.services = state.services();
    this.client = client;
    this.scope = policies.scope(client);
  }

  HostReport report(String text) {
    Optional<Authority> authority = Authority.parse(text);
    Optional<Plan> plan = compiler.plan(client, text);
    if (authority.isEmpty()) {
      return unknown(Fate.UNTOUCHED, 0, List.of(text + " is no host and port"));
    }
    int port = authority.get().port();
    MeshHost host = plan.map(Plan::host).orElse(null);
    if (host == null) {
      List<String> reasons =
          authority.get().candidates(client.namespace()).stream()
              .map(each -> whyUnknown(each, port))
              .toList();
      return unknown(plan.isEmpty() ? Fate.UNTOUCHED : Fate.REFUSED, port, reasons);
    }
    StoredPolicy owner = plan.get().owner();
    return new HostReport(
        Fate.ROUTED,
        host.host(),
        host.service(),
        host.port(),
        owner,
        owner == null ? List.of() : compiler.routes(client, host.port()).report(owner),
        others(host, owner),
        List.of());
  }

  private static HostReport unknown(Fate fate, int port, List<String> reasons) {
    return new HostReport(fate, "", "", port, null, List.of(), List.of(), reasons);
  }

  /** Those that name the host, or a wildcard over it, and do not count. */
  private List<Other> others(MeshHost host, @Nullable StoredPolicy owner) {
    List<Other> others = new ArrayList<>();
    String ownersHost = "";
    for (String name : host.owners()) {
      for (StoredPolicy policy : policies.virtualServices(name, client)) {
        if (policy.equals(owner)) {
          ownersHost = name;
        } else if (!ownersHost.isEmpty() && owner != null) {
          others.add(new Other(policy, whyShadowed(policy, name, ownersHost, owner)));
        } else {
          others.add(new Other(policy, whySkipped(name, policy, host.port())));
        }
      }
      for (StoredPolicy policy : policies.hiddenVirtualServices(name, client)) {
        others.add(
            new Other(policy, "its exportTo does not show it to namespace " + client.namespace()));
      }
    }
    return others;
  }

  private static String whyShadowed(
      StoredPolicy policy, String name, String ownersHost, StoredPolicy owner) {
    String other = owner.namespace() + "/" + owner.name();
    if (name.equals(ownersHost)) {
      return StoredPolicy.BY_AGE.compare(owner, policy) < 0
          ? other + " is older and owns the host"
          : other + " is exported to fewer namespaces and owns the host";
    }
    return "it names " + name + ", and " + other + " names " + ownersHost;
  }

  private String whySkipped(String name, StoredPolicy policy, int port) {
    return scope.knows(name, policy.namespace(), port)
        ? "none of its rules is for this client and port " + port
        : sidecar() + " does not let the client know it";
  }

  private String sidecar() {
    return "a Sidecar of namespace " + scope.namespace();
  }

  /** Why one of the full names that an authority may stand for is none of the mesh's. */
  private String whyUnknown(String host, int port) {
    Optional<MeshHost> found = compiler.resolve(client, host, port);
    if (found.isPresent()) {
      MeshHost mesh = found.get();
      return mesh.isService()
          ? sidecar() + " does not let the client know " + host
          : "none of the VirtualServices that name " + host + " is for this client";
    }
    Optional<StoredPolicy> entry =
        PolicyIndex.chain(host).stream()
            .flatMap(each -> services.entry(each, client.namespace()).stream())
            .findFirst();
    if (entry.isPresent() && !MeshCompiler.hasPort(entry.get(), port)) {
      List<Integer> ports =
          ((ServiceEntry) entry.get().spec()).ports().stream().map(ServicePort::number).toList();
      return MeshCompiler.name(entry.get()) + " has no port " + port + ", only " + joined(ports);
    }
    boolean named = policies.names(host, client, compiler.namespace(client, host));
    if (services.hosts().contains(host)) {
      Set<Integer> ports = services.ports(host, client.namespace());
      if (!ports.isEmpty() && !ports.contains(port)) {
        return "the agents of " + host + " serve no port " + port + ", only " + joined(ports);
      }
      return named ? host + " is not served" : "no policy that the client sees names " + host;
    }
    if (policies.covers(host)) {
      return named
          ? "policy names " + host + ", but nobody serves its port " + port
          : "policy that covers " + host + " is not for this client or port " + port;
    }
    return "no policy names " + host + ", and no agent serves it";
  }

  private static String joined(Collection<Integer> ports) {
    return ports.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
