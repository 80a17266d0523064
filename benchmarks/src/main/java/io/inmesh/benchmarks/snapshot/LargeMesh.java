package io.inmesh.benchmarks.snapshot;

import io.inmesh.engine.model.CircuitBreakers;
import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.ConnectionLimits;
import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.EndpointGroup;
import io.inmesh.engine.model.LbPolicy;
import io.inmesh.engine.model.Listener;
import io.inmesh.engine.model.Locality;
import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.engine.model.OutlierDetection;
import io.inmesh.engine.model.RetryCondition;
import io.inmesh.engine.model.RetryPolicy;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.model.RouteConfiguration;
import io.inmesh.engine.model.RouteMatch;
import io.inmesh.engine.model.StringMatcher;
import io.inmesh.engine.model.VirtualHost;
import io.inmesh.engine.model.WeightedCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Many services, each with outlier detection and two routes, in two localities. Nothing is shared
 * between services, as nothing is between resources that were parsed.
 */
final class LargeMesh {
  static String authority(int service) {
    return "service-" + service + ".shop.svc.cluster.local:8080";
  }

  /**
   * The same mesh each time, in new objects.
   *
   * @param round changes one endpoint of each service
   */
  static MeshSnapshot snapshot(int services, int endpoints, int round) {
    Map<String, Listener> listeners = new HashMap<>();
    Map<String, Cluster> clusters = new HashMap<>();
    for (int service = 0; service < services; service++) {
      listeners.put(authority(service), listener(service));
      Cluster cluster = cluster(service, endpoints, round);
      clusters.put(cluster.name(), cluster);
    }
    return new MeshSnapshot(listeners, clusters);
  }

  /** One service's endpoints have changed. */
  static MeshSnapshot withOneChanged(MeshSnapshot before, int endpoints, int round) {
    Map<String, Cluster> clusters = new HashMap<>(before.clusters());
    Cluster cluster = cluster(0, endpoints, -round);
    clusters.put(cluster.name(), cluster);
    return new MeshSnapshot(before.listeners(), clusters);
  }

  private static String clusterName(int service) {
    return "outbound|8080||service-" + service + ".shop.svc.cluster.local";
  }

  private static Listener listener(int service) {
    List<Route> routes = List.of(route("api", "/api/", service), route("default", "/", service));
    VirtualHost host = new VirtualHost("service-" + service + ":8080", List.of("*"), routes, true);
    String authority = authority(service);
    return new Listener(authority, new RouteConfiguration(authority, List.of(host)));
  }

  private static Route route(String name, String prefix, int service) {
    RetryPolicy retries =
        new RetryPolicy(
            Set.of(
                RetryCondition.CONNECT_FAILURE,
                RetryCondition.REFUSED_STREAM,
                RetryCondition.UNAVAILABLE,
                RetryCondition.CANCELLED),
            2,
            5);
    StringMatcher path = new StringMatcher.Prefix(prefix, false);
    return new Route(
        name,
        new RouteMatch(path, List.of(), List.of()),
        List.of(new WeightedCluster(clusterName(service), 1)),
        retries);
  }

  private static Cluster cluster(int service, int endpoints, int round) {
    List<Endpoint> near = new ArrayList<>();
    List<Endpoint> far = new ArrayList<>();
    for (int i = 0; i < endpoints; i++) {
      int last = i == 0 ? 1 + Math.floorMod(round, 99) : 100 + i;
      String address = "10." + service / 250 + "." + service % 250 + "." + last;
      (i % 2 == 0 ? near : far).add(new Endpoint(address, 8080, 1));
    }
    Duration interval = Duration.ofSeconds(10);
    return new Cluster(
        clusterName(service),
        LbPolicy.LEAST_REQUEST,
        List.of(
            new EndpointGroup(new Locality("region-1", "zone-a", ""), 0, 0, near),
            new EndpointGroup(new Locality("region-1", "zone-b", ""), 0, 0, far)),
        new ConnectionLimits(Duration.ofSeconds(10), Duration.ofHours(1), Duration.ZERO, 0, false),
        CircuitBreakers.UNLIMITED,
        new OutlierDetection(
            5, 0, 0, false, interval, Duration.ofSeconds(30), Duration.ofMinutes(5), 10, true),
        0,
        "outbound|8080||service-" + service + ".shop.svc.cluster.local;");
  }

  private LargeMesh() {}
}
