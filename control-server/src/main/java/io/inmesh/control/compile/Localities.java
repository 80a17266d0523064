package io.inmesh.control.compile;

import io.inmesh.control.registry.ServiceEndpoint;
import io.inmesh.policy.LoadBalancer.Distribute;
import io.inmesh.policy.LoadBalancer.Failover;
import io.inmesh.policy.LoadBalancer.LocalitySetting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Groups endpoints by their place, and says in which order and shares a client uses the groups.
 *
 * <p>As Istio does it: shares by {@code distribute}; else, and only with outlier detection (without
 * it nobody would notice that a place has failed), nearer places first; {@code failoverPriority}
 * goes before that.
 */
final class Localities {
  /** Regions that a failover names go before all others, in this distance. */
  private static final int ELSEWHERE = 3;

  private static final int LAST = 4;

  /**
   * Endpoints of one place.
   *
   * @param priority 0 is used first
   * @param weight among the groups of its priority
   */
  record Group(Place place, int priority, int weight, List<ServiceEndpoint> endpoints) {}

  /**
   * @param setting null: nothing said
   * @param failover whether a place's failure is noticed
   */
  static List<Group> groups(
      List<ServiceEndpoint> endpoints,
      Client client,
      @Nullable LocalitySetting setting,
      boolean failover) {
    List<Group> groups = byPlace(endpoints);
    if (setting != null && Boolean.FALSE.equals(setting.enabled())) {
      return groups;
    }
    boolean placed = !client.place().equals(Place.UNKNOWN);
    if (setting != null && !setting.distribute().isEmpty()) {
      return placed ? distributed(groups, client.place(), setting.distribute()) : groups;
    }
    if (!failover) {
      return groups;
    }
    List<Failover> regions = setting == null ? List.of() : setting.failover();
    List<String> labels = setting == null ? List.of() : setting.failoverPriority();
    if (!labels.isEmpty()) {
      groups = byLabels(groups, client, labels);
    }
    return placed && (labels.isEmpty() || !regions.isEmpty())
        ? byDistance(groups, client.place(), regions)
        : groups;
  }

  private static List<Group> byPlace(List<ServiceEndpoint> endpoints) {
    Map<Place, List<ServiceEndpoint>> byPlace =
        new TreeMap<>(
            Comparator.comparing(Place::region)
                .thenComparing(Place::zone)
                .thenComparing(Place::subzone));
    for (ServiceEndpoint endpoint : endpoints) {
      byPlace
          .computeIfAbsent(Place.of(endpoint.labels()), unused -> new ArrayList<>())
          .add(endpoint);
    }
    List<Group> groups = new ArrayList<>();
    byPlace.forEach((place, members) -> groups.add(group(place, 0, members)));
    return groups;
  }

  private static Group group(Place place, int priority, List<ServiceEndpoint> members) {
    long weight = members.stream().mapToLong(ServiceEndpoint::weight).sum();
    return new Group(place, priority, (int) Math.min(Integer.MAX_VALUE, weight), members);
  }

  /** The first entry for the client's place counts; a place that it does not name gets nothing. */
  private static List<Group> distributed(
      List<Group> groups, Place client, List<Distribute> distribute) {
    for (Distribute entry : distribute) {
      if (client.isIn(Place.parse(entry.from()))) {
        return shares(groups, entry.to());
      }
    }
    return groups;
  }

  private static List<Group> shares(List<Group> groups, Map<String, Integer> to) {
    List<Group> left = new ArrayList<>(groups);
    List<Group> shared = new ArrayList<>();
    to.forEach(
        (text, percent) -> {
          List<Group> named =
              left.stream().filter(group -> group.place().isIn(Place.parse(text))).toList();
          left.removeAll(named);
          double total = named.stream().mapToDouble(Group::weight).sum();
          for (Group group : named) {
            int weight = (int) Math.ceil(group.weight() * (double) percent / total);
            if (weight > 0) {
              shared.add(new Group(group.place(), group.priority(), weight, group.endpoints()));
            }
          }
        });
    return shared;
  }

  private static List<Group> byDistance(List<Group> groups, Place client, List<Failover> regions) {
    String target =
        regions.stream()
            .filter(failover -> failover.from().equals(client.region()))
            .map(Failover::to)
            .findFirst()
            .orElse(null);
    List<Group> ranked = new ArrayList<>();
    for (Group group : groups) {
      int distance = client.distance(group.place());
      if (distance == ELSEWHERE && target != null && !group.place().region().equals(target)) {
        distance = LAST;
      }
      int priority = group.priority() * (LAST + 1) + distance;
      ranked.add(new Group(group.place(), priority, group.weight(), group.endpoints()));
    }
    return withoutGaps(ranked);
  }

  /** The more labels an endpoint shares with the client, from the first on, the earlier it is. */
  private static List<Group> byLabels(List<Group> groups, Client client, List<String> labels) {
    List<Group> split = new ArrayList<>();
    for (Group group : groups) {
      Map<Integer, List<ServiceEndpoint>> byPriority = new TreeMap<>();
      for (ServiceEndpoint endpoint : group.endpoints()) {
        byPriority
            .computeIfAbsent(priority(endpoint, client, labels), unused -> new ArrayList<>())
            .add(endpoint);
      }
      byPriority.forEach((priority, members) -> split.add(group(group.place(), priority, members)));
    }
    return withoutGaps(split);
  }

  private static int priority(ServiceEndpoint endpoint, Client client, List<String> labels) {
    for (int i = 0; i < labels.size(); i++) {
      String key = key(labels.get(i));
      String wanted =
          key.length() < labels.get(i).length()
              ? labels.get(i).substring(key.length() + 1)
              : Place.label(client.labels(), key);
      if (!wanted.equals(Place.label(endpoint.labels(), key))) {
        return labels.size() - i;
      }
    }
    return 0;
  }

  /** The label of {@code key} or {@code key=value}. */
  static String key(String failoverPriority) {
    int equals = failoverPriority.indexOf('=');
    return equals < 0 ? failoverPriority : failoverPriority.substring(0, equals);
  }

  private static List<Group> withoutGaps(List<Group> groups) {
    Map<Integer, Integer> ranks = new LinkedHashMap<>();
    groups.stream()
        .map(Group::priority)
        .distinct()
        .sorted()
        .forEach(priority -> ranks.put(priority, ranks.size()));
    List<Group> ranked = new ArrayList<>();
    for (Group group : groups) {
      int rank = ranks.getOrDefault(group.priority(), 0);
      ranked.add(new Group(group.place(), rank, group.weight(), group.endpoints()));
    }
    ranked.sort(Comparator.comparingInt(Group::priority));
    return ranked;
  }

  private Localities() {}
}
