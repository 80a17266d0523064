package io.inmesh.xds;

import io.inmesh.engine.model.HashPolicy;
import io.inmesh.engine.model.Mirror;
import io.inmesh.engine.model.PathRewrite;
import io.inmesh.engine.model.Percentage;
import io.inmesh.engine.model.RetryPolicy;
import io.inmesh.engine.model.WeightedCluster;
import io.inmesh.shaded.envoy.config.route.v3.RouteAction;
import io.inmesh.shaded.envoy.type.matcher.v3.RegexMatchAndSubstitute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's RouteAction: where calls are sent, and how.
 *
 * <p>Skipped, because they change nothing about a call: {@code priority DEFAULT}, and of a mirror
 * {@code trace_sampled}.
 */
final class RouteActionParser {
  /** Envoy's default. */
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  static io.inmesh.engine.model.RouteAction.Forward parse(
      RouteAction action, RetryPolicy retriesOfHost, String path) throws RejectedException {
    @SuppressWarnings("deprecation") // istiod still sends max_grpc_timeout
    RouteAction rest =
        action.toBuilder()
            .clearCluster()
            .clearWeightedClusters()
            .clearPrefixRewrite()
            .clearRegexRewrite()
            .clearHostRewriteLiteral()
            .clearTimeout()
            .clearMaxStreamDuration()
            .clearMaxGrpcTimeout()
            .clearRetryPolicy()
            .clearHashPolicy()
            .clearRequestMirrorPolicies()
            .clearPriority()
            .build();
    FieldGuard.requireNothingLeft(rest, path);
    if (action.getPriorityValue() != 0) {
      throw new RejectedException(path + ".priority", "HIGH is not supported");
    }
    Duration timeout =
        action.hasTimeout() ? Durations.parse(action.getTimeout(), path + ".timeout") : TIMEOUT;
    return new io.inmesh.engine.model.RouteAction.Forward(
        clusters(action, path),
        rewrite(action, path),
        action.getHostRewriteLiteral(),
        timeout,
        grpcTimeoutLimit(action, timeout, path),
        action.hasRetryPolicy()
            ? RetryPolicyParser.parse(action.getRetryPolicy(), path + ".retry_policy")
            : retriesOfHost,
        hashPolicies(action, path),
        mirrors(action, path));
  }

  private static List<WeightedCluster> clusters(RouteAction action, String path)
      throws RejectedException {
    if (action.hasCluster()) {
      requireName(action.getCluster(), path + ".cluster");
      return List.of(new WeightedCluster(action.getCluster(), 1));
    }
    if (!action.hasWeightedClusters()) {
      throw new RejectedException(path, "neither cluster nor weighted_clusters is set");
    }
    String weightedPath = path + ".weighted_clusters";
    var weighted = action.getWeightedClusters();
    FieldGuard.requireNothingLeft(weighted.toBuilder().clearClusters().build(), weightedPath);
    List<WeightedCluster> clusters = new ArrayList<>();
    long total = 0;
    for (int i = 0; i < weighted.getClustersCount(); i++) {
      WeightedCluster cluster =
          weightedCluster(weighted.getClusters(i), RouteParser.at(weightedPath, "clusters", i));
      total += cluster.weight();
      clusters.add(cluster);
    }
    if (total < 1 || total > Integer.MAX_VALUE) {
      throw new RejectedException(weightedPath, "the weights add up to " + total);
    }
    return clusters;
  }

