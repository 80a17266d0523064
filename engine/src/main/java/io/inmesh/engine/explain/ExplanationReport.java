package io.inmesh.engine.explain;

import io.inmesh.engine.Explanation;
import io.inmesh.engine.Explanation.Copy;
import io.inmesh.engine.Explanation.Way;
import io.inmesh.engine.HeaderValue;
import io.inmesh.engine.RequestHead;
import io.inmesh.engine.route.Condition;
import io.inmesh.engine.route.RouteTrial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An explanation as maps, lists, texts, numbers and booleans, for JSON or whatever carries it. What
 * does not apply is left out. The names are a promise to scripts: they are added to, not changed.
 */
public final class ExplanationReport {
  private final boolean live;

  private ExplanationReport(boolean live) {
    this.live = live;
  }

  /**
   * Writes an explanation down.
   *
   * @param live whether calls went through the pipeline that explained: then what is under way and
   *     how endpoints did is worth telling
   */
  public static Map<String, Object> of(Explanation explanation, boolean live) {
    return new ExplanationReport(live).report(explanation);
  }

  private Map<String, Object> report(Explanation explanation) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("outcome", outcome(explanation.outcome()));
    if (!explanation.path().isEmpty()) {
      report.put("path", explanation.path());
    }
    report.put("tried", explanation.trials().stream().map(ExplanationReport::trial).toList());
    if (explanation.route() != null) {
      report.put("route", RouteReport.of(explanation));
    }
    List<Map<String, Object>> ways = new ArrayList<>();
    for (Way way : explanation.ways()) {
      if (way.destination() >= 0) {
        ways.add(way(way));
      }
    }
    report.put("destinations", ways);
    if (!explanation.mirrors().isEmpty()) {
      report.put("mirrors", explanation.mirrors().stream().map(this::mirror).toList());
    }
    return report;
  }

  private static String outcome(Explanation.Outcome outcome) {
    return switch (outcome) {
      case UNTOUCHED -> "untouched";
      case TOO_LARGE -> "tooLarge";
      case PATH_REFUSED -> "pathRefused";
      case NO_VIRTUAL_HOST -> "noVirtualHost";
      case NO_ROUTE -> "noRoute";
      case REDIRECT -> "redirect";
      case DIRECT_RESPONSE -> "directResponse";
      case PREFLIGHT -> "corsPreflight";
      case NO_DESTINATION -> "noDestination";
      case FORWARD -> "forward";
    };
  }

  private static Map<String, Object> trial(RouteTrial trial) {
    Map<String, Object> report = RouteReport.origin(trial.route());
    report.put("matches", trial.matches());
    report.put(
        "conditions", trial.conditions().stream().map(ExplanationReport::condition).toList());
    return report;
  }

  private static Map<String, Object> condition(Condition condition) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("field", condition.field());
    report.put("wanted", condition.wanted());
    report.put("found", condition.found());
    report.put("holds", condition.holds());
    return report;
  }

  private Map<String, Object> way(Way way) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("cluster", way.cluster());
    report.put("weight", way.weight());
    report.put("percent", way.totalWeight() == 0 ? 0 : 100.0 * way.weight() / way.totalWeight());
    report.put("sends", head(way.head()));
    ClusterReport cluster = new ClusterReport(live);
    report.put("exists", way.load() != null);
    if (way.load() != null) {
      report.putAll(cluster.of(way.load(), way.key()));
    }
    return report;
  }

  private Map<String, Object> mirror(Copy copy) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("cluster", copy.mirror().cluster());
    report.put("percent", Texts.percent(copy.mirror().share()));
    report.put("exists", copy.load() != null);
    if (copy.load() != null) {
      report.put("endpoints", new ClusterReport(live).endpoints(copy.load()));
    }
    return report;
  }

  private static Map<String, Object> head(RequestHead head) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("path", head.path());
    report.put("authority", head.authority());
    if (!head.edits().isEmpty()) {
      report.put("removesHeaders", head.edits().removed());
      report.put("addsHeaders", headers(head.edits().values()));
    }
    return report;
  }

  static List<Map<String, Object>> headers(List<HeaderValue> values) {
    List<Map<String, Object>> headers = new ArrayList<>();
    for (HeaderValue value : values) {
      Map<String, Object> header = new LinkedHashMap<>();
      header.put("name", value.name());
      header.put("value", value.value());
      headers.add(header);
    }
    return headers;
  }
}
