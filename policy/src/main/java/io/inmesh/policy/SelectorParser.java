package io.inmesh.policy;

import java.util.Map;

/** Reads which workloads a resource is for. */
final class SelectorParser {

  /**
   * The labels that a workload must have; empty = every workload.
   *
   * @param field where they stand: {@code labels}, or {@code matchLabels} in newer kinds
   */
  static Map<String, String> labels(Fields fields, String field) {
    Map<String, String> labels =
        fields.get(field).map(value -> value.stringMap(NameRules::checkLabel)).orElse(Map.of());
    if (labels.isEmpty()) {
      fields.warning("selects every workload: it has no " + field);
    }
    fields.end();
    return labels;
  }

  private SelectorParser() {}
}
