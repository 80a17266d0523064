package io.inmesh.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The {@code exportTo} of a resource: which namespaces see it. */
final class Visibility {

  private static final String EVERYWHERE = "*";
  private static final String HERE = ".";

  /**
   * Names of namespaces, {@code .} or {@code *}; empty = not said, which is everywhere.
   *
   * @param namespace the resource's own; "" when it is not known yet
   */
  static List<String> parse(Fields fields, String namespace) {
    List<String> exportTo = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    List<Value> items = fields.items("exportTo");
    for (Value item : items) {
      Optional<String> name = item.string();
      if (name.isEmpty()) {
        continue;
      }
      problem(name.get()).ifPresent(item::error);
      if (!seen.add(name.get().equals(HERE) ? namespace : name.get())) {
        item.error("duplicate entry " + Quoting.quote(name.get()) + "; name each namespace once");
      }
      exportTo.add(name.get());
    }
    if (exportTo.contains(EVERYWHERE) && items.size() > 1) {
      fields.error("exportTo holds \"*\" beside other entries; \"*\" alone is every namespace");
    }
    return exportTo;
  }

  /** Of a rule with a selector: its own namespace, or nothing. */
  static void checkOwnOnly(Fields fields, List<String> exportTo, String namespace) {
    boolean own = exportTo.stream().allMatch(name -> name.equals(HERE) || name.equals(namespace));
    if (!own || exportTo.size() > 1) {
      fields
          .get("exportTo")
          .ifPresent(
              value ->
                  value.error(
                      "a rule with a workloadSelector is for its own namespace only: write"
                          + " [\".\"], or remove exportTo"));
    }
  }

  /** Refuses anything but an absent or empty list and {@code ["*"]}. */
  static void checkEverywhere(Fields fields) {
    List<Value> items = fields.items("exportTo");
    for (Value item : items) {
      if (item.string().filter(name -> !name.equals(EVERYWHERE)).isPresent()) {
        item.notSupportedYet(
            "a ServiceEntry is visible to every namespace: remove exportTo or write [\"*\"]; found "
                + Quoting.quote(item.text()));
      }
    }
    if (items.size() > 1) {
      items.get(1).error("exportTo may only hold \"*\", once");
    }
  }

  private static Optional<String> problem(String name) {
    if (name.equals(EVERYWHERE) || name.equals(HERE)) {
      return Optional.empty();
    }
    return NameRules.namespace(name)
        .map(problem -> problem + "; write \".\" for the resource's own, \"*\" for all");
  }

  private Visibility() {}
}
