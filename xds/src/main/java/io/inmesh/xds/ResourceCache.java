package io.inmesh.xds;

import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.Listener;
import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.engine.model.RouteConfiguration;
import io.inmesh.engine.model.VirtualHost;
import io.inmesh.shaded.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All resources that an agent was sent, and the snapshot they add up to.
 *
 * <p><b>Whole or not at all.</b> A host is in the snapshot once its listener, routes, clusters and
 * endpoints are all here; when one of them changes so that another is missing, the host keeps its
 * old tree until the new one is whole. A listener that is gone takes its host out at once. A
 * cluster that the server does not have counts as here: calls to it are answered by the engine.
 *
 * <p>Listeners and clusters are state of the world: one that was there and that a response lacks is
 * gone. Routes and endpoints come in any portion. Not thread-safe: one thread owns it; the
 * snapshots it hands out are immutable.
 */
public final class ResourceCache {
  /** A parsed resource and the bytes it came from. */
  private record Held<T>(T parsed, Any raw) {}

  /** A host as it is in the snapshot. */
  private record Tree(Listener listener, Map<String, Cluster> clusters) {}

  private interface Parse<T> {
    Map.Entry<String, T> apply(Any any) throws InvalidProtocolBufferException, RejectedException;
  }

  private final Set<String> subscribed = new LinkedHashSet<>();
  private final Map<String, Held<ListenerParser.Parsed>> listeners = new LinkedHashMap<>();
  private final Map<String, Held<RouteConfiguration>> routes = new LinkedHashMap<>();
  private final Map<String, Held<ClusterParser.Parsed>> clusters = new LinkedHashMap<>();
  private final Map<String, Held<List<Endpoint>>> endpoints = new LinkedHashMap<>();

  /** Subscribed names that the server has answered not to have. */
  private final Set<String> absentListeners = new HashSet<>();

  private final Set<String> absentClusters = new HashSet<>();

  private final Map<String, Tree> trees = new LinkedHashMap<>();
  private MeshSnapshot snapshot = MeshSnapshot.EMPTY;

  /** Asks for a host, by the authority that the application wrote. */
  public void subscribe(String authority) {
    subscribed.add(authority);
  }

  /** Forgets a host. */
  public void unsubscribe(String authority) {
    subscribed.remove(authority);
    listeners.remove(authority);
    absentListeners.remove(authority);
    assemble();
  }

  /**
   * Takes a response of one type.
   *
   * @param resources each with its own type URL
   * @param missing names that the server says it does not have (DiscoveryResponse.resource_errors).
   *     It has to say so, because a response may have been on its way before a name was asked for:
   *     only what was there before and is missing now is known to be gone without a word
   */
  public Verdict accept(ResourceType type, List<Any> resources, Set<String> missing) {
    List<String> problems = new ArrayList<>();
    switch (type) {
      case SETTINGS -> {
        return Verdict.Accepted.INSTANCE;
      }
      case LISTENER -> {
        var parsed = parse(type, resources, ResourceCache::listener, problems);
        if (problems.isEmpty()) {
          replace(listeners, absentListeners, parsed, missing);
        }
      }
      case CLUSTER -> {
        var parsed = parse(type, resources, ResourceCache::cluster, problems);
        if (problems.isEmpty()) {
          replace(clusters, absentClusters, parsed, missing);
        }
      }
      case ROUTE -> {
        var parsed = parse(type, resources, ResourceCache::route, problems);
        if (problems.isEmpty()) {
          routes.putAll(parsed);
        }
      }
      case ENDPOINT -> {
        var parsed = parse(type, resources, ResourceCache::load, problems);
        if (problems.isEmpty()) {
          endpoints.putAll(parsed);
        }
      }
    }
    if (!problems.isEmpty()) {
      return new Verdict.Rejected(String.join("\n", problems));
    }
    assemble();
    return Verdict.Accepted.INSTANCE;
  }

  /** The names to subscribe to now; they change with what arrives. */
  public Set<String> wanted(ResourceType type) {
    return switch (type) {
      case SETTINGS -> Set.of();
      case LISTENER -> new LinkedHashSet<>(subscribed);
      case ROUTE -> wantedRoutes();
      case CLUSTER -> wantedClusters();
      case ENDPOINT -> wantedEndpoints();
    };
  }

  /** The whole hosts; the same object as before if nothing changed. */
  public MeshSnapshot snapshot() {
    return snapshot;
  }

