package io.inmesh.policy.analysis;

import io.inmesh.policy.DestinationRule;
import io.inmesh.policy.Hosts;
import io.inmesh.policy.MessageCode;
import io.inmesh.policy.Quoting;
import io.inmesh.policy.Subset;
import io.inmesh.policy.TrafficPolicy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Whether a DestinationRule is for something, and whether it counts beside others. */
final class DestinationRuleChecks {

  /** What is said there is for every namespace that says nothing itself. */
  private static final String ROOT_NAMESPACE = "istio-system";

  private final Policies policies;
  private final Services services;
  private final Report report;

  DestinationRuleChecks(Policies policies, Services services, Report report) {
    this.policies = policies;
    this.services = services;
    this.report = report;
  }

  void check(Subject subject, DestinationRule rule) {
    String host = subject.fqdn(rule.host());
    if (!host.startsWith("*") && !services.mayHave(host)) {
      report.add(
          MessageCode.UNKNOWN_RULE_HOST,
          "spec.host",
          "the host "
              + HostNames.shown(rule.host(), host)
              + " defined in the DestinationRule does not match any services in the mesh",
          services.names().remedy(host, subject.namespace()));
    }
    selector(subject, rule);
    subsets(rule, host);
    older(subject, rule, host);
    hidden(subject, rule, host);
  }

  private void selector(Subject subject, DestinationRule rule) {
    Registry registry = services.registry();
    if (!rule.workloadSelector().isEmpty()
        && registry.known()
        && registry.workloads().stream()
            .noneMatch(
                each ->
                    each.namespace().equals(subject.namespace())
                        && each.has(rule.workloadSelector()))) {
      report.add(
          MessageCode.NO_MATCHING_WORKLOADS,
          "spec.workloadSelector",
          "no matching workloads for this resource with the following labels: "
              + shown(rule.workloadSelector()),
          "it is for callers: start one in the namespace "
              + subject.namespace()
              + " with these labels, or correct them");
    }
  }

  private void subsets(DestinationRule rule, String host) {
    boolean known = services.endpointsAreKnown(host);
    List<Map<String, String>> endpoints = services.endpoints(host);
    Map<List<@Nullable Object>, Subset> alike = new HashMap<>();
    for (int i = 0; i < rule.subsets().size(); i++) {
      Subset subset = rule.subsets().get(i);
      String path = "spec.subsets[" + i + "]";
      if (known
          && endpoints.stream()
              .noneMatch(labels -> labels.entrySet().containsAll(subset.labels().entrySet()))) {
        report.add(
            MessageCode.SUBSET_SELECTS_NOTHING,
            path,
            "the subset "
                + Quoting.quote(subset.name())
                + " defined in the DestinationRule does not select any endpoint: calls that are"
                + " sent there get 503 UH ("
                + (endpoints.isEmpty()
                    ? "the host has no endpoint"
                    : "labels: " + shown(subset.labels()))
                + ")",
            "start an instance with these labels, or correct them");
      }
      Subset other =
          alike.putIfAbsent(
              Arrays.<@Nullable Object>asList(subset.labels(), subset.trafficPolicy()), subset);
      if (other != null) {
        report.add(
            MessageCode.SUBSETS_ALIKE,
            path,
            "the subsets "
                + Quoting.quote(other.name())
                + " and "
                + Quoting.quote(subset.name())
                + " have the same labels, and so the same endpoints: "
                + shown(subset.labels()),
            "give each its own labels, or remove one");
      }
      if (subset.trafficPolicy() != null
          && !host.startsWith("*")
          && !policies.isRouted(host, subset.name())) {
        report.add(
            MessageCode.SUBSET_POLICY_UNUSED,
            path + ".trafficPolicy",
            "it counts only for calls that are sent to the subset "
                + Quoting.quote(subset.name())
                + " by name, and no VirtualService does that",
            "send calls there, or move it to spec.trafficPolicy");
      }
    }
  }

