package io.inmesh.control.compile;

import java.util.Map;

/**
 * The workload that asks, as far as policy looks at it.
 *
 * @param labels by which sources, selectors and places are told apart
 */
public record Client(String namespace, Map<String, String> labels) {
  public Client {
    labels = Map.copyOf(labels);
  }

  /** A workload that has no label. */
  public Client(String namespace) {
    this(namespace, Map.of());
  }

  boolean has(Map<String, String> wanted) {
    return labels.entrySet().containsAll(wanted.entrySet());
  }

  Place place() {
    return Place.of(labels);
  }
}
