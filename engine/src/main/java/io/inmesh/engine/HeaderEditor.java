package io.inmesh.engine;

import io.inmesh.engine.model.HeaderTemplate;
import io.inmesh.engine.route.HeaderPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Headers while mutations are applied to them, one after the other. Used by one thread. */
final class HeaderEditor {
  private final Function<String, List<String>> original;
  private final List<String> removed = new ArrayList<>();
  private final List<HeaderValue> values = new ArrayList<>();

  HeaderEditor(Function<String, List<String>> original) {
    this.original = original;
  }

  /** All values of a header as it stands now. */
  List<String> header(String name) {
    List<String> now = new ArrayList<>();
    if (!removed.contains(name)) {
      now.addAll(original.apply(name));
    }
    for (HeaderValue value : values) {
      if (value.name().equals(name)) {
        now.add(value.value());
      }
    }
    return now;
  }

  void remove(String name) {
    if (!removed.contains(name)) {
      removed.add(name);
    }
    values.removeIf(value -> value.name().equals(name));
  }

  void set(String name, String value) {
    remove(name);
    add(name, value);
  }

  void add(String name, String value) {
    values.add(new HeaderValue(name, value));
  }

  /**
   * As Envoy does it: removals first; then all templates are filled in from what is there now; then
   * replacements, then additions. An empty value changes nothing.
   */
  void apply(HeaderPlan plan, HeaderTemplate.Facts facts) {
    plan.remove().forEach(this::remove);
    List<HeaderValue> set = new ArrayList<>();
    List<HeaderValue> added = new ArrayList<>();
    for (HeaderPlan.Entry entry : plan.entries()) {
      String text = entry.template().text(facts);
      if (!text.isEmpty()) {
        (entry.append() ? added : set).add(new HeaderValue(entry.name(), text));
      }
    }
    set.forEach(value -> set(value.name(), value.value()));
    values.addAll(added);
  }

  HeaderEdits edits() {
    return removed.isEmpty() && values.isEmpty()
        ? HeaderEdits.NONE
        : new HeaderEdits(removed, values);
  }
}
