package io.inmesh.policy.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.inmesh.policy.Delegate;
import io.inmesh.policy.Destination;
import io.inmesh.policy.Hosts;
import io.inmesh.policy.HttpMatch;
import io.inmesh.policy.HttpRoute;
import io.inmesh.policy.MessageCode;
import io.inmesh.policy.Mirror;
import io.inmesh.policy.NearestName;
import io.inmesh.policy.Quoting;
import io.inmesh.policy.RouteDestination;
import io.inmesh.policy.VirtualService;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether what a VirtualService sends calls to is there. */
final class DestinationChecks {

  private static final int DEFAULT_PORT = 80;

  private final Policies policies;
  private final Services services;
  private final Report report;
  private final Set<String> empty = new HashSet<>();

  DestinationChecks(Policies policies, Services services, Report report) {
    this.policies = policies;
    this.services = services;
    this.report = report;
  }

  void check(Subject subject, VirtualService service) {
    boolean mirrors = service.http().stream().anyMatch(rule -> !rule.mirrors().isEmpty());
    JsonNode written =
        mirrors ? subject.resource().json().at("/spec/http") : MissingNode.getInstance();
    for (int i = 0; i < service.http().size(); i++) {
      HttpRoute rule = service.http().get(i);
      String path = "spec.http[" + i + "]";
      Set<Integer> called = calledPorts(subject, service, rule);
      for (int j = 0; j < rule.route().size(); j++) {
        RouteDestination route = rule.route().get(j);
        boolean used = route.weight() > 0 || rule.route().size() == 1;
        check(
            subject,
            new Use(route.destination(), "", path + ".route[" + j + "].destination"),
            called,
            used);
      }
      for (Mirror mirror : rule.mirrors()) {
        String where = path + mirrorPath(written.path(i).path("mirrors"), mirror.destination());
        check(subject, new Use(mirror.destination(), "mirror ", where), called, true);
      }
      if (rule.delegate() != null && !rule.delegate().name().isEmpty()) {
        delegate(subject, rule.delegate(), path + ".delegate");
      }
    }
  }

  /** The two fields that mirrors can be written in are one in what was parsed. */
  private static String mirrorPath(JsonNode mirrors, Destination destination) {
    for (int i = 0; i < mirrors.size(); i++) {
      JsonNode written = mirrors.path(i).path("destination");
      String subset = destination.subset() == null ? "" : destination.subset();
      if (written.path("host").asText().equals(destination.host())
          && written.path("subset").asText().equals(subset)) {
        return ".mirrors[" + i + "].destination";
      }
    }
    return ".mirror";
  }

  /**
   * One place where a rule names a destination.
   *
   * @param what it is there: "" or {@code "mirror "}
   */
  private record Use(Destination destination, String what, String path) {}

  private void check(Subject subject, Use use, Set<Integer> called, boolean getsCalls) {
    Destination destination = use.destination();
    String host = subject.fqdn(destination.host());
    boolean known = services.mayHave(host);
    if (!known) {
      report.add(
          MessageCode.REFERENCED_RESOURCE_NOT_FOUND,
          use.path() + ".host",
          "referenced "
              + use.what()
              + "host not found: "
              + HostNames.shown(destination.host(), host),
          services.names().remedy(host, subject.namespace()));
    } else if (port(use, host, called) && getsCalls) {
      endpoints(use, host);
    }
    if (destination.subset() != null) {
      subset(use, destination.subset(), host);
    }
  }

