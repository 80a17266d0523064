package io.inmesh.xds;

import static io.inmesh.xds.Messages.cluster;
import static io.inmesh.xds.Messages.endpoints;
import static io.inmesh.xds.Messages.listener;
import static io.inmesh.xds.Messages.routes;
import static io.inmesh.xds.Messages.split;
import static io.inmesh.xds.ResourceType.CLUSTER;
import static io.inmesh.xds.ResourceType.ENDPOINT;
import static io.inmesh.xds.ResourceType.LISTENER;
import static io.inmesh.xds.ResourceType.ROUTE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.engine.model.MeshSnapshot;
import io.inmesh.engine.model.Route;
import io.inmesh.engine.model.RouteAction;
import io.inmesh.engine.model.WeightedCluster;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ResourceCacheTest {
  private static final String ORDERS = "orders:8080";

  private final ResourceCache cache = new ResourceCache();

  private void accept(ResourceType type, Any... resources) {
    assertThat(cache.accept(type, List.of(resources), Set.of())).isEqualTo(new Verdict.Accepted());
  }

  private void missing(ResourceType type, String name, Any... resources) {
    assertThat(cache.accept(type, List.of(resources), Set.of(name)))
        .isEqualTo(new Verdict.Accepted());
  }

  private String reason(ResourceType type, Any... resources) {
    return ((Verdict.Rejected) cache.accept(type, List.of(resources), Set.of())).reason();
  }

  /** orders:8080 -> RDS orders -> v1 -> 127.0.0.1:1. */
  private void ordersIsThere() {
    cache.subscribe(ORDERS);
    accept(LISTENER, listener(ORDERS, "orders"));
    accept(ROUTE, routes("orders", "v1"));
    accept(CLUSTER, cluster("v1"));
    accept(ENDPOINT, endpoints("v1", 1));
  }

  private List<WeightedCluster> clustersOf(String authority) {
    Route first =
        requireNonNull(cache.snapshot().listeners().get(authority))
            .routes()
            .virtualHosts()
            .get(0)
            .routes()
            .get(0);
    return ((RouteAction.Forward) first.action()).clusters();
  }

  private int portOf(String cluster) {
    return requireNonNull(cache.snapshot().clusters().get(cluster)).endpoints().get(0).port();
  }

  @Test
  void snapshot_everyStepOfATree_onlyTheWholeIsSeen() {
    cache.subscribe(ORDERS);
    assertThat(cache.wanted(LISTENER)).containsExactly(ORDERS);

    accept(LISTENER, listener(ORDERS, "orders"));
    assertThat(cache.wanted(ROUTE)).containsExactly("orders");
    assertThat(cache.state(ORDERS)).isEqualTo(HostState.PENDING);

    accept(ROUTE, routes("orders", "v1"));
    assertThat(cache.wanted(CLUSTER)).containsExactly("v1");

    accept(CLUSTER, cluster("v1"));
    assertThat(cache.wanted(ENDPOINT)).containsExactly("v1");
    assertThat(cache.snapshot()).isSameAs(MeshSnapshot.EMPTY);

    accept(ENDPOINT, endpoints("v1", 1));
    assertThat(cache.state(ORDERS)).isEqualTo(HostState.KNOWN);
    assertThat(cache.snapshot().listeners()).containsOnlyKeys(ORDERS);
    assertThat(portOf("v1")).isEqualTo(1);
  }

  @Test
  void accept_weightWithNewSubset_oldRouteStaysUntilTheSubsetHasItsEndpoints() {
    ordersIsThere();

    accept(ROUTE, split("orders", "v1", 90, "v2", 10));
    assertThat(clustersOf(ORDERS)).containsExactly(new WeightedCluster("v1", 1));
    assertThat(cache.wanted(CLUSTER)).containsExactlyInAnyOrder("v1", "v2");
    assertThat(cache.isOutdated(ORDERS)).isTrue();

    accept(CLUSTER, cluster("v1"), cluster("v2"));
    assertThat(clustersOf(ORDERS)).containsExactly(new WeightedCluster("v1", 1));
    assertThat(cache.isOutdated(ORDERS)).isTrue();

    accept(ENDPOINT, endpoints("v2", 2));
    assertThat(cache.isOutdated(ORDERS)).isFalse();
    assertThat(clustersOf(ORDERS))
        .containsExactly(new WeightedCluster("v1", 90), new WeightedCluster("v2", 10));
    assertThat(portOf("v2")).isEqualTo(2);
  }

  @Test
  void accept_endpointsWhileANewTreeIsOnItsWay_oldTreeGetsThem() {
    ordersIsThere();
    accept(ROUTE, split("orders", "v1", 90, "v2", 10));

    accept(ENDPOINT, endpoints("v1", 11));

    assertThat(clustersOf(ORDERS)).containsExactly(new WeightedCluster("v1", 1));
    assertThat(portOf("v1")).isEqualTo(11);
  }

  @Test
  void accept_weightOnly_clustersKeepTheirIdentity() {
    ordersIsThere();
    accept(ROUTE, split("orders", "v1", 90, "v2", 10));
    accept(CLUSTER, cluster("v1"), cluster("v2"));
    accept(ENDPOINT, endpoints("v2", 2));
    MeshSnapshot before = cache.snapshot();

    accept(ROUTE, split("orders", "v1", 50, "v2", 50));

    assertThat(clustersOf(ORDERS).get(0).weight()).isEqualTo(50);
    assertThat(cache.snapshot().clusters().get("v1")).isSameAs(before.clusters().get("v1"));
  }

  @Test
  void accept_theSameAgain_sameSnapshot() {
    ordersIsThere();
    MeshSnapshot before = cache.snapshot();

    accept(LISTENER, listener(ORDERS, "orders"));
    accept(ROUTE, routes("orders", "v1"));
    accept(CLUSTER, cluster("v1"));
    accept(ENDPOINT, endpoints("v1", 1));

    assertThat(cache.snapshot()).isSameAs(before);
  }

  @Test
  void accept_anotherHost_listenerOfTheFirstKeepsItsIdentity() {
    ordersIsThere();
    MeshSnapshot before = cache.snapshot();
    cache.subscribe("billing:80");
    accept(LISTENER, listener(ORDERS, "orders"), listener("billing:80", "billing"));
    accept(ROUTE, routes("billing", "v1"));

    assertThat(cache.state("billing:80")).isEqualTo(HostState.KNOWN);
    assertThat(cache.snapshot().listeners().get(ORDERS)).isSameAs(before.listeners().get(ORDERS));
  }

  @Test
  void accept_listenerGone_hostLeavesAtOnceAndNothingOfItIsWanted() {
    ordersIsThere();

    accept(LISTENER);

    assertThat(cache.state(ORDERS)).isEqualTo(HostState.ABSENT);
    assertThat(cache.snapshot()).isEqualTo(MeshSnapshot.EMPTY);
    assertThat(cache.wanted(ROUTE)).isEmpty();
    assertThat(cache.wanted(CLUSTER)).isEmpty();
    assertThat(cache.wanted(ENDPOINT)).isEmpty();
    assertThat(cache.wanted(LISTENER)).containsExactly(ORDERS);
  }

  @Test
  void accept_listenerBackAgain_hostIsKnownAgain() {
    ordersIsThere();
    accept(LISTENER);
    accept(LISTENER, listener(ORDERS, "orders"));
    accept(ROUTE, routes("orders", "v1"));
    accept(CLUSTER, cluster("v1"));
    accept(ENDPOINT, endpoints("v1", 3));

    assertThat(cache.state(ORDERS)).isEqualTo(HostState.KNOWN);
    assertThat(portOf("v1")).isEqualTo(3);
  }

  @Test
  void accept_responseThatCrossedTheSubscription_hostStaysPending() {
    cache.subscribe(ORDERS);
    accept(LISTENER);
    assertThat(cache.state(ORDERS)).isEqualTo(HostState.PENDING);

    missing(LISTENER, ORDERS);
    assertThat(cache.state(ORDERS)).isEqualTo(HostState.ABSENT);
  }

  @Test
  void accept_clusterThatTheServerDoesNotHave_hostIsWholeWithoutIt() {
    cache.subscribe(ORDERS);
    accept(LISTENER, listener(ORDERS, "orders"));
    accept(ROUTE, split("orders", "v1", 90, "nowhere", 10));
    missing(CLUSTER, "nowhere", cluster("v1"));
    accept(ENDPOINT, endpoints("v1", 1));

    assertThat(cache.state(ORDERS)).isEqualTo(HostState.KNOWN);
    assertThat(cache.snapshot().clusters()).containsOnlyKeys("v1");
  }

  @Test
  void accept_routesUnderAnotherName_oldTreeStaysUntilTheyAreHere() {
    ordersIsThere();

    accept(LISTENER, listener(ORDERS, "orders-new"));
    assertThat(clustersOf(ORDERS)).containsExactly(new WeightedCluster("v1", 1));
    assertThat(cache.wanted(ROUTE)).containsExactly("orders-new");

    accept(ROUTE, split("orders-new", "v1", 1, "v1", 2));
    assertThat(clustersOf(ORDERS)).hasSize(2);
  }

  @Test
  void accept_resourcesThatNobodyAskedFor_areNotKept() {
    accept(LISTENER, listener("other:1", "other"));
    accept(ROUTE, routes("other", "x"));
    accept(CLUSTER, cluster("x"));
    accept(ENDPOINT, endpoints("x", 1));

    assertThat(cache.snapshot()).isEqualTo(MeshSnapshot.EMPTY);
    assertThat(cache.resources().values()).allMatch(List::isEmpty);
  }

  @Test
  void accept_oneBadResource_nothingOfTheResponseCounts() {
    ordersIsThere();
    MeshSnapshot before = cache.snapshot();
    Any bad = Messages.any(ENDPOINT.typeUrl(), ByteString.copyFromUtf8("not a message"));

    assertThat(reason(ENDPOINT, endpoints("v1", 9), bad))
        .startsWith("EDS resource 1: cannot be decoded: ");
    assertThat(cache.snapshot()).isSameAs(before);
  }

  @Test
  void accept_severalBadResources_eachHasItsLine() {
    Any unnamed = cluster("");
    Any other = Messages.any("type.googleapis.com/x.Y", ByteString.EMPTY);

    assertThat(reason(CLUSTER, unnamed, other).split("\n"))
        .containsExactly(
            "Cluster: has no name",
            "CDS resource 1: type 'type.googleapis.com/x.Y' is not " + CLUSTER.typeUrl());
  }

  @Test
  void unsubscribe_knownHost_isForgotten() {
    ordersIsThere();
    cache.unsubscribe(ORDERS);

    assertThat(cache.snapshot()).isEqualTo(MeshSnapshot.EMPTY);
    assertThat(cache.wanted(LISTENER)).isEmpty();
    assertThat(cache.resources().values()).allMatch(List::isEmpty);
  }

  @Test
  void resources_whileANewTreeIsOnItsWay_areThoseOfTheOldOne() {
    ordersIsThere();
    accept(ROUTE, split("orders", "v1", 90, "v2", 10));

    ResourceCache again = restored(cache.resources());

    assertThat(again.snapshot()).isEqualTo(cache.snapshot());
    assertThat(again.state(ORDERS)).isEqualTo(HostState.KNOWN);
  }

  private static ResourceCache restored(Map<ResourceType, List<Any>> kept) {
    ResourceCache again = new ResourceCache();
    again.subscribe(ORDERS);
    for (ResourceType type : List.of(LISTENER, ROUTE, CLUSTER, ENDPOINT)) {
      again.accept(type, kept.getOrDefault(type, List.of()), Set.of());
    }
    return again;
  }
}
