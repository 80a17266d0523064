package io.inmesh.policy;

import io.inmesh.policy.LoadBalancer.Distribute;
import io.inmesh.policy.LoadBalancer.Failover;
import io.inmesh.policy.LoadBalancer.LocalitySetting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a {@link LocalitySetting}. */
final class LocalityParser {

  private static final int WHOLE = 100;

  /** Each is compared with each; Envoy orders at most 128 priorities. */
  private static final int MAX_PLACES = 1000;

  private static final List<String> TOPOLOGY =
      List.of(
          "topology.kubernetes.io/region",
          "topology.kubernetes.io/zone",
          "topology.istio.io/subzone");

  /**
   * @param outlier whether there is outlier detection, without which nothing fails over
   */
  static LocalitySetting parse(Fields fields, boolean outlier) {
    fields.excludes("distribute", "failover");
    List<Distribute> distribute = new ArrayList<>();
    List<String> sources = new ArrayList<>();
    List<Value> items = fields.items("distribute");
    if (items.size() > MAX_PLACES) {
      fields.error("at most " + MAX_PLACES + " places are possible, found " + items.size());
      items = List.of();
    }
    for (Value item : items) {
      item.fields().ifPresent(found -> distribute.add(distribute(found, sources)));
    }
    List<Failover> failover = new ArrayList<>();
    for (Value item : fields.items("failover")) {
      item.fields().ifPresent(found -> failover.add(failover(found)));
    }
    List<String> priority = priority(fields, !failover.isEmpty());
    if (!outlier && (!failover.isEmpty() || !priority.isEmpty())) {
      fields.noEffect(
          "failover has no effect without outlierDetection, which tells the healthy endpoints");
    }
    LocalitySetting setting =
        new LocalitySetting(
            fields.get("enabled").flatMap(Value::bool).orElse(null),
            distribute,
            failover,
            priority);
    fields.end();
    return setting;
  }

  private static Distribute distribute(Fields fields, List<String> sources) {
    Optional<Value> source =
        fields.required("from", "it is the callers' place, as \"region/zone/*\"");
    String from = source.flatMap(Value::string).orElse("");
    source.ifPresent(value -> checkPlace(value, from, sources));
    Map<String, Integer> to = new LinkedHashMap<>();
    List<String> targets = new ArrayList<>();
    Optional<Value> shares =
        fields.required("to", "it gives places their shares, as \"{'region/zone-1/*': 100}\"");
    Map<String, Value> entries = shares.map(Value::entries).orElse(Map.of());
    if (entries.size() > MAX_PLACES) {
      fields.error("at most " + MAX_PLACES + " places are possible, found " + entries.size());
      entries = Map.of();
    }
    entries.forEach(
        (place, share) -> {
          checkPlace(share, place, targets);
          share.integer(1, WHOLE).ifPresent(percent -> to.put(place, percent));
        });
    int sum = to.values().stream().mapToInt(Integer::intValue).sum();
    if (sum != WHOLE && to.size() == targets.size()) {
      shares.ifPresent(value -> value.error("the shares must add up to 100, found " + sum));
    }
    fields.end();
    return new Distribute(from, to);
  }

  private static void checkPlace(Value value, String place, List<String> before) {
    int star = place.indexOf('*');
    if (star >= 0 && star < place.length() - 1) {
      value.error(Quoting.quote(place) + ": a wildcard stands at the end only, as \"region/*\"");
    }
    for (String part : place.split("/", 3)) {
      if (part.isEmpty()) {
        value.error(
            Quoting.quote(place)
                + " has an empty part; write region, region/zone or"
                + " region/zone/subzone");
        break;
      }
    }
    for (String other : before) {
      if (overlap(place, other)) {
        value.error(
            Quoting.quote(place) + " overlaps with " + Quoting.quote(other) + "; remove one");
        break;
      }
    }
    before.add(place);
  }

  /** Whether some place is in both; what is left out at the end is any. */
  private static boolean overlap(String a, String b) {
    String[] left = a.split("/", 3);
    String[] right = b.split("/", 3);
    for (int i = 0; i < Math.min(left.length, right.length); i++) {
      if (left[i].equals("*") || right[i].equals("*")) {
        return true;
      }
      if (!left[i].equals(right[i])) {
        return false;
      }
    }
    return true;
  }

  private static Failover failover(Fields fields) {
    String from = region(fields, "from");
    String to = region(fields, "to");
    if (from.equals(to)) {
      fields.error("from and to must be different regions");
    }
    fields.end();
    return new Failover(from, to);
  }

  private static String region(Fields fields, String name) {
    Optional<Value> value = fields.get(name);
    String region = value.flatMap(Value::string).orElse("");
    if (region.indexOf('/') >= 0 || region.indexOf('*') >= 0) {
      value.ifPresent(
          found ->
              found.error(
                  "must be a region alone, found "
                      + Quoting.quote(region)
                      + "; leave zone and wildcard out"));
    }
    return region;
  }

  private static List<String> priority(Fields fields, boolean failover) {
    List<String> labels = new ArrayList<>();
    for (Value item : fields.items("failoverPriority")) {
      Optional<String> label = item.string();
      if (failover && label.filter(TOPOLOGY::contains).isPresent()) {
        item.error(
            "a topology label is not possible together with \"failover\"; remove one of them");
      }
      label.ifPresent(labels::add);
    }
    return labels;
  }

  private LocalityParser() {}
}
