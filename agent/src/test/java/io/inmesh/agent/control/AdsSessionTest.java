package io.inmesh.agent.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.StreamObserver;
import io.inmesh.shaded.envoy.config.core.v3.Node;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryRequest;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryResponse;
import io.inmesh.shaded.envoy.service.discovery.v3.ResourceError;
import io.inmesh.shaded.envoy.service.discovery.v3.ResourceName;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.rpc.Status;
import io.inmesh.xds.HostState;
import io.inmesh.xds.Questions;
import io.inmesh.xds.ResourceCache;
import io.inmesh.xds.ResourceType;
import io.inmesh.xds.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdsSessionTest {
  private final ResourceCache cache = new ResourceCache();
  private final Map<ResourceType, String> versions = new EnumMap<>(ResourceType.class);
  private final List<DiscoveryRequest> sent = new ArrayList<>();
  private final AdsSession session = session();

  @Test
  void begin_introducesTheProcessAndAsksForNothingButQuestions() {
    session.begin();

    assertThat(sent).hasSize(2);
    assertThat(sent.get(1).getTypeUrl()).isEqualTo(Questions.TYPE_URL);
    assertThat(sent.get(1).getResourceNamesList()).containsExactly("shop-0a1b2c");
    assertThat(sent.get(0).getTypeUrl()).isEqualTo(ResourceType.SETTINGS.typeUrl());
    assertThat(sent.get(0).getResourceNamesList()).containsExactly("shop-0a1b2c");
    assertThat(sent.get(0).getNode().getId()).isEqualTo("me");
  }

  @Test
  void receive_wholeHost_acksEachTypeAndAsksForWhatItNames() {
    cache.subscribe("orders:8080");
    session.begin();

    for (ResourceType type :
        List.of(
            ResourceType.LISTENER,
            ResourceType.ROUTE,
            ResourceType.CLUSTER,
            ResourceType.ENDPOINT)) {
      assertThat(last(type).getResponseNonce()).as("asked for %s", type).isEmpty();
      session.receive(
          response(
              type, "7", ControlFixtures.host("orders:8080", 9081).getOrDefault(type, List.of())));
      assertThat(last(type).getVersionInfo()).isEqualTo("7");
      assertThat(last(type).getResponseNonce()).isEqualTo("n-" + type);
    }

    assertThat(cache.state("orders:8080")).isEqualTo(HostState.KNOWN);
    assertThat(last(ResourceType.ENDPOINT).getResourceNamesList()).containsExactly("c-orders:8080");
  }

  @Test
  void receive_routesThatNeedNothing_tellsTheServerAndAsksAgainLater() {
    cache.subscribe("orders:8080");
    session.begin();
    Map<ResourceType, List<Any>> whole = ControlFixtures.host("orders:8080", 9081);
    for (ResourceType type :
        List.of(
            ResourceType.LISTENER,
            ResourceType.ROUTE,
            ResourceType.CLUSTER,
            ResourceType.ENDPOINT)) {
      session.receive(response(type, "1", whole.getOrDefault(type, List.of())));
    }
    assertThat(last(ResourceType.ENDPOINT).getResourceNamesList()).isNotEmpty();

    session.receive(response(ResourceType.LISTENER, "2", List.of()));
    assertThat(last(ResourceType.CLUSTER).getResourceNamesList()).isEmpty();
    assertThat(last(ResourceType.ENDPOINT).getResourceNamesList()).isEmpty();

    for (ResourceType type :
        List.of(ResourceType.LISTENER, ResourceType.ROUTE, ResourceType.CLUSTER)) {
      session.receive(response(type, "3", whole.getOrDefault(type, List.of())));
    }
    assertThat(last(ResourceType.ENDPOINT).getResourceNamesList()).isNotEmpty();
  }

  @Test
  void receive_whatIsNotUnderstood_nacksWithTheVersionInForce() {
    cache.subscribe("orders:8080");
    session.begin();
    session.receive(
        response(
            ResourceType.LISTENER, "1", List.of(ControlFixtures.listener("orders:8080", "r"))));

    Verdict verdict =
        session.receive(
            response(
                ResourceType.LISTENER, "2", List.of(Any.newBuilder().setTypeUrl("x").build())));

    assertThat(verdict).isInstanceOf(Verdict.Rejected.class);
    assertThat(last(ResourceType.LISTENER).getVersionInfo()).isEqualTo("1");
    assertThat(last(ResourceType.LISTENER).getErrorDetail().getMessage()).contains("type 'x'");
  }

  @Test
  void receive_hostThatTheServerDoesNotHave_isAbsent() {
    cache.subscribe("example.com:80");
    session.begin();

    session.receive(
        response(ResourceType.LISTENER, "1", List.of()).toBuilder()
            .addResourceErrors(
                ResourceError.newBuilder()
                    .setResourceName(ResourceName.newBuilder().setName("example.com:80"))
                    .setErrorDetail(Status.newBuilder().setCode(5)))
            .build());

    assertThat(cache.state("example.com:80")).isEqualTo(HostState.ABSENT);
  }

  @Test
  void receive_responseThatCrossedTheQuestion_saysNothingAboutIt() {
    cache.subscribe("orders:8080");
    session.begin();

    session.receive(response(ResourceType.LISTENER, "1", List.of()));

    assertThat(cache.state("orders:8080")).isEqualTo(HostState.PENDING);
  }

  @Test
  void newSession_tellsTheVersionInForceWithAnEmptyNonce() {
    cache.subscribe("orders:8080");
    session.begin();
    session.receive(
        response(
            ResourceType.LISTENER, "5", List.of(ControlFixtures.listener("orders:8080", "r"))));
    sent.clear();

    session().begin();

    assertThat(last(ResourceType.LISTENER).getVersionInfo()).isEqualTo("5");
    assertThat(last(ResourceType.LISTENER).getResponseNonce()).isEmpty();
    assertThat(last(ResourceType.ROUTE).getResourceNamesList()).containsExactly("r");
  }

  private AdsSession session() {
    return new AdsSession(
        new StreamObserver<>() {
          @Override
          public void onNext(DiscoveryRequest request) {
            sent.add(request);
          }

          @Override
          public void onError(Throwable cause) {
            throw new AssertionError(cause);
          }

          @Override
          public void onCompleted() {}
        },
        cache,
        versions,
        "shop-0a1b2c",
        () -> Node.newBuilder().setId("me").build());
  }

  private DiscoveryRequest last(ResourceType type) {
    return sent.stream()
        .filter(request -> request.getTypeUrl().equals(type.typeUrl()))
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  private static DiscoveryResponse response(
      ResourceType type, String version, List<Any> resources) {
    return DiscoveryResponse.newBuilder()
        .setTypeUrl(type.typeUrl())
        .setVersionInfo(version)
        .setNonce("n-" + type)
        .addAllResources(resources)
        .build();
  }
}
