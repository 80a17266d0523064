package io.inmesh.xds;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.inmesh.engine.model.HeaderMatcher;
import io.inmesh.engine.model.QueryParameterMatcher;
import io.inmesh.engine.model.RetryCondition;
import io.inmesh.engine.model.RetryPolicy;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.model.RouteConfiguration;
import io.inmesh.engine.model.RouteMatch;
import io.inmesh.engine.model.StringMatcher;
import io.inmesh.engine.model.VirtualHost;
import io.inmesh.engine.model.WeightedCluster;
import io.inmesh.shaded.envoy.config.route.v3.RouteAction;
import io.inmesh.shaded.envoy.type.matcher.v3.RegexMatcher;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Envoy's RouteConfiguration to ours.
 *
 * <p>Skipped, because they change nothing about a call: {@code validate_clusters} (a cluster that
 * is missing answers 503 NC), {@code metadata} and {@code decorator} (names for consoles and
 * spans), {@code stat_prefix}, {@code ignore_port_in_host_matching} (we always try both), {@code
 * max_direct_response_body_size_bytes}, {@code include_request_attempt_count}, and {@code priority
 * DEFAULT}.
 */
final class RouteParser {
  private static final String PREVIOUS_HOSTS = "envoy.retry_host_predicates.previous_hosts";

