package io.inmesh.control.push;

import io.inmesh.control.registry.AgentStatus;
import io.inmesh.shaded.envoy.service.discovery.v3.DiscoveryRequest;
import io.inmesh.shaded.protobuf.Any;
import io.inmesh.xds.ResourceType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one agent asked for, was sent and said of one type. Owned by the loop's thread.
 *
 * <p>At most one response is on its way: the next one waits for the answer and then holds the
 * newest state, so that a slow agent skips states instead of queueing them.
 */
final class Subscription {
  private final ResourceType type;
  private final Map<String, Any> sent = new HashMap<>();
  private Set<String> names = Set.of();
  private Set<String> keptNames = Set.of();
  private boolean asked;
  private String nonce = "";
  private String version = "";
  private String error = "";
  private boolean awaitingAnswer;
  private boolean owesAnswer;
  private int accepted;

  Subscription(ResourceType type) {
    this.type = type;
  }

  /** What a request said about the response before it. */
  enum Answer {
    NONE,
    ACK,
    NACK
  }

  /** Takes in a request for this type. */
  Answer request(DiscoveryRequest request) {
    String answered = request.getResponseNonce();
    if (!answered.isEmpty() && !answered.equals(nonce)) {
      // About a response that was overtaken; the next request is about ours. But what the agent did
      // not want for a moment it may have let go of: it gets that again if it wants it then.
      sent.keySet().retainAll(request.getResourceNamesList());
      return Answer.NONE;
    }
    Answer answer = Answer.NONE;
    if (!answered.isEmpty() && awaitingAnswer) {
      awaitingAnswer = false;
      boolean rejected = request.hasErrorDetail();
      answer = rejected ? Answer.NACK : Answer.ACK;
      error = rejected ? request.getErrorDetail().getMessage() : "";
      accepted = rejected ? accepted : sent.size();
    }
    subscribe(request.getResourceNamesList());
    if (!asked) {
      asked = true;
      keptNames = request.getVersionInfo().isEmpty() ? Set.of() : names;
    }
    return answer;
  }

  private void subscribe(List<String> wanted) {
    Set<String> now = new LinkedHashSet<>(wanted);
    boolean more = !names.containsAll(now);
    names = now;
    sent.keySet().retainAll(now);
    if (more && type.fullState()) {
      owesAnswer = true; // that there is no such resource is an answer, too
    }
  }

  Set<String> names() {
    return names;
  }

  /**
   * Whether the agent may have a resource from an earlier stream, or from its disk: then the first
   * request of the stream tells a version.
   */
  boolean mayKeep(String name) {
    return keptNames.contains(name);
  }

  boolean awaitsAnswer() {
    return awaitingAnswer;
  }

  /** Whether a response may be sent now. */
  boolean open() {
    return !awaitingAnswer && !names.isEmpty();
  }

  /**
   * The resources that a response must hold, given those that there are; null when there is nothing
   * to say.
   */
  @Nullable Map<String, Any> news(Map<String, Any> current) {
    if (type.fullState()) {
      return owesAnswer || !current.equals(sent) ? current : null;
    }
    sent.keySet().retainAll(current.keySet());
    Map<String, Any> changed = new LinkedHashMap<>();
    current.forEach(
        (name, resource) -> {
          if (!resource.equals(sent.get(name))) {
            changed.put(name, resource);
          }
        });
    return changed.isEmpty() ? null : changed;
  }

  /**
   * The names that a response must say there is nothing under: a gap alone does not tell an agent
   * whether its question had arrived.
   */
  List<String> missing(Map<String, Any> resources) {
    return type.fullState()
        ? names.stream().filter(name -> !resources.containsKey(name)).toList()
        : List.of();
  }

  void sent(Map<String, Any> resources, String newVersion, String newNonce) {
    if (type.fullState()) {
      sent.clear();
    }
    sent.putAll(resources);
    version = newVersion;
    nonce = newNonce;
    error = "";
    owesAnswer = false;
    awaitingAnswer = true;
  }

  AgentStatus.Sync status() {
    String state =
        version.isEmpty()
            ? "NOT_SENT"
            : awaitingAnswer ? "STALE" : error.isEmpty() ? "SYNCED" : "NACKED";
    return new AgentStatus.Sync(
        state, version, state.equals("STALE") ? sent.size() : accepted, error);
  }
}
