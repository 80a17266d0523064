package io.inmesh.engine;

import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.LbPolicy;
import io.inmesh.engine.model.Listener;
import io.inmesh.engine.model.MeshSnapshot;
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

/** A mesh with the one host {@code orders:8080}, and requests to it. */
final class TestMesh {
  static final String AUTHORITY = "orders:8080";

  /** Istio's default, as far as connecting goes. */
  static final RetryPolicy RETRIES = new RetryPolicy(Set.of(RetryCondition.CONNECT_FAILURE), 2, 5);

  static MeshSnapshot of(List<Route> routes, Cluster... clusters) {
    VirtualHost host = new VirtualHost("orders", List.of("*"), routes);
    Map<String, Cluster> byName = new HashMap<>();
    for (Cluster cluster : clusters) {
      byName.put(cluster.name(), cluster);
    }
    RouteConfiguration configuration = new RouteConfiguration("orders", List.of(host));
    return new MeshSnapshot(Map.of(AUTHORITY, new Listener(AUTHORITY, configuration)), byName);
  }

  static Route everything(WeightedCluster... clusters) {
    return everything(RETRIES, clusters);
  }

  static Route everything(RetryPolicy retries, WeightedCluster... clusters) {
    StringMatcher any = new StringMatcher.Prefix("/", false);
    return new Route("all", new RouteMatch(any, List.of(), List.of()), List.of(clusters), retries);
  }

  /** A cluster on ports 1 to {@code size} of an address of its own name. */
  static Cluster cluster(String name, int size) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int port = 1; port <= size; port++) {
      endpoints.add(new Endpoint(name, port, 1));
    }
    return new Cluster(name, LbPolicy.LEAST_REQUEST, Duration.ofSeconds(10), endpoints);
  }

  static RequestView get(String authority, String path) {
    return new Get(authority, path);
  }

  static ResponseView response(int status) {
    return response(status, Map.of());
  }

  static ResponseView response(int status, Map<String, List<String>> headers) {
    return new Response(status, headers);
  }

  private record Response(int status, Map<String, List<String>> headers) implements ResponseView {
    @Override
    public List<String> header(String lowerCaseName) {
      return headers.getOrDefault(lowerCaseName, List.of());
    }
  }

  private record Get(String authority, String path) implements RequestView {
    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String scheme() {
      return "http";
    }

    @Override
    public List<String> header(String name) {
      return List.of();
    }
  }

  private TestMesh() {}
}
