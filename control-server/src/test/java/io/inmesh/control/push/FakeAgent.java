package io.inmesh.control.push;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.inmesh.shaded.envoy.config.core.v3.Node;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryRequest;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryResponse;
import io.inmesh.shaded.protobuf.InvalidProtocolBufferException;
import io.inmesh.shaded.protobuf.ListValue;
import io.inmesh.shaded.protobuf.Struct;
import io.inmesh.shaded.protobuf.Value;
import io.inmesh.shaded.rpc.Status;
import io.inmesh.xds.Questions;
import io.inmesh.xds.ResourceType;
import io.inmesh.xds.wire.AgentQuestion;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An agent's control client, bare: sends what a test says and keeps what comes. */
public final class FakeAgent implements AutoCloseable {
  private final ManagedChannel channel;
  private final StreamObserver<DiscoveryRequest> requests;
  private final BlockingQueue<DiscoveryResponse> responses = new LinkedBlockingQueue<>();
  private final Map<ResourceType, Deque<DiscoveryResponse>> waiting =
      new EnumMap<>(ResourceType.class);
  private final Map<ResourceType, List<String>> names = new EnumMap<>(ResourceType.class);
  private final Map<ResourceType, DiscoveryResponse> last = new EnumMap<>(ResourceType.class);
  private final Profile profile;
  private Function<AgentQuestion, Optional<Struct>> answers = question -> Optional.empty();
  private boolean introduced;

  /** Who the agent says it is. */
  public record Profile(
      String instance,
      String service,
      int servicePort,
      int targetPort,
      Map<String, String> labels,
      boolean draining) {
    public static Profile client(String instance) {
      return new Profile(instance, "", 0, 0, Map.of(), false);
    }

    public static Profile server(String instance, String service, int target, String version) {
      return new Profile(instance, service, 8080, target, Map.of("version", version), false);
    }

    public Profile draining(boolean now) {
      return new Profile(instance, service, servicePort, targetPort, labels, now);
    }
  }

  public FakeAgent(int port, Profile profile) {
    this.profile = profile;
    this.channel = OkHttpChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    this.requests =
        ClientCalls.asyncBidiStreamingCall(
            channel.newCall(AdsService.STREAM, CallOptions.DEFAULT),
            new StreamObserver<DiscoveryResponse>() {
              @Override
              public void onNext(DiscoveryResponse response) {
                if (response.getTypeUrl().equals(Questions.TYPE_URL)) {
                  answer(response);
                } else {
                  responses.add(response);
                }
              }

              @Override
              public void onError(Throwable failure) {}

              @Override
              public void onCompleted() {}
            });
  }

  /** Introduces itself, as agents do: asks for its settings. */
  public FakeAgent hello() {
    return subscribe(ResourceType.SETTINGS, profile.instance());
  }

  public FakeAgent subscribe(ResourceType type, String... wanted) {
    names.put(type, List.of(wanted));
    DiscoveryResponse newest = last.get(type);
    send(
        request(type)
            .setVersionInfo(newest == null ? "" : newest.getVersionInfo())
            .setResponseNonce(newest == null ? "" : newest.getNonce()));
    return this;
  }

  /** The first request of a stream that follows another one. */
  public FakeAgent resubscribe(ResourceType type, String version, String... wanted) {
    names.put(type, List.of(wanted));
    send(request(type).setVersionInfo(version));
    return this;
  }

  public void report(Profile newer) {
    DiscoveryResponse newest = last.get(ResourceType.SETTINGS);
    DiscoveryRequest.Builder request = request(ResourceType.SETTINGS).setNode(node(newer));
    if (newest != null) {
      request.setVersionInfo(newest.getVersionInfo()).setResponseNonce(newest.getNonce());
    }
    send(request);
  }

  /**
   * Says that it answers questions, and does.
   *
   * @param how empty: it never does
   */
  public FakeAgent answeringQuestions(Function<AgentQuestion, Optional<Struct>> how) {
    answers = how;
    send(DiscoveryRequest.newBuilder().setTypeUrl(Questions.TYPE_URL));
    return this;
  }

