package io.inmesh.control.compile;

import java.util.Map;

/**
 * Where a workload runs: region, zone, subzone; parts that are not known are empty. Taken from
 * labels, as Istio does: {@code topology.istio.io/locality}, or {@code istio-locality} ({@code
 * region.zone.subzone}, or with slashes), else {@code topology.kubernetes.io/region} and {@code
 * /zone}, and {@code topology.istio.io/subzone}.
 */
record Place(String region, String zone, String subzone) {
  static final Place UNKNOWN = new Place("", "", "");

  private static final String WHOLE = "topology.istio.io/locality";
  private static final String WHOLE_BEFORE = "istio-locality";
  private static final String REGION = "topology.kubernetes.io/region";
  private static final String ZONE = "topology.kubernetes.io/zone";
  private static final String SUBZONE = "topology.istio.io/subzone";

  private static final String ANY = "*";

  static Place of(Map<String, String> labels) {
    String whole = labels.getOrDefault(WHOLE, labels.getOrDefault(WHOLE_BEFORE, ""));
    if (!whole.isEmpty()) {
      return parse(whole.indexOf('/') >= 0 ? whole : whole.replace('.', '/'));
    }
    return new Place(
        labels.getOrDefault(REGION, ""),
        labels.getOrDefault(ZONE, ""),
        labels.getOrDefault(SUBZONE, ""));
  }

  /** From {@code region/zone/subzone}, which may end early. */
  static Place parse(String text) {
    String[] parts = text.split("/", 3);
    return new Place(parts[0], parts.length > 1 ? parts[1] : "", parts.length > 2 ? parts[2] : "");
  }

  /** A workload's label, where those of its place say the same whichever of them it has. */
  static String label(Map<String, String> labels, String key) {
    Place place = of(labels);
    String part =
        switch (key) {
          case REGION -> place.region;
          case ZONE -> place.zone;
          case SUBZONE -> place.subzone;
          default -> "";
        };
    return part.isEmpty() ? labels.getOrDefault(key, "") : part;
  }

  /** Whether a label says something about the place. */
  static boolean isMadeOf(String label) {
    return label.equals(WHOLE)
        || label.equals(WHOLE_BEFORE)
        || label.equals(REGION)
        || label.equals(ZONE)
        || label.equals(SUBZONE);
  }

  /** Whether a rule's place, which may have {@code *} or end early, covers this one. */
  boolean isIn(Place rule) {
    return (rule.region.equals(ANY) || rule.region.equals(region))
        && (rule.zone.isEmpty() || rule.zone.equals(ANY) || rule.zone.equals(zone))
        && (rule.subzone.isEmpty() || rule.subzone.equals(ANY) || rule.subzone.equals(subzone));
  }

  /** 0: the same place; 1: the same zone; 2: the same region; 3: elsewhere. */
  int distance(Place other) {
    if (!region.equals(other.region)) {
      return 3;
    }
    if (!zone.equals(other.zone)) {
      return 2;
    }
    return subzone.equals(other.subzone) ? 0 : 1;
  }
}
