package io.inmesh.benchmarks.engine;

import com.google.re2j.Pattern;
import io.inmesh.engine.model.Cluster;
import io.inmesh.engine.model.Endpoint;
import io.inmesh.engine.model.HeaderMatcher;
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
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One host with so many routes, and two clusters of as many endpoints each. Of ten routes five are
 * exact, three prefixes and two regular expressions; every fourth wants a header as well; the last
 * route takes what is left.
 */
final class BenchmarkMesh {
  static final String AUTHORITY = "orders:8080";

  static MeshSnapshot snapshot(LbPolicy policy, int size) {
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < size - 1; i++) {
      List<HeaderMatcher> headers =
          i % 4 == 3
              ? List.of(
                  new HeaderMatcher("x-tier", new StringMatcher.Exact("gold", false), false, false))
              : List.of();
      routes.add(route(i, new RouteMatch(path(i), headers, List.of())));
    }
    StringMatcher any = new StringMatcher.Prefix("/", false);
    routes.add(route(size - 1, new RouteMatch(any, List.of(), List.of())));
    VirtualHost host = new VirtualHost("orders", List.of("orders", AUTHORITY), routes);
    RouteConfiguration configuration = new RouteConfiguration(AUTHORITY, List.of(host));
    return new MeshSnapshot(
        Map.of(AUTHORITY, new Listener(AUTHORITY, configuration)),
        Map.of("v1", cluster("v1", size, policy), "v2", cluster("v2", size, policy)));
  }

  private static StringMatcher path(int i) {
    return switch (i % 10) {
      case 0, 2, 4, 6, 8 -> new StringMatcher.Exact("/api/v1/resource" + i, false);
      case 1, 5, 9 -> new StringMatcher.Prefix("/api/v1/folder" + i + "/", false);
      case 3 -> new StringMatcher.Regex(Pattern.compile("/api/v1/item" + i + "/[0-9]+"));
      default -> new StringMatcher.Regex(Pattern.compile("/api/v1/item" + i + manyThings(i)));
    };
  }

  /** Every second one is beyond what the engine decides by itself. */
  private static String manyThings(int i) {
    return i % 20 == 7 ? "/[0-9]+/[a-z]+" : "/([0-9]+|all)/[a-z]+";
  }

  private static Route route(int i, RouteMatch match) {
    RetryPolicy retries = new RetryPolicy(Set.of(RetryCondition.CONNECT_FAILURE), 2, 5);
    List<WeightedCluster> clusters =
        List.of(new WeightedCluster("v1", 90), new WeightedCluster("v2", 10));
    return new Route("route-" + i, match, clusters, retries);
  }

  private static Cluster cluster(String name, int size, LbPolicy policy) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      endpoints.add(new Endpoint("10.0." + i / 250 + "." + i % 250, 8080, 1));
    }
    return new Cluster(name, policy, Duration.ofSeconds(10), endpoints);
  }

  private BenchmarkMesh() {}
}