  /** Rules of one namespace on one host: the oldest says what it says, the others add to it. */
  private void older(Subject subject, DestinationRule rule, String host) {
    for (Subject other : policies.rulesOn(host)) {
      if (other.ref().equals(subject.ref())) {
        return;
      }
      DestinationRule older = (DestinationRule) other.spec();
      if (!other.namespace().equals(subject.namespace())
          || !older.workloadSelector().equals(rule.workloadSelector())) {
        continue;
      }
      if (!new HashSet<>(older.exportTo()).equals(new HashSet<>(rule.exportTo()))) {
        if (isForAll(older) || rule.exportTo().equals(List.of("."))) {
          loses(other, host, "spec.exportTo", "nothing of this rule counts");
        }
        continue;
      }
      if (!older.trafficPolicy().equals(TrafficPolicy.NONE)
          && !rule.trafficPolicy().equals(TrafficPolicy.NONE)) {
        loses(other, host, "spec.trafficPolicy", "this trafficPolicy does not count");
      }
      Set<String> names = new HashSet<>();
      older.subsets().forEach(subset -> names.add(subset.name()));
      for (int i = 0; i < rule.subsets().size(); i++) {
        String name = rule.subsets().get(i).name();
        if (names.contains(name)) {
          loses(
              other,
              host,
              "spec.subsets[" + i + "]",
              "this subset " + Quoting.quote(name) + " does not count");
        }
      }
    }
  }

  private static boolean isForAll(DestinationRule rule) {
    return rule.exportTo().isEmpty() || rule.exportTo().contains("*");
  }

  private void loses(Subject older, String host, String path, String what) {
    report.add(
        MessageCode.RULES_MERGE,
        path,
        "the older DestinationRule "
            + older.ref().qualifiedName()
            + " is for the same host "
            + host
            + ", and goes before: "
            + what,
        "put both into one resource");
  }

  /** A rule of the caller's own namespace hides those of the service's, even an exact one. */
  private void hidden(Subject subject, DestinationRule rule, String pattern) {
    if (subject.namespace().equals(ROOT_NAMESPACE) || !rule.workloadSelector().isEmpty()) {
      return;
    }
    Set<String> own = new HashSet<>();
    rule.subsets().forEach(subset -> own.add(subset.name()));
    List<String> candidates =
        pattern.startsWith("*")
            ? policies.ruleHosts().stream().filter(host -> Hosts.matches(pattern, host)).toList()
            : List.of(pattern);
    for (String host : candidates) {
      if (!host.equals(pattern) && hasOwn(subject.namespace(), host)) {
        continue;
      }
      for (Subject other : policies.rulesOn(host)) {
        DestinationRule theirs = (DestinationRule) other.spec();
        if (other.namespace().equals(subject.namespace())
            || !other.namespace().equals(services.namespaceOf(host))
            || !other.isSeenFrom(subject.namespace(), theirs.exportTo())) {
          continue;
        }
        Set<String> lost = new TreeSet<>();
        theirs.subsets().forEach(subset -> lost.add(subset.name()));
        lost.removeAll(own);
        if (!lost.isEmpty()) {
          report.add(
              MessageCode.RULE_HIDDEN,
              "spec.host",
              "for callers in the namespace "
                  + subject.namespace()
                  + " this rule takes the place of "
                  + other.ref().qualifiedName()
                  + ", and there "
                  + host
                  + " has no subset "
                  + Quoting.list(lost)
                  + ": calls to it fail with 503",
              "define these subsets here too, or keep this rule from "
                  + host
                  + (pattern.startsWith("*") ? " by a narrower host" : ""));
        }
      }
    }
  }

  /** Whether a namespace has a rule on just this host. */
  private boolean hasOwn(String namespace, String host) {
    return policies.rulesOn(host).stream().anyMatch(each -> each.namespace().equals(namespace));
  }

  static String shown(Map<String, String> labels) {
    return labels.isEmpty()
        ? "none"
        : Quoting.list(
            labels.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .sorted()
                .toList());
  }
}
