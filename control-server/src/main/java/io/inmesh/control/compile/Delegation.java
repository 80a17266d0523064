package io.inmesh.control.compile;

import io.inmesh.control.registry.StoredPolicy;
import io.inmesh.policy.Delegate;
import io.inmesh.policy.Destination;
import io.inmesh.policy.Hosts;
import io.inmesh.policy.HttpMatch;
import io.inmesh.policy.HttpRoute;
import io.inmesh.policy.Mirror;
import io.inmesh.policy.RouteDestination;
import io.inmesh.policy.StringMatch;
import io.inmesh.policy.VirtualService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts the rules that a VirtualService delegates to in the delegating rules' place.
 *
 * <p>As Istio does it: a delegate's match holds together with each of the root's that it does not
 * contradict; a rule of which a match contradicts all of them is dropped, and so is a rule whose
 * delegate is missing. What the delegate's rule does not say, the root's does.
 */
final class Delegation {
  /** The rules that count, in order. */
  static List<PlacedRule> rules(StoredPolicy root, PolicyIndex policies) {
    return all(root, policies).stream().filter(PlacedRule::counts).toList();
  }

  /** The rules in order, those included that are dropped. */
  static List<PlacedRule> all(StoredPolicy root, PolicyIndex policies) {
    List<PlacedRule> rules = new ArrayList<>();
    List<HttpRoute> written = ((VirtualService) root.spec()).http();
    for (int i = 0; i < written.size(); i++) {
      HttpRoute route = withFullNames(written.get(i), root.namespace());
      String place = "http[" + i + "]";
      Delegate delegate = route.delegate();
      if (delegate == null) {
        rules.add(new PlacedRule(place, route, ""));
        continue;
      }
      Optional<StoredPolicy> child = policies.delegate(delegate, root);
      if (child.isEmpty()) {
        rules.add(
            new PlacedRule(place, route, "there is no " + name(delegate, root) + " that it sees"));
      } else {
        addAll(rules, place, route, child.get());
      }
    }
    return rules;
  }

  private static String name(Delegate delegate, StoredPolicy root) {
    String namespace = delegate.namespace() == null ? root.namespace() : delegate.namespace();
    return "delegate " + namespace + "/" + delegate.name();
  }

  private static void addAll(
      List<PlacedRule> rules, String place, HttpRoute route, StoredPolicy child) {
    List<HttpRoute> written = ((VirtualService) child.spec()).http();
    for (int i = 0; i < written.size(); i++) {
      HttpRoute inner = withFullNames(written.get(i), child.namespace());
      String innerPlace =
          place + " > " + child.namespace() + "/" + child.name() + " http[" + i + "]";
      HttpRoute merged = merge(route, inner);
      rules.add(
          merged == null
              ? new PlacedRule(
                  innerPlace,
                  inner,
                  inner.delegate() == null
                      ? "a match of it contradicts the rule that delegates to it"
                      : "a delegate cannot delegate")
              : new PlacedRule(innerPlace, merged, ""));
    }
  }

  private static HttpRoute withFullNames(HttpRoute route, String namespace) {
    return new HttpRoute(
        route.name(),
        route.match(),
        route.route().stream()
            .map(
                each ->
                    new RouteDestination(
                        withFullName(each.destination(), namespace), each.weight(), each.headers()))
            .toList(),
        route.redirect(),
        route.directResponse(),
        route.delegate(),
        route.rewrite(),
        route.timeout(),
        route.retries(),
        route.fault(),
        route.mirrors().stream()
            .map(each -> new Mirror(withFullName(each.destination(), namespace), each.percent()))
            .toList(),
        route.corsPolicy(),
        route.headers());
  }

  private static Destination withFullName(Destination destination, String namespace) {
    return new Destination(
        Hosts.fqdn(destination.host(), namespace), destination.subset(), destination.port());
  }

  private static @Nullable HttpRoute merge(HttpRoute root, HttpRoute inner) {
    List<HttpMatch> matches = matches(root.match(), inner.match());
    if (inner.delegate() != null || matches == null) {
      return null;
    }
    return new HttpRoute(
        joined(root.name(), inner.name()),
        matches,
        inner.route(),
        inner.redirect(),
        orElse(inner.directResponse(), root.directResponse()),
        null,
        orElse(inner.rewrite(), root.rewrite()),
        orElse(inner.timeout(), root.timeout()),
        orElse(inner.retries(), root.retries()),
        orElse(inner.fault(), root.fault()),
        inner.mirrors().isEmpty() ? root.mirrors() : inner.mirrors(),
        orElse(inner.corsPolicy(), root.corsPolicy()),
        orElse(inner.headers(), root.headers()));
  }

