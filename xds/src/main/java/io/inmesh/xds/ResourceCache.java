package io.inmesh.xds;

import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.EndpointGroup;
import io.inmesh.engine.model.Listener;
import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.model.RouteAction;
import io.inmesh.engine.model.RouteConfiguration;
import io.inmesh.engine.model.VirtualHost;
import io.inmesh.shaded.protobuf.Any;
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
  /** A host as it is in the snapshot, with the routes and clusters it was made of. */
  private record Tree(
      Listener listener,
      Held<ListenerParser.Parsed> source,
      @Nullable Held<RouteConfiguration> routes,
      Map<String, Branch> branches) {}

  /** A cluster of a tree, with what it was made of; inline endpoints have no source. */
  private record Branch(
      Cluster cluster,
      Held<ClusterParser.Parsed> source,
      @Nullable Held<List<EndpointGroup>> load) {}

  private final Set<String> subscribed = new LinkedHashSet<>();
  private final Map<String, Held<ListenerParser.Parsed>> listeners = new LinkedHashMap<>();
  private final Map<String, Held<RouteConfiguration>> routes = new LinkedHashMap<>();
  private final Map<String, Held<ClusterParser.Parsed>> clusters = new LinkedHashMap<>();
  private final Map<String, Held<List<EndpointGroup>>> endpoints = new LinkedHashMap<>();

  /** Subscribed names that the server has answered not to have. */
  private final Set<String> absentListeners = new HashSet<>();

  private final Set<String> absentClusters = new HashSet<>();

  private final Map<String, Tree> trees = new LinkedHashMap<>();

  /** Hosts that still have their old tree. */
  private final Set<String> outdated = new HashSet<>();

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
        var unused = ResourceParser.parse(type, resources, ResourceParser::settings, problems);
      }
      case LISTENER -> {
        var parsed = ResourceParser.parse(type, resources, ResourceParser::listener, problems);
        if (problems.isEmpty()) {
          replace(listeners, absentListeners, parsed, missing);
        }
      }
      case CLUSTER -> {
        var parsed = ResourceParser.parse(type, resources, ResourceParser::cluster, problems);
        if (problems.isEmpty()) {
          replace(clusters, absentClusters, parsed, missing);
        }
      }
      case ROUTE -> {
        var parsed = ResourceParser.parse(type, resources, ResourceParser::route, problems);
        if (problems.isEmpty()) {
          routes.putAll(parsed);
        }
      }
      case ENDPOINT -> {
        var parsed = ResourceParser.parse(type, resources, ResourceParser::load, problems);
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

  /** Whether a host is in the snapshot as it was before, while its new tree is not whole yet. */
  public boolean isOutdated(String authority) {
    return outdated.contains(authority);
  }

  /**
   * What the hosts in the snapshot are made of, as it was sent: to be kept, and given to {@link
   * #accept} again later, listeners first, then routes, clusters and endpoints.
   */
  public Map<ResourceType, List<Any>> resources() {
    Set<Any> listenersUsed = new LinkedHashSet<>();
    Set<Any> routesUsed = new LinkedHashSet<>();
    Set<Any> clustersUsed = new LinkedHashSet<>();
    Set<Any> endpointsUsed = new LinkedHashSet<>();
    for (Tree tree : trees.values()) {
      listenersUsed.add(tree.source().raw());
      if (tree.routes() != null) {
        routesUsed.add(tree.routes().raw());
      }
      for (Branch branch : tree.branches().values()) {
        clustersUsed.add(branch.source().raw());
        if (branch.load() != null) {
          endpointsUsed.add(branch.load().raw());
        }
      }
    }
    return Map.of(
        ResourceType.LISTENER, List.copyOf(listenersUsed),
        ResourceType.ROUTE, List.copyOf(routesUsed),
        ResourceType.CLUSTER, List.copyOf(clustersUsed),
        ResourceType.ENDPOINT, List.copyOf(endpointsUsed));
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
    outdated.clear();
    for (Held<ListenerParser.Parsed> held : listeners.values()) {
      if (subscribed.contains(held.parsed().name())) {
        Tree before = trees.get(held.parsed().name());
        Tree now = tree(held, before);
        if (now != null) {
          trees.put(held.parsed().name(), now);
        } else if (before != null) {
          trees.put(held.parsed().name(), refreshed(before));
          outdated.add(held.parsed().name());
        }
      }
    }
    prune();
    publish();
  }

  /** Null while something is missing. */
  private @Nullable Tree tree(Held<ListenerParser.Parsed> held, @Nullable Tree before) {
    ListenerParser.Parsed listener = held.parsed();
    RouteConfiguration configuration = routesOf(listener);
    if (configuration == null) {
      return null;
    }
    Map<String, Branch> found = new LinkedHashMap<>();
    for (String name : clusterNames(configuration)) {
      Branch branch = branch(name, before == null ? null : before.branches().get(name));
      if (branch != null) {
        found.put(name, branch);
      } else if (!absentClusters.contains(name)) {
        return null;
      }
    }
    Listener now = new Listener(listener.name(), listener.effective(configuration));
    return new Tree(
        same(before == null ? null : before.listener(), now),
        held,
        listener.routeName() == null ? null : routes.get(listener.routeName()),
        found);
  }

  /**
   * The old tree, with the newest state of its clusters: endpoints come and go while a new tree is
   * on its way.
   */
  private Tree refreshed(Tree before) {
    Map<String, Branch> found = new LinkedHashMap<>();
    before
        .branches()
        .forEach(
            (name, old) -> {
              Branch now = branch(name, old);
              found.put(name, now == null ? old : now);
            });
    return new Tree(before.listener(), before.source(), before.routes(), found);
  }

  /** Null while the cluster or its endpoints are missing. */
  private @Nullable Branch branch(String name, @Nullable Branch before) {
    Held<ClusterParser.Parsed> held = clusters.get(name);
    if (held == null) {
      return null;
    }
    ClusterParser.Parsed parsed = held.parsed();
    Held<List<EndpointGroup>> load = null;
    List<EndpointGroup> places = parsed.groups();
    if (places == null) {
      load = endpoints.get(parsed.endpointsName());
      if (load == null) {
        return null;
      }
      places = load.parsed();
    }
    Cluster now = parsed.with(places);
    return new Branch(same(before == null ? null : before.cluster(), now), held, load);
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

  private static Set<String> clusterNames(RouteConfiguration configuration) {
    Set<String> names = new LinkedHashSet<>();
    for (VirtualHost host : configuration.virtualHosts()) {
      for (Route route : host.routes()) {
        if (route.action() instanceof RouteAction.Forward forward) {
          forward.clusters().forEach(c -> names.add(c.cluster()));
          forward.mirrors().forEach(mirror -> names.add(mirror.cluster()));
        }
      }
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
    trees.values().forEach(tree -> names.addAll(tree.branches().keySet()));
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
          tree.branches().forEach((cluster, branch) -> all.put(cluster, branch.cluster()));
        });
    MeshSnapshot now = new MeshSnapshot(hosts, all);
    snapshot = same(snapshot, now);
  }
}