  /** Whether the service has the port that calls go to. */
  private boolean port(Use use, String host, Set<Integer> called) {
    Destination destination = use.destination();
    Set<Integer> ports = services.ports(host);
    int port = destination.port();
    if (ports.isEmpty()) {
      return true;
    }
    if (port != 0 && !ports.contains(port)) {
      report.add(
          MessageCode.REFERENCED_RESOURCE_NOT_FOUND,
          use.path() + ".port",
          "referenced "
              + use.what()
              + "host:port not found: "
              + Quoting.quote(destination.host() + ":" + port),
          "calls that are sent there fail with 503 (ports of this service: " + joined(ports) + ")");
      return false;
    }
    Set<Integer> missing = new TreeSet<>(called);
    missing.removeAll(ports);
    if (port == 0 && ports.size() > 1 && !missing.isEmpty()) {
      report.add(
          MessageCode.DESTINATION_PORT_REQUIRED,
          use.path(),
          "this VirtualService routes to a service "
              + Quoting.quote(destination.host())
              + " that exposes multiple ports ["
              + joined(ports)
              + "], and none of them is the port "
              + joined(missing)
              + " that is called: such calls fail with 503",
          "write which one, as \"port: {number: " + ports.iterator().next() + "}\"");
      return false;
    }
    return true;
  }

  /** The ports that calls to the rule come in on, as far as that is known. */
  private Set<Integer> calledPorts(Subject subject, VirtualService service, HttpRoute rule) {
    Set<Integer> called = new TreeSet<>();
    for (String written : service.hosts()) {
      String host = subject.fqdn(written);
      called.addAll(services.ports(host));
      if (services.serviceOf(host).isEmpty() && !host.endsWith("." + Hosts.CLUSTER_DOMAIN)) {
        called.add(DEFAULT_PORT);
      }
    }
    boolean byPort = rule.match().stream().allMatch(match -> match.port() != 0);
    if (byPort && !rule.match().isEmpty()) {
      called.retainAll(rule.match().stream().map(HttpMatch::port).collect(Collectors.toSet()));
    }
    return called;
  }

  private void endpoints(Use use, String host) {
    if (services.endpointsAreKnown(host) && services.endpoints(host).isEmpty() && empty.add(host)) {
      report.add(
          MessageCode.HOST_WITHOUT_ENDPOINTS,
          use.path() + ".host",
          Quoting.quote(use.destination().host())
              + " has no endpoint: calls that are sent there get 503",
          "start an instance with an agent that has \"service="
              + host.replace("." + Hosts.CLUSTER_DOMAIN, "")
              + "\", or give its ServiceEntry endpoints");
    }
  }

  private void subset(Use use, String subset, String host) {
    Set<String> known = policies.subsets(host);
    if (!known.contains(subset)) {
      report.add(
          MessageCode.REFERENCED_RESOURCE_NOT_FOUND,
          use.path() + ".subset",
          "referenced "
              + (use.what().isEmpty() ? "host" : "mirror")
              + "+subset in destinationrule not found: "
              + Quoting.quote(use.destination().host() + "+" + subset)
              + NearestName.hint(subset, known)
              + (known.isEmpty()
                  ? "; no DestinationRule has subsets for this host"
                  : " (subsets of this host: " + Quoting.list(known) + ")"),
          "until there is one, calls that are sent there fail with 503");
    }
  }

  private void delegate(Subject subject, Delegate delegate, String path) {
    ResourceRef ref = Policies.target(delegate, subject);
    Subject child = policies.find(ref);
    if (child == null || !(child.spec() instanceof VirtualService service)) {
      report.add(
          MessageCode.REFERENCED_RESOURCE_NOT_FOUND,
          path,
          "referenced VirtualService not found: " + Quoting.quote(ref.qualifiedName()),
          "until there is one, the rule has no effect");
    } else if (!service.isDelegate()) {
      report.add(
          MessageCode.REFERENCED_RESOURCE_NOT_FOUND,
          path,
          "the VirtualService "
              + ref.qualifiedName()
              + " has hosts of its own, and so it is no delegate",
          "remove its hosts. Until then the rule has no effect");
    } else if (!child.isSeenFrom(subject.namespace(), service.exportTo())) {
      report.add(
          MessageCode.REFERENCED_RESOURCE_NOT_FOUND,
          path,
          "the VirtualService "
              + ref.qualifiedName()
              + " is not exported to the namespace "
              + subject.namespace(),
          "add it to its exportTo. Until then the rule has no effect");
    }
  }

  static String joined(Set<Integer> ports) {
    return Quoting.list(List.copyOf(ports).stream().map(String::valueOf).toList());
  }
}