  private static WeightedCluster weightedCluster(
      io.inmesh.shaded.envoy.config.route.v3.WeightedCluster.ClusterWeight message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder()
            .clearName()
            .clearWeight()
            .clearRequestHeadersToAdd()
            .clearRequestHeadersToRemove()
            .clearResponseHeadersToAdd()
            .clearResponseHeadersToRemove()
            .clearHostRewriteLiteral()
            .build(),
        path);
    requireName(message.getName(), path + ".name");
    int weight = message.getWeight().getValue();
    if (weight < 0) {
      throw new RejectedException(path + ".weight", "does not fit into 31 bits");
    }
    return new WeightedCluster(
        message.getName(),
        weight,
        HeaderMutationsParser.request(
            message.getRequestHeadersToAddList(), message.getRequestHeadersToRemoveList(), path),
        HeaderMutationsParser.response(
            message.getResponseHeadersToAddList(), message.getResponseHeadersToRemoveList(), path),
        message.getHostRewriteLiteral());
  }

  private static void requireName(String cluster, String path) throws RejectedException {
    if (cluster.isEmpty()) {
      throw new RejectedException(path, "is empty");
    }
  }

  private static PathRewrite rewrite(RouteAction action, String path) throws RejectedException {
    if (!action.hasRegexRewrite()) {
      return action.getPrefixRewrite().isEmpty()
          ? PathRewrite.None.INSTANCE
          : new PathRewrite.Matched(action.getPrefixRewrite());
    }
    String regexPath = path + ".regex_rewrite";
    if (!action.getPrefixRewrite().isEmpty()) {
      throw new RejectedException(regexPath, "cannot be together with prefix_rewrite");
    }
    RegexMatchAndSubstitute message = action.getRegexRewrite();
    FieldGuard.requireNothingLeft(
        message.toBuilder().clearPattern().clearSubstitution().build(), regexPath);
    var pattern = RouteMatchParser.pattern(message.getPattern(), regexPath + ".pattern");
    requireGroups(message.getSubstitution(), pattern.groupCount(), regexPath + ".substitution");
    return new PathRewrite.Regex(pattern, message.getSubstitution());
  }

  /** As RE2's CheckRewriteString: a backslash stands before a digit of a group or another one. */
  private static void requireGroups(String substitution, int groups, String path)
      throws RejectedException {
    for (int i = substitution.indexOf('\\'); i >= 0; i = substitution.indexOf('\\', i + 2)) {
      char next = i + 1 < substitution.length() ? substitution.charAt(i + 1) : ' ';
      if (next == '\\') {
        continue;
      }
      if (next < '0' || next > '9' || next - '0' > groups) {
        throw new RejectedException(
            path,
            "'" + substitution + "': \\ needs a group's digit up to " + groups + ", or another \\");
      }
    }
  }

  /** Null where nothing says that {@code grpc-timeout} is heeded. */
  @SuppressWarnings("deprecation")
  private static @Nullable Duration grpcTimeoutLimit(
      RouteAction action, Duration timeout, String path) throws RejectedException {
    Duration limit =
        action.hasMaxGrpcTimeout()
            ? Durations.parse(action.getMaxGrpcTimeout(), path + ".max_grpc_timeout")
            : null;
    if (!action.hasMaxStreamDuration()) {
      return limit;
    }
    String streamPath = path + ".max_stream_duration";
    var stream = action.getMaxStreamDuration();
    FieldGuard.requireNothingLeft(
        stream.toBuilder().clearMaxStreamDuration().clearGrpcTimeoutHeaderMax().build(),
        streamPath);
    Duration longest =
        Durations.parse(stream.getMaxStreamDuration(), streamPath + ".max_stream_duration");
    if (!longest.isZero() && (timeout.isZero() || timeout.compareTo(longest) > 0)) {
      throw new RejectedException(
          streamPath + ".max_stream_duration", "below the route's timeout is not supported");
    }
    return stream.hasGrpcTimeoutHeaderMax()
        ? Durations.parse(stream.getGrpcTimeoutHeaderMax(), streamPath + ".grpc_timeout_header_max")
        : limit;
  }

  private static List<HashPolicy> hashPolicies(RouteAction action, String path)
      throws RejectedException {
    List<HashPolicy> policies = new ArrayList<>();
    for (int i = 0; i < action.getHashPolicyCount(); i++) {
      policies.add(hashPolicy(action.getHashPolicy(i), RouteParser.at(path, "hash_policy", i)));
    }
    return policies;
  }

  private static HashPolicy hashPolicy(RouteAction.HashPolicy message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder()
            .clearHeader()
            .clearCookie()
            .clearConnectionProperties()
            .clearQueryParameter()
            .build(),
        path);
    return switch (message.getPolicySpecifierCase()) {
      case HEADER -> {
        var header = message.getHeader();
        FieldGuard.requireNothingLeft(
            header.toBuilder().clearHeaderName().build(), path + ".header");
        yield new HashPolicy.Header(header.getHeaderName().toLowerCase(Locale.ROOT));
      }
      case COOKIE -> {
        var cookie = message.getCookie();
        FieldGuard.requireNothingLeft(
            cookie.toBuilder().clearName().clearTtl().clearPath().clearAttributes().build(),
            path + ".cookie");
        yield new HashPolicy.Cookie(
            cookie.getName(),
            cookie.hasTtl() ? Durations.parse(cookie.getTtl(), path + ".cookie.ttl") : null,
            cookie.getPath(),
            cookie.getAttributesList().stream()
                .map(
                    each ->
                        each.getValue().isEmpty()
                            ? each.getName()
                            : each.getName() + "=" + each.getValue())
                .toList());
      }
      case QUERY_PARAMETER -> {
        var parameter = message.getQueryParameter();
        FieldGuard.requireNothingLeft(
            parameter.toBuilder().clearName().build(), path + ".query_parameter");
        yield new HashPolicy.QueryParameter(parameter.getName());
      }
      case CONNECTION_PROPERTIES -> {
        if (!message.getConnectionProperties().getSourceIp()) {
          throw new RejectedException(path + ".connection_properties", "source_ip is needed");
        }
        FieldGuard.requireNothingLeft(
            message.getConnectionProperties().toBuilder().clearSourceIp().build(),
            path + ".connection_properties");
        yield new HashPolicy.SourceIp();
      }
      default -> throw new RejectedException(path, "says nothing to hash");
    };
  }

  private static List<Mirror> mirrors(RouteAction action, String path) throws RejectedException {
    List<Mirror> mirrors = new ArrayList<>();
    for (int i = 0; i < action.getRequestMirrorPoliciesCount(); i++) {
      var message = action.getRequestMirrorPolicies(i);
      String mirrorPath = RouteParser.at(path, "request_mirror_policies", i);
      FieldGuard.requireNothingLeft(
          message.toBuilder()
              .clearCluster()
              .clearRuntimeFraction()
              .clearTraceSampled()
              .clearDisableShadowHostSuffixAppend()
              .build(),
          mirrorPath);
      requireName(message.getCluster(), mirrorPath + ".cluster");
      if (!message.getDisableShadowHostSuffixAppend()) {
        throw new RejectedException(
            mirrorPath + ".disable_shadow_host_suffix_append", "only true is supported");
      }
      mirrors.add(
          new Mirror(
              message.getCluster(),
              message.hasRuntimeFraction()
                  ? Percentages.parse(
                      message.getRuntimeFraction(), mirrorPath + ".runtime_fraction")
                  : Percentage.ALL));
    }
    return mirrors;
  }

  private RouteActionParser() {}
}
