package io.inmesh.control.compile;

import io.inmesh.policy.Destination;
import io.inmesh.policy.HeaderOperations;
import io.inmesh.policy.HttpRoute;
import io.inmesh.policy.LoadBalancer;
import io.inmesh.policy.Mirror;
import io.inmesh.policy.Rewrite;
import io.inmesh.policy.RouteDestination;
import io.inmesh.policy.Subset;
import io.inmesh.policy.TrafficPolicy;
import io.inmesh.shaded.envoy.config.core.v3.RuntimeFractionalPercent;
import io.inmesh.shaded.envoy.config.route.v3.RouteAction;
import io.inmesh.shaded.envoy.config.route.v3.RouteAction.HashPolicy;
import io.inmesh.shaded.envoy.config.route.v3.WeightedCluster;
import io.inmesh.shaded.envoy.type.matcher.v3.RegexMatchAndSubstitute;
import io.inmesh.shaded.protobuf.BoolValue;
import io.inmesh.xds.Names;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where a rule sends calls, and how, as Envoy's RouteAction; all but its retries. */
final class ForwardCompiler {
  private final Function<Destination, String> clusters;
  private final Function<String, PolicyIndex.Rule> rules;

  /**
   * @param clusters the cluster of a destination
   * @param rules what DestinationRules say about a host
   */
  ForwardCompiler(
      Function<Destination, String> clusters, Function<String, PolicyIndex.Rule> rules) {
    this.clusters = clusters;
    this.rules = rules;
  }

  /** To a service that no VirtualService is about. */
  RouteAction toService(String host, int port) {
    RouteAction.Builder action =
        timeout(RouteAction.newBuilder(), Duration.ZERO).setCluster(Names.outbound(port, "", host));
    hash(action, rules.apply(host), "", port);
    RetryCompiler.compile(null, action.getHashPolicyCount() > 0).ifPresent(action::setRetryPolicy);
    return action.build();
  }

  RouteAction.Builder action(HttpRoute rule) {
    RouteAction.Builder action = RouteAction.newBuilder();
    timeout(action, rule.timeout() == null ? Duration.ZERO : rule.timeout());
    String host = rule.headers() == null ? "" : HeaderCompiler.host(rule.headers().request());
    Rewrite rewrite = rule.rewrite();
    if (rewrite != null) {
      rewrite(action, rewrite);
      host = rewrite.authority() == null ? host : rewrite.authority();
    }
    if (!host.isEmpty()) {
      action.setHostRewriteLiteral(host);
    }
    destinations(action, rule.route());
    for (RouteDestination destination : rule.route()) {
      Destination to = destination.destination();
      hash(
          action,
          rules.apply(to.host()),
          to.subset() == null ? "" : to.subset(),
          // As in Istio settings of a port count only where the destination names it.
          to.port());
    }
    for (Mirror mirror : rule.mirrors()) {
      action.addRequestMirrorPolicies(mirror(mirror));
    }
    return action;
  }

  /** Zero is none, here and for what a gRPC call may ask for itself. */
  private static RouteAction.Builder timeout(RouteAction.Builder action, Duration timeout) {
    return action
        .setTimeout(Wire.duration(timeout))
        .setMaxStreamDuration(
            RouteAction.MaxStreamDuration.newBuilder()
                .setGrpcTimeoutHeaderMax(Wire.duration(timeout)));
  }

  private static void rewrite(RouteAction.Builder action, Rewrite rewrite) {
    Rewrite.UriRegexRewrite regex = rewrite.uriRegexRewrite();
    if (regex != null) {
      action.setRegexRewrite(
          RegexMatchAndSubstitute.newBuilder()
              .setPattern(MatchCompiler.regex(regex.match()))
              .setSubstitution(regex.rewrite()));
    } else if (rewrite.uri() != null) {
      action.setPrefixRewrite(rewrite.uri());
    }
  }

