package io.inmesh.engine.explain;

import io.inmesh.engine.Explanation;
import io.inmesh.engine.Explanation.Way;
import io.inmesh.engine.model.CorsPolicy;
import io.inmesh.engine.model.FaultPolicy;
import io.inmesh.engine.model.HashPolicy;
import io.inmesh.engine.model.HeaderMutations;
import io.inmesh.engine.model.RetryCondition;
import io.inmesh.engine.model.RetryPolicy;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.model.RouteAction;
import io.inmesh.engine.model.StringMatcher;
import io.inmesh.engine.model.WeightedCluster;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the route that matched does with the call. */
final class RouteReport {
  /** The route's names, as trials have them, too. */
  static Map<String, Object> origin(Route route) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("name", route.name());
    if (!route.origin().config().isEmpty()) {
      report.put("config", route.origin().config());
    }
    if (!route.origin().rule().isEmpty()) {
      report.put("rule", route.origin().rule());
    }
    if (route.origin().match() >= 0) {
      report.put("match", route.origin().match());
    }
    return report;
  }

  static Map<String, Object> of(Explanation explanation) {
    Route route = Objects.requireNonNull(explanation.route());
    Map<String, Object> report = origin(route);
    if (!route.fault().equals(FaultPolicy.NONE)) {
      report.put("fault", fault(route.fault()));
    }
    Way first = explanation.ways().get(0);
    if (route.action() instanceof RouteAction.Redirect redirect) {
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("status", redirect.status());
      answer.put("location", first.location());
      report.put("redirect", answer);
    } else if (route.action() instanceof RouteAction.DirectResponse direct) {
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("status", direct.status());
      answer.put("body", direct.body());
      report.put("directResponse", answer);
    } else if (route.action() instanceof RouteAction.Forward forward) {
      report.put("timeout", first.timeout().isZero() ? "none" : Texts.of(first.timeout()));
      report.put("retries", retries(first));
      if (!forward.hashPolicies().isEmpty()) {
        report.put("hashesBy", forward.hashPolicies().stream().map(RouteReport::hash).toList());
      }
    }
    CorsPolicy cors = route.cors();
    if (cors != null) {
      report.put("cors", cors(cors, explanation));
    }
    responseHeaders(report, route);
    return report;
  }

  private static Map<String, Object> fault(FaultPolicy fault) {
    Map<String, Object> report = new LinkedHashMap<>();
    if (fault.delay() != null) {
      Map<String, Object> delay = new LinkedHashMap<>();
      delay.put("percent", Texts.percent(fault.delay().share()));
      delay.put("fixedDelay", Texts.of(fault.delay().duration()));
      report.put("delay", delay);
    }
    if (fault.abort() != null) {
      Map<String, Object> abort = new LinkedHashMap<>();
      abort.put("percent", Texts.percent(fault.abort().share()));
      if (fault.abort().grpcStatus() >= 0) {
        abort.put("grpcStatus", fault.abort().grpcStatus());
      } else {
        abort.put("httpStatus", fault.abort().httpStatus());
      }
      report.put("abort", abort);
    }
    return report;
  }

  private static Map<String, Object> retries(Way way) {
    RetryPolicy policy = way.retries();
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("attempts", policy.retries());
    if (policy.retries() == 0 || policy.conditions().isEmpty()) {
      return report;
    }
    report.put("retryOn", policy.conditions().stream().sorted().map(RetryCondition::text).toList());
    if (!policy.statusCodes().isEmpty()) {
      report.put("retriableStatusCodes", policy.statusCodes().stream().sorted().toList());
    }
    if (!way.perTryTimeout().isZero()) {
      report.put("perTryTimeout", Texts.of(way.perTryTimeout()));
    }
    report.put("backOffBase", Texts.of(policy.backOffBase()));
    report.put("backOffMax", Texts.of(policy.backOffMax()));
    report.put("avoidsPreviousHosts", policy.hostSelectionAttempts() > 0);
    return report;
  }

  private static String hash(HashPolicy policy) {
    if (policy instanceof HashPolicy.Header header) {
      return "header " + header.name();
    }
    if (policy instanceof HashPolicy.Cookie cookie) {
      String ttl = cookie.ttl() == null ? "" : " (ttl " + Texts.of(cookie.ttl()) + ")";
      return "cookie " + cookie.name() + ttl;
    }
    if (policy instanceof HashPolicy.QueryParameter parameter) {
      return "query parameter " + parameter.name();
    }
    return "source IP";
  }

  private static Map<String, Object> cors(CorsPolicy cors, Explanation explanation) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("allowOrigins", cors.allowOrigins().stream().map(RouteReport::text).toList());
    report.put("originAllowed", explanation.corsOrigin() != null);
    if (explanation.preflight() != null) {
      report.put("preflightAnswer", ExplanationReport.headers(explanation.preflight()));
    }
    return report;
  }

  private static String text(StringMatcher matcher) {
    if (matcher instanceof StringMatcher.Exact exact) {
      return exact.value();
    }
    if (matcher instanceof StringMatcher.Prefix prefix) {
      return prefix.value() + "*";
    }
    return matcher instanceof StringMatcher.Regex regex
        ? "regex " + regex.pattern().pattern()
        : "*";
  }

  /** As templates: what there is to fill them in comes with the response. */
  private static void responseHeaders(Map<String, Object> report, Route route) {
    Map<String, Object> changes = mutations(route.responseHeaders());
    if (!changes.isEmpty()) {
      report.put("changesResponse", changes);
    }
    if (route.action() instanceof RouteAction.Forward forward) {
      List<Map<String, Object>> perDestination = new ArrayList<>();
      for (WeightedCluster each : forward.clusters()) {
        Map<String, Object> own = mutations(each.responseHeaders());
        if (!own.isEmpty()) {
          own.put("cluster", each.cluster());
          perDestination.add(own);
        }
      }
      if (!perDestination.isEmpty()) {
        report.put("changesResponseOf", perDestination);
      }
    }
  }

  private static Map<String, Object> mutations(HeaderMutations mutations) {
    Map<String, Object> report = new LinkedHashMap<>();
    if (!mutations.remove().isEmpty()) {
      report.put("remove", mutations.remove());
    }
    for (boolean append : new boolean[] {false, true}) {
      Map<String, Object> values = new LinkedHashMap<>();
      for (HeaderMutations.Value value : mutations.values()) {
        if (value.append() == append) {
          values.put(value.name(), value.template());
        }
      }
      if (!values.isEmpty()) {
        report.put(append ? "add" : "set", values);
      }
    }
    return report;
  }

  private RouteReport() {}
}
