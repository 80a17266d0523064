package io.inmesh.agent.control;

import static java.util.Objects.requireNonNull;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryRequest;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryResponse;
import io.inmesh.shaded.envoy.service.discovery.v3.ResourceError;
import io.inmesh.shaded.envoy.service.discovery.v3.ResourceName;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.rpc.Status;
import io.inmesh.xds.Questions;
import io.inmesh.xds.ResourceType;
import io.inmesh.xds.wire.AgentQuestion;
import io.inmesh.xds.wire.AgentSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A control server over a real connection, which does what the test says. */
final class FakeControlServer {
  /** Every request of every stream, in order. */
  private final BlockingQueue<DiscoveryRequest> requests = new LinkedBlockingQueue<>();

  private final BlockingQueue<String> goodbyes = new LinkedBlockingQueue<>();
  private final Map<ResourceType, Map<String, Any>> resources = new EnumMap<>(ResourceType.class);
  private final List<Stream> streams = new ArrayList<>();
  private final InetSocketAddress address;
  private boolean silent;
  private Server server;

  FakeControlServer() {
    server = listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    address = (InetSocketAddress) requireNonNull(server.getListenSockets().get(0));
  }

  private Server listen(InetSocketAddress where) {
    try {
      return OkHttpServerBuilder.forPort(where, InsecureServerCredentials.create())
          .addService(
              ServerServiceDefinition.builder(
                      "envoy.service.discovery.v3.AggregatedDiscoveryService")
                  .addMethod(AdsMethod.STREAM, ServerCalls.asyncBidiStreamingCall(this::open))
                  .build())
          .build()
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + address.getPort());
  }

  /** Takes requests and answers none. */
  synchronized void silent() {
    silent = true;
  }

  /** Has a host from now on, in place of what it was; streams are told. */
  synchronized void serve(String authority, int port) {
    put(ControlFixtures.host(authority, port));
  }

  synchronized void put(Map<ResourceType, List<Any>> more) {
    for (ResourceType type : ResourceType.values()) {
      for (Any any : more.getOrDefault(type, List.of())) {
        resources.computeIfAbsent(type, t -> new HashMap<>()).put(name(type, any), any);
      }
    }
    for (ResourceType type : ResourceType.values()) {
      if (more.containsKey(type)) {
        streams.forEach(stream -> stream.answer(type));
      }
    }
  }

  synchronized void setInert(String agent, boolean inert) {
    put(
        Map.of(
            ResourceType.SETTINGS,
            List.of(
                Any.newBuilder()
                    .setTypeUrl(ResourceType.SETTINGS.typeUrl())
                    .setValue(
                        AgentSettings.newBuilder()
                            .setName(agent)
                            .setInert(inert)
                            .build()
                            .toByteString())
                    .build())));
  }

  private static String name(ResourceType type, Any any) {
    try {
      var bytes = any.getValue();
      return switch (type) {
        case SETTINGS -> AgentSettings.parseFrom(bytes).getName();
        case LISTENER ->
            io.inmesh.shaded.envoy.config.listener.v3.Listener.parseFrom(bytes).getName();
        case ROUTE ->
            io.inmesh.shaded.envoy.config.route.v3.RouteConfiguration.parseFrom(bytes).getName();
        case CLUSTER -> io.inmesh.shaded.envoy.config.cluster.v3.Cluster.parseFrom(bytes).getName();
        case ENDPOINT ->
            io.inmesh.shaded.envoy.config.endpoint.v3.ClusterLoadAssignment.parseFrom(bytes)
                .getClusterName();
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks every client. */
  synchronized void ask(AgentQuestion question) {
    DiscoveryResponse response =
        DiscoveryResponse.newBuilder()
            .setTypeUrl(Questions.TYPE_URL)
            .setVersionInfo(question.getId())
            .setNonce("q" + question.getId())
            .addResources(
                Any.newBuilder().setTypeUrl(Questions.TYPE_URL).setValue(question.toByteString()))
            .build();
    streams.forEach(stream -> stream.responses.onNext(response));
  }

  /** The next request that the test is looking for; those before it are dropped. */
  DiscoveryRequest next(ResourceType type, Predicate<DiscoveryRequest> wanted)
      throws InterruptedException {
    return next(type.typeUrl(), wanted);
  }

  DiscoveryRequest next(String typeUrl, Predicate<DiscoveryRequest> wanted)
      throws InterruptedException {
    while (true) {
      DiscoveryRequest request = requests.poll(10, TimeUnit.SECONDS);
      if (request == null) {
        throw new AssertionError("no such request of " + typeUrl + " came");
      }
      if (request.getTypeUrl().equals(typeUrl) && wanted.test(request)) {
        return request;
      }
    }
  }

  /** Waits until a client has ended its stream in an orderly way. */
  boolean sawGoodbye() throws InterruptedException {
    return goodbyes.poll(10, TimeUnit.SECONDS) != null;
  }

  /** Dies without a word. */
  void kill() throws InterruptedException {
    server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    synchronized (this) {
      streams.clear();
    }
    requests.clear();
  }

  void startAgain() {
    server = listen(address);
  }

  private synchronized StreamObserver<DiscoveryRequest> open(
      StreamObserver<DiscoveryResponse> responses) {
    Stream stream = new Stream(responses);
    streams.add(stream);
    return stream;
  }

  private final class Stream implements StreamObserver<DiscoveryRequest> {
    private final StreamObserver<DiscoveryResponse> responses;
    private final Map<ResourceType, List<String>> names = new EnumMap<>(ResourceType.class);
    private int nonce;

    Stream(StreamObserver<DiscoveryResponse> responses) {
      this.responses = responses;
    }

    @Override
    public void onNext(DiscoveryRequest request) {
      synchronized (FakeControlServer.this) {
        requests.add(request);
        if (request.getTypeUrl().equals(Questions.TYPE_URL)) {
          return;
        }
        ResourceType type = ResourceType.of(request.getTypeUrl()).orElseThrow();
        List<String> asked = request.getResourceNamesList();
        if (!asked.equals(names.put(type, asked))) {
          answer(type);
        }
      }
    }

    void answer(ResourceType type) {
      List<String> asked = names.getOrDefault(type, List.of());
      if (silent || asked.isEmpty()) {
        return;
      }
      DiscoveryResponse.Builder response =
          DiscoveryResponse.newBuilder()
              .setTypeUrl(type.typeUrl())
              .setVersionInfo("v" + ++nonce)
              .setNonce("n" + nonce);
      Map<String, Any> there = resources.getOrDefault(type, Map.of());
      for (String name : asked) {
        Any any = there.get(name);
        if (any != null) {
          response.addResources(any);
        } else {
          response.addResourceErrors(
              ResourceError.newBuilder()
                  .setResourceName(ResourceName.newBuilder().setName(name))
                  .setErrorDetail(Status.newBuilder().setCode(5)));
        }
      }
      responses.onNext(response.build());
    }

    @Override
    public void onError(Throwable cause) {
      synchronized (FakeControlServer.this) {
        streams.remove(this);
      }
    }

    @Override
    public void onCompleted() {
      synchronized (FakeControlServer.this) {
        streams.remove(this);
        goodbyes.add("bye");
        if (!silent) {
          responses.onCompleted();
        }
      }
    }
  }
}