  static RouteConfiguration parse(
      io.inmesh.shaded.envoy.config.route.v3.RouteConfiguration message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder()
            .clearName()
            .clearVirtualHosts()
            .clearValidateClusters()
            .clearIgnorePortInHostMatching()
            .clearMaxDirectResponseBodySizeBytes()
            .clearMetadata()
            .build(),
        path);
    List<VirtualHost> hosts = new ArrayList<>();
    Set<String> domains = new HashSet<>();
    for (int i = 0; i < message.getVirtualHostsCount(); i++) {
      String hostPath = at(path, "virtual_hosts", i);
      VirtualHost host = host(message.getVirtualHosts(i), hostPath);
      for (String domain : host.domains()) {
        if (!domains.add(domain.toLowerCase(Locale.ROOT))) {
          throw new RejectedException(hostPath + ".domains", "'" + domain + "' is there twice");
        }
      }
      hosts.add(host);
    }
    return new RouteConfiguration(message.getName(), hosts);
  }

  private static VirtualHost host(
      io.inmesh.shaded.envoy.config.route.v3.VirtualHost message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder()
            .clearName()
            .clearDomains()
            .clearRoutes()
            .clearMetadata()
            .clearIncludeRequestAttemptCount()
            .build(),
        path);
    if (message.getDomainsCount() == 0) {
      throw new RejectedException(path + ".domains", "at least one domain is needed");
    }
    for (int i = 0; i < message.getDomainsCount(); i++) {
      String domain = message.getDomains(i);
      int star = domain.indexOf('*');
      boolean edge = star <= 0 || star == domain.length() - 1;
      if (domain.isEmpty() || !edge || star != domain.lastIndexOf('*')) {
        throw new RejectedException(
            at(path, "domains", i), "'" + domain + "': one * is allowed, at the start or the end");
      }
    }
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < message.getRoutesCount(); i++) {
      routes.add(route(message.getRoutes(i), at(path, "routes", i)));
    }
    return new VirtualHost(message.getName(), message.getDomainsList(), routes);
  }

  private static Route route(io.inmesh.shaded.envoy.config.route.v3.Route message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder()
            .clearName()
            .clearMatch()
            .clearRoute()
            .clearMetadata()
            .clearDecorator()
            .clearStatPrefix()
            .build(),
        path);
    if (!message.hasRoute()) {
      throw new RejectedException(path + ".route", "is missing: other actions are not supported");
    }
    RouteAction action = message.getRoute();
    String actionPath = path + ".route";
    FieldGuard.requireNothingLeft(
        action.toBuilder()
            .clearCluster()
            .clearWeightedClusters()
            .clearRetryPolicy()
            .clearPriority()
            .build(),
        actionPath);
    if (action.getPriorityValue() != 0) {
      throw new RejectedException(actionPath + ".priority", "HIGH is not supported");
    }
    return new Route(
        message.getName(),
        match(message.getMatch(), path + ".match"),
        clusters(action, actionPath),
        action.hasRetryPolicy()
            ? retryPolicy(action.getRetryPolicy(), actionPath + ".retry_policy")
            : RetryPolicy.NONE);
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
      var cluster = weighted.getClusters(i);
      String clusterPath = at(weightedPath, "clusters", i);
      FieldGuard.requireNothingLeft(
          cluster.toBuilder().clearName().clearWeight().build(), clusterPath);
      requireName(cluster.getName(), clusterPath + ".name");
      int weight = cluster.getWeight().getValue();
      if (weight < 0) {
        throw new RejectedException(clusterPath + ".weight", "does not fit into 31 bits");
      }
      total += weight;
      clusters.add(new WeightedCluster(cluster.getName(), weight));
    }
    if (total < 1 || total > Integer.MAX_VALUE) {
      throw new RejectedException(weightedPath, "the weights add up to " + total);
    }
    return clusters;
  }

  private static void requireName(String cluster, String path) throws RejectedException {
    if (cluster.isEmpty()) {
      throw new RejectedException(path, "is empty");
    }
  }

  private static RouteMatch match(
      io.inmesh.shaded.envoy.config.route.v3.RouteMatch message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder()
            .clearPrefix()
            .clearPath()
            .clearSafeRegex()
            .clearCaseSensitive()
            .clearHeaders()
            .clearQueryParameters()
            .build(),
        path);
    boolean ignoreCase = message.hasCaseSensitive() && !message.getCaseSensitive().getValue();
    StringMatcher pathMatcher =
        switch (message.getPathSpecifierCase()) {
          case PREFIX -> new StringMatcher.Prefix(message.getPrefix(), ignoreCase);
          case PATH -> new StringMatcher.Exact(message.getPath(), ignoreCase);
          case SAFE_REGEX -> regex(message.getSafeRegex(), path + ".safe_regex");
          default -> throw new RejectedException(path, "a prefix, path or safe_regex is needed");
        };
    List<HeaderMatcher> headers = new ArrayList<>();
    for (int i = 0; i < message.getHeadersCount(); i++) {
      headers.add(header(message.getHeaders(i), at(path, "headers", i)));
    }
    List<QueryParameterMatcher> parameters = new ArrayList<>();
    for (int i = 0; i < message.getQueryParametersCount(); i++) {
      parameters.add(parameter(message.getQueryParameters(i), at(path, "query_parameters", i)));
    }
    return new RouteMatch(pathMatcher, headers, parameters);
  }

  private static HeaderMatcher header(
      io.inmesh.shaded.envoy.config.route.v3.HeaderMatcher message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder()
            .clearName()
            .clearStringMatch()
            .clearPresentMatch()
            .clearInvertMatch()
            .clearTreatMissingHeaderAsEmpty()
            .build(),
        path);
    if (message.getName().isEmpty()) {
      throw new RejectedException(path + ".name", "is empty");
    }
    if (message.getTreatMissingHeaderAsEmpty() && !message.hasStringMatch()) {
      throw new RejectedException(
          path + ".treat_missing_header_as_empty", "is only supported with string_match");
    }
    boolean invert = message.getInvertMatch();
    StringMatcher value;
    if (message.hasStringMatch()) {
      value = string(message.getStringMatch(), path + ".string_match");
    } else if (message.hasPresentMatch()) {
      value = new StringMatcher.Present();
      invert ^= !message.getPresentMatch();
    } else {
      value = new StringMatcher.Present();
    }
    return new HeaderMatcher(
        message.getName().toLowerCase(Locale.ROOT),
        value,
        invert,
        message.getTreatMissingHeaderAsEmpty());
  }

  private static QueryParameterMatcher parameter(
      io.inmesh.shaded.envoy.config.route.v3.QueryParameterMatcher message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder().clearName().clearStringMatch().clearPresentMatch().build(), path);
    if (message.hasPresentMatch() && !message.getPresentMatch()) {
      throw new RejectedException(path + ".present_match", "false is not supported");
    }
    return new QueryParameterMatcher(
        message.getName(),
        message.hasStringMatch()
            ? string(message.getStringMatch(), path + ".string_match")
            : new StringMatcher.Present());
  }

  private static StringMatcher string(
      io.inmesh.shaded.envoy.type.matcher.v3.StringMatcher message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder().clearExact().clearPrefix().clearSafeRegex().clearIgnoreCase().build(),
        path);
    boolean ignoreCase = message.getIgnoreCase();
    return switch (message.getMatchPatternCase()) {
      case EXACT -> new StringMatcher.Exact(message.getExact(), ignoreCase);
      case PREFIX -> new StringMatcher.Prefix(message.getPrefix(), ignoreCase);
      case SAFE_REGEX -> regex(message.getSafeRegex(), path + ".safe_regex");
      default -> throw new RejectedException(path, "exact, prefix or safe_regex is needed");
    };
  }

  @SuppressWarnings("deprecation")
  private static StringMatcher regex(RegexMatcher message, String path) throws RejectedException {
    // google_re2 only names the engine, which is the only one there is.
    FieldGuard.requireNothingLeft(message.toBuilder().clearRegex().clearGoogleRe2().build(), path);
    try {
      // Envoy ignores case_sensitive for a regex: the pattern says itself what it means.
      return new StringMatcher.Regex(Pattern.compile(message.getRegex()));
    } catch (PatternSyntaxException e) {
      throw new RejectedException(path + ".regex", String.valueOf(e.getMessage()));
    }
  }

  private static RetryPolicy retryPolicy(
      io.inmesh.shaded.envoy.config.route.v3.RetryPolicy message, String path)
      throws RejectedException {
    FieldGuard.requireNothingLeft(
        message.toBuilder()
            .clearRetryOn()
            .clearNumRetries()
            .clearRetryHostPredicate()
            .clearHostSelectionRetryMaxAttempts()
            .build(),
        path);
    Set<RetryCondition> conditions = EnumSet.noneOf(RetryCondition.class);
    for (String word : message.getRetryOn().split(",", -1)) {
      if (!word.isBlank()) {
        conditions.add(condition(word.trim(), path + ".retry_on"));
      }
    }
    boolean avoidPrevious = false;
    for (int i = 0; i < message.getRetryHostPredicateCount(); i++) {
      String predicatePath = at(path, "retry_host_predicate", i);
      var predicate = message.getRetryHostPredicate(i);
      if (!predicate.getName().equals(PREVIOUS_HOSTS)) {
        throw new RejectedException(
            predicatePath, "'" + predicate.getName() + "' is not supported");
      }
      FieldGuard.requireNothingLeft(
          predicate.toBuilder().clearName().clearTypedConfig().build(), predicatePath);
      // The predicate has no settings; whatever is in there is from a newer version of it.
      if (!predicate.getTypedConfig().getValue().isEmpty()) {
        throw new RejectedException(predicatePath + ".typed_config", "must be empty");
      }
      avoidPrevious = true;
    }
    int retries = message.hasNumRetries() ? message.getNumRetries().getValue() : 1;
    if (retries < 0) {
      throw new RejectedException(path + ".num_retries", "does not fit into 31 bits");
    }
    long again = Math.max(1, message.getHostSelectionRetryMaxAttempts());
    return new RetryPolicy(conditions, retries, avoidPrevious ? (int) Math.min(again, 100) : 0);
  }

  private static RetryCondition condition(String word, String path) throws RejectedException {
    return switch (word) {
      case "connect-failure" -> RetryCondition.CONNECT_FAILURE;
      case "refused-stream" -> RetryCondition.REFUSED_STREAM;
      case "unavailable" -> RetryCondition.UNAVAILABLE;
      case "cancelled" -> RetryCondition.CANCELLED;
      default -> throw new RejectedException(path, "'" + word + "' is not supported");
    };
  }

  static String at(String path, String field, int index) {
    return (path.isEmpty() ? "" : path + ".") + field + "[" + index + "]";
  }

  private RouteParser() {}
}
