package io.inmesh.benchmarks.harness;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The same figures for several variants, measured in rounds. Within a round the variants run one
 * after the other, so a round's ratio to the first variant holds although the machine's speed
 * drifts; the ratio told is the median of those of the rounds. Not thread-safe.
 */
public final class Comparison {

  /**
   * A figure that is measured.
   *
   * @param name as the table shows it, with its unit
   * @param decimals how many of them are worth showing
   */
  public record Metric(String name, int decimals) {}

  private final List<String> variants;
  private final Map<Metric, Map<String, List<Double>>> values = new LinkedHashMap<>();

  /**
   * A comparison without figures yet.
   *
   * @param variants in order; the others are compared with the first
   */
  public Comparison(List<String> variants) {
    this.variants = List.copyOf(variants);
  }

  /** Adds the figure of a round; each variant gets one figure a round. */
  public void add(Metric metric, String variant, double value) {
    values
        .computeIfAbsent(metric, m -> new LinkedHashMap<>())
        .computeIfAbsent(variant, v -> new ArrayList<>())
        .add(value);
  }

  /** The median over the rounds. */
  public double median(Metric metric, String variant) {
    return Figures.median(figures(metric, variant));
  }

  /** The median over the rounds of the ratio to the first variant. */
  public double ratio(Metric metric, String variant) {
    return ratio(metric, variant, variants.get(0));
  }

  /** The median over the rounds of the ratio to another variant. */
  public double ratio(Metric metric, String variant, String to) {
    List<Double> base = figures(metric, to);
    List<Double> own = figures(metric, variant);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      ratios.add(own.get(i) / base.get(i));
    }
    return Figures.median(ratios);
  }

  /** The median over the rounds of the difference from the first variant. */
  public double difference(Metric metric, String variant) {
    List<Double> base = figures(metric, variants.get(0));
    List<Double> own = figures(metric, variant);
    List<Double> differences = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      differences.add(own.get(i) - base.get(i));
    }
    return Figures.median(differences);
  }

  /** The table for people: medians, and for each but the first variant ratio and difference. */
  public String table() {
    StringBuilder table = new StringBuilder();
    table.append(String.format(Locale.ROOT, "%-34s%14s", "median of rounds", variants.get(0)));
    for (String variant : variants.subList(1, variants.size())) {
      table.append(String.format(Locale.ROOT, "%18s%9s%11s", variant, "ratio", "diff"));
    }
    table.append('\n');
    for (Metric metric : values.keySet()) {
      table.append(row(metric)).append('\n');
    }
    return table.toString();
  }

  private String row(Metric metric) {
    String number = "%,." + metric.decimals() + "f";
    String first = variants.get(0);
    StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%-34s", metric.name()));
    row.append(
        measured(metric, first)
            ? String.format(Locale.ROOT, "%14s", format(number, median(metric, first)))
            : " ".repeat(14));
    for (String variant : variants.subList(1, variants.size())) {
      if (!measured(metric, variant)) {
        row.append(" ".repeat(38));
        continue;
      }
      row.append(String.format(Locale.ROOT, "%18s", format(number, median(metric, variant))));
      row.append(
          measured(metric, first)
              ? String.format(
                  Locale.ROOT,
                  "%9s%11s",
                  format("%.3f", ratio(metric, variant)),
                  format("%+,." + metric.decimals() + "f", difference(metric, variant)))
              : " ".repeat(20));
    }
    return row.toString().stripTrailing();
  }

  private static String format(String number, double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, number, value) : "-";
  }

  /** Every figure of every round, for the JSON file. */
  public List<Object> toJson() {
    List<Object> metrics = new ArrayList<>();
    for (Metric metric : values.keySet()) {
      Map<String, Object> perVariant = new LinkedHashMap<>();
      for (String variant : variants) {
        if (measured(metric, variant)) {
          perVariant.put(variant, toJson(metric, variant));
        }
      }
      metrics.add(Json.object("metric", metric.name(), "variants", perVariant));
    }
    return metrics;
  }

  private Map<String, Object> toJson(Metric metric, String variant) {
    Map<String, Object> json = Json.object("median", median(metric, variant));
    if (!variant.equals(variants.get(0)) && measured(metric, variants.get(0))) {
      json.put("ratio", ratio(metric, variant));
      json.put("difference", difference(metric, variant));
    }
    json.put("rounds", figures(metric, variant));
    return json;
  }

  private boolean measured(Metric metric, String variant) {
    return !figures(metric, variant).isEmpty();
  }

  private List<Double> figures(Metric metric, String variant) {
    return values.getOrDefault(metric, Map.of()).getOrDefault(variant, List.of());
  }
}
