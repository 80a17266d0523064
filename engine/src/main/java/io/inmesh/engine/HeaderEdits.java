package io.inmesh.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * What changes about the headers of a request or a response, resolved: first every header named in
 * {@code removed} goes, with all its values, then {@code values} are added, in order. What replaces
 * a header is in both.
 *
 * @param removed names in lower case
 */
public record HeaderEdits(List<String> removed, List<HeaderValue> values) {
  /** Nothing changes. */
  public static final HeaderEdits NONE = new HeaderEdits(List.of(), List.of());

  public HeaderEdits {
    removed = List.copyOf(removed);
    values = List.copyOf(values);
  }

  /** True if nothing changes. */
  public boolean isEmpty() {
    return removed.isEmpty() && values.isEmpty();
  }

  /** These, but with one header set to a value of its own. */
  HeaderEdits with(String name, String value) {
    List<String> names = new ArrayList<>(removed);
    if (!names.contains(name)) {
      names.add(name);
    }
    List<HeaderValue> others = new ArrayList<>(values);
    others.removeIf(other -> other.name().equals(name));
    others.add(new HeaderValue(name, value));
    return new HeaderEdits(names, others);
  }
}