  private void answer(DiscoveryResponse response) {
    try {
      AgentQuestion question = Questions.parse(response.getResources(0));
      Optional<Struct> answer = answers.apply(question);
      if (answer.isPresent()) {
        Struct whole = answer.get().toBuilder().putFields("id", text(question.getId())).build();
        Node node = node(profile);
        Struct metadata =
            node.getMetadata().toBuilder()
                .putFields(Questions.ANSWER, Value.newBuilder().setStructValue(whole).build())
                .build();
        send(
            DiscoveryRequest.newBuilder()
                .setTypeUrl(Questions.TYPE_URL)
                .setResponseNonce(response.getNonce())
                .setNode(node.toBuilder().setMetadata(metadata)));
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The next response of a type, not answered yet; null when none comes in time. */
  public @Nullable DiscoveryResponse next(ResourceType type, long millis)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    Deque<DiscoveryResponse> ready = waiting.computeIfAbsent(type, t -> new ArrayDeque<>());
    while (ready.isEmpty()) {
      DiscoveryResponse response =
          responses.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (response == null) {
        return null;
      }
      ResourceType of = ResourceType.of(response.getTypeUrl()).orElseThrow();
      waiting.computeIfAbsent(of, t -> new ArrayDeque<>()).add(response);
    }
    return ready.remove();
  }

  /** The next response of a type, accepted. */
  public DiscoveryResponse take(ResourceType type) throws InterruptedException {
    DiscoveryResponse response = next(type, 10_000);
    if (response == null) {
      throw new AssertionError("no " + type + " came within 10 s");
    }
    answer(type, response, "");
    return response;
  }

  public void answer(ResourceType type, DiscoveryResponse response, String error) {
    DiscoveryRequest.Builder request = request(type).setResponseNonce(response.getNonce());
    if (error.isEmpty()) {
      last.put(type, response);
      request.setVersionInfo(response.getVersionInfo());
    } else {
      request.setErrorDetail(Status.newBuilder().setCode(3).setMessage(error));
    }
    send(request);
  }

  private DiscoveryRequest.Builder request(ResourceType type) {
    return DiscoveryRequest.newBuilder()
        .setTypeUrl(type.typeUrl())
        .addAllResourceNames(names.getOrDefault(type, List.of()));
  }

  private void send(DiscoveryRequest.Builder request) {
    if (!introduced) {
      request.setNode(node(profile));
      introduced = true;
    }
    requests.onNext(request.build());
  }

  private static Node node(Profile profile) {
    Map<String, Value> labels = new HashMap<>();
    profile.labels().forEach((name, value) -> labels.put(name, text(value)));
    Struct port =
        Struct.newBuilder()
            .putFields("service", number(profile.servicePort()))
            .putFields("target", number(profile.targetPort()))
            .build();
    Struct inmesh =
        Struct.newBuilder()
            .putFields("instance", text(profile.instance()))
            .putFields("service", text(profile.service()))
            .putFields("address", text("127.0.0.1"))
            .putFields("state", text(profile.draining() ? "draining" : "serving"))
            .putFields("javaVersion", text("17"))
            .putFields(
                "ports",
                Value.newBuilder()
                    .setListValue(
                        ListValue.newBuilder().addValues(Value.newBuilder().setStructValue(port)))
                    .build())
            .build();
    return Node.newBuilder()
        .setId("sidecar~127.0.0.1~" + profile.instance() + ".default~default.svc.cluster.local")
        .setMetadata(
            Struct.newBuilder()
                .putFields("NAMESPACE", text("default"))
                .putFields(
                    "LABELS",
                    Value.newBuilder()
                        .setStructValue(Struct.newBuilder().putAllFields(labels))
                        .build())
                .putFields("INMESH", Value.newBuilder().setStructValue(inmesh).build()))
        .build();
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  private static Value number(int number) {
    return Value.newBuilder().setNumberValue(number).build();
  }

  /** Ends the stream in order. */
  public void leave() {
    requests.onCompleted();
  }

  /** Ends it like a process that dies. */
  @Override
  public void close() {
    channel.shutdownNow();
  }
}
