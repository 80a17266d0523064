package io.inmesh.policy.analysis;

import io.inmesh.policy.Destination;
import io.inmesh.policy.DestinationRule;
import io.inmesh.policy.HttpMatch;
import io.inmesh.policy.HttpRoute;
import io.inmesh.policy.LoadBalancer;
import io.inmesh.policy.LoadBalancer.ConsistentHash;
import io.inmesh.policy.MessageCode;
import io.inmesh.policy.Mirror;
import io.inmesh.policy.Quoting;
import io.inmesh.policy.RouteDestination;
import io.inmesh.policy.VirtualService;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/** What rules do to calls, seen by themselves and beside each other. */
final class RuleChecks {

  private final Policies policies;
  private final Services services;
  private final Report report;

  RuleChecks(Policies policies, Services services, Report report) {
    this.policies = policies;
    this.services = services;
    this.report = report;
  }

  void check(Subject subject, VirtualService service) {
    MatchChecks matches = new MatchChecks(subject, service, services, report);
    for (int i = 0; i < service.http().size(); i++) {
      HttpRoute rule = service.http().get(i);
      String path = "spec.http[" + i + "]";
      for (int j = 0; j < rule.match().size(); j++) {
        matches.check(rule.match().get(j), path + ".match[" + j + "]");
      }
      weights(subject, rule.route(), path);
      stickiness(subject, rule.route(), path);
      mirrors(subject, rule, path);
      RedirectLoop.target(subject, service, i)
          .ifPresent(
              target ->
                  report.add(
                      MessageCode.REDIRECT_TO_ITSELF,
                      path + ".redirect",
                      "the redirect leads to "
                          + Quoting.quote(target)
                          + ", which this rule redirects again, until the client gives up",
                      "match only what is to be redirected, or redirect to a place outside of the"
                          + " match"));
    }
    if (!service.isDelegate() && service.appliesToMesh()) {
      others(service);
    }
  }

  /** Several destinations that are one, or part of one another. */
  private void weights(Subject subject, List<RouteDestination> routes, String path) {
    Map<String, Map<String, Integer>> before = new HashMap<>();
    for (int i = 0; i < routes.size(); i++) {
      Destination destination = routes.get(i).destination();
      if (routes.get(i).weight() == 0) {
        continue;
      }
      String subset = destination.subset() == null ? "" : destination.subset();
      Map<String, Integer> subsets =
          before.computeIfAbsent(
              subject.fqdn(destination.host()) + ":" + destination.port(),
              unused -> new LinkedHashMap<>());
      Integer same = subsets.putIfAbsent(subset, i);
      String where = path + ".route[" + i + "].destination";
      if (same != null && routes.get(i).headers().equals(routes.get(same).headers())) {
        report.add(
            MessageCode.DESTINATION_TWICE,
            where,
            shown(destination) + " is a destination of this rule before, at route[" + same + "]",
            "name another subset, or put both weights into one destination");
      } else if (same == null && subsets.size() > 1 && subsets.containsKey("")) {
        String part = subset.isEmpty() ? subsets.keySet().stream().findFirst().orElse("") : subset;
        report.add(
            MessageCode.WEIGHT_WITHOUT_SUBSET,
            where,
            "the weights divide calls between "
                + destination.host()
                + " without subset, which is all of its endpoints, and its subset "
                + Quoting.quote(part)
                + ": the subset gets more than its weight says",
            "name a subset in both destinations");
      }
    }
  }

  private static String shown(Destination destination) {
    return Quoting.quote(destination.host())
        + (destination.subset() == null ? "" : ", subset " + Quoting.quote(destination.subset()));
  }

  private void stickiness(Subject subject, List<RouteDestination> routes, String path) {
    if (routes.stream().filter(route -> route.weight() > 0).count() < 2) {
      return;
    }
    for (RouteDestination route : routes) {
      for (Subject rule : policies.rulesOver(subject.fqdn(route.destination().host()))) {
        LoadBalancer balancer = ((DestinationRule) rule.spec()).trafficPolicy().loadBalancer();
        if (balancer != null
            && balancer.algorithm() instanceof ConsistentHash hash
            && hash.key() != null) {
          report.add(
              MessageCode.HASH_NOT_STICKY,
              path + ".route",
              "the hash key of the DestinationRule "
                  + rule.ref().qualifiedName()
                  + " decides the endpoint within a destination, not which destination: by the"
                  + " weights, calls with one key go to all of them (as with Istio)",
              "choose the destination by a match, on a header or cookie, where that matters");
          return;
        }
      }
    }
  }

  private void mirrors(Subject subject, HttpRoute rule, String path) {
    for (Mirror mirror : rule.mirrors()) {
      Destination copy = mirror.destination();
      boolean same =
          rule.route().stream()
              .filter(route -> route.weight() > 0 || rule.route().size() == 1)
              .map(RouteDestination::destination)
              .anyMatch(
                  each ->
                      subject.fqdn(each.host()).equals(subject.fqdn(copy.host()))
                          && Objects.equals(each.subset(), copy.subset())
                          && each.port() == copy.port());
      if (same) {
        report.add(
            MessageCode.MIRROR_TO_ITSELF,
            path + ".mirror",
            "calls are mirrored to " + shown(copy) + ", where they go anyway: it gets them twice",
            "mirror to another host or subset");
      }
    }
  }

  /** Requests that no rule matches get 404: told when the rules ask for more than a path. */
  private void others(VirtualService service) {
    TreeSet<String> asked = new TreeSet<>();
    for (HttpRoute rule : service.http()) {
      if (rule.match().isEmpty()) {
        return;
      }
      for (HttpMatch match : rule.match()) {
        if (!match.withoutHeaders().isEmpty()
            || (match.headers().isEmpty() && match.queryParams().isEmpty())) {
          return;
        }
        match.headers().keySet().forEach(name -> asked.add("the header " + name));
        match.queryParams().keySet().forEach(name -> asked.add("the query parameter " + name));
      }
    }
    report.add(
        MessageCode.NO_RULE_FOR_OTHERS,
        "spec.http",
        "requests that no rule matches get 404, and every rule asks for "
            + Quoting.list(asked).replace(", ", " or "),
        "end with a rule without match, for everybody else");
  }
}