  private void destinations(RouteAction.Builder action, List<RouteDestination> destinations) {
    if (destinations.size() == 1) {
      RouteDestination only = destinations.get(0);
      action.setCluster(clusters.apply(only.destination()));
      String host = HeaderCompiler.host(only.headers().request());
      if (action.getHostRewriteLiteral().isEmpty() && !host.isEmpty()) {
        action.setHostRewriteLiteral(host);
      }
      return;
    }
    WeightedCluster.Builder weighted = WeightedCluster.newBuilder();
    for (RouteDestination destination : destinations) {
      HeaderOperations headers = destination.headers();
      WeightedCluster.ClusterWeight.Builder share =
          WeightedCluster.ClusterWeight.newBuilder()
              .setName(clusters.apply(destination.destination()))
              // A weight of 0 stays: its cluster is then warm when the weight rises.
              .setWeight(Wire.number(destination.weight()))
              .addAllRequestHeadersToAdd(HeaderCompiler.values(headers.request()))
              .addAllRequestHeadersToRemove(HeaderCompiler.removals(headers.request()))
              .addAllResponseHeadersToAdd(HeaderCompiler.values(headers.response()))
              .addAllResponseHeadersToRemove(HeaderCompiler.removals(headers.response()));
      String host = HeaderCompiler.host(headers.request());
      if (!host.isEmpty()) {
        // The route's own comes after it and wins; this one is what x-envoy-original-host tells.
        share.setHostRewriteLiteral(host);
      }
      weighted.addClusters(share);
    }
    action.setWeightedClusters(weighted);
  }

  private static void hash(
      RouteAction.Builder action, PolicyIndex.Rule rule, String subset, int port) {
    Subset part = rule.subsets().get(subset);
    LoadBalancer.HashKey key = part == null ? null : key(part.trafficPolicy(), port);
    if (key == null) {
      key = key(rule.policy(), port);
    }
    if (key != null) {
      action.addHashPolicy(hashPolicy(key));
    }
  }

  /** Of the port, else of all ports. */
  private static LoadBalancer.@Nullable HashKey key(@Nullable TrafficPolicy policy, int port) {
    if (policy == null) {
      return null;
    }
    TrafficPolicy own = policy.ports().get(port);
    LoadBalancer.HashKey key = own == null ? null : key(own.loadBalancer());
    return key == null ? key(policy.loadBalancer()) : key;
  }

  private static LoadBalancer.@Nullable HashKey key(@Nullable LoadBalancer balancer) {
    return balancer != null && balancer.algorithm() instanceof LoadBalancer.ConsistentHash hash
        ? hash.key()
        : null;
  }

  private static HashPolicy hashPolicy(LoadBalancer.HashKey key) {
    HashPolicy.Builder policy = HashPolicy.newBuilder();
    if (key instanceof LoadBalancer.HeaderKey header) {
      policy.setHeader(HashPolicy.Header.newBuilder().setHeaderName(header.name()));
    } else if (key instanceof LoadBalancer.CookieKey cookie) {
      policy.setCookie(cookie(cookie));
    } else if (key instanceof LoadBalancer.QueryParameterKey parameter) {
      policy.setQueryParameter(HashPolicy.QueryParameter.newBuilder().setName(parameter.name()));
    } else {
      policy.setConnectionProperties(
          HashPolicy.ConnectionProperties.newBuilder().setSourceIp(true));
    }
    return policy.build();
  }

  private static HashPolicy.Cookie cookie(LoadBalancer.CookieKey key) {
    HashPolicy.Cookie.Builder cookie =
        HashPolicy.Cookie.newBuilder().setName(key.name()).setPath(key.path());
    if (key.ttl() != null) {
      cookie.setTtl(Wire.duration(key.ttl()));
    }
    for (LoadBalancer.CookieAttribute attribute : key.attributes()) {
      cookie.addAttributes(
          RouteAction.HashPolicy.CookieAttribute.newBuilder()
              .setName(attribute.name())
              .setValue(attribute.value()));
    }
    return cookie.build();
  }

  private RouteAction.RequestMirrorPolicy mirror(Mirror mirror) {
    return RouteAction.RequestMirrorPolicy.newBuilder()
        .setCluster(clusters.apply(mirror.destination()))
        .setRuntimeFraction(
            RuntimeFractionalPercent.newBuilder().setDefaultValue(Wire.share(mirror.percent())))
        .setTraceSampled(BoolValue.of(false))
        .setDisableShadowHostSuffixAppend(true)
        .build();
  }
}
