package io.inmesh.engine.route;

import io.inmesh.engine.model.HeaderMutations;
import io.inmesh.engine.model.HeaderTemplate;
import java.util.ArrayList;
import java.util.List;

/**
 * Header mutations, ready to be applied.
 *
 * @param remove names in lower case; goes first
 */
public record HeaderPlan(List<String> remove, List<Entry> entries) {
  static final HeaderPlan NONE = new HeaderPlan(List.of(), List.of());

  /** A value to set or, with {@code append}, to add. */
  public record Entry(String name, HeaderTemplate template, boolean append) {}

  static HeaderPlan of(HeaderMutations mutations) {
    if (mutations.remove().isEmpty() && mutations.values().isEmpty()) {
      return NONE;
    }
    List<Entry> entries = new ArrayList<>();
    for (HeaderMutations.Value value : mutations.values()) {
      entries.add(new Entry(value.name(), HeaderTemplate.parse(value.template()), value.append()));
    }
    return new HeaderPlan(mutations.remove(), entries);
  }

  /** True if there is nothing to do. */
  public boolean isEmpty() {
    return remove.isEmpty() && entries.isEmpty();
  }
}
