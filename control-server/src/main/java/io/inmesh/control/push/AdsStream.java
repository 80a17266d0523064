package io.inmesh.control.push;

import io.inmesh.control.compile.Client;
import io.inmesh.control.registry.AgentReport;
import io.inmesh.control.registry.AgentStatus;
import io.inmesh.shaded.envoy.config.core.v3.ControlPlane;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryRequest;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryResponse;
import io.inmesh.shaded.envoy.service.discovery.v3.ResourceError;
import io.inmesh.shaded.envoy.service.discovery.v3.ResourceName;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.shaded.protobuf.ByteString;
import io.inmesh.shaded.rpc.Status;
import io.inmesh.xds.Questions;
import io.inmesh.xds.ResourceType;
import io.inmesh.xds.wire.RouteQuestion;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One agent's stream. Owned by the loop's thread. */
final class AdsStream {
  private static final Logger LOG = LoggerFactory.getLogger(AdsStream.class);
  private static final ControlPlane CONTROL_PLANE =
      ControlPlane.newBuilder().setIdentifier("inmesh").build();

  /** Of google.rpc.Code. */
  private static final int NOT_FOUND = 5;

  private final Outlet outlet;
  private final Counters counters;
  private final Map<ResourceType, Subscription> subscriptions = new EnumMap<>(ResourceType.class);
  private final OpenQuestions questions = new OpenQuestions();
  private @Nullable AgentReport report;
  private long nonces;

  AdsStream(Outlet outlet, Counters counters) {
    this.outlet = outlet;
    this.counters = counters;
  }

  /** Where responses go. */
  interface Outlet {
    /** Whether a response would leave at once; {@link AdsStream#push} is called again when so. */
    boolean ready();

    void send(DiscoveryResponse response);
  }

  /** Whether something must not be sent yet although it is so. */
  interface Restraint {
    /** Nothing is held back. */
    Restraint NONE = (namespace, cluster, empty, kept) -> false;

    /**
     * Whether a cluster's endpoints must not be sent now.
     *
     * @param empty whether the cluster has no endpoint
     * @param kept whether the agent may have endpoints of that cluster, from before this stream
     */
    boolean holdsEndpoints(String namespace, String cluster, boolean empty, boolean kept);
  }

  @Nullable AgentReport report() {
    return report;
  }

  void report(AgentReport newest) {
    report = newest;
  }

  /** The questions to this agent. */
  OpenQuestions questions() {
    return questions;
  }

  /** Asks the agent something; see {@link OpenQuestions#ask}. */
  void ask(String agent, RouteQuestion question, CompletableFuture<Map<String, Object>> answer) {
    questions.ask(agent, question, answer, outlet);
  }

  /** Takes in a request, after its node. */
  void request(DiscoveryRequest request) {
    if (request.getTypeUrl().equals(Questions.TYPE_URL)) {
      questions.request(request);
      return;
    }
    Optional<ResourceType> type = ResourceType.of(request.getTypeUrl());
    AgentReport agent = report;
    if (type.isEmpty() || agent == null) {
      LOG.debug("ignored a request for {}", request.getTypeUrl());
      return;
    }
    Subscription subscription = subscriptions.computeIfAbsent(type.get(), Subscription::new);
    switch (subscription.request(request)) {
      case ACK -> counters.acks().increment();
      case NACK -> {
        counters.nacks().increment();
        LOG.warn(
            "agent {} rejected {} {}: {}",
            agent.instance(),
            type.get().shortName(),
            subscription.status().version(),
            subscription.status().error());
      }
      case NONE -> {}
    }
  }

  /** Sends what changed, clusters and endpoints before the routes that need them. */
  void push(ResourceCatalogue catalogue, Restraint restraint) {
    for (Map.Entry<ResourceType, Subscription> entry : subscriptions.entrySet()) {
      if (entry.getValue().open() && outlet.ready()) {
        push(entry.getKey(), entry.getValue(), catalogue, restraint);
      }
    }
  }

  private void push(
      ResourceType type,
      Subscription subscription,
      ResourceCatalogue catalogue,
      Restraint restraint) {
    Map<String, Any> current = current(type, subscription, catalogue, restraint);
    Map<String, Any> news = subscription.news(current);
    if (news == null) {
      return;
    }
    String nonce = Long.toString(++nonces);
    DiscoveryResponse.Builder response =
        DiscoveryResponse.newBuilder()
            .setTypeUrl(type.typeUrl())
            .setVersionInfo(catalogue.version())
            .setNonce(nonce)
            .addAllResources(news.values())
            .setControlPlane(CONTROL_PLANE);
    subscription.missing(news).forEach(name -> response.addResourceErrors(notFound(name)));
    outlet.send(response.build());
    subscription.sent(news, catalogue.version(), nonce);
    counters.pushes().increment();
  }

  private static ResourceError notFound(String name) {
    return ResourceError.newBuilder()
        .setResourceName(ResourceName.newBuilder().setName(name))
        .setErrorDetail(Status.newBuilder().setCode(NOT_FOUND))
        .build();
  }

  private Map<String, Any> current(
      ResourceType type,
      Subscription subscription,
      ResourceCatalogue catalogue,
      Restraint restraint) {
    AgentReport agent = report;
    Map<String, Any> current = new LinkedHashMap<>();
    if (agent == null) {
      return current;
    }
    Client client = catalogue.narrowed(agent);
    for (String name : subscription.names()) {
      if (type == ResourceType.SETTINGS && !name.equals(agent.instance())) {
        continue; // an agent's settings are its own
      }
      Optional<Any> resource = catalogue.get(type, client, name);
      boolean held =
          type == ResourceType.ENDPOINT
              && resource.isPresent()
              && restraint.holdsEndpoints(
                  agent.namespace(),
                  name,
                  isEmpty(name, resource.get()),
                  subscription.mayKeep(name));
      if (resource.isPresent() && !held) {
        current.put(name, resource.get());
      }
    }
    return current;
  }

  /** Whether the agent has not yet answered endpoints that it was sent. */
  boolean awaitsAnswer() {
    Subscription endpoints = subscriptions.get(ResourceType.ENDPOINT);
    return endpoints != null && endpoints.awaitsAnswer();
  }

  /** Without endpoints an assignment has nothing but its name: a tag, a length, the name. */
  private static boolean isEmpty(String cluster, Any assignment) {
    int name = ByteString.copyFromUtf8(cluster).size();
    return assignment.getValue().size() <= name + (name < 128 ? 2 : 3);
  }

  /** By type's short name. */
  Map<String, AgentStatus.Sync> sync() {
    Map<String, AgentStatus.Sync> sync = new LinkedHashMap<>();
    subscriptions.forEach(
        (type, subscription) -> sync.put(type.shortName(), subscription.status()));
    return sync;
  }
}