  /** What is known of a host now. */
  public HostState state(String authority) {
    if (trees.containsKey(authority)) {
      return HostState.KNOWN;
    }
    return absentListeners.contains(authority) ? HostState.ABSENT : HostState.PENDING;
  }

  /** All resources as they were sent, to be kept and given to {@link #accept} again later. */
  public Map<ResourceType, List<Any>> resources() {
    return Map.of(
        ResourceType.LISTENER, raw(listeners),
        ResourceType.ROUTE, raw(routes),
        ResourceType.CLUSTER, raw(clusters),
        ResourceType.ENDPOINT, raw(endpoints));
  }

  private static <T> List<Any> raw(Map<String, Held<T>> held) {
    return held.values().stream().map(Held::raw).toList();
  }

  // Parsing

  private static <T> Map<String, Held<T>> parse(
      ResourceType type, List<Any> resources, Parse<T> parser, List<String> problems) {
    Map<String, Held<T>> parsed = new LinkedHashMap<>();
    for (int i = 0; i < resources.size(); i++) {
      Any any = resources.get(i);
      if (!any.getTypeUrl().equals(type.typeUrl())) {
        problems.add(
            type.shortName()
                + " resource "
                + i
                + ": type '"
                + any.getTypeUrl()
                + "' is not "
                + type.typeUrl());
        continue;
      }
      try {
        Map.Entry<String, T> entry = parser.apply(any);
        parsed.put(entry.getKey(), new Held<>(entry.getValue(), any));
      } catch (InvalidProtocolBufferException e) {
        problems.add(
            type.shortName() + " resource " + i + ": cannot be decoded: " + e.getMessage());
      } catch (RejectedException e) {
        problems.add(e.getMessage());
      }
    }
    return parsed;
  }

  private static Map.Entry<String, ListenerParser.Parsed> listener(Any any)
      throws InvalidProtocolBufferException, RejectedException {
    var message = io.inmesh.shaded.envoy.config.listener.v3.Listener.parseFrom(any.getValue());
    return named("Listener", message.getName(), () -> ListenerParser.parse(message));
  }

  private static Map.Entry<String, RouteConfiguration> route(Any any)
      throws InvalidProtocolBufferException, RejectedException {
    var message =
        io.inmesh.shaded.envoy.config.route.v3.RouteConfiguration.parseFrom(any.getValue());
    return named("RouteConfiguration", message.getName(), () -> RouteParser.parse(message, ""));
  }

  private static Map.Entry<String, ClusterParser.Parsed> cluster(Any any)
      throws InvalidProtocolBufferException, RejectedException {
    var message = io.inmesh.shaded.envoy.config.cluster.v3.Cluster.parseFrom(any.getValue());
    return named("Cluster", message.getName(), () -> ClusterParser.parse(message));
  }

  private static Map.Entry<String, List<Endpoint>> load(Any any)
      throws InvalidProtocolBufferException, RejectedException {
    var message = ClusterLoadAssignment.parseFrom(any.getValue());
    return named(
        "ClusterLoadAssignment",
        message.getClusterName(),
        () -> ClusterParser.endpoints(message, ""));
  }

  private interface Body<T> {
    T parse() throws RejectedException;
  }

  private static <T> Map.Entry<String, T> named(String kind, String name, Body<T> body)
      throws RejectedException {
    if (name.isEmpty()) {
      throw new RejectedException(kind, "has no name");
    }
    try {
      return Map.entry(name, body.parse());
    } catch (RejectedException e) {
      throw new RejectedException(kind + " " + name, String.valueOf(e.getMessage()));
    }
  }

  private static <T> void replace(
      Map<String, Held<T>> held,
      Set<String> absent,
      Map<String, Held<T>> now,
      Set<String> missing) {
    for (String name : held.keySet()) {
      if (!now.containsKey(name)) {
        absent.add(name);
      }
    }
    absent.addAll(missing);
    absent.removeAll(now.keySet());
    held.clear();
    held.putAll(now);
  }

  // Assembling

  private void assemble() {
    trees.keySet().removeIf(name -> !listeners.containsKey(name) || !subscribed.contains(name));
    for (Held<ListenerParser.Parsed> held : listeners.values()) {
      if (subscribed.contains(held.parsed().name())) {
        Tree before = trees.get(held.parsed().name());
        Tree now = tree(held.parsed(), before);
        if (now != null) {
          trees.put(held.parsed().name(), now);
        } else if (before != null) {
          trees.put(held.parsed().name(), refreshed(before));
        }
      }
    }
    prune();
    publish();
  }

