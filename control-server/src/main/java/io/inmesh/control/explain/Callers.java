package io.inmesh.control.explain;

import io.inmesh.control.api.RouteExplainer.UnanswerableException;
import io.inmesh.control.compile.Client;
import io.inmesh.control.compile.MeshCompiler;
import io.inmesh.control.compile.MeshState;
import io.inmesh.control.registry.AgentReport;
import io.inmesh.control.registry.AgentStatus;
import io.inmesh.control.registry.ServiceEndpoint;
import io.inmesh.control.registry.ServiceRegistry;
import io.inmesh.control.registry.StoredPolicy;
import io.inmesh.policy.Hosts;
import io.inmesh.policy.NearestName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Finds the instances that a service's calls come from. */
final class Callers {
  private static final String SUFFIX = "." + Hosts.CLUSTER_DOMAIN;
  private static final int NAMES_IN_MESSAGE = 10;

  private final ServiceRegistry services;
  private final MeshCompiler compiler;
  private final List<AgentReport> agents;

  Callers(MeshState state, MeshCompiler compiler, Collection<AgentStatus> agents) {
    this.services = state.services();
    this.compiler = compiler;
    this.agents =
        agents.stream()
            .filter(agent -> agent.state().equals("connected"))
            .map(AgentStatus::report)
            .toList();
  }

  /** One for each kind of client that policy tells apart, at least one. */
  List<Caller> of(String service, String namespace) {
    String host = host(service, namespace);
    Map<Client, Caller> callers = new LinkedHashMap<>();
    for (AgentReport agent : agents) {
      if (!agent.service().isEmpty() && agent.host().equals(host)) {
        add(callers, host, agent.namespace(), agent.labels(), "agent/" + agent.instance());
      }
    }
    String home = namespaceOf(host, namespace);
    for (int port : services.ports(host, home)) {
      for (ServiceEndpoint endpoint : services.endpoints(host, port, home)) {
        if (!endpoint.source().startsWith("agent/")) {
          add(callers, host, home, endpoint.labels(), endpoint.source());
        }
      }
    }
    if (callers.isEmpty()) {
      return List.of(new Caller(host, home, Map.of(), List.of()));
    }
    return List.copyOf(callers.values());
  }

  private void add(
      Map<Client, Caller> callers,
      String host,
      String namespace,
      Map<String, String> labels,
      String instance) {
    Client kind = compiler.narrowed(new Client(namespace, labels));
    Caller known = callers.get(kind);
    List<String> instances = new ArrayList<>(known == null ? List.of() : known.instances());
    if (!instances.contains(instance)) {
      instances.add(instance);
    }
    callers.put(
        kind, new Caller(host, namespace, known == null ? labels : known.labels(), instances));
  }

  /** The full name of a service; throws if none is called so. */
  String host(String service, String namespace) {
    String name = service.toLowerCase(Locale.ROOT);
    List<String> candidates = new ArrayList<>();
    candidates.add(Hosts.fqdn(name, namespace));
    candidates.add(name + SUFFIX);
    return candidates.stream()
        .filter(services.hosts()::contains)
        .findFirst()
        .orElseThrow(() -> unknown(service, namespace));
  }

  private UnanswerableException unknown(String service, String namespace) {
    Collection<String> known = new TreeSet<>();
    for (String host : services.hosts()) {
      String name =
          host.endsWith(SUFFIX) ? host.substring(0, host.length() - SUFFIX.length()) : host;
      String own = "." + namespace;
      known.add(name.endsWith(own) ? name.substring(0, name.length() - own.length()) : name);
    }
    StringBuilder text = new StringBuilder("from: no service \"").append(service).append('"');
    if (service.indexOf('.') < 0) {
      text.append(" is known in namespace ").append(namespace);
    } else {
      text.append(" is known");
    }
    text.append(NearestName.hint(service, known));
    if (known.isEmpty()) {
      text.append("; there are no services yet");
    } else {
      List<String> names = known.stream().limit(NAMES_IN_MESSAGE).toList();
      text.append(" (services: ").append(String.join(", ", names));
      text.append(known.size() > names.size() ? ", ...)" : ")");
    }
    return new UnanswerableException(404, "NotFound", text.toString());
  }

  private String namespaceOf(String host, String namespace) {
    Optional<StoredPolicy> entry = services.entry(host, namespace);
    if (entry.isPresent()) {
      return entry.get().namespace();
    }
    if (!host.endsWith(SUFFIX)) {
      return namespace;
    }
    String name = host.substring(0, host.length() - SUFFIX.length());
    return name.substring(name.indexOf('.') + 1);
  }
}