  private static String joined(String root, String inner) {
    return root.isEmpty() || inner.isEmpty() ? root + inner : root + "-" + inner;
  }

  private static <T> @Nullable T orElse(@Nullable T own, @Nullable T other) {
    return own == null ? other : own;
  }

  /** Null when they contradict each other. */
  private static @Nullable List<HttpMatch> matches(List<HttpMatch> root, List<HttpMatch> inner) {
    if (root.isEmpty() || inner.isEmpty()) {
      return root.isEmpty() ? inner : root;
    }
    List<HttpMatch> both = new ArrayList<>();
    for (HttpMatch match : inner) {
      int before = both.size();
      for (HttpMatch outer : root) {
        if (!contradict(outer, match)) {
          both.add(both(outer, match));
        }
      }
      if (both.size() == before) {
        return null;
      }
    }
    return both;
  }

  private static HttpMatch both(HttpMatch root, HttpMatch inner) {
    return new HttpMatch(
        joined(root.name(), inner.name()),
        orElse(inner.uri(), root.uri()),
        root.ignoreUriCase() || inner.ignoreUriCase(),
        orElse(inner.method(), root.method()),
        orElse(inner.scheme(), root.scheme()),
        orElse(inner.authority(), root.authority()),
        merged(root.headers(), inner.headers()),
        merged(root.withoutHeaders(), inner.withoutHeaders()),
        merged(root.queryParams(), inner.queryParams()),
        inner.port() == 0 ? root.port() : inner.port(),
        merged(root.sourceLabels(), inner.sourceLabels()),
        inner.sourceNamespace().isEmpty() ? root.sourceNamespace() : inner.sourceNamespace(),
        inner.gateways().isEmpty() ? root.gateways() : inner.gateways(),
        inner.statPrefix().isEmpty() ? root.statPrefix() : inner.statPrefix());
  }

  private static <T> Map<String, T> merged(Map<String, T> root, Map<String, T> inner) {
    Map<String, T> both = new HashMap<>(root);
    both.putAll(inner);
    return both;
  }

  private static boolean contradict(HttpMatch root, HttpMatch inner) {
    return contradict(root.uri(), inner.uri())
        || contradict(root.method(), inner.method())
        || contradict(root.scheme(), inner.scheme())
        || contradict(root.authority(), inner.authority())
        || contradict(root.headers(), inner.headers())
        || contradict(root.withoutHeaders(), inner.withoutHeaders())
        || contradict(root.queryParams(), inner.queryParams())
        || root.ignoreUriCase() != inner.ignoreUriCase()
        || (root.port() != 0 && inner.port() != 0 && root.port() != inner.port())
        || (!root.sourceNamespace().isEmpty()
            && !inner.sourceNamespace().isEmpty()
            && !root.sourceNamespace().equals(inner.sourceNamespace()))
        || inner.sourceLabels().entrySet().stream()
            .anyMatch(
                label ->
                    root.sourceLabels().containsKey(label.getKey())
                        && !Objects.equals(
                            root.sourceLabels().get(label.getKey()), label.getValue()))
        || (!root.gateways().isEmpty()
            && !inner.gateways().isEmpty()
            && !root.gateways().containsAll(inner.gateways()));
  }

  private static boolean contradict(Map<String, StringMatch> root, Map<String, StringMatch> inner) {
    return inner.entrySet().stream()
        .anyMatch(entry -> contradict(root.get(entry.getKey()), entry.getValue()));
  }

  /** Whether there are strings that the inner one matches and the root does not. */
  private static boolean contradict(@Nullable StringMatch root, @Nullable StringMatch inner) {
    if (root == null
        || inner == null
        || root instanceof StringMatch.Present
        || inner instanceof StringMatch.Present) {
      return false;
    }
    if (root instanceof StringMatch.Regex || inner instanceof StringMatch.Regex) {
      return true; // nobody can say which is the wider one
    }
    if (root instanceof StringMatch.Exact exact) {
      return !exact.equals(inner);
    }
    String prefix = ((StringMatch.Prefix) root).value();
    return inner instanceof StringMatch.Exact exact
        ? !exact.value().startsWith(prefix)
        : !((StringMatch.Prefix) inner).value().startsWith(prefix);
  }

  private Delegation() {}
}
