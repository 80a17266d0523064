package io.inmesh.agent.control;

import io.grpc.stub.StreamObserver;
import io.inmesh.shaded.envoy.config.core.v3.Node;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryRequest;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryResponse;
import io.inmesh.shaded.envoy.service.discovery.v3.ResourceError;
import io.inmesh.shaded.protobuf.Struct;
import io.inmesh.shaded.protobuf.Value;
import io.inmesh.shaded.rpc.Status;
import io.inmesh.xds.Questions;
import io.inmesh.xds.ResourceCache;
import io.inmesh.xds.ResourceType;
import io.inmesh.xds.Verdict;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One ADS stream, state of the world, from its first request to its end. What outlives a stream is
 * given by constructor. The control thread owns it.
 *
 * <p>The first request of a type tells the version in force from an earlier stream, with an empty
 * nonce; each response is answered by an ACK (its version) or a NACK (the version in force, and
 * why), and each change of names by a request with what was answered last.
 */
final class AdsSession {
  /** gRPC's limit for a status message is the header list size; reasons beyond this help nobody. */
  private static final int LONGEST_REASON = 4_000;

  private static final int NOT_FOUND = 5;
  private static final int INVALID_ARGUMENT = 3;

  private final StreamObserver<DiscoveryRequest> requests;
  private final ResourceCache cache;
  private final Map<ResourceType, String> versions;
  private final String instance;
  private final Supplier<Node> node;
  private final Map<ResourceType, Subscription> subscriptions = new EnumMap<>(ResourceType.class);

  private static final class Subscription {
    private String nonce = "";
    private Set<String> names = Set.of();
  }

  /**
   * @param versions the version in force of each type; kept up to date
   * @param instance the name of this agent's settings
   * @param node what this process reports now
   */
  AdsSession(
      StreamObserver<DiscoveryRequest> requests,
      ResourceCache cache,
      Map<ResourceType, String> versions,
      String instance,
      Supplier<Node> node) {
    this.requests = requests;
    this.cache = cache;
    this.versions = versions;
    this.instance = instance;
    this.node = node;
  }

  /**
   * Introduces this process, asks again for everything that was asked for before, and says that it
   * answers questions.
   */
  void begin() {
    report();
    subscribe();
    send(questions());
  }

  /** Answers the question that a response brought. */
  void answer(DiscoveryResponse question, Struct answer) {
    Node now = node.get();
    Struct metadata =
        now.getMetadata().toBuilder()
            .putFields(Questions.ANSWER, Value.newBuilder().setStructValue(answer).build())
            .build();
    send(
        questions()
            .setVersionInfo(question.getVersionInfo())
            .setResponseNonce(question.getNonce())
            .setNode(now.toBuilder().setMetadata(metadata)));
  }

  private DiscoveryRequest.Builder questions() {
    return DiscoveryRequest.newBuilder().setTypeUrl(Questions.TYPE_URL).addResourceNames(instance);
  }

  /** Sends what this process reports now, along with the settings subscription. */
  void report() {
    send(request(ResourceType.SETTINGS).setNode(node.get()));
  }

  /** Asks for what is wanted now, where that changed. */
  void subscribe() {
    for (ResourceType type : ResourceType.values()) {
      if (type != ResourceType.SETTINGS) {
        Set<String> wanted = cache.wanted(type);
        Subscription subscription = subscriptions.get(type);
        boolean changed =
            subscription == null ? !wanted.isEmpty() : !subscription.names.equals(wanted);
        // No names after some: the server must know, or it would not send them again when they are
        // wanted again. As a first request, no names would mean all there is.
        if (changed) {
          subscription(type).names = wanted;
          send(request(type));
        }
      }
    }
  }

  /** Takes a response in and answers it. */
  Verdict receive(DiscoveryResponse response) {
    Optional<ResourceType> known = ResourceType.of(response.getTypeUrl());
    if (known.isEmpty()) {
      return new Verdict.Rejected("type '" + response.getTypeUrl() + "' was never asked for");
    }
    ResourceType type = known.get();
    Verdict verdict = cache.accept(type, response.getResourcesList(), missing(response));
    subscription(type).nonce = response.getNonce();
    if (verdict instanceof Verdict.Rejected rejected) {
      send(request(type).setErrorDetail(error(rejected.reason())));
    } else {
      versions.put(type, response.getVersionInfo());
      subscription(type).names = names(type);
      send(request(type));
      subscribe();
    }
    return verdict;
  }

  /** Says goodbye: the server need not wait whether this agent comes back. */
  void end() {
    requests.onCompleted();
  }

  private Set<String> names(ResourceType type) {
    return type == ResourceType.SETTINGS ? Set.of(instance) : cache.wanted(type);
  }

  private static Set<String> missing(DiscoveryResponse response) {
    Set<String> names = new HashSet<>();
    List<ResourceError> errors = response.getResourceErrorsList();
    for (ResourceError error : errors) {
      if (error.getErrorDetail().getCode() == NOT_FOUND) {
        names.add(error.getResourceName().getName());
      }
    }
    return names;
  }

  private static Status error(String reason) {
    String text =
        reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "...";
    return Status.newBuilder().setCode(INVALID_ARGUMENT).setMessage(text).build();
  }

  private DiscoveryRequest.Builder request(ResourceType type) {
    Subscription subscription = subscription(type);
    if (type == ResourceType.SETTINGS) {
      subscription.names = Set.of(instance);
    }
    return DiscoveryRequest.newBuilder()
        .setTypeUrl(type.typeUrl())
        .setVersionInfo(versions.getOrDefault(type, ""))
        .setResponseNonce(subscription.nonce)
        .addAllResourceNames(subscription.names);
  }

  private Subscription subscription(ResourceType type) {
    return subscriptions.computeIfAbsent(type, t -> new Subscription());
  }

  private void send(DiscoveryRequest.Builder request) {
    requests.onNext(request.build());
  }
}