  /** Null while something is missing. */
  private @Nullable Tree tree(ListenerParser.Parsed listener, @Nullable Tree before) {
    RouteConfiguration configuration = routesOf(listener);
    if (configuration == null) {
      return null;
    }
    Map<String, Cluster> found = new LinkedHashMap<>();
    for (String name : clusterNames(configuration)) {
      Cluster cluster = cluster(name);
      if (cluster != null) {
        found.put(name, same(before == null ? null : before.clusters().get(name), cluster));
      } else if (!absentClusters.contains(name)) {
        return null;
      }
    }
    Listener now = new Listener(listener.name(), configuration);
    return new Tree(same(before == null ? null : before.listener(), now), found);
  }

  /**
   * The old tree, with the newest state of its clusters: endpoints come and go while a new tree is
   * on its way.
   */
  private Tree refreshed(Tree before) {
    Map<String, Cluster> found = new LinkedHashMap<>();
    before
        .clusters()
        .forEach(
            (name, old) -> {
              Cluster now = cluster(name);
              found.put(name, now == null ? old : same(old, now));
            });
    return new Tree(before.listener(), found);
  }

  /**
   * Keeps the old object where nothing changed, so that whoever compares by identity has no work.
   */
  private static <T> T same(@Nullable T before, T now) {
    return before != null && before.equals(now) ? before : now;
  }

  private @Nullable RouteConfiguration routesOf(ListenerParser.Parsed listener) {
    if (listener.routes() != null) {
      return listener.routes();
    }
    Held<RouteConfiguration> held = routes.get(listener.routeName());
    return held == null ? null : held.parsed();
  }

  private @Nullable Cluster cluster(String name) {
    Held<ClusterParser.Parsed> held = clusters.get(name);
    if (held == null) {
      return null;
    }
    ClusterParser.Parsed parsed = held.parsed();
    List<Endpoint> inline = parsed.endpoints();
    if (inline == null) {
      Held<List<Endpoint>> load = endpoints.get(parsed.endpointsName());
      if (load == null) {
        return null;
      }
      inline = load.parsed();
    }
    return new Cluster(name, parsed.lbPolicy(), parsed.connectTimeout(), inline);
  }

  private static Set<String> clusterNames(RouteConfiguration configuration) {
    Set<String> names = new LinkedHashSet<>();
    for (VirtualHost host : configuration.virtualHosts()) {
      host.routes().forEach(route -> route.clusters().forEach(c -> names.add(c.cluster())));
    }
    return names;
  }

  private Set<String> wantedRoutes() {
    Set<String> names = new LinkedHashSet<>();
    for (Held<ListenerParser.Parsed> held : listeners.values()) {
      String name = held.parsed().routeName();
      if (name != null && subscribed.contains(held.parsed().name())) {
        names.add(name);
      }
    }
    return names;
  }

  /** What the newest routes name, and what hosts that still have their old tree use. */
  private Set<String> wantedClusters() {
    Set<String> names = new LinkedHashSet<>();
    for (Held<ListenerParser.Parsed> held : listeners.values()) {
      RouteConfiguration configuration = routesOf(held.parsed());
      if (configuration != null && subscribed.contains(held.parsed().name())) {
        names.addAll(clusterNames(configuration));
      }
    }
    trees.values().forEach(tree -> names.addAll(tree.clusters().keySet()));
    return names;
  }

  private Set<String> wantedEndpoints() {
    Set<String> names = new LinkedHashSet<>();
    for (String cluster : wantedClusters()) {
      Held<ClusterParser.Parsed> held = clusters.get(cluster);
      String name = held == null ? null : held.parsed().endpointsName();
      if (name != null) {
        names.add(name);
      }
    }
    return names;
  }

  /** Forgets what nobody names any more, in the order in which things name each other. */
  private void prune() {
    listeners.keySet().retainAll(subscribed);
    absentListeners.retainAll(subscribed);
    routes.keySet().retainAll(wantedRoutes());
    Set<String> wanted = wantedClusters();
    clusters.keySet().retainAll(wanted);
    absentClusters.retainAll(wanted);
    endpoints.keySet().retainAll(wantedEndpoints());
  }

  private void publish() {
    Map<String, Listener> hosts = new HashMap<>();
    Map<String, Cluster> all = new HashMap<>();
    trees.forEach(
        (name, tree) -> {
          hosts.put(name, tree.listener());
          all.putAll(tree.clusters());
        });
    MeshSnapshot now = new MeshSnapshot(hosts, all);
    snapshot = same(snapshot, now);
  }
}
